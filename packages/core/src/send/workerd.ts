import { sendWith } from "./fetch.js";
import type { Send } from "./types.js";

/** The platform's own `fetch` was measured to send a write once in every failure. */
export const sendWrite: Send = (request) => sendWith(globalThis.fetch)(request);

export const repeatsWrites = false;
