import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { command } from "@restorekit/command";
import { redact } from "./redact.js";
import { replay } from "./replay.js";

const usage = "usage: vectors <folder>";
let reproduced = 0;
let failed = 0;

function fail(where: string, error: unknown, vector?: unknown): void {
  failed++;
  const message = error instanceof Error ? error.message : String(error);
  console.log(`${where}: ${redact(message, vector).replace(/\s+/g, " ")}`);
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

await command({ usage, takes: [1, 1] }, async (_, [folder = ""]) => {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).then(
    (entries) => entries.filter((entry) => /^vectors-.*\.json$/.test(entry.name) && !entry.isDirectory()),
    (error: Error) => fail(folder, `cannot be read: ${error.message}`),
  );
  if (files?.length === 0) fail(folder, "no vectors-*.json below this folder");
  for (const file of (files ?? []).map((entry) => join(entry.parentPath, entry.name)).sort()) await replayFile(file);
  console.log(`${reproduced} reproduced, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});
