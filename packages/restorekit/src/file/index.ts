export type { Holder } from "./process.js";
export { type FileIntentsOptions, fileIntents } from "./store.js";
