import { sha256 } from "#crypto";
import { joined, parameters, respell } from "./canonical.js";
import { signature } from "./keys.js";
import { checkAkSk, sdkDate, signable } from "./sdk-hmac.js";
import type { AkSkCredentials, Scheme } from "./types.js";

const algorithm = "SDK-HMAC-SHA256";

/** The AK/SK signature of Open Telekom Cloud's own tools (`Credential=` form), with the peculiarities of their signer. */
export const sdkHmacScoped: Scheme<AkSkCredentials> = {
  id: "SDK-HMAC-SHA256-scoped",
  async sign(request, { now, credentials, projectId, region = "", service = "" }) {
    checkAkSk(credentials, projectId);
    const { method, url, headers, body } = request;
    const { ak, sk, securityToken, domainId } = credentials;
    const date = sdkDate(now);
    const scope = [date.slice(0, 8), region, service, "sdk_request"];

    headers.set("x-sdk-date", date);
    const [block, names] = signable(request, (value) => value.replace(/\s+/g, " "));
    // An escaped slash counts as a slash here.
    const path = url.pathname.replace(/%2f/gi, "/").split("/").map(respell).join("/").replace(/\/?$/, "/");
    // Without a body, a POST signs its query in the body's place: form-encoded, repeated names kept in their order.
    const query = parameters(url);
    const instead = method === "POST" && (body ?? "") === "";
    const payload = instead ? joined(query.sort(byName)).replaceAll("%20", "+") : (body ?? "");
    const canonical = [
      method,
      path,
      instead ? "" : joined(firsts(query).sort(byNameOfAnyCase)),
      block,
      names,
      headers.get("x-sdk-content-sha256") ?? (await sha256(payload)),
    ].join("\n");
    const text = [algorithm, date, scope.join("/"), await sha256(canonical)].join("\n");
    const signed = await signature(text, `SDK${sk}`, ...scope);
    const credential = `Credential=${ak}/${scope.join("/")}`;
    headers.set("authorization", `${algorithm} ${credential}, SignedHeaders=${names}, Signature=${signed}`);

    // Added after signing, and one of the two only.
    if (securityToken) headers.set("x-security-token", securityToken);
    if (domainId) headers.set("x-domain-id", domainId);
    else if (projectId) headers.set("x-project-id", projectId);
  },
};

const name = (parameter: string) => parameter.slice(0, parameter.indexOf("\n"));
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: string, b: string) => order(name(a), name(b));
const byNameOfAnyCase = (a: string, b: string) => order(name(a).toLowerCase(), name(b).toLowerCase());

function firsts(query: string[]): string[] {
  const found = new Map<string, string>();
  for (const parameter of query) if (!found.has(name(parameter))) found.set(name(parameter), parameter);
  return [...found.values()];
}
