// The repository's own folder, or another one with specs and packages of its own.
import { fileURLToPath } from "node:url";

export function rootFolder(): string {
  return process.env.RESTOREKIT_ROOT ?? fileURLToPath(new URL("../../../../", import.meta.url));
}
