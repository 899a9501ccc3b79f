import type { PackedSet } from "./pack.ts";
import { run } from "./run.ts";

/** Marks the commit of every version of a set with `name@version`, where no such tag is yet. @returns the new ones */
export async function tagSet(workspace: string, { commit, packages }: PackedSet): Promise<string[]> {
  const present = new Set((await run(["git", "tag", "--list"], { cwd: workspace })).split("\n"));
  const tags = packages.map(({ name, version }) => `${name}@${version}`).filter((tag) => !present.has(tag));
  for (const tag of tags) await run(["git", "tag", "--annotate", tag, "--message", tag, commit], { cwd: workspace });
  return tags;
}
