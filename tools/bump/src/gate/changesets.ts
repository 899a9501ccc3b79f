// What the author declared: the changesets that are new since the base, or versions that were raised already.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import parse from "@changesets/parse";
import semver from "semver";
import { type Bump, higher } from "../change.js";
import { allPackages, publicPackages } from "../workspace.js";

/** What a package is called that was never given a version. */
const NEVER = "0.0.0";

/** The bump of each package by its name. @throws where a changeset cannot be read */
export function declaredBumps(base: string, root: string): Map<string, Bump> {
  const before = new Set([...textsIn(base).values()]);
  return highest([...changesetsIn(root).values()].filter(({ text }) => !before.has(text)));
}

/** What makes the release go wrong, or leave out what was announced; one line each. @throws as above */
export function changesetFaults(base: string, root: string): string[] {
  const packages = new Map(allPackages(root).map(({ name, manifest }) => [name, manifest]));
  const after = changesetsIn(root);
  const faults: string[] = [];
  for (const [file, { releases }] of after)
    for (const { name, type } of releases) {
      const manifest = packages.get(name);
      const say = (fault: string) => faults.push(`.changeset/${file}: ${fault}`);
      if (manifest === undefined) say(`${name} is no package of this workspace`);
      else if (manifest.private === true) say(`${name} is private and never released`);
      else if (type === "major" && manifest.version.startsWith("0."))
        say(`${name} is ${manifest.version}: major would make it 1.0.0; before 1.0 what breaks is minor`);
    }
  const versions = new Map(allPackages(base).map(({ name, manifest }) => [name, manifest.version]));
  const texts = [...after.values()].map(({ text }) => text);
  for (const [file, text] of textsIn(base)) {
    if (texts.includes(text) || !isReadable(text)) continue;
    const said = highest([after.get(file)].flatMap((one) => one ?? []));
    for (const { name, type } of read(file, text)) {
      const [was, is] = [versions.get(name), packages.get(name)?.version];
      if (was === undefined || is === undefined) continue;
      const kept = higher(said.get(name) ?? "none", bumpBetween(was, is));
      const still = was === is ? `still ${is}` : `${is} now`;
      if (higher(kept, type) !== kept)
        faults.push(
          `.changeset/${file}: no longer says ${type} for ${name}, which is ${still}: that would never be released`,
        );
    }
  }
  return [...faults, ...untold(base, root)];
}

/** A version that no changelog tells of is set, and never released: the release goes by the changelogs. */
function untold(base: string, root: string): string[] {
  const before = new Map(allPackages(base).map(({ name, manifest }) => [name, manifest.version]));
  return publicPackages(root).flatMap(({ name, folder, manifest: { version } }) => {
    const file = join(folder, "CHANGELOG.md");
    const lines = existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8").split("\n") : [];
    const same = version === (before.get(name) ?? NEVER);
    return same || lines.includes(`## ${version}`) ? [] : [`${file}: has no "## ${version}", which ${name} is now`];
  });
}

interface Changeset {
  readonly text: string;
  readonly releases: readonly { readonly name: string; readonly type: Bump }[];
}

/** By their file names; those of a prerelease stay in a folder of their own until it ends. */
function textsIn(root: string): Map<string, string> {
  const folder = join(root, ".changeset");
  const files = ["", "pre"].flatMap((inside) =>
    namesIn(join(folder, inside))
      .filter((name) => name.endsWith(".md") && name !== "README.md")
      .map((name) => join(inside, name)),
  );
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

function changesetsIn(root: string): Map<string, Changeset> {
  return new Map([...textsIn(root)].map(([name, text]) => [name, { text, releases: read(name, text) }]));
}

function highest(changesets: readonly Changeset[]): Map<string, Bump> {
  const bumps = new Map<string, Bump>();
  for (const { name, type } of changesets.flatMap(({ releases }) => releases))
    bumps.set(name, higher(bumps.get(name) ?? "none", type));
  return bumps;
}

/** What nobody could read announced nothing. */
function isReadable(text: string): boolean {
  try {
    return parse(text) !== undefined;
  } catch {
    return false;
  }
}

function read(name: string, text: string) {
  try {
    return parse(text).releases;
  } catch (error) {
    throw new Error(`.changeset/${name}: ${(error as Error).message.split("\n")[0]}`);
  }
}

/** The bump between two versions, as a release commit makes it; a prerelease of a version counts as that version. */
export function bumpBetween(before: string, after: string): Bump {
  const [old, now] = [semver.parse(before), semver.parse(after)];
  if (old === null || now === null || now.compare(old) <= 0) return "none";
  const kind = semver.diff(old, now)?.replace(/^pre(?!release)/, "");
  return (["major", "minor", "patch"] as const).find((bump) => bump === kind) ?? "patch";
}
