import type { Outgoing, Send } from "./types.js";
import { SendFailure } from "./types.js";

/** Sends with a `fetch`. Good for reads anywhere; most runtimes' own `fetch` may send a write twice. */
export function sendWith(fetch: typeof globalThis.fetch): Send {
  return async (request) => {
    let response: Response;
    try {
      response = await fetch(request.url, {
        method: request.method,
        headers: request.headers,
        ...(request.body === undefined ? {} : { body: request.body }),
        redirect: "manual",
        signal: request.signal,
      });
    } catch (error) {
      throw new SendFailure(neverConnected(error) ? "notConnected" : "connectionLost", codeOf(error));
    }
    const bytes = response.body ? await readBytes(response.body, request) : [];
    return { status: response.status, headers: response.headers, text: textOf(bytes) };
  };
}

async function readBytes(body: ReadableStream<Uint8Array>, { maxBytes, signal }: Outgoing) {
  const chunks: Uint8Array[] = [];
  const reader = body.getReader();
  // Not every `fetch` ends the body with its signal. A cancelled reader says "done": that is no whole answer.
  const stop = () => void reader.cancel().catch(() => {});
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop);
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done && signal.aborted) throw new SendFailure("connectionLost", "ABORT_ERR");
      if (done) return chunks;
      bytes += value.byteLength;
      if (bytes > maxBytes) throw new SendFailure("tooLarge");
      chunks.push(value);
    }
  } catch (error) {
    stop();
    throw error instanceof SendFailure ? error : new SendFailure("connectionLost", codeOf(error));
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** @throws {SendFailure} for what is not UTF-8 */
export function textOf(chunks: Uint8Array[]) {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
  } catch {
    throw new SendFailure("malformed");
  }
}

/** Codes with which a runtime says that no connection came about, so that no byte of the request was sent. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT)/;

function neverConnected(error: unknown) {
  for (const at of chain(error)) {
    // The system reports the same codes from a broken connection: where the failed call is named, it decides.
    if ("syscall" in at && typeof at.syscall === "string") return ["connect", "getaddrinfo"].includes(at.syscall);
    if ("code" in at && NOT_CONNECTED.test(String(at.code))) return true;
  }
  return false;
}

function codeOf(error: unknown): string | undefined {
  for (const at of chain(error)) if ("code" in at && typeof at.code === "string") return at.code;
  return undefined;
}

/** An error and its causes; how many is bounded, for they may form a circle. */
function chain(error: unknown) {
  const errors: Error[] = [];
  for (let at = error; at instanceof Error && errors.length < 8; at = at.cause) errors.push(at);
  return errors;
}
