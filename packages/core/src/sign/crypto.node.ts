// node:crypto is three to four times as fast as WebCrypto for messages of this size.
import type { KeyObject } from "node:crypto";

/** The hash travels with the key, as in a CryptoKey. */
export interface Key {
  readonly key: KeyObject;
  readonly hash: string;
}

let crypto: typeof import("node:crypto") | undefined;

/** By the first signature: importing it takes as long as all the rest of a client, and the first `fetch` needs it too. */
async function load() {
  crypto = await import("node:crypto");
  return crypto;
}

export function hex(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");
}

export async function sha256(data: string | Uint8Array): Promise<string> {
  const { createHash } = crypto ?? (await load());
  return createHash("sha256").update(data).digest("hex");
}

/** A key object that does not show its bytes. */
export async function toKey(secret: string | Uint8Array, hash = "SHA-256"): Promise<Key> {
  const { createSecretKey } = crypto ?? (await load());
  const key = typeof secret === "string" ? createSecretKey(secret, "utf8") : createSecretKey(secret);
  return { key, hash: hash.replace("-", "") };
}

export async function hmac({ key, hash }: Key, text: string): Promise<Uint8Array> {
  const { createHmac } = crypto ?? (await load());
  return createHmac(hash, key).update(text).digest();
}
