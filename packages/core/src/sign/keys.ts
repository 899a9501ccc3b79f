import { hex, hmac, type Key, toKey } from "#crypto";

const cache = new Map<string, Key>();

/** HMAC of `text` in hex, with the secret, or with the key derived from it step by step; derived keys are kept. */
export async function signature(text: string, secret: string, ...scope: string[]): Promise<string> {
  const id = JSON.stringify([secret, ...scope]);
  let key = cache.get(id);
  if (!key) {
    key = await toKey(secret);
    for (const part of scope) key = await toKey(await hmac(key, part));
    if (cache.size >= 64) cache.clear();
    cache.set(id, key);
  }
  return hex(await hmac(key, text));
}
