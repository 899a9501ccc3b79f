import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installTogether, lint } from "../src/together.js";
import { unpackAll } from "../src/unpack.js";
import { type Fixture, folderWith, packedSet } from "./fixtures.js";

async function together(fixtures: readonly Fixture[]) {
  const set = await packedSet(fixtures);
  return installTogether(set, await unpackAll(set, folderWith({})), join(folderWith({}), "project"));
}

describe("the packed packages", { timeout: 60_000 }, () => {
  test("depend on each other's versions, install together, and every export is imported", async () => {
    const code = 'export { x } from "@restorekit/fixture-a";\n';
    const needs = ["@restorekit/fixture-a"];
    expect(await together([{ name: "@restorekit/fixture-a" }, { name: "@restorekit/fixture-b", code, needs }])).toEqual(
      {
        wrong: [],
        said: "2 packages install together; 4 exports can be imported",
      },
    );
  });

  test("an export that throws is found", async () => {
    const { wrong } = await together([{ name: "@restorekit/throws", code: "throw new Error('not here');\n" }]);
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).toMatch(/an export cannot be imported\n(.*\n)*.*Error: not here/);
  });

  test("an export that forgets a dependency is found", async () => {
    const code = 'export { x } from "@restorekit/forgotten";\n';
    const { wrong } = await together([{ name: "@restorekit/forgets", code }]);
    expect(wrong[0]).toContain("ERR_MODULE_NOT_FOUND");
  });

  test("a file that an export names and the package leaves out is found", async () => {
    const set = await packedSet([{ name: "@restorekit/leaves-out", more: { files: ["index.d.ts"] } }]);
    const said = await lint("it", join(set.folder, set.packages[0]?.file ?? ""));
    expect(said.join("\n")).toMatch(/^it: publint\n(.*\n)*.*index\.js/);
  });
});
