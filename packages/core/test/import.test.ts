import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { expect, test } from "vitest";

const root = import.meta.resolve("@restorekit/core");
const signing = import.meta.resolve("@restorekit/core/signing");

/** Node's own modules that a fresh process loads for the program. */
function loadedBy(program: string): string[] {
  const whole = `
    const before = new Set(process.moduleLoadList);
    ${program}
    console.log(JSON.stringify(process.moduleLoadList.filter((module) => !before.has(module))));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", whole], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout).map((module: string) => module.replace("NativeModule ", ""));
}

test("an import loads none of Node's own modules that take long", () => {
  const loaded = loadedBy(`await import("${root}"); await import("${signing}");`);
  expect(loaded.filter((name) => ["crypto", "http", "https", "stream"].includes(name))).toEqual([]);
});

test("the first signature loads node:crypto", () => {
  const loaded = loadedBy(`
    const { sdkHmac } = await import("${signing}");
    const request = { method: "GET", url: new URL("https://demo.example.com/"), headers: new Headers() };
    await sdkHmac.sign(request, { now: new Date(), credentials: { ak: "a", sk: "b" } });`);
  expect(loaded).toContain("crypto");
});

test.each([
  ["browser", []],
  ["workerd", []],
  ["node", ["node:crypto", "node:http", "node:https", "node:zlib"]],
])("a bundler meets no module of Node's where there is none: %s", async (condition, names) => {
  const met = new Set<string>();
  await build({
    input: [root, signing].map((url) => fileURLToPath(url)),
    platform: "neutral",
    resolve: { conditionNames: [condition, "import"] },
    external(id) {
      if (id.startsWith("node:")) met.add(id);
      return id.startsWith("node:");
    },
    write: false,
  });
  expect([...met].sort()).toEqual(names);
});
