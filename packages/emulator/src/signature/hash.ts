// WebCrypto, so that it runs wherever fetch does. It shares no code with the clients: it is their witness.

const encoder = new TextEncoder();
const ALGORITHM = { name: "HMAC", hash: "SHA-256" };

export async function sha256(text: string): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
}

/** HMACs a chain of texts, each keyed with the one before. */
export async function hmac(key: string, ...texts: string[]): Promise<string> {
  let secret: BufferSource = encoder.encode(key);
  for (const text of texts) {
    const imported = await crypto.subtle.importKey("raw", secret, ALGORITHM, false, ["sign"]);
    secret = await crypto.subtle.sign("HMAC", imported, encoder.encode(text));
  }
  return hex(secret as ArrayBuffer);
}

function hex(bytes: ArrayBuffer) {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += (byte + 256).toString(16).slice(1);
  return text;
}
