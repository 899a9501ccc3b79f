import type { ClientRequest } from "node:http";
import { decoded, unencoded } from "./decode.js";
import type { Incoming, Outgoing } from "./types.js";
import { SendFailure } from "./types.js";

/**
 * Sends a write on a connection of its own. `fetch` repeats a write on Node (421), Bun (PUT) and Deno (any) when a
 * kept connection breaks; a fresh `node:http(s)` connection does not, on any of them.
 */
export async function sendWrite(request: Outgoing): Promise<Incoming> {
  const url = new URL(request.url);
  const secure = url.protocol === "https:";
  // Loaded by the first write: importing them takes longer than all the rest of a client.
  const { request: open } = secure ? await import("node:https") : await import("node:http");
  return new Promise((resolve, reject) => {
    // Until the connection stands nothing is written, so a failure before this is set proves that nothing ran.
    let written = false;
    let answered = false;
    const fail = (code?: string, stage?: SendFailure["stage"]) =>
      answered || reject(new SendFailure(stage ?? (written ? "connectionLost" : "notConnected"), code));

    let outgoing: ClientRequest;
    try {
      outgoing = open(url, {
        method: request.method,
        headers: unencoded(withLength(request)),
        agent: false,
        signal: request.signal,
      });
    } catch (error) {
      // Such as a permission that Deno was not given.
      return fail((error as NodeJS.ErrnoException).code);
    }
    outgoing.once("socket", (socket) => {
      // Always a new socket, still connecting here. A TLS one reports "connect" before its handshake: too early.
      socket.once(secure ? "secureConnect" : "connect", () => {
        if (outgoing.destroyed) return;
        written = true;
        outgoing.end(request.body);
      });
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => fail(error.code));
    outgoing.once("close", () => fail());
    outgoing.once("response", (answer) => {
      const headers = headersOf(answer.rawHeaders);
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      answer.on("data", (chunk: Uint8Array) => {
        chunks.push(chunk);
        bytes += chunk.byteLength;
        if (bytes <= request.maxBytes) return;
        fail(undefined, "tooLarge");
        outgoing.destroy();
      });
      answer.on("error", (error: NodeJS.ErrnoException) => fail(error.code));
      answer.once("end", () => {
        if (!answer.complete) return fail();
        answered = true;
        // A server that refuses a body early may keep the connection open for the rest of it.
        outgoing.destroy();
        resolve(decoded(answer.statusCode ?? 0, headers, chunks, request.maxBytes));
      });
    });
  });
}

/** This runtime can send a write exactly once. */
export const repeatsWrites = false;

/** A known length keeps the body from being chunked. A DELETE without a body has none, as with `fetch`. */
function withLength({ method, headers, body }: Outgoing) {
  if (body === undefined && method === "DELETE") return headers;
  return { ...headers, "content-length": String(new TextEncoder().encode(body ?? "").byteLength) };
}

function headersOf(raw: string[]) {
  const headers = new Headers();
  for (let at = 0; at < raw.length; at += 2) headers.append(raw[at] ?? "", raw[at + 1] ?? "");
  return headers;
}
