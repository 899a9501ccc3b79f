// The documented algorithms, written a second time from what is on the wire; shares nothing with src.
import { createHash, createHmac } from "node:crypto";

export interface Sent {
  method: string;
  /** As on the request line. */
  target: string;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

const digest = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");
const mac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

const strict = (text: string) => {
  let out = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const char = String.fromCharCode(byte);
    out += /[A-Za-z0-9._~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
};

function named({ headers }: Sent, names: string[]): string {
  return names.map((name) => `${name}:${headers[name]?.trim()}\n`).join("");
}

export function tc3Witness(sent: Sent, secretKey: string, service: string, signed: string[]): string {
  const timestamp = sent.headers["x-tc-timestamp"] as string;
  const day = new Date(Number(timestamp) * 1000).toISOString().split("T")[0] as string;
  const [path, query = ""] = sent.target.split("?");
  const body = sent.method === "GET" ? "" : sent.body;
  const canonical = `${sent.method}\n${path}\n${query}\n${named(sent, signed)}\n${signed.join(";")}\n${digest(body)}`;
  const text = `TC3-HMAC-SHA256\n${timestamp}\n${day}/${service}/tc3_request\n${digest(canonical)}`;
  const key = mac(mac(mac(`TC3${secretKey}`, day), service), "tc3_request");
  return mac(key, text).toString("hex");
}

export function sdkWitness(sent: Sent, sk: string, scope?: { region: string; service: string }): string {
  const names = Object.keys(sent.headers).filter((name) => name !== "authorization");
  names.sort();
  const [path = "", query = ""] = sent.target.split("?");
  const uri = path.split("/").map((segment) => strict(decodeURIComponent(segment)));
  if (uri.at(-1) !== "") uri.push("");
  const pairs = query === "" ? [] : query.split("&").map((pair) => pair.split("=").map(decodeURIComponent));
  const spelled = pairs.map(([name = "", value = ""]) => [strict(name), strict(value)] as const);
  spelled.sort((a, b) => (a[0] === b[0] ? Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1])) : a[0] < b[0] ? -1 : 1));
  const date = sent.headers["x-sdk-date"] as string;
  const canonical = [
    sent.method,
    uri.join("/"),
    spelled.map((pair) => pair.join("=")).join("&"),
    named(sent, names),
    names.join(";"),
    sent.headers["x-sdk-content-sha256"] ?? digest(sent.body),
  ].join("\n");
  if (!scope) return mac(sk, `SDK-HMAC-SHA256\n${date}\n${digest(canonical)}`).toString("hex");
  const day = date.slice(0, 8);
  const place = `${day}/${scope.region}/${scope.service}/sdk_request`;
  const key = mac(mac(mac(mac(`SDK${sk}`, day), scope.region), scope.service), "sdk_request");
  return mac(key, `SDK-HMAC-SHA256\n${date}\n${place}\n${digest(canonical)}`).toString("hex");
}
