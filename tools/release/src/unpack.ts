import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Packed, PackedSet } from "./pack.ts";
import { run } from "./run.ts";

/** A tarball's content, laid out in a folder. */
export interface Unpacked {
  readonly packed: Packed;
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface Manifest {
  readonly name: string;
  readonly [key: string]: unknown;
}

/** Unpacks every tarball of a set into a folder of its own. */
export async function unpackAll(set: PackedSet, into: string): Promise<Unpacked[]> {
  return Promise.all(
    set.packages.map(async (packed) => {
      const folder = join(into, packed.name);
      mkdirSync(folder, { recursive: true });
      await run(["tar", "-xzf", join(set.folder, packed.file), "--strip-components=1"], { cwd: folder });
      return { packed, folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) };
    }),
  );
}

/** The files below a folder, with their sizes. */
export function filesIn(folder: string): { file: string; bytes: number }[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { file: path.slice(folder.length + 1), bytes: statSync(path).size };
  });
}
