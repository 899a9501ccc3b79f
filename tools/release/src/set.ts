import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PackedSet, pack, readSet, root } from "./pack.ts";
import { run } from "./run.ts";

/** What every command takes that holds a set against a registry. */
export const SET_OPTIONS = {
  registry: { type: "string" },
  from: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** Uses the tarballs of a folder that `release:pack` has filled, or else packs this commit for the while. */
export async function withSet<T>(from: string | undefined, use: (set: PackedSet) => Promise<T>): Promise<T> {
  if (from !== undefined) return use(readSet(from));
  const folder = mkdtempSync(join(tmpdir(), "restorekit-pack-"));
  try {
    return await use(await pack(root, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws if files differ from the commit: what is published must be in the repository */
export async function needCleanTree() {
  const changed = await run(["git", "status", "--porcelain"], { cwd: root });
  if (changed) throw new Error(`commit or put aside first what is not in the commit:\n${changed.trimEnd()}`);
}

/** @throws if a set was packed from another commit than the one that is checked out */
export async function needCommitOf(set: PackedSet) {
  const head = (await run(["git", "rev-parse", "HEAD"], { cwd: root })).trim();
  if (set.commit !== head) throw new Error(`these packages are of commit ${set.commit}, and this is ${head}`);
}

/** The registry that was asked for, or npm's, with a slash at its end. @throws if it is no address of the web, or holds a secret */
export async function registryOf(asked: string | undefined): Promise<string> {
  const address = asked ?? (await run(["npm", "config", "get", "registry"], { cwd: root })).trim();
  // It would be in every message, and `fetch` takes none.
  if (/\/\/[^/]*@/.test(address))
    throw new Error("a registry's address holds no user or password: npm takes them from .npmrc");
  if (!URL.canParse(address)) throw new Error(`${JSON.stringify(address)} is no registry's address`);
  const { protocol } = new URL(address);
  if (!/^https?:$/.test(protocol))
    throw new Error(`${JSON.stringify(address)} is no registry's address: http or https`);
  return address.endsWith("/") ? address : `${address}/`;
}
