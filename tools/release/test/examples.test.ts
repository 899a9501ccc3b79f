import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RUNTIMES } from "@restorekit/bench/runtime";
import { expect, test } from "vitest";
import { readExamples } from "../src/consumers/example.js";

// What holds for examples/ without running it; release:rehearse runs it.

const folder = fileURLToPath(new URL("../../../examples", import.meta.url));
const examples = readExamples(folder);
const OURS = /^(@restorekit\/.+|restorekit)$/;

test("the examples cover every runtime", () => {
  const covered = new Set(examples.flatMap(({ runtimes }) => runtimes.map(({ name }) => name)));
  expect(RUNTIMES.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
});

test("the index has them all, in the words of their declarations", () => {
  const rows = [
    ...readFileSync(join(folder, "README.md"), "utf8").matchAll(/^\| \[(.+)\]\((.+)\) \| .+ \| (.+) \|$/gm),
  ];
  const listed = rows.map(([, name, link, does]) => ({ name, link, does }));
  const declared = examples.map(({ name, does }) => ({ name, link: name, does }));
  expect(listed.sort((one, other) => ((one.name ?? "") < (other.name ?? "") ? -1 : 1))).toEqual(declared);
});

test.each(examples)("$name takes our packages by the tag latest, and all others at an exact version", ({ folder }) => {
  for (const [name, version] of dependenciesOf(folder)) {
    expect([name, version]).toEqual([name, OURS.test(name) ? "latest" : expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  }
});

test.each(examples)("$name names runtimes at the versions that the benches use", ({ folder }) => {
  const pinned = RUNTIMES.map(({ package: wanted = "" }) => wanted);
  for (const [name, version] of dependenciesOf(folder)) {
    const same = pinned.find((one) => one.startsWith(`${name}@`));
    if (same) expect(`${name}@${version}`).toBe(same);
  }
});

test.each(examples)("$name reaches for nothing outside of its folder", ({ folder }) => {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath.includes("node_modules")) continue;
    const path = join(entry.parentPath, entry.name);
    expect([path, /\.\.\/\.\.|workspace:|catalog:|"file:/.exec(readFileSync(path, "utf8"))?.[0]]).toEqual([
      path,
      undefined,
    ]);
  }
});

function dependenciesOf(folder: string): [name: string, version: string][] {
  const names = readdirSync(folder);
  if (names.includes("deno.json")) {
    const { imports } = JSON.parse(readFileSync(join(folder, "deno.json"), "utf8")) as { imports: object };
    return Object.values(imports).map((one: string) => {
      const [, name = "", version = ""] = /^npm:(.+)@(.+)$/.exec(one) ?? [];
      return [name, version];
    });
  }
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.entries({ ...dependencies, ...devDependencies });
}
