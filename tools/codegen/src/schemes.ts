import type { OpenApi, SecurityScheme } from "./openapi.js";
import { operationsOf } from "./reach.js";

/** Ways to authenticate. The name of a security scheme chooses one; what it says of itself has to agree. */
export const schemes: Readonly<Record<string, { readonly is: string; fits(scheme: SecurityScheme): boolean }>> = {
  tc3: { is: "type: http, scheme: TC3-HMAC-SHA256", fits: http("TC3-HMAC-SHA256") },
  sdkHmac: { is: "type: http, scheme: SDK-HMAC-SHA256", fits: http("SDK-HMAC-SHA256") },
  sdkHmacScoped: { is: "type: http, scheme: SDK-HMAC-SHA256", fits: http("SDK-HMAC-SHA256") },
  authToken: { is: "type: apiKey, in: header, name: X-Auth-Token", fits: header(/^x-auth-token$/i) },
  bearer: { is: "type: http, scheme: bearer", fits: http("bearer") },
  headerToken: { is: "type: apiKey, in: header, name: the header's", fits: header(/^[\w-]+$/) },
  own: { is: "any", fits: () => true },
};

function http(name: string) {
  return ({ type, scheme }: SecurityScheme) => type === "http" && scheme === name;
}

function header(pattern: RegExp) {
  return ({ type, in: place, name }: SecurityScheme) =>
    type === "apiKey" && place === "header" && pattern.test(String(name));
}

/** The names of the schemes that the operations of a service ask for; none where it is open to all. */
export function schemesOf(bundle: OpenApi): string[] {
  const needs = [bundle.security, ...operationsOf(bundle).map(({ operation }) => operation.security)];
  return [...new Set(needs.flatMap((list) => (list ?? []).flatMap((need) => Object.keys(need))))];
}

/** Whether one client can speak all of them: there is one at most, or a key pair beside the token it can be traded for. */
export function fitTogether(names: readonly string[]): boolean {
  const others = names.filter((name) => name !== "authToken");
  return names.length < 2 || (others.length === 1 && /^sdkHmac/.test(others[0] as string));
}
