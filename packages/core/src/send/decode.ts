import { textOf } from "./fetch.js";
import { type Incoming, SendFailure } from "./types.js";

/** Asks for an answer as it is: one that cannot be decoded would hide what a write has done. A caller's own wish stays. */
export function unencoded(headers: Record<string, string>): Record<string, string> {
  const asked = Object.keys(headers).some((name) => name.toLowerCase() === "accept-encoding");
  return asked ? headers : { ...headers, "accept-encoding": "identity" };
}

/**
 * A whole answer, decoded on Node where a server or proxy encoded it all the same. One without a length ends where its
 * connection does: JSON shows that it was cut, a success without a body does not. @throws {SendFailure}
 */
export async function decoded(
  status: number,
  headers: Headers,
  chunks: Uint8Array[],
  maxBytes: number,
): Promise<Incoming> {
  const text = await textFrom(chunks, headers, maxBytes);
  const told = status === 204 || headers.has("content-length") || headers.has("transfer-encoding");
  if (status < 300 && text.trim() === "" && !told) throw new SendFailure("connectionLost");
  return { status, headers, text };
}

async function textFrom(chunks: Uint8Array[], headers: Headers, maxBytes: number): Promise<string> {
  const coding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  const brotli = coding === "br";
  // Under any other name the answer may still be plain text; what is not UTF-8 is malformed.
  if (chunks.length === 0 || !(brotli || /^((x-)?gzip|deflate)$/.test(coding))) return textOf(chunks);
  const { brotliDecompress, unzip } = await import("node:zlib");
  const bytes = await new Promise<Uint8Array>((resolve, reject) => {
    const done = (error: NodeJS.ErrnoException | null, decoded: Uint8Array) =>
      error
        ? reject(new SendFailure(error.code === "ERR_BUFFER_TOO_LARGE" ? "tooLarge" : "malformed"))
        : resolve(decoded);
    const options = { maxOutputLength: maxBytes };
    if (brotli) brotliDecompress(Buffer.concat(chunks), options, done);
    else unzip(Buffer.concat(chunks), options, done);
  });
  return textOf([bytes]);
}
