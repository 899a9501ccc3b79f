import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../src/pack.js";
import { run } from "../src/run.js";
import { commit, workspaceWith } from "./fixtures.js";

/** What our own configuration of changesets makes of a change of `a`, which `b` needs, which `c` needs. */
async function versionsAfter(bump: string) {
  const workspace = await workspaceWith([
    { name: "@restorekit/c", needs: ["@restorekit/b"] },
    { name: "@restorekit/b", needs: ["@restorekit/a"] },
    { name: "@restorekit/a" },
    { name: "@restorekit/else" },
  ]);
  mkdirSync(join(workspace, ".changeset"));
  cpSync(join(root, ".changeset/config.json"), join(workspace, ".changeset/config.json"));
  writeFileSync(join(workspace, ".changeset/it.md"), `---\n"@restorekit/a": ${bump}\n---\n\nA change.\n`);
  // Where it looks for what writes the changelogs.
  mkdirSync(join(workspace, "node_modules/@changesets"), { recursive: true });
  symlinkSync(join(root, "node_modules/@changesets/cli"), join(workspace, "node_modules/@changesets/cli"));
  await commit(workspace, "a change");
  await run([join(root, "node_modules/.bin/changeset"), "version"], { cwd: workspace });
  const version = (name: string) => {
    return JSON.parse(readFileSync(join(workspace, "packages", name, "package.json"), "utf8")).version;
  };
  return { a: version("a"), b: version("b"), c: version("c"), else: version("else") };
}

describe("a release", { timeout: 30_000 }, () => {
  // b@0.1.0 wants a@^0.1.0: without a release of its own it would bring a second copy of a, or an untested one.
  test.each([
    ["patch", { a: "0.1.1", b: "0.1.1", c: "0.1.1", else: "0.1.0" }],
    ["minor", { a: "0.2.0", b: "0.1.1", c: "0.1.1", else: "0.1.0" }],
  ])("of a %s takes along all that need it, and nothing else", async (bump, versions) => {
    expect(await versionsAfter(bump)).toEqual(versions);
  });
});
