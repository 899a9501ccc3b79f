import { join } from "node:path";
import { type Clone, cloneHead } from "./clone.ts";
import type { Packed } from "./pack.ts";
import { install, notOnce } from "./project.ts";
import type { Step } from "./steps.ts";

interface Stage {
  /** An empty folder. */
  work: string;
  /** npm's settings for the registry. */
  npmrc: string;
  registry: string;
  step: Step;
}

/**
 * Three releases: a first one that is killed in between, one of a patch, and one of a minor version that leaves every
 * range. After each the registry holds the whole set, and installing all of it brings one copy of each package.
 * @throws as soon as something is not as it should be
 */
export async function rehearseRelease({ work, npmrc, registry, step }: Stage): Promise<void> {
  const to = ["--registry", registry];
  const clone = await step(
    "clone HEAD",
    () => cloneHead(join(work, "clone"), npmrc),
    () => "a fresh clone",
  );
  await step(
    "install",
    () => clone.install(),
    () => "from the lockfile",
  );
  const unreleased = await step(
    "build and pack",
    () => clone.unreleased(),
    (set) => `${set.length} public packages`,
  );

  // Right after a release nothing is pending.
  if (!clone.pending()) clone.plant(unreleased[0]?.name ?? "", "patch");
  await clone.commit();
  await step(
    "publish before versions are set",
    () => refusesPending(clone, to),
    () => "refused, nothing sent",
  );
  const first = await step(
    "version",
    async () => {
      await clone.version();
      return clone.packed();
    },
    (set) => listed(changed(unreleased, set)),
  );
  await publishInterrupted({ clone, set: first, to, step });
  await step(
    "publish a third time",
    () => publishesNothing(clone, to),
    () => "nothing to do; verify ends with 0",
  );
  await installsOnce({ folder: join(work, "first"), set: first, registry, step });

  const needed = (name: string) => first.some(({ needs }) => needs.includes(name));
  const leaf = first.find(({ name, needs }) => needs.length > 0 && needed(name));
  const base = first.find(({ name, needs }) => needs.length === 0 && needed(name));
  if (!leaf || !base) throw new Error("no package needs another: there is nothing to rehearse");
  const second = await releases({ clone, before: first, name: leaf.name, bump: "patch", to, step });
  await installsOnce({ folder: join(work, "second"), set: second, registry, step });
  const third = await releases({ clone, before: second, name: base.name, bump: "minor", to, step });
  await installsOnce({ folder: join(work, "third"), set: third, registry, step });
}

/** As the workflow's job publishes; killed with all that it started when half of the set is there, and run again. */
async function publishInterrupted({ clone, set, to, step }: Publishing & { set: readonly Packed[] }) {
  const before = await clone.tags();
  const half = Math.floor(set.length / 2);
  const job = await clone.job();
  await step(
    "publish, killed in between",
    () => job.publishUntil(half, to),
    () => `killed after ${half} of ${set.length}`,
  );
  await step(
    "the half set is noticed",
    async () => {
      const { code, stdout } = await clone.tryRelease("verify", [...to, "--json"]);
      const rows: { standing: string }[] = JSON.parse(stdout);
      const there = rows.filter(({ standing }) => standing === "there").length;
      if (code !== 1 || there < half || there === set.length) throw new Error(`verify ended with ${code}: ${stdout}`);
      const tags = await clone.tags();
      if (tags.length !== before.length) throw new Error(`a half set was tagged: ${tags.join(", ")}`);
      return there;
    },
    (there) => `${there} of ${set.length} are there, no tags; verify ends with 1`,
  );
  await step(
    "publish again",
    async () => {
      const { published } = read(await job.publish([...to, "--json"]));
      if (published === 0 || published > set.length - half) throw new Error(`published ${published}`);
      const tags = await clone.tags();
      const lacking = set.map(({ name, version }) => `${name}@${version}`).filter((tag) => !tags.includes(tag));
      if (lacking.length > 0) throw new Error(`not tagged: ${lacking.join(", ")}`);
      return published;
    },
    (published) => `the other ${published}; now all have tags`,
  );
}

interface Publishing {
  clone: Clone;
  to: string[];
  step: Step;
}

/** One more release, of what a planted changeset says and of all that needs it. */
async function releases(given: Publishing & { before: readonly Packed[]; name: string; bump: "patch" | "minor" }) {
  const { clone, before, name, bump, to, step } = given;
  return step(
    `release a ${bump} of ${name}`,
    async () => {
      clone.plant(name, bump);
      await clone.version();
      const after = await clone.packed();
      const moved = changed(before, after).map((one) => one.name);
      const expected = withDependents(before, name);
      if (moved.length !== expected.size || !moved.every((one) => expected.has(one))) {
        throw new Error(`new versions of ${moved.join(", ") || "nothing"} instead of ${[...expected].join(", ")}`);
      }
      const { published } = read(await clone.release("publish", [...to, "--json"]));
      if (published !== moved.length) throw new Error(`${moved.length} new versions, but ${published} published`);
      return after;
    },
    (after) => listed(changed(before, after)),
  );
}

async function refusesPending(clone: Clone, to: string[]) {
  const { code, output } = await clone.tryRelease("publish", to);
  if (code !== 1 || !output.includes("changesets wait")) throw new Error(`publish ended with ${code}: ${output}`);
}

async function publishesNothing(clone: Clone, to: string[]) {
  const { published, tagged } = read(await clone.release("publish", [...to, "--json"]));
  if (published + tagged > 0) throw new Error("something was published or tagged again");
  await clone.release("verify", to);
}

/** Installs the newest of all, as a user does. */
async function installsOnce(given: { folder: string; set: readonly Packed[]; registry: string; step: Step }) {
  const { folder, set, registry, step } = given;
  await step(
    "install all of it",
    async () => {
      await install(folder, Object.fromEntries(set.map(({ name }) => [name, "latest"])), `registry=${registry}\n`);
      const wrong = notOnce(folder, set);
      if (wrong.length > 0) throw new Error(`not one copy of each: ${wrong.join("; ")}`);
    },
    () => `one copy of each of ${set.length} packages, in these versions`,
  );
}

/** A package and all that need it, directly or not: what they were tested with has changed. */
function withDependents(set: readonly Packed[], name: string): Set<string> {
  const all = new Set([name]);
  // Dependencies come first.
  for (const one of set) if (one.needs.some((need) => all.has(need))) all.add(one.name);
  return all;
}

/** How many packages a run published and tagged. */
function read(json: string) {
  const rows: { published: boolean; tagged: boolean }[] = JSON.parse(json);
  return { published: rows.filter((row) => row.published).length, tagged: rows.filter((row) => row.tagged).length };
}

function changed(before: readonly Packed[], after: readonly Packed[]) {
  return after.filter(({ name, version }) => !before.some((old) => old.name === name && old.version === version));
}

/** Without scopes: short enough for a table. */
function listed(set: readonly Packed[]) {
  return set.map(({ name, version }) => `${name.replace(/^@[^/]+\//, "")}@${version}`).join(", ");
}
