import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** SHA-512 of a file, as registries give it. */
export function digest(file: string) {
  return `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
}
