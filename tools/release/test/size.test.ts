import { describe, expect, test } from "vitest";
import { installedIn, notOnce } from "../src/project.js";
import { type Budget, measure, overrun, readBudgets, withCeilings } from "../src/size.js";
import { folderWith } from "./fixtures.js";

const sized = (bytes: number, budget: Partial<Budget>) => [
  { budget: { name: "it", unit: "B", ...budget }, bytes, parts: [] },
];

describe("a budget", () => {
  test.each([
    ["holds at its aim", 6000, { aim: 6000 }, true],
    ["does not hold over it", 6001, { aim: 6000 }, false],
    ["that misses its aim holds at the ceiling", 14_100, { aim: 6000, ceiling: 14_100 }, true],
    ["and does not grow over that", 14_101, { aim: 6000, ceiling: 14_100 }, false],
    ["without an aim is only measured", 99_999, {}, true],
  ])("%s", (_, bytes, budget, holds) => {
    expect(overrun(sized(bytes, budget)).length).toBe(holds ? 0 : 1);
  });

  test("that is overrun says by what, and the command that raises it", () => {
    expect(overrun(sized(14_101, { aim: 6000, ceiling: 14_100 }))).toEqual([
      "it: 14101 B, more than 14100. If it has to be: npx pnpm release:size --update",
    ]);
  });

  test("gets today's size as its ceiling, and loses it when the aim is met", () => {
    const [missed] = withCeilings(sized(14_043, { aim: 6000, ceiling: 99_999, why: "because" }));
    expect(missed).toEqual({ name: "it", unit: "B", aim: 6000, ceiling: 14_100, why: "because" });
    const [met] = withCeilings(sized(5999, { aim: 6000, ceiling: 14_100 }));
    expect(met).toEqual({ name: "it", unit: "B", aim: 6000 });
  });

  test("that is missed says why", () => {
    for (const { name, ceiling, why } of readBudgets()) if (ceiling) expect(why, name).toMatch(/\w+: .+\.md$/);
  });
});

const project = (files: Record<string, string> = {}) =>
  folderWith({
    "node_modules/restorekit/package.json": JSON.stringify({
      name: "restorekit",
      version: "0.1.0",
      type: "module",
      exports: "./dist/index.js",
      dependencies: { "@restorekit/core": "^0.1.0" },
      sideEffects: false,
    }),
    "node_modules/restorekit/dist/index.js": 'export { used } from "@restorekit/core";\n',
    "node_modules/@restorekit/core/package.json": JSON.stringify({
      name: "@restorekit/core",
      version: "0.1.0",
      type: "module",
      exports: "./dist/index.js",
      sideEffects: false,
    }),
    "node_modules/@restorekit/core/dist/index.js": `export const used = "short";\nexport const unused = ${JSON.stringify("long".repeat(500))};\n`,
    "node_modules/@restorekit/core/dist/index.js.map": "x".repeat(100),
    "node_modules/else/package.json": '{ "name": "else", "version": "1.0.0" }',
    ...files,
  });

describe("a measurement", () => {
  test("of a bundle is without what is not used", async () => {
    const entry = ['export { used } from "restorekit";'];
    const [{ bytes, parts } = { bytes: 0, parts: [] }] = await measure(project(), [{ name: "it", unit: "B", entry }]);
    expect(bytes).toBeLessThan(100);
    expect(bytes).toBeGreaterThan(20);
    expect(parts.map(({ part }) => part)).toContain("@restorekit/core");
  });

  test("of what is installed takes dependencies along, and nothing else", async () => {
    const budget = { name: "it", unit: "B", packages: ["restorekit"] };
    const [{ bytes, parts } = { bytes: 0, parts: [] }] = await measure(project(), [budget]);
    expect(parts.find(({ part }) => part === "source maps")?.bytes).toBe(100);
    const [{ bytes: more } = { bytes: 0 }] = await measure(
      project({ "node_modules/else/big.js": "x".repeat(5000), "node_modules/restorekit/dist/more.js": "x".repeat(7) }),
      [budget],
    );
    expect(more - bytes).toBe(7);
  });
});

describe("copies", () => {
  const wanted = [
    { name: "restorekit", version: "0.1.0" },
    { name: "@restorekit/core", version: "0.1.0" },
  ];

  test("one of each is right", () => expect(notOnce(project(), wanted)).toEqual([]));

  test("a second one below another package is found", () => {
    const nested = "node_modules/restorekit/node_modules/@restorekit/core/package.json";
    const twice = project({ [nested]: '{ "name": "@restorekit/core", "version": "0.0.9" }' });
    expect(installedIn(twice)).toHaveLength(4);
    expect(notOnce(twice, wanted)).toEqual(["@restorekit/core: 0.1.0 and 0.0.9 instead of 0.1.0"]);
  });

  test("an older one than was published is found", () => {
    expect(notOnce(project(), [{ name: "restorekit", version: "0.1.1" }])).toEqual([
      "restorekit: 0.1.0 instead of 0.1.1",
    ]);
  });
});
