// The command bump:diff, as people and programs call it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { Comparison } from "../src/spec/compare.js";
import { bundleOf } from "./bundles.js";

const folder = mkdtempSync(join(tmpdir(), "restorekit-diff-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const bundle = JSON.stringify(bundleOf("identity"));
const before = file("before.json", bundle);
const after = file("after.json", bundle.replace('"x-effect":"read"', '"x-effect":"creates"'));

function diff(...args: string[]) {
  const program = fileURLToPath(new URL("../dist/diff.js", import.meta.url));
  return spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
}

test("tells people one change a line", () => {
  const { status, stdout } = diff(before, after);
  expect(stdout).toBe(
    "breaking     operation-became-write: listAuthProjects operation: read → creates\nbump from 1.0 on: major\n",
  );
  expect(status).toBe(0);
  expect(diff(before, before).stdout).toBe("nothing changed\n");
});

test("tells programs the same as JSON", () => {
  const { changes, bump } = JSON.parse(diff(before, after, "--json").stdout) as Comparison;
  expect(bump).toBe("major");
  expect(changes).toEqual([
    {
      id: "operation-became-write",
      operation: "listAuthProjects",
      place: "operation",
      before: "read",
      after: "creates",
      class: "breaking",
      fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
    },
  ]);
});

test.each([
  [[], "usage: bump:diff"],
  [[before], "usage: bump:diff"],
  [[before, after, "--strict"], "Unknown option '--strict'"],
  [[before, join(folder, "none.json")], "none.json: ENOENT"],
  [[before, file("text.json", "text")], "text.json: Unexpected token"],
  [[before, file("list.json", "[]")], "list.json: is not an OpenAPI document"],
  [
    [before, file("lost.json", bundle.replaceAll("schemas/ServiceError", "schemas/Gone"))],
    "#/components/schemas/Gone leads nowhere",
  ],
])("%j is refused", (args, said) => {
  const { status, stdout, stderr } = diff(...args);
  expect(stderr).toContain(said);
  expect(stdout).toBe("");
  expect(status).toBe(2);
});

test.each(["check", "diff", "prove", "report", "witness"])("%s tells how it is called", (command) => {
  const program = fileURLToPath(new URL(`../dist/${command}.js`, import.meta.url));
  const run = (flag: string) => spawnSync(process.execPath, [program, flag], { encoding: "utf8", timeout: 20_000 });
  const { status, stdout, stderr } = run("--help");
  expect(stdout).toContain(`usage: ${command === "report" ? "api" : "bump"}:${command}`);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const unknown = run("--unheard-of");
  expect(unknown.stderr).toContain("--unheard-of");
  expect(unknown.stderr).toContain("usage: ");
  expect(unknown.status).toBe(2);
});
