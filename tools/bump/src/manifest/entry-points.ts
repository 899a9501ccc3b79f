// What `exports` and `imports` lead to, entry by entry and condition by condition.
import { isObject } from "../spec/json.js";

/** Each file by its path: the entry, then the conditions; `default` goes without saying. */
export function targets(field: unknown): Map<readonly string[], string> {
  const found = new Map<readonly string[], string>();
  const visit = (value: unknown, path: readonly string[]): void => {
    if (value === undefined) return;
    if (isObject(value)) for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
    else found.set(path.at(-1) === "default" ? path.slice(0, -1) : path, JSON.stringify(value));
  };
  visit(entries(field), []);
  return found;
}

/** The conditions of each entry in their order. */
export function orders(field: unknown): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const visit = (value: unknown, path: readonly string[]): void => {
    if (!isObject(value)) return;
    if (path.length > 0) found.set(path.join(" "), Object.keys(value));
    for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
  };
  visit(entries(field), []);
  return found;
}

/** A file or conditions alone are those of the package itself. */
function entries(field: unknown): unknown {
  if (field === undefined) return undefined;
  const listed = isObject(field) && Object.keys(field).every((key) => /^[.#]/.test(key));
  return listed ? field : { ".": field };
}
