import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("what must not compile does not, and what must does", { timeout: 120_000 }, () => {
  const project = join(import.meta.dirname, "types");
  const tsc = join(import.meta.dirname, "../node_modules/.bin/tsc");
  const { status, stdout } = spawnSync(tsc, ["-p", project], { encoding: "utf8" });
  expect([status, stdout]).toEqual([0, ""]);
});
