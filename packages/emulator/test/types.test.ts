import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the declarations need neither the DOM library nor skipLibCheck", { timeout: 120_000 }, () => {
  const tsc = join(import.meta.dirname, "../node_modules/.bin/tsc");
  const { status, stdout } = spawnSync(tsc, ["-p", join(import.meta.dirname, "no-dom")], { encoding: "utf8" });
  expect([status, stdout]).toEqual([0, ""]);
});
