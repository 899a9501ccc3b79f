// What the author declared: the changesets that are new since the base, or versions that were raised already.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import parse from "@changesets/parse";
import { type Bump, higher } from "../change.js";

/** The bump of each package by its name. @throws where a changeset cannot be read */
export function declaredBumps(base: string, root: string): Map<string, Bump> {
  const declared = new Map<string, Bump>();
  const folder = join(root, ".changeset");
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    if (!name.endsWith(".md") || name === "README.md") continue;
    const text = readFileSync(join(folder, name), "utf8");
    const before = join(base, ".changeset", name);
    if (existsSync(before) && readFileSync(before, "utf8") === text) continue;
    for (const { name: each, type } of read(name, text)) declared.set(each, higher(declared.get(each) ?? "none", type));
  }
  return declared;
}

function read(name: string, text: string) {
  try {
    return parse(text).releases;
  } catch (error) {
    throw new Error(`.changeset/${name}: ${(error as Error).message.split("\n")[0]}`);
  }
}

/** The bump between two versions, as a release commit makes it. */
export function bumpBetween(before: string, after: string): Bump {
  const numbers = (version: string) => version.split(/[.+-]/).slice(0, 3).map(Number);
  const [old, now] = [numbers(before), numbers(after)];
  const first = [0, 1, 2].find((index) => (now[index] ?? 0) !== (old[index] ?? 0));
  if (first === undefined || (now[first] ?? 0) < (old[first] ?? 0)) return "none";
  return (["major", "minor", "patch"] as const)[first] ?? "none";
}
