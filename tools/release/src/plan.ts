import type { Packed } from "./pack.ts";
import { type Known, knownOf } from "./remote.ts";
import { isHigher, tagOf } from "./version.ts";

/** What a registry has of a packed version: nothing, the same bytes, or other bytes under the same version. */
export type Standing = "lacking" | "there" | "different";

export interface Stand {
  readonly packed: Packed;
  readonly standing: Standing;
  /** A version that the registry has and that comes after this one, which would be published as `latest`. */
  readonly newer?: string;
}

/** How every package of a set stands, in the order of the set. */
export function compare(packages: readonly Packed[], known: ReadonlyMap<string, Known>): Stand[] {
  return packages.map((packed) => {
    const { versions, newest } = known.get(packed.name) ?? {};
    const found = versions?.get(packed.version);
    if (found === undefined) {
      const overtaken = newest !== undefined && tagOf(packed.version) === "latest" && isHigher(newest, packed.version);
      return { packed, standing: "lacking", ...(overtaken ? { newer: newest } : {}) };
    }
    return { packed, standing: found === packed.integrity ? "there" : "different" };
  });
}

/** Asks the registry for all of them at once. @throws {RegistryError} */
export async function stands(registry: string, packages: readonly Packed[]): Promise<Stand[]> {
  const answers = packages.map(async ({ name }) => [name, await knownOf(registry, name)] as const);
  return compare(packages, new Map(await Promise.all(answers)));
}

/**
 * What has to be published, dependencies first.
 * @throws if a version is on the registry with other content, or a newer one is there: npm would stop half-way
 */
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
  const overtaken = all.flatMap(({ packed: { name, version }, newer }) => {
    return newer === undefined ? [] : [`  ${name}@${version}   (the registry has ${newer})`];
  });
  if (overtaken.length > 0) {
    throw new Error(
      `nothing was published: the registry has newer versions, and an older one must not become latest.\n${overtaken.join("\n")}\n` +
        "If a later release was faster, leave this one: that has its changes too. Else raise the versions past those.",
    );
  }
  return all.filter(({ standing }) => standing === "lacking").map(({ packed }) => packed);
}
