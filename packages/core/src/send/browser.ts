import { sendWith } from "./fetch.js";
import type { Send } from "./types.js";

/** The only means there is; browsers repeat a write when a kept connection breaks. */
export const sendWrite: Send = (request) => sendWith(globalThis.fetch)(request);

/** Writes are refused here unless the caller opts in. */
export const repeatsWrites = true;
