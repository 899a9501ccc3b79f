import type { OpenApi } from "../openapi.js";
import { schemesOf } from "../schemes.js";
import { docComment, literal, pascal } from "./literal.js";

/** How a client proves who it is. */
interface Way {
  /** What completes "A client for Some Cloud". */
  readonly about: string;
  /** The type of its credentials. */
  readonly credentials: string;
  /** What is handed to the transport as its scheme. */
  readonly scheme: string;
  /** Names from core's signing. */
  readonly imports: readonly string[];
}

const THROWS = `@throws {EndpointError} for a region, site or endpoint that cannot be used
@throws {OptionError} for an option that cannot work`;

/** The entry of a client: `createClient`, which signs as the spec's security schemes say. */
export function emitClient(service: string, bundle: OpenApi): string {
  const name = pascal(service.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase()));
  const { about, credentials, scheme, imports } = wayOf(bundle);
  const own = schemesOf(bundle)[0] === "own";
  const generic = own ? `<${credentials} extends object>` : "";
  const parameters = `options: ClientOptions<${credentials}>${own ? `, scheme: Scheme<${credentials}>` : ""}`;
  // Made once, not for each client.
  const isCall = scheme.includes("(");
  const signing =
    imports.length > 0 ? [`import { ${[...imports].sort(byName).join(", ")} } from "@restorekit/core/signing";\n`] : [];
  return [
    `import { buildClient, type Client, type ClientOptions } from "@restorekit/core";\n`,
    ...signing,
    `import { type Calls, operations, service } from "./operations.js";\n`,
    `import type { paths } from "./types.js";\n\n`,
    "export { operations, service };\n\n",
    `export type ${name} = Client<Calls, paths>;\n\n`,
    ...(isCall ? [`const scheme = ${scheme};\n\n`] : []),
    docComment([`A client for ${bundle.info.title}${about}.\n${THROWS}`], ""),
    `export function createClient${generic}(${parameters}): ${name} {\n`,
    `  return buildClient(service, operations, ${isCall ? "scheme" : scheme}, options);\n}\n`,
  ].join("");
}

function wayOf(bundle: OpenApi): Way {
  const names = schemesOf(bundle);
  const name = names.find((each) => each !== "authToken") ?? names[0];
  switch (name) {
    case "tc3":
      return { about: "", credentials: "Tc3Credentials", scheme: name, imports: [name, "type Tc3Credentials"] };
    case "sdkHmac":
    case "sdkHmacScoped":
      if (names.length === 1) return { ...keyPair, scheme: name, imports: [name, "type AkSkCredentials"] };
      return {
        about: `${keyPair.about} or a token`,
        credentials: `${keyPair.credentials} | ${token.credentials}`,
        scheme: `keysOrToken(${name})`,
        imports: [name, "keysOrToken", "type AkSkCredentials", "type TokenCredentials"],
      };
    case "authToken":
      return { ...token, scheme: name, imports: [name, "type TokenCredentials"] };
    case "bearer":
      return headerToken("Authorization", "Bearer ");
    case "headerToken":
      return headerToken(String(bundle.components?.securitySchemes?.headerToken?.name));
    case "own":
      return { about: ", signed as you say", credentials: "C", scheme: "scheme", imports: ["type Scheme"] };
    default:
      return { about: ", which asks for no credentials", credentials: "object", scheme: "undefined", imports: [] };
  }
}

const keyPair = { about: ", with an access key pair", credentials: "AkSkCredentials" };
const token = { about: ", with a token", credentials: "TokenCredentials" };

function headerToken(...place: string[]): Way {
  const scheme = `headerToken(${place.map((text) => literal(text)).join(", ")})`;
  return { ...token, scheme, imports: ["headerToken", "type TokenCredentials"] };
}

/** As the packages' formatter sorts them: without the word `type`, and without case. */
function byName(a: string, b: string): number {
  const plain = (text: string) => text.replace("type ", "").toLowerCase();
  return plain(a) < plain(b) ? -1 : 1;
}
