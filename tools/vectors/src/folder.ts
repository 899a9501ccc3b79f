import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { redact } from "./redact.js";
import { replay } from "./replay.js";

/** What became of the vectors of a folder; a file that cannot be used counts as one that failed. */
export interface Replayed {
  readonly reproduced: number;
  /** One line each. */
  readonly failures: readonly string[];
  /** Files that are no vectors by their names. */
  readonly others: readonly string[];
}

/** Replays every `vectors-*.json` below a folder. */
export async function replayFolder(folder: string): Promise<Replayed> {
  const failures: string[] = [];
  let reproduced = 0;
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).then(
    (entries) => entries.filter((entry) => entry.name.endsWith(".json") && !entry.isDirectory()),
    (error: Error) => fail(folder, `cannot be read: ${error.message}`),
  );
  const paths = (found ?? []).map((entry) => join(entry.parentPath, entry.name)).sort();
  const files = paths.filter((path) => basename(path).startsWith("vectors-"));
  if (found && files.length === 0) fail(folder, "no vectors-*.json below this folder");
  for (const file of files) await replayFile(file);
  return { reproduced, failures, others: paths.filter((path) => !files.includes(path)) };

  function fail(where: string, error: unknown, vector?: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    failures.push(`${where}: ${redact(message, vector).replace(/\s+/g, " ")}`);
  }

  async function replayFile(file: string): Promise<void> {
    let text: string;
    let content: { scheme?: unknown; vectors?: unknown } | null;
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      return fail(file, `cannot be read: ${(error as Error).message}`);
    }
    try {
      content = JSON.parse(text);
    } catch (error) {
      // The message may quote the text, keys and all; only where it broke off is told.
      const place = /position \d+( \(.*?\))?/.exec((error as Error).message)?.[0];
      return fail(file, `cannot be read as JSON${place === undefined ? "" : `: broken at ${place}`}`);
    }
    const { scheme, vectors } = content ?? {};
    if (typeof scheme !== "string" || !Array.isArray(vectors) || vectors.length === 0) {
      return fail(file, `is no file of vectors: it needs "scheme" and a list "vectors" that is not empty`);
    }
    for (const [index, vector] of vectors.entries()) {
      const where = `${file} ${typeof vector?.id === "string" ? vector.id : `vectors[${index}]`}`;
      try {
        const difference = await replay(scheme, vector);
        if (difference === undefined) reproduced++;
        else fail(where, difference, vector);
      } catch (error) {
        fail(where, error, vector);
      }
    }
  }
}
