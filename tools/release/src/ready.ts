import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Packed } from "./pack.ts";

/** What a package is called that was never given a version. */
const NEVER = "0.0.0";

/** The changesets of a workspace that wait for a release. */
export function pendingIn(workspace: string): string[] {
  const folder = join(workspace, ".changeset");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((file) => file.endsWith(".md") && file !== "README.md").sort();
}

/** @throws if changesets wait: what they declare would go out under a version that does not tell of it */
export function needNoneWaiting(workspace: string) {
  const pending = pendingIn(workspace);
  if (pending.length === 0) return;
  throw new Error(
    `${pending.length} changesets wait (${pending.join(", ")}): merge the "Version packages" commit first, ` +
      "or make it with npx pnpm changeset version",
  );
}

/** @throws if a package was never given a version: what is on a registry stays there */
export function needVersions(packages: readonly Packed[]) {
  const never = packages.filter(({ version }) => version === NEVER).map(({ name }) => name);
  if (never.length === 0) return;
  throw new Error(`no version was given to ${never.join(", ")}: ${NEVER} is not released. Add a changeset for each`);
}
