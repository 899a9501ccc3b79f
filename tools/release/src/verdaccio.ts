import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.ts";

const wanted = fileURLToPath(new URL("../verdaccio", import.meta.url));
const cache = fileURLToPath(new URL("../../../node_modules/.cache/restorekit-release", import.meta.url));

/**
 * Installs the locked verdaccio into the workspace's cache, once.
 * @returns the folder to require it from
 * @throws with what npm said
 */
export async function installVerdaccio(progress: (line: string) => void): Promise<string> {
  const folder = join(cache, "verdaccio");
  if (isCurrent(folder)) return folder;
  progress("installing verdaccio (once)");
  mkdirSync(cache, { recursive: true });
  // Beside its place first: who comes in between finds all of it or nothing.
  const beside = mkdtempSync(join(cache, "verdaccio-"));
  try {
    cpSync(wanted, beside, { recursive: true });
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"];
    await run(["npm", "ci", ...quiet], { cwd: beside });
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  } catch (error) {
    // Another process may have been faster.
    if (!isCurrent(folder)) throw error;
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return folder;
}

function isCurrent(folder: string) {
  const [installed, lock] = [folder, wanted].map((place) => join(place, "package-lock.json"));
  return existsSync(installed ?? "") && read(installed) === read(lock);
}

function read(file = "") {
  return readFileSync(file, "utf8");
}
