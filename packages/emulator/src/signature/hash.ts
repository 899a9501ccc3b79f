// It shares no code with the clients: it is their witness. Node's own module is used where it is at hand, since
// WebCrypto answers there from a pool of threads, which costs a hundred times more than the hash.

const node: typeof import("node:crypto") | undefined = globalThis.process?.getBuiltinModule?.("node:crypto");
const encoder = new TextEncoder();
const ALGORITHM = { name: "HMAC", hash: "SHA-256" };

export async function sha256(text: string): Promise<string> {
  if (node) return node.createHash("sha256").update(text).digest("hex");
  return hex(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
}

/** HMACs a chain of texts, each keyed with the one before. */
export async function hmac(key: string, ...texts: string[]): Promise<string> {
  if (node) {
    let secret: string | Uint8Array = key;
    for (const text of texts) secret = node.createHmac("sha256", secret).update(text).digest();
    return hex(secret as Uint8Array);
  }
  let secret: BufferSource = encoder.encode(key);
  for (const text of texts) {
    const imported = await crypto.subtle.importKey("raw", secret, ALGORITHM, false, ["sign"]);
    secret = await crypto.subtle.sign("HMAC", imported, encoder.encode(text));
  }
  return hex(secret as ArrayBuffer);
}

function hex(bytes: ArrayBuffer | Uint8Array) {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += (byte + 256).toString(16).slice(1);
  return text;
}
