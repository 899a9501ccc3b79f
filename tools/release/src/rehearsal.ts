import { join } from "node:path";
import { type Clone, cloneHead, type Job } from "./clone.js";
import type { Packed } from "./pack.js";
import { install, notOnce } from "./project.js";
import type { Step } from "./steps.js";

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
  let clone = undefined as unknown as Clone;
  let set: Packed[] = [];
  const to = ["--registry", registry];

  await step("clone HEAD", async () => {
    clone = await cloneHead(join(work, "clone"), npmrc);
    return "a fresh clone";
  });
  await step("install", async () => {
    await clone.install();
    return "from the lockfile";
  });
  await step("build and pack", async () => {
    set = await clone.packed();
    return `${set.length} public packages`;
  });

  await step("version", async () => {
    // Right after a release nothing is pending.
    if (!clone.pending()) clone.plant(set[0]?.name ?? "", "patch");
    await clone.version();
    const before = set;
    set = await clone.packed();
    return listed(changed(before, set));
  });
  let job = undefined as unknown as Job;
  await step("publish, killed in between", async () => {
    job = await clone.job();
    await job.publishUntil(Math.floor(set.length / 2), to);
    return "killed";
  });
  await step("the half set is noticed", async () => {
    const { code, stdout } = await clone.tryRelease("verify", [...to, "--json"]);
    const there = count(stdout, "there");
    if (code !== 1 || there === 0 || there === set.length) throw new Error(`verify ended with ${code}: ${stdout}`);
    const tags = await clone.tags();
    if (tags.some((tag) => set.some(({ name, version }) => tag === `${name}@${version}`)))
      throw new Error(`a half set was tagged: ${tags.join(", ")}`);
    return `${there} of ${set.length} are there, no tags; verify ends with 1`;
  });
  await step("publish again", async () => {
    const { published, tagged } = sorted(await job.publish([...to, "--json"]));
    if (published.length === 0 || published.length === set.length) throw new Error(`published ${published.length}`);
    if (tagged.length !== set.length) throw new Error(`tagged ${tagged.length} of ${set.length}`);
    return `the other ${published.length}; ${tagged.length} tags`;
  });
  await step("publish a third time", () => publishesNothing(clone, to));
  await step("install all of it", () => installsOnce(join(work, "first"), set, registry));

  const leaf = set.find(({ name, needs }) => needs.length > 0 && set.some((other) => other.needs.includes(name)));
  const base = set.find(({ needs }) => needs.length === 0);
  if (!leaf || !base) throw new Error("no package needs another: there is nothing to rehearse");
  for (const [{ name }, bump] of [
    [leaf, "patch"],
    [base, "minor"],
  ] as const) {
    await step(`${bump} of ${name}`, async () => {
      clone.plant(name, bump);
      const before = set;
      set = await released(clone, before, withDependents(before, name));
      const { published } = await publish(clone, to);
      const moved = changed(before, set);
      if (published.length !== moved.length) throw new Error(`${moved.length} versions, ${published.length} published`);
      return listed(moved);
    });
    await step(`install all of it after the ${bump}`, () => installsOnce(join(work, bump), set, registry));
  }
}

/** Versions, and checks that exactly these packages got a new one. */
async function released(clone: Clone, before: readonly Packed[], expected: ReadonlySet<string>) {
  await clone.version();
  const after = await clone.packed();
  const moved = new Set(changed(before, after).map(({ name }) => name));
  const wrong = after.filter(({ name }) => moved.has(name) !== expected.has(name)).map(({ name }) => name);
  if (wrong.length > 0) {
    throw new Error(
      `new versions for ${[...moved].join(", ") || "nothing"}, but expected for ${[...expected].join(", ")}`,
    );
  }
  return after;
}

/** A package and all that need it, directly or not: what they were tested with has changed. */
function withDependents(set: readonly Packed[], name: string): Set<string> {
  const all = new Set([name]);
  // Dependencies come first.
  for (const one of set) if (one.needs.some((need) => all.has(need))) all.add(one.name);
  return all;
}

async function publish(clone: Clone, to: string[]) {
  return sorted(await clone.release("publish", [...to, "--json"]));
}

function sorted(json: string) {
  const rows: { package: string; published: boolean; tagged: boolean }[] = JSON.parse(json);
  return { published: rows.filter((row) => row.published), tagged: rows.filter((row) => row.tagged) };
}

async function publishesNothing(clone: Clone, to: string[]) {
  const { published, tagged } = await publish(clone, to);
  if (published.length + tagged.length > 0) throw new Error("something was published or tagged again");
  await clone.release("verify", to);
  return "nothing to do; verify ends with 0";
}

async function installsOnce(folder: string, set: readonly Packed[], registry: string) {
  await install(folder, Object.fromEntries(set.map(({ name }) => [name, "latest"])), `registry=${registry}\n`);
  const wrong = notOnce(folder, set);
  if (wrong.length > 0) throw new Error(`not one copy of each: ${wrong.join("; ")}`);
  return `one copy of each of ${set.length} packages`;
}

function changed(before: readonly Packed[], after: readonly Packed[]) {
  return after.filter(({ name, version }) => !before.some((old) => old.name === name && old.version === version));
}

/** Without scopes: short enough for a table. */
function listed(set: readonly Packed[]) {
  return set.map(({ name, version }) => `${name.replace(/^@[^/]+\//, "")}@${version}`).join(", ");
}

function count(json: string, standing: string) {
  return (JSON.parse(json) as { standing: string }[]).filter((row) => row.standing === standing).length;
}
