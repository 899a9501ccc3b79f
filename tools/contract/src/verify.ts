import { createHash, createHmac } from "node:crypto";

/** A request as it arrived. */
export interface Received {
  method: string;
  /** Raw request target, path and query. */
  target: string;
  headers: Record<string, string>;
  body: string;
}

/** The fake secrets that a rehearsal or contract run uses. */
export const SECRETS = {
  secretId: "AKIDrehearsal",
  secretKey: "rehearsal-secret-key",
  ak: "REHEARSALACCESSKEY",
  sk: "rehearsal-secret-access-key",
  token: "rehearsal-token",
};

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/**
 * Verifies a signature by the published algorithms. It shares no code with the clients: it is their witness.
 * Returns what is wrong, or undefined.
 */
export function verify(request: Received, now: Date): string | undefined {
  const authorization = request.headers.authorization;
  if (authorization?.startsWith("TC3-HMAC-SHA256 ")) return verifyTc3(request, authorization, now);
  if (authorization?.startsWith("SDK-HMAC-SHA256 ")) return verifySdkHmac(request, authorization, now);
  const token = request.headers["x-auth-token"];
  if (token !== undefined) return token === SECRETS.token ? undefined : "X-Auth-Token is not the token";
  return "the request carries neither a signature nor a token";
}

function verifyTc3(request: Received, authorization: string, now: Date) {
  const found = authorization.match(
    /Credential=([^/]+)\/([\d-]+)\/(\w+)\/tc3_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/,
  );
  if (!found) return "the Authorization header does not have the form of TC3";
  const [, id, date = "", service = "", names = "", signature] = found;
  const timestamp = request.headers["x-tc-timestamp"] ?? "";
  if (id !== SECRETS.secretId) return "another SecretId";
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > 300) return "X-TC-Timestamp is more than five minutes off";
  if (new Date(Number(timestamp) * 1000).toISOString().slice(0, 10) !== date)
    return "the date is not that of X-TC-Timestamp";
  for (const must of ["content-type", "host"]) if (!names.split(";").includes(must)) return `${must} is not signed`;
  const [path, query = ""] = request.target.split("?");
  const lines = names.split(";").map((name) => `${name}:${(request.headers[name] ?? "").trim().toLowerCase()}\n`);
  const canonical = [request.method, path, query, lines.join(""), names, sha256(request.body)].join("\n");
  const text = ["TC3-HMAC-SHA256", timestamp, `${date}/${service}/tc3_request`, sha256(canonical)].join("\n");
  const key = hmac(hmac(hmac(`TC3${SECRETS.secretKey}`, date), service), "tc3_request");
  return hmac(key, text).toString("hex") === signature ? undefined : "the signature does not match";
}

function verifySdkHmac(request: Received, authorization: string, now: Date) {
  const plain = authorization.match(/ Access=([^,]+), SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/);
  const scoped = authorization.match(
    / Credential=([^/]+)\/(\d{8})\/([^/]*)\/([^/]*)\/sdk_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/,
  );
  const [id, names = "", signature] = plain ? plain.slice(1) : scoped ? [scoped[1], scoped[5], scoped[6]] : [];
  if (id === undefined) return "the Authorization header does not have the form of SDK-HMAC";
  if (id !== SECRETS.ak) return "another access key";
  const date = request.headers["x-sdk-date"] ?? "";
  if (!names.split(";").includes("x-sdk-date")) return "X-Sdk-Date is not signed";
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!(Math.abs(now.getTime() - at) <= 900_000)) return "X-Sdk-Date is more than fifteen minutes off";
  const [path = "/", query = ""] = request.target.split("?");
  const canonicalPath = path
    .split("/")
    .map((part) => encode(decodeURIComponent(part)))
    .join("/")
    .replace(/\/?$/, "/");
  const lines = names.split(";").map((name) => `${name}:${(request.headers[name] ?? "").trim()}\n`);
  const canonical = [
    request.method,
    canonicalPath,
    canonicalQuery(query),
    lines.join(""),
    names,
    sha256(request.body),
  ].join("\n");
  if (plain) {
    const text = ["SDK-HMAC-SHA256", date, sha256(canonical)].join("\n");
    return hmac(SECRETS.sk, text).toString("hex") === signature ? undefined : "the signature does not match";
  }
  const scope = scoped?.slice(2, 5) ?? [];
  const text = ["SDK-HMAC-SHA256", date, [...scope, "sdk_request"].join("/"), sha256(canonical)].join("\n");
  const key = [...scope, "sdk_request"].reduce<string | Buffer>((made, part) => hmac(made, part), `SDK${SECRETS.sk}`);
  return hmac(key, text).toString("hex") === signature ? undefined : "the signature does not match";
}

function canonicalQuery(query: string) {
  const pairs = query
    .split("&")
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf("=");
      const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value))] as const;
    });
  return pairs
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function encode(text: string) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
