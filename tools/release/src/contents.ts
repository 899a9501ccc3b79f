import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Packed } from "./pack.ts";

export const UPDATE = "npx pnpm release:check --update";

/**
 * Compares the files of every tarball with the list that was reviewed, one list per package in a folder.
 * @returns one line per difference
 */
export function contentsDiffer(folder: string, packages: readonly Packed[]): string[] {
  const lists = new Set(readdirSync(folder));
  const lines = packages.flatMap(({ name, files }) => {
    const list = listOf(name);
    if (!lists.delete(list)) return [`${name}: its files were never listed`];
    const reviewed = readFileSync(join(folder, list), "utf8").split("\n").filter(Boolean);
    return [
      ...files.filter((file) => !reviewed.includes(file)).map((file) => `${name}: + ${file}`),
      ...reviewed.filter((file) => !files.includes(file)).map((file) => `${name}: - ${file}`),
    ];
  });
  return [...lines, ...[...lists].map((list) => `${list}: there is no such public package`)];
}

/** Writes the lists anew, for review. */
export function writeContents(folder: string, packages: readonly Packed[]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, files } of packages) writeFileSync(join(folder, listOf(name)), `${files.join("\n")}\n`);
}

function listOf(name: string) {
  return `${name.replace(/^@/, "").replace("/", "-")}.txt`;
}
