import type { Outgoing, Send } from "./types.js";
import { SendFailure } from "./types.js";

/** Codes with which a runtime says that no connection came about, so that no byte of the request was sent. */
const NOT_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT)/;

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
      const code = codeOf(error);
      throw new SendFailure(code && NOT_CONNECTED.test(code) ? "notConnected" : "connectionLost", code);
    }
    return { status: response.status, headers: response.headers, text: await readText(response, request) };
  };
}

async function readText(response: Response, request: Outgoing) {
  if (!response.body) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of chunksOf(response.body)) {
      bytes += chunk.byteLength;
      if (bytes > request.maxBytes) throw new SendFailure("tooLarge");
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof SendFailure) throw error;
    throw new SendFailure(request.signal.aborted || !(error instanceof TypeError && !codeOf(error)) ? "connectionLost" : "malformed", codeOf(error));
  }
}

async function* chunksOf(body: ReadableStream<Uint8Array>) {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return undefined;
}
