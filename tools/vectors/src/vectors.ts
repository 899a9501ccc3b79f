import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { replay } from "./replay.js";

const folder = process.argv[2];
let reproduced = 0;
let failed = 0;

function fail(where: string, error: unknown): void {
  failed++;
  const message = error instanceof Error ? error.message : String(error);
  console.log(`${where}: ${message.replace(/\s+/g, " ")}`);
}

async function replayFile(file: string): Promise<void> {
  let scheme: unknown;
  let vectors: unknown;
  try {
    ({ scheme, vectors } = JSON.parse(await readFile(file, "utf8")) ?? {});
  } catch (error) {
    return fail(file, `cannot be read as JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof scheme !== "string" || !Array.isArray(vectors) || vectors.length === 0) {
    return fail(file, `is no file of vectors: it needs "scheme" and a list "vectors" that is not empty`);
  }
  for (const [index, vector] of vectors.entries()) {
    const where = `${file} ${vector?.id ?? `vectors[${index}]`}`;
    try {
      const difference = await replay(scheme, vector);
      if (difference === undefined) reproduced++;
      else fail(where, difference);
    } catch (error) {
      fail(where, error);
    }
  }
}

if (folder === undefined) {
  console.log("usage: pnpm --silent vectors <folder>");
  failed++;
} else {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).then(
    (entries) => entries.filter((entry) => /^vectors-.*\.json$/.test(entry.name) && !entry.isDirectory()),
    (error: Error) => fail(folder, `cannot be read: ${error.message}`),
  );
  if (files?.length === 0) fail(folder, "no vectors-*.json below this folder");
  for (const file of (files ?? []).map((entry) => join(entry.parentPath, entry.name)).sort()) await replayFile(file);
}
console.log(`${reproduced} reproduced, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
