import type { OpenApi } from "../openapi.js";
import { schemesOf } from "../schemes.js";
import { docComment, pascal } from "./literal.js";

/** How the clients of one scheme prove who they are. */
interface Way {
  /** What completes "A client for Some Cloud, …". */
  readonly about: string;
  /** The type of its credentials. */
  readonly credentials: string;
  /** The scheme, where an import alone is not it. */
  readonly code?: string;
  readonly scheme: string;
  readonly imports: readonly string[];
}

/** The entry of a client: `createClient`, which signs as the spec's security schemes say. */
export function emitClient(service: string, bundle: OpenApi): string {
  const name = pascal(service.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase()));
  const own = schemesOf(bundle)[0] === "own";
  const { about, credentials, code = "", scheme, imports } = wayOf(bundle);
  const generic = own ? "<C extends object>" : "";
  const parameters = [`options: ClientOptions<${credentials}>`, ...(own ? ["scheme: Scheme<C>"] : [])].join(", ");
  const comment = `A client for ${bundle.info.title}${about}.\n@throws {EndpointError}`;
  return [
    `import { buildClient, type Client, type ClientOptions } from "@restorekit/core";\n`,
    `import { ${[...imports].sort(byName).join(", ")} } from "@restorekit/core/signing";\n`,
    `import { type Calls, operations, service } from "./operations.js";\n`,
    `import type { paths } from "./types.js";\n\n`,
    "export { operations, service };\n\n",
    `export type ${name} = Client<Calls, paths>;\n\n`,
    code,
    docComment([comment], ""),
    `export function createClient${generic}(${parameters}): ${name} {\n`,
    `  return buildClient(service, operations, ${scheme}, options);\n}\n`,
  ].join("");
}

function wayOf(bundle: OpenApi): Way {
  const names = schemesOf(bundle);
  const keys = names.find((name) => name !== "authToken");
  switch (keys ?? names[0]) {
    case "tc3":
      return signedByTc3(bundle);
    case "sdkHmac":
    case "sdkHmacScoped":
      return signedByKeys(keys as string, names.includes("authToken"));
    case "authToken":
      return {
        about: ", with a token",
        credentials: "TokenCredentials",
        scheme: "authToken",
        imports: ["authToken", "type TokenCredentials"],
      };
    case "bearer":
      return sentInHeader("authorization", "Bearer ");
    case "headerToken":
      return sentInHeader(String(bundle.components?.securitySchemes?.headerToken?.name).toLowerCase(), "");
    case "own":
      return { about: ", signed by a scheme of yours", credentials: "C", scheme: "scheme", imports: ["type Scheme"] };
    default:
      return {
        about: ", which asks for no credentials",
        credentials: "object",
        code: `const scheme: Scheme<object> = { id: "none", sign: async () => {} };\n\n`,
        scheme: "scheme",
        imports: ["type Scheme"],
      };
  }
}

function signedByTc3(bundle: OpenApi): Way {
  const host = new URL(bundle.servers?.[0]?.url.replaceAll(/\{\w+\}/g, "x") ?? "").hostname;
  return {
    about: "",
    credentials: "Tc3Credentials",
    code:
      docComment(
        ["The signature's scope names the service also where the host does not, such as at a loopback endpoint."],
        "",
      ) +
      `const scheme: Scheme<Tc3Credentials> = {\n  ...tc3,\n  sign: (request, context) => tc3.sign(request, { ...context, service: ${JSON.stringify(host.split(".")[0])} }),\n};\n\n`,
    scheme: "scheme",
    imports: ["type Scheme", "type Tc3Credentials", "tc3"],
  };
}

function signedByKeys(keys: string, orToken: boolean): Way {
  if (!orToken) {
    return {
      about: ", with an access key pair",
      credentials: "AkSkCredentials",
      scheme: keys,
      imports: ["type AkSkCredentials", keys],
    };
  }
  return {
    about: ", with an access key pair or a token",
    credentials: "AkSkCredentials | TokenCredentials",
    code: `const scheme = keysOrToken(${keys});\n\n`,
    scheme: "scheme",
    imports: ["type AkSkCredentials", "keysOrToken", keys, "type TokenCredentials"],
  };
}

function sentInHeader(header: string, prefix: string): Way {
  return {
    about: ", with a token",
    credentials: "TokenCredentials",
    code: `const scheme: Scheme<TokenCredentials> = {
  id: ${JSON.stringify(prefix === "" ? header : prefix.trim())},
  async sign({ headers }, { credentials: { token } }) {
    if (!token) throw new CredentialsError("missing", "token");
    if (!/^[!-~]+$/.test(token)) throw new CredentialsError("malformed", "token");
    headers.set(${JSON.stringify(header)}, \`${prefix}\${token}\`);
  },
};

`,
    scheme: "scheme",
    imports: ["CredentialsError", "type Scheme", "type TokenCredentials"],
  };
}

/** As the packages' formatter sorts them: without the word `type`, and without case. */
function byName(a: string, b: string): number {
  const plain = (text: string) => text.replace("type ", "").toLowerCase();
  return plain(a) < plain(b) ? -1 : 1;
}
