import { mkdir, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { StoreError } from "../errors.js";

export async function makeFolder(folder: string) {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  // A folder that is new lasts once the one that it is in is synced, up to the first that was there before.
  for (let made = resolve(folder); ; made = dirname(made)) {
    await syncFolder(dirname(made));
    if (made === resolve(first) || made === dirname(made)) return;
  }
}

/** Makes a rename last. Where a folder cannot be synced, as on Windows, the file system takes care of it. */
export async function syncFolder(folder: string) {
  const handle = await open(folder, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EISDIR" || error.code === "EPERM") return undefined;
    throw error;
  });
  try {
    await handle?.sync();
  } catch (error) {
    if (!["EINVAL", "EPERM", "ENOTSUP"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    await handle?.close();
  }
}

/** The system's error as one that says what to do. */
export function translate(error: unknown, path: string): unknown {
  if (error instanceof StoreError) return error;
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new StoreError(
        "full",
        `no space is left for ${path}`,
        "Make room; what was stored before is whole.",
        error,
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new StoreError(
        "readOnly",
        `${path} cannot be written (${code})`,
        "Give this user the right to write there.",
        error,
      );
    case undefined:
      return error;
    default:
      return new StoreError("unavailable", `${path}: ${code}`, "See the system's error code.", error);
  }
}
