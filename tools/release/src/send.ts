import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Packed, PackedSet } from "./pack.ts";
import { lacking, type Stand, stands } from "./plan.ts";
import { knownOf, probe } from "./remote.ts";
import { run } from "./run.ts";
import { tagOf } from "./version.ts";

/** How long a registry may take to show what it has accepted. */
const SETTLE_MS = 120_000;

/**
 * Publishes what the registry lacks of a set, one after the other, dependencies first: whoever installs a package in
 * between gets all that it needs. What is there already is left alone, so that a run that was interrupted can be
 * repeated. Ends only when the registry shows the whole set.
 * @returns what was published
 * @throws if the registry cannot be reached, has other content under a version or a newer one, or refuses a package
 */
export async function publishSet(
  registry: string,
  set: PackedSet,
  progress: (line: string) => void,
): Promise<Packed[]> {
  await probe(registry);
  const todo = lacking(await stands(registry, set.packages));
  for (const [at, packed] of todo.entries()) {
    await publishOne(registry, resolve(set.folder, packed.file), packed).catch((error: Error) => {
      const rest = todo.slice(at).map(({ name, version }) => `${name}@${version}`);
      throw new Error(`${error.message}\n${at} of ${todo.length} were published; run it again for ${rest.join(", ")}`);
    });
    progress(`published ${packed.name}@${packed.version} (${at + 1} of ${todo.length})`);
  }
  if (todo.length > 0) await shown(registry, set, progress);
  return todo;
}

/** @throws with what npm said */
async function publishOne(registry: string, file: string, { name, version, integrity }: Packed) {
  const [scope] = name.split("/");
  // Signed provenance takes an identity that only the workflow has; the package asks for it, so the answer may be no.
  const provenance = process.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;
  // npm's own patience is a minute. A run can be repeated, so it need not be long.
  const patience = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-factor=2"];
  const tag = tagOf(version);
  const command = [
    "npm",
    "publish",
    file,
    "--registry",
    registry,
    `--provenance=${provenance}`,
    "--ignore-scripts",
    "--loglevel=error",
    ...patience,
  ];
  // A registry that is set up for the scope would win over the one that was asked for.
  if (name.startsWith("@")) command.push(`--${scope}:registry=${registry}`);
  // Not said of latest: only then does npm look itself whether that would go back.
  if (tag !== "latest") command.push("--tag", tag);
  try {
    await run(command);
  } catch (error) {
    // A run that was killed may have sent it, and the registry's index may not have shown it yet.
    if ((await knownOf(registry, name)).versions.get(version) !== integrity) throw error;
  }
}

/** Waits until the registry shows the whole set. @throws with what it does not show */
async function shown(registry: string, set: PackedSet, progress: (line: string) => void) {
  const deadline = Date.now() + SETTLE_MS;
  for (let wait = 250; ; wait = Math.min(wait * 2, 10_000)) {
    const missing = (await stands(registry, set.packages)).filter(({ standing }) => standing !== "there");
    if (missing.length === 0) return;
    if (Date.now() > deadline) throw new Error(`the registry accepted all, but does not show ${names(missing)}`);
    progress(`waiting for the registry to show ${names(missing)}`);
    await sleep(wait);
  }
}

function names(all: readonly Stand[]) {
  return all.map(({ packed }) => `${packed.name}@${packed.version}`).join(", ");
}
