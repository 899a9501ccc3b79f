// What git knows of the base. Only read: the user's tree, index and branches stay as they are.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** There is nothing to compare with: a shallow clone, a first commit, a wrong name. */
export class NoBase extends Error {}

/** The commit where this branch left a reference, or without one main: what came there since is not its change. @throws {NoBase} */
export function baseCommit(root: string, reference: string | undefined): string {
  if (reference !== undefined && git(root, ["rev-parse", "--verify", "--quiet", `${reference}^{commit}`]).status !== 0)
    throw new NoBase(`there is no commit ${reference}${shallow(root)}`);
  const references = reference === undefined ? ["origin/main", "main"] : [reference];
  for (const name of references) {
    const found = git(root, ["merge-base", "HEAD", name]);
    if (found.status === 0) return found.stdout.trim();
  }
  throw new NoBase(
    `this branch has no commit in common with ${references.join(" or ")}${shallow(root)}; name one with --base`,
  );
}

function shallow(root: string): string {
  return git(root, ["rev-parse", "--is-shallow-repository"]).stdout.trim() === "true"
    ? " in this shallow clone (fetch the whole history: git fetch --unshallow)"
    : "";
}

/** Every file that differs from the base: committed, staged, changed or new. */
export function changedFiles(root: string, base: string): string[] {
  const tracked = must(root, ["diff", "--name-only", "--no-renames", "-z", base, "--"]);
  const fresh = must(root, ["ls-files", "--others", "--exclude-standard", "-z"]);
  return [...new Set(`${tracked}${fresh}`.split("\0").filter((name) => name !== ""))].sort();
}

/** Writes the files of a commit to a new temporary folder, which the caller removes. */
export function checkOut(root: string, commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), "restorekit-base-"));
  const archive = spawnSync("git", ["archive", "--format=tar", commit], { cwd: root, maxBuffer: 2 ** 30 });
  const unpacked = spawnSync("tar", ["-xf", "-", "-C", folder], { input: archive.stdout });
  if (archive.status !== 0 || unpacked.status !== 0) {
    rmSync(folder, { recursive: true });
    const said = [archive, unpacked].map(({ error, stderr }) => error?.message ?? stderr);
    throw new NoBase(`${commit} cannot be read: ${said.join("")}`);
  }
  return folder;
}

function must(root: string, args: string[]): string {
  const { status, stdout, stderr } = git(root, args);
  if (status !== 0) throw new NoBase(`git ${args[0]}: ${stderr.trim()}`);
  return stdout;
}

function git(root: string, args: string[]) {
  const { status, stdout, stderr, error } = spawnSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (error) throw new NoBase(`git cannot be run: ${error.message}`);
  return { status, stdout, stderr };
}
