import type { Packed } from "./pack.js";
import { type Versions, versionsOf } from "./remote.js";

/** What a registry has of a packed version: nothing, the same bytes, or other bytes under the same version. */
export type Standing = "lacking" | "there" | "different";

export interface Stand {
  readonly packed: Packed;
  readonly standing: Standing;
}

/** How every package of a set stands, in the order of the set. */
export function compare(packages: readonly Packed[], versions: ReadonlyMap<string, Versions>): Stand[] {
  return packages.map((packed) => {
    const found = versions.get(packed.name)?.get(packed.version);
    if (found === undefined) return { packed, standing: "lacking" };
    return { packed, standing: found === packed.integrity ? "there" : "different" };
  });
}

/** Asks the registry for all of them at once. @throws {RegistryError} */
export async function stands(registry: string, packages: readonly Packed[]): Promise<Stand[]> {
  const answers = packages.map(async ({ name }) => [name, await versionsOf(registry, name)] as const);
  return compare(packages, new Map(await Promise.all(answers)));
}

/** What has to be published, dependencies first. @throws if a version is on the registry with other content */
export function lacking(all: readonly Stand[]): Packed[] {
  const different = all.filter(({ standing }) => standing === "different").map(({ packed }) => packed);
  if (different.length > 0) {
    const lines = different.map(({ name, version, file }) => {
      return `  ${name}@${version}   (npm diff --diff=${name}@${version} --diff=${file})`;
    });
    throw new Error(
      `nothing was published: the registry has these versions with other content.\n${lines.join("\n")}\n` +
        "A version is published once: add a changeset for what has changed since.",
    );
  }
  return all.filter(({ standing }) => standing === "lacking").map(({ packed }) => packed);
}
