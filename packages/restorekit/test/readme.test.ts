import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

test("the example of the README runs, and is short", { timeout: 30_000 }, () => {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  expect(code.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(20);
  const place = mkdtempSync(join(tmpdir(), "restorekit-readme-"));
  const modules = join(place, "node_modules");
  spawnSync("mkdir", ["-p", modules]);
  symlinkSync(root, join(modules, "restorekit"));
  symlinkSync(join(root, "node_modules/@restorekit"), join(modules, "@restorekit"));
  writeFileSync(join(place, "example.mjs"), code);
  const { stdout, stderr } = spawnSync(process.execPath, ["example.mjs"], { cwd: place, encoding: "utf8" });
  expect([stdout.trim().split("\n").at(-1), stderr]).toEqual(["succeeded after 1 restore", ""]);
  rmSync(place, { recursive: true });
});
