import { createHash, createHmac } from "node:crypto";

// Written from the vendors' documentation and apart from the client's signing, so that the two can disagree.

/** The keys that the suite signs with. */
const KEYS = { id: "DEMOACCESSKEY", secret: "demo-secret-key" };

interface Received {
  method: string;
  path: string;
  headers: ReadonlyMap<string, string>;
  body: string;
}

/** "valid", or what is wrong with the signature of a request. */
export function signatureOf(request: Received): string {
  const given = request.headers.get("authorization");
  if (!given) return "not signed";
  const field = (name: string) => given.match(new RegExp(`\\b${name}=([^, ]+)`))?.[1] ?? "";
  const names = field("SignedHeaders").split(";");
  const block = names.map((name) => `${name}:${request.headers.get(name) ?? ""}\n`).join("");
  const tc3 = given.startsWith("TC3-HMAC-SHA256 ");
  if (!tc3 && !given.startsWith("SDK-HMAC-SHA256 ")) return "unknown scheme";
  if ((tc3 ? field("Credential").split("/")[0] : field("Access")) !== KEYS.id) return "unknown key";
  const expected = tc3 ? tencent(request, block, names, field("Credential")) : huawei(request, block, names);
  return field("Signature") === expected ? "valid" : "does not match";
}

function huawei({ method, path, headers, body }: Received, block: string, names: string[]) {
  const url = new URL(path, "http://server");
  const encoded = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const canonicalPath = `${url.pathname
    .split("/")
    .map((part) => encoded(decodeURIComponent(part)))
    .join("/")}/`;
  const query = [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
  const canonical = [method, canonicalPath, query, block, names.join(";"), sha256(body)].join("\n");
  const text = `SDK-HMAC-SHA256\n${headers.get("x-sdk-date")}\n${sha256(canonical)}`;
  return hmac(KEYS.secret, text).toString("hex");
}

function tencent({ method, path, headers, body }: Received, block: string, names: string[], credential: string) {
  const [, date = "", service = ""] = credential.split("/");
  const [pathname = "", query = ""] = path.split("?");
  const canonical = [method, pathname, query, block.toLowerCase(), names.join(";"), sha256(body)].join("\n");
  const text = [
    "TC3-HMAC-SHA256",
    headers.get("x-tc-timestamp"),
    `${date}/${service}/tc3_request`,
    sha256(canonical),
  ].join("\n");
  const key = [date, service, "tc3_request"].reduce((from, part) => hmac(from, part), Buffer.from(`TC3${KEYS.secret}`));
  return hmac(key, text).toString("hex");
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
