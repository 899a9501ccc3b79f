import { sendWith } from "./fetch.js";
import type { Send } from "./types.js";

/**
 * The platform's own `fetch` sends a write once, but for a PUT or DELETE without a body, which it repeats when a kept
 * connection breaks. It cannot repeat a stream, not even an empty one; the price is that such a request is chunked.
 */
export const sendWrite: Send = sendWith((url, init) =>
  globalThis.fetch(url, init?.body || init?.method === "POST" ? init : { ...init, body: emptyStream() }),
);

export const repeatsWrites = false;

function emptyStream() {
  return new ReadableStream({ start: (controller) => controller.close() });
}
