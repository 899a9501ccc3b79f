// Holds what changed since the base against what the changesets say of it.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compareReports } from "../api/compare.js";
import { reportOn } from "../api/report.js";
import { type Bump, type Change, collector, higher, requiredBump, worstOf } from "../change.js";
import { compareManifests } from "../manifest/compare.js";
import { manifestOf, packed, packingOf } from "../manifest/packed.js";
import { compareBundles } from "../spec/compare.js";
import { type Package, publicPackages, reportOf } from "../workspace.js";
import { bumpBetween, changesetFaults, declaredBumps } from "./changesets.js";
import { generator, isGenerated, type Regenerated, regenerate } from "./generator.js";
import { changedFiles, checkOut, NoBase } from "./git.js";
import { touchedPackages } from "./touched.js";
import { bundleOf, compileTypeTests, type TypeTest } from "./types.js";

export interface Verdict {
  readonly package: string;
  readonly version: string;
  /** The files that reach those who install it. */
  readonly files: readonly string[];
  readonly changes: readonly Change[];
  readonly required: Bump;
  readonly declared: Bump;
  readonly passed: boolean;
}

export interface Gate {
  readonly base: string;
  readonly verdicts: readonly Verdict[];
  /** Which changesets would break the release. */
  readonly faults: readonly string[];
  /** What could not be compared, and why. */
  readonly missing: readonly string[];
}

/**
 * @param commit the base; @param root a checkout whose packages are built
 * @throws {NoBase} where the base cannot be read
 */
export function judge(root: string, commit: string, progress: (line: string) => void): Gate {
  const base = checkOut(root, commit);
  try {
    if (!existsSync(join(base, "pnpm-workspace.yaml")))
      throw new NoBase(`${commit} holds no workspace: its history begins later`);
    const packages = publicPackages(root);
    const old = new Map(publicPackages(base).map((each) => [each.name, each]));
    const touched = touchedPackages(packages, changedFiles(root, commit), base, root);
    const declared = declaredBumps(base, root);
    const missing: string[] = [];
    progress("comparing specs and reports …");
    const clients = packages.flatMap((each) => {
      const was = old.get(each.name);
      return each.bundle !== undefined && was?.bundle !== undefined ? [[each, was] as const] : [];
    });
    const made: Regenerated = touched.has(generator)
      ? regenerate(base, root, clients)
      : { changes: [], clients: new Map(clients.map(([{ name }]) => [name, []])) };
    const changes = new Map(
      packages
        .filter(({ name }) => touched.has(name))
        .map((each) => [each.name, changesOf(each, old.get(each.name), base, root, made, missing)]),
    );
    progress("compiling the base's type tests …");
    blame(compileTypeTests(base, root), changes, packages);

    const verdicts = packages.flatMap((each): Verdict[] => {
      const was = old.get(each.name);
      const version = was?.manifest.version ?? each.manifest.version;
      const files = touched.get(each.name) ?? [];
      const found = changes.get(each.name) ?? [];
      const needed = requiredBump(worstOf(found.map((change) => change.class)), version);
      const required = higher(needed, files.length > 0 ? "patch" : "none");
      if (required === "none") return [];
      const raised = was === undefined ? "none" : bumpBetween(was.manifest.version, each.manifest.version);
      const said = higher(declared.get(each.name) ?? "none", raised);
      return [
        {
          package: each.name,
          version,
          files,
          changes: found,
          required,
          declared: said,
          passed: higher(said, required) === said,
        },
      ];
    });
    for (const [name, { manifest }] of old)
      if (!packages.some((each) => each.name === name)) verdicts.push(gone(name, manifest.version, declared.get(name)));
    return { base: commit, verdicts, faults: changesetFaults(base, root), missing };
  } finally {
    rmSync(base, { recursive: true });
  }
}

/** A package that is published no longer cannot be declared: somebody has to decide that by hand. */
function gone(name: string, version: string, declared: Bump = "none"): Verdict {
  const { changes, say } = collector();
  say("package-removed", { operation: null, place: name }, version, null, "breaking");
  return {
    package: name,
    version,
    files: [],
    changes,
    required: requiredBump("breaking", version),
    declared,
    passed: false,
  };
}

function changesOf(
  each: Package,
  was: Package | undefined,
  base: string,
  root: string,
  made: Regenerated,
  missing: string[],
): Change[] {
  // A new package breaks nobody.
  if (was === undefined) return [];
  const found: Change[] = [];
  if (was.bundle !== undefined && each.bundle !== undefined)
    found.push(...compareBundles(bundleOf(base, was), bundleOf(root, each)).changes);
  const before = join(base, reportOf(was));
  if (!existsSync(before))
    missing.push(`${each.name}: the base has no ${reportOf(was)}, so its declarations were not compared`);
  else {
    const api = compareReports(readFileSync(before, "utf8"), reportOn(root, each));
    found.push(...explained(api, found, made.clients.get(each.name)));
  }
  if (each.name === generator) found.push(...made.changes);
  return [...found, ...compareManifests(packedIn(base, was), packedIn(root, each), shownBy(before))];
}

const packedIn = (root: string, { folder }: Package) => packed(manifestOf(root, folder) ?? {}, packingOf(root));

/** Whether the declarations of a report name another package; without a report they may. */
function shownBy(report: string): (name: string) => boolean {
  const text = existsSync(report) ? readFileSync(report, "utf8") : undefined;
  return (name) => text === undefined || new RegExp(`from ['"]${name}['"/]`).test(text);
}

/**
 * What is generated follows the spec: where that changed, the spec diff says what it means, and says it better. But what
 * the generator changed by itself no spec explains; where that is not known, nothing is explained.
 */
function explained(api: Change[], spec: readonly Change[], own: readonly Change[] | undefined): Change[] {
  const follows = spec.some((change) => change.class !== "wording-only" || change.id === "reference-changed");
  if (!follows || own === undefined) return api;
  return [...api.filter((change) => !isGenerated(change)), ...own];
}

/** A test that no longer compiles tells of what it uses, near or far; of that which changed, as nothing else can be the cause. */
function blame(tests: readonly TypeTest[], changes: Map<string, Change[]>, packages: readonly Package[]): void {
  for (const { name, packages: used, errors } of tests) {
    if (errors.length === 0) continue;
    const suspects = [...withDependencies(used, packages)].filter((each) => changes.has(each));
    const guilty = suspects.filter((each) => worstOf((changes.get(each) ?? []).map((one) => one.class)) === "breaking");
    const { changes: found, say } = collector();
    for (const error of errors) say("type-test-failed", { operation: null, place: name }, null, error, "breaking");
    const blamed = guilty.length > 0 ? guilty : suspects.length > 0 ? suspects : used;
    for (const each of blamed) changes.set(each, [...(changes.get(each) ?? []), ...found]);
  }
}

function withDependencies(
  names: readonly string[],
  packages: readonly Package[],
  found = new Set<string>(),
): Set<string> {
  for (const name of names) {
    const each = packages.find((one) => one.name === name);
    if (each === undefined || found.has(name)) continue;
    found.add(name);
    withDependencies(Object.keys(each.manifest.dependencies ?? {}), packages, found);
  }
  return found;
}
