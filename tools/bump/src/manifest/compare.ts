// Two manifests of one package: what those who install it can notice.
import semver from "semver";
import { type Change, type ChangeClass, collector } from "../change.js";
import { isObject, same } from "../spec/json.js";
import { orders, targets } from "./entry-points.js";
import type { Fields } from "./packed.js";

/** One field on both sides; undefined where it is missing. */
type Rule = (from: unknown, to: unknown) => void;

/**
 * @param before as it is packed; @param after the same
 * @param shows whether the declarations of the package name another package
 */
export function compareManifests(before: Fields, after: Fields, shows: (name: string) => boolean): Change[] {
  const { changes, say } = collector();
  const tell = (id: string, place: string, from: unknown, to: unknown, kind: ChangeClass): void =>
    say(id, { operation: null, place: `package.json ${place}` }, from, to, kind);
  const rules: Readonly<Record<string, Rule>> = {
    exports: (a, b) => compareTargets(tell, "exports", a, b, "breaking"),
    // Only the package itself can name these: what it no longer names is no loss, a condition of it is.
    imports: (a, b) => compareTargets(tell, "imports", a, b, "wording-only"),
    bin: (a, b) => compareCommands(tell, commands(a, before), commands(b, after)),
    engines: (a, b) => compareEngines(tell, recordOf(a), recordOf(b)),
    files: (a, b) => compareFiles(tell, a, b),
    dependencies: (a, b) => compareDependencies(tell, "dependencies", recordOf(a), recordOf(b), shows),
    optionalDependencies: (a, b) => compareDependencies(tell, "optionalDependencies", recordOf(a), recordOf(b), shows),
    peerDependencies: () => comparePeers(tell, before, after),
    peerDependenciesMeta: () => comparePeers(tell, before, after),
    // Bundlers drop what is imported for its effects alone; the other way round they only keep more.
    sideEffects: (a, b) => tell("side-effects-changed", "sideEffects", a, b, b === false ? "breaking" : "additive"),
  };
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [from, to] = [before[field], after[field]];
    // Conditions count in their order.
    if (JSON.stringify(from) === JSON.stringify(to)) continue;
    if (rules[field] !== undefined) rules[field](from, to);
    else if (words.includes(field)) tell("manifest-wording-changed", field, from, to, "wording-only");
    else tell("manifest-field-changed", field, from, to, "breaking");
  }
  return changes;
}

type Tell = (id: string, place: string, from: unknown, to: unknown, kind: ChangeClass) => void;

/** What people and registries read. */
const words = [
  ...["description", "keywords", "license", "author", "contributors", "homepage", "bugs", "repository", "funding"],
  // The last two only where packing leaves them in; release:check refuses scripts.
  ...["publishConfig", "built with", "devDependencies", "scripts"],
];

const recordOf = (value: unknown): Readonly<Record<string, string>> =>
  isObject(value) ? (value as Record<string, string>) : {};

function compareTargets(tell: Tell, field: string, from: unknown, to: unknown, keyLost: ChangeClass): void {
  const [old, now] = [targets(from), targets(to)];
  const keys = new Set([...now.keys()].map(([key]) => key));
  const place = (path: readonly string[]) => [field, ...path].join(" ");
  const find = (map: typeof old, path: readonly string[]) => [...map].find(([other]) => same(other, path))?.[1];
  for (const [path, target] of old) {
    const other = find(now, path);
    if (other === undefined)
      tell(`${field}-entry-removed`, place(path), target, null, keys.has(path[0] ?? "") ? "breaking" : keyLost);
    else if (other !== target) tell(`${field}-entry-changed`, place(path), target, other, "breaking");
  }
  for (const [path, target] of now)
    if (find(old, path) === undefined) {
      // A list where there was none shuts every other file of the package off.
      const kind = from === undefined && field === "exports" ? "breaking" : "additive";
      tell(`${field}-entry-added`, place(path), null, target, kind);
    }
  const [was, is] = [orders(from), orders(to)];
  for (const [path, conditions] of was) {
    const others = is.get(path) ?? [];
    const common = (list: readonly string[], other: readonly string[]) => list.filter((one) => other.includes(one));
    // The first condition that fits is taken.
    if (!same(common(conditions, others), common(others, conditions)))
      tell(`${field}-order-changed`, `${field} ${path}`, conditions, others, "breaking");
  }
}

