import { pathOf, queryOf, type Received } from "../request.js";
import { hmac, sha256 } from "./hash.js";
import type { Check, Credentials, Refused } from "./types.js";

const PLAIN = /^SDK-HMAC-SHA256 Access=([^,]+), SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/;
const SCOPED =
  /^SDK-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]*)\/([^/]*)\/sdk_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/;

/** The access key signature of Huawei Cloud, in both of its forms. */
export async function verifySdkHmac(
  request: Received,
  credentials: Credentials,
  check: Check,
): Promise<Refused | undefined> {
  const authorization = request.headers.authorization ?? "";
  const plain = PLAIN.exec(authorization);
  const scoped = SCOPED.exec(authorization);
  const [id, names = "", signature] = plain ? plain.slice(1) : scoped ? [scoped[1], scoped[5], scoped[6]] : [];
  if (id === undefined)
    return { reason: "malformed", detail: "the Authorization header does not have the form of SDK-HMAC" };
  if (id !== credentials.ak) return { reason: "unknownKey", detail: "no such access key" };
  const date = request.headers["x-sdk-date"] ?? "";
  if (!names.split(";").includes("x-sdk-date")) return { reason: "mismatch", detail: "X-Sdk-Date is not signed" };
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!(Math.abs(check.now - at) <= 900_000))
    return { reason: "skew", detail: "X-Sdk-Date is more than fifteen minutes off" };
  if (credentials.securityToken !== undefined && request.headers["x-security-token"] !== credentials.securityToken) {
    return { reason: "token", detail: "X-Security-Token is not the token of these keys" };
  }

  let canonical: string;
  try {
    canonical = await canonicalRequest(request, names, scoped !== null);
  } catch {
    return { reason: "malformed", detail: "the URL has an escape that is not UTF-8" };
  }
  const hash = await sha256(canonical);
  const scope = scoped ? [...scoped.slice(2, 5), "sdk_request"] : [];
  const expected = scoped
    ? await hmac(`SDK${credentials.sk}`, ...scope, ["SDK-HMAC-SHA256", date, scope.join("/"), hash].join("\n"))
    : await hmac(credentials.sk, ["SDK-HMAC-SHA256", date, hash].join("\n"));
  return expected === signature ? undefined : { reason: "mismatch", detail: "the signature does not match" };
}

async function canonicalRequest(request: Received, names: string, scoped: boolean) {
  const segments = pathOf(request).split("/");
  const path = segments.map((part) => escaped(decodeURIComponent(part))).join("/");
  const headers = names.split(";").map((name) => {
    const value = request.headers[name] ?? "";
    return `${name}:${scoped ? value.replace(/\s+/g, " ") : value.trim()}\n`;
  });
  // The scoped signers put the query of a POST without a body in the body's place.
  const instead = scoped && request.method === "POST" && request.body === "";
  const query = parametersOf(queryOf(request));
  const payload = instead ? joined(byName(query)).replaceAll("%20", "+") : request.body;
  return [
    request.method,
    path.replace(/\/?$/, "/"),
    instead ? "" : scoped ? joined(firsts(query)) : joined(query.sort(byBoth)),
    headers.join(""),
    names,
    request.headers["x-sdk-content-sha256"] ?? (await sha256(payload)),
  ].join("\n");
}

type Pair = readonly [name: string, value: string];

function parametersOf(query: string): Pair[] {
  return query
    .split("&")
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf("=");
      const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      return [decoded(name), decoded(value)] as const;
    });
}

const decoded = (text: string) => escaped(decodeURIComponent(text.replaceAll("+", "%20")));

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byBoth = (a: Pair, b: Pair) => order(a[0], b[0]) || order(a[1], b[1]);
const byName = (query: Pair[]) => query.toSorted((a, b) => order(a[0], b[0]));

/** The first value of each name, sorted without regard to case: what the scoped signers sign. */
function firsts(query: Pair[]): Pair[] {
  const found = new Map<string, Pair>();
  for (const pair of query) if (!found.has(pair[0])) found.set(pair[0], pair);
  return [...found.values()].sort((a, b) => order(a[0].toLowerCase(), b[0].toLowerCase()));
}

function joined(query: Pair[]) {
  return query.map(([name, value]) => `${name}=${value}`).join("&");
}

function escaped(text: string) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
