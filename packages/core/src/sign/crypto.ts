// WebCrypto: workerd and browsers. `#crypto` takes crypto.node.ts where the condition `node` holds: Node, Bun and Deno.

export type Key = CryptoKey;

const bytes = (text: string | Uint8Array) =>
  (typeof text === "string" ? new TextEncoder().encode(text) : text) as Uint8Array<ArrayBuffer>;

export function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => (byte + 256).toString(16).slice(1)).join("");
}

export async function sha256(data: string | Uint8Array): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(data))));
}

/** A key object that does not show its bytes. */
export function toKey(secret: string | Uint8Array, hash = "SHA-256"): Promise<Key> {
  return crypto.subtle.importKey("raw", bytes(secret), { name: "HMAC", hash }, false, ["sign"]);
}

export async function hmac(key: Key, text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(text)));
}