/** A command by its name; one alone is called as the package is. */
function commands(bin: unknown, { name }: Fields): Readonly<Record<string, string>> {
  return typeof bin === "string" ? { [String(name).replace(/^@.*\//, "")]: bin } : recordOf(bin);
}

function compareCommands(tell: Tell, from: Readonly<Record<string, string>>, to: typeof from): void {
  for (const [name, file] of Object.entries(from)) {
    if (to[name] === undefined) tell("bin-removed", `bin ${name}`, file, null, "breaking");
    else if (to[name] !== file) tell("bin-moved", `bin ${name}`, file, to[name], "wording-only");
  }
  for (const [name, file] of Object.entries(to))
    if (from[name] === undefined) tell("bin-added", `bin ${name}`, null, file, "additive");
}

/** What fewer versions satisfy breaks those who have the others. */
function range(tell: Tell, id: string, place: string, from: string, to: string): void {
  if (!covers(to, from)) tell(`${id}-narrowed`, place, from, to, "breaking");
  else if (!covers(from, to)) tell(`${id}-widened`, place, from, to, "additive");
  else tell(`${id}-written-otherwise`, place, from, to, "wording-only");
}

/** Whether every version of the second range is in the first; what is no range covers only itself. */
function covers(wide: string, narrow: string): boolean {
  if (semver.validRange(wide) === null || semver.validRange(narrow) === null) return wide === narrow;
  return semver.subset(narrow, wide);
}

function compareEngines(tell: Tell, from: Readonly<Record<string, string>>, to: typeof from): void {
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)]))
    if (from[name] !== to[name]) range(tell, "engine", `engines ${name}`, from[name] ?? "*", to[name] ?? "*");
}

/** Nothing listed is everything; "!" leaves out. */
function compareFiles(tell: Tell, from: unknown, to: unknown): void {
  const [old, now] = [from ?? ["**"], to ?? ["**"]].map((list) => list as string[]) as [string[], string[]];
  const lost = (entry: string) => tell("files-entry-removed", `files ${entry}`, old, now, "breaking");
  const won = (entry: string) => tell("files-entry-added", `files ${entry}`, old, now, "additive");
  for (const entry of old) if (!now.includes(entry)) (entry.startsWith("!") ? won : lost)(entry);
  for (const entry of now) if (!old.includes(entry)) (entry.startsWith("!") ? lost : won)(entry);
}

/**
 * Of another major version everything may be different; who uses the package notices that where its own declarations
 * name it.
 */
function compareDependencies(
  tell: Tell,
  field: string,
  from: Readonly<Record<string, string>>,
  to: typeof from,
  shows: (name: string) => boolean,
): void {
  for (const [name, old] of Object.entries(from)) {
    const now = to[name];
    const place = `${field} ${name}`;
    if (now === undefined) tell("dependency-removed", place, old, null, "wording-only");
    else if (now !== old) {
      const weight = Number(!sameMajor(old, now)) + Number(shows(name));
      tell(
        "dependency-moved",
        place,
        old,
        now,
        (["wording-only", "additive", "breaking"] as const)[weight] ?? "breaking",
      );
    }
  }
  for (const [name, now] of Object.entries(to))
    if (from[name] === undefined) tell("dependency-added", `${field} ${name}`, null, now, "wording-only");
}

/** Whether the least versions of both are compatible as a caret means it. */
function sameMajor(a: string, b: string): boolean {
  if (semver.validRange(a) === null || semver.validRange(b) === null) return false;
  const [first, second] = [semver.minVersion(a), semver.minVersion(b)].sort((x, y) => (x && y ? x.compare(y) : 0));
  return first != null && second != null && semver.satisfies(second, `^${first}`);
}

function comparePeers(tell: Tell, before: Fields, after: Fields): void {
  const [old, now] = [recordOf(before.peerDependencies), recordOf(after.peerDependencies)];
  const optional = (manifest: Fields, name: string): boolean => {
    const meta = isObject(manifest.peerDependenciesMeta) ? manifest.peerDependenciesMeta[name] : undefined;
    return isObject(meta) && meta.optional === true;
  };
  for (const [name, from] of Object.entries(old)) {
    const [to, place] = [now[name], `peerDependencies ${name}`];
    if (to === undefined) {
      tell("peer-removed", place, from, null, "additive");
      continue;
    }
    if (to !== from) range(tell, "peer", place, from, to);
    const [was, is] = [optional(before, name), optional(after, name)];
    if (was && !is) tell("peer-became-required", place, "optional", "required", "breaking");
    if (!was && is) tell("peer-became-optional", place, "required", "optional", "additive");
  }
  for (const [name, to] of Object.entries(now))
    if (old[name] === undefined)
      tell("peer-added", `peerDependencies ${name}`, null, to, optional(after, name) ? "additive" : "breaking");
}
