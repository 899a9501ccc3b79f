import { methods } from "../openapi.js";

/** A path of keys for people. `paths./.post` says nothing in a file with one operation, so places start below it. */
export function placeName(path: readonly string[]): string {
  const isOperation = path[0] === "paths" && methods.some((method) => method === path[2]);
  const short = isOperation ? ["operation", ...path.slice(3)] : path;
  return short.map((step) => (/[\s.:]/.test(step) ? `"${step}"` : step)).join(".") || "document";
}
