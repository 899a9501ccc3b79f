import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Packed, PackedSet } from "./pack.ts";
import { lacking, stands } from "./plan.ts";
import { knownOf, probe, RegistryError } from "./remote.ts";
import { run } from "./run.ts";
import { tagOf } from "./version.ts";

interface Patience {
  /** How long a registry may take to answer npm once. */
  readonly answerMs: number;
  /** How long it may take to show what it has accepted. */
  readonly settleMs: number;
}

const PATIENCE: Patience = { answerMs: 60_000, settleMs: 120_000 };

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
  patience: Patience = PATIENCE,
): Promise<Packed[]> {
  await probe(registry);
  const todo = lacking(await stands(registry, set.packages));
  for (const [at, packed] of todo.entries()) {
    await publishOne(registry, resolve(set.folder, packed.file), packed, patience).catch((error: Error) => {
      const rest = todo.slice(at).map(({ name, version }) => `${name}@${version}`);
      throw new Error(`${error.message}\n${at} of ${todo.length} were published; run it again for ${rest.join(", ")}`);
    });
    progress(`published ${packed.name}@${packed.version} (${at + 1} of ${todo.length})`);
  }
  if (todo.length > 0) await shown(registry, set, progress, patience);
  return todo;
}

/** @throws with what npm said */
async function publishOne(registry: string, file: string, packed: Packed, patience: Patience) {
  const { name, version, integrity } = packed;
  const [scope] = name.split("/");
  // Signed provenance takes an identity that only the workflow has; the package asks for it, so the answer may be no.
  const provenance = process.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined;
  // npm would wait five minutes for each answer, and a minute between. A run can be repeated, so it need not be long.
  const retries = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-factor=2"];
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
    ...retries,
    `--fetch-timeout=${patience.answerMs}`,
  ];
  // A registry that is set up for the scope would win over the one that was asked for.
  if (name.startsWith("@")) command.push(`--${scope}:registry=${registry}`);
  // Not said of latest: only then does npm look itself whether that would go back.
  if (tag !== "latest") command.push("--tag", tag);
  try {
    await run(command);
  } catch (error) {
    // A run that was killed may have sent it, and the registry's index may not have shown it yet. Where that cannot be
    // asked now, what npm said is the reason, not that.
    const known = await knownOf(registry, name).catch(() => undefined);
    if (known?.versions.get(version) !== integrity) throw error;
  }
}

/** Waits until the registry shows the whole set. @throws with what it does not show */
async function shown(registry: string, set: PackedSet, progress: (line: string) => void, { settleMs }: Patience) {
  const deadline = Date.now() + settleMs;
  for (let wait = 250; ; wait = Math.min(wait * 2, 10_000)) {
    const missing = await notShown(registry, set);
    if (missing === undefined) return;
    if (Date.now() > deadline) throw new Error(`the registry accepted all, but ${missing}; run it again`);
    progress(`waiting for the registry: ${missing}`);
    await sleep(wait);
  }
}

/** What the registry does not show of a set; one that does not answer, after it has accepted all, is as late as one that lags. */
async function notShown(registry: string, { packages }: PackedSet): Promise<string | undefined> {
  try {
    const missing = (await stands(registry, packages)).filter(({ standing }) => standing !== "there");
    const names = missing.map(({ packed }) => `${packed.name}@${packed.version}`);
    return names.length === 0 ? undefined : `it does not show ${names.join(", ")}`;
  } catch (error) {
    if (error instanceof RegistryError) return error.message;
    throw error;
  }
}
