// From the vendors' pages to a branch that a person can review.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bump } from "../change.js";
import { accept } from "../check/accept.js";
import type { World } from "../check/check.js";
import { loadRegisters } from "../check/register.js";
import { loadSpecs } from "../check/spec.js";
import { writeChangeset } from "./changeset.js";
import { type Fetched, type FetchOptions, fetchPages } from "./fetch-pages.js";
import { type News, newsOf } from "./news.js";
import { pullRequest, worst } from "./report.js";
import { Store } from "./store.js";
import { targetsOf } from "./targets.js";

export interface FollowOptions {
  /** The working copy. */
  root: string;
  /** Where the pages are kept from run to run. */
  store: string;
  /** Where the text of the pull request goes. */
  out: string;
  services: readonly string[];
  fetch: FetchOptions;
  /** The branch to commit to; without one, what changed is left in the working copy. */
  branch?: string;
}

export interface Followed {
  /** There is something to review. */
  changed: boolean;
  news: News[];
  troubles: Fetched[];
  changesets: string[];
  committed: boolean;
}

const codegen = fileURLToPath(new URL("../../../codegen/dist/generate.js", import.meta.url));
const register = fileURLToPath(new URL("../../dist/register.js", import.meta.url));

export async function follow(options: FollowOptions, say: (line: string) => void): Promise<Followed> {
  const { root } = options;
  const registers = loadRegisters(root);
  const targets = targetsOf(registers, options.services);
  const store = new Store(options.store);
  const fetched = await fetchPages(targets, store, options.fetch);
  const troubles = fetched.filter(({ outcome }) => outcome === "failed" || outcome === "forbidden");
  for (const trouble of troubles)
    say(`${trouble.service} ${trouble.operation}: ${"why" in trouble ? trouble.why : ""}`);

  const world: World = { specs: loadSpecs(root), registers };
  const failed = new Set(troubles.map(({ service, operation }) => `${service} ${operation}`));
  const all = targets
    .filter(({ service, operation }) => !failed.has(`${service} ${operation}`))
    .flatMap((target) => newsOf(target, store, world) ?? []);
  // An accepted page is the one to compare the next with, however it was accepted.
  for (const { kind, target } of all) if (kind === "same") store.accept(target);
  const news = all.filter(({ kind }) => kind !== "same");
  for (const { kind, target } of news) say(`${target.service} ${target.operation}: ${kind}`);
  const result: Followed = { changed: news.length > 0, news, troubles, changesets: [], committed: false };
  if (news.length === 0) return result;

  // What the register explains in full needs no person; the rest is accepted by one.
  const settled = news.filter(
    ({ kind, checked }) =>
      kind !== "unreadable" &&
      checked.match.spec !== null &&
      checked.held !== null &&
      checked.held.fresh.length + checked.held.rotten.length === 0,
  );
  for (const line of accept(
    settled.map(({ checked }) => checked),
    world,
    undefined,
  ))
    say(line);

  const bumps = new Map<string, Bump>();
  for (const service of new Set(news.map(({ target }) => target.service))) {
    const own = news.filter(({ target }) => target.service === service);
    const bump = worst(own.map((one) => (one.kind === "changed" ? one.comparison.bump : "none")));
    bumps.set(service, bump);
    const file = writeChangeset(root, service, bump, own);
    if (file !== null) result.changesets.push(file);
  }
  run(root, process.execPath, [codegen, "specs", "--out", "packages/{service}/src/generated"]);
  run(root, process.execPath, [register]);
  mkdirSync(options.out, { recursive: true });
  writeFileSync(join(options.out, "pull-request.md"), pullRequest(news, troubles, bumps));
  if (options.branch !== undefined) result.committed = commit(root, options.branch);
  return result;
}

/** What a run may write, and so commit: nothing else that lies in the working copy. */
const written = ["specs", "packages", "docs", ".changeset"];

function commit(root: string, branch: string): boolean {
  run(root, "git", ["switch", "--quiet", "-C", branch]);
  const files = run(root, "git", ["ls-files", "-z", "-m", "-o", "--exclude-standard", "--", ...written])
    .split("\0")
    .filter(Boolean);
  if (files.length === 0) return false;
  run(root, "git", ["add", "-A", "--", ...new Set(files)]);
  run(root, "git", ["commit", "--quiet", "-m", "Follow the documentation"]);
  return true;
}

function run(root: string, program: string, args: string[]): string {
  const { status, error, stderr, stdout } = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, RESTOREKIT_ROOT: root },
  });
  if (error || status !== 0) throw new Error(`${program} ${args[0]}: ${error?.message ?? `${stderr}${stdout}`.trim()}`);
  return stdout;
}
