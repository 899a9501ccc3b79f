// Brings one pinned archive of an SDK by its ecosystem's own client, and unpacks the part that is read.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface Sdk {
  package: string;
  version: string;
  kind: "npm" | "wheel";
  /** The folder inside the archive that is read. */
  folder: string;
  /** Of the pinned archive. */
  sha256?: string;
}

/** It could not be had: no network, no pip, no such version. */
export class Unavailable extends Error {}

const wait = 120_000;
/** Seconds without a byte: who is offline is told soon. */
const answer = 10;

/** The folder with the SDK's sources; from the cache where it is there. */
export function fetchSdk(sdk: Sdk, cache: string): string {
  const target = join(cache, `${sdk.package}-${sdk.version}`);
  const folder = join(target, sdk.folder);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const staging = mkdtempSync(join(cache, ".fetching-"));
  try {
    const archive = sdk.kind === "npm" ? npm(sdk, staging) : wheel(sdk, staging);
    const digest = createHash("sha256").update(readFileSync(archive)).digest("hex");
    if (sdk.sha256 !== undefined && digest !== sdk.sha256)
      throw new Error(`${sdk.package} ${sdk.version}: the archive has the digest ${digest}, not the pinned one`);
    unpack(sdk, archive, staging);
    rmSync(archive);
    rmSync(target, { recursive: true, force: true });
    renameSync(staging, target);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  if (!existsSync(folder)) throw new Error(`${sdk.package} ${sdk.version} has no folder ${sdk.folder}`);
  return folder;
}

function npm(sdk: Sdk, staging: string): string {
  run(sdk, "npm", [
    "pack",
    `${sdk.package}@${sdk.version}`,
    "--silent",
    "--ignore-scripts",
    "--fetch-retries=0",
    `--fetch-timeout=${answer * 1000}`,
    "--pack-destination",
    staging,
  ]);
  return only(sdk, staging, ".tgz");
}

/** Only a wheel: to get the name of a source package, pip would run it. */
function wheel(sdk: Sdk, staging: string): string {
  const wanted = `${sdk.package}==${sdk.version}`;
  run(sdk, "python3", [
    "-m",
    "pip",
    "download",
    "--quiet",
    "--no-deps",
    "--only-binary=:all:",
    "--disable-pip-version-check",
    "--retries=0",
    `--timeout=${answer}`,
    "-d",
    staging,
    wanted,
  ]);
  return only(sdk, staging, ".whl");
}

function only(sdk: Sdk, staging: string, ending: string): string {
  const found = readdirSync(staging).find((name) => name.endsWith(ending));
  if (found === undefined) throw new Unavailable(`${sdk.package} ${sdk.version}: nothing was downloaded`);
  return join(staging, found);
}

function unpack(sdk: Sdk, archive: string, staging: string): void {
  // What is unpacked is only read, but a link in an archive could lead out of the folder: the two tools refuse that.
  if (sdk.kind === "npm") run(sdk, "tar", ["-xzf", archive, "-C", staging, sdk.folder]);
  else run(sdk, "python3", ["-m", "zipfile", "-e", archive, staging]);
}

function run(sdk: Sdk, program: string, args: string[]): void {
  const { status, error, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: wait });
  if (error === undefined && status === 0) return;
  const why = error ? error.message : (stderr.trim().split("\n").at(-1) ?? "");
  throw new Unavailable(
    `${sdk.package} ${sdk.version} could not be had by ${program} (offline?): ${why || `exit ${status}`}`,
  );
}
