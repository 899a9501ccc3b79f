// The report of a small package: what it says, and that it says nothing of the machine.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { entriesOf } from "../src/api/entries.js";
import { entryPointsOf } from "../src/api/extract.js";
import { reportOn } from "../src/api/report.js";
import { publicPackages } from "../src/workspace.js";

const root = realpathSync(mkdtempSync(join(tmpdir(), "restorekit-report-")));
afterAll(() => rmSync(root, { recursive: true }));

const codes = Array.from({ length: 20 }, (_, index) => `"Code.Number${index}"`);

function place(folder: string, manifest: object, files: Record<string, string>) {
  mkdirSync(join(root, folder, "dist"), { recursive: true });
  writeFileSync(join(root, folder, "package.json"), JSON.stringify({ version: "1.0.0", type: "module", ...manifest }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, folder, "dist", name), text);
}

test("a report holds every entry point, each fact once and on a line", { timeout: 60_000 }, () => {
  writeFileSync(join(root, "pnpm-workspace.yaml"), "packages: [packages/*]\n");
  const exports = {
    ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./more": { node: { types: "./dist/more.d.ts", default: "./dist/more.js" } },
    "./package.json": "./package.json",
  };
  place(
    "packages/one",
    { name: "one", exports },
    {
      "index.d.ts": `import { type Options } from "./options.js";
export type { Options };
/** Runs. */
export declare function run(options: Options): Promise<Hidden>;
interface Hidden {
    readonly answer: string;
}
export declare const first: {
    readonly path: "/a";
    readonly names: readonly ["x"];
};
export declare const all: {
    first: {
        readonly path: "/a";
        readonly names: readonly ["x"];
    };
};
`,
      "more.d.ts": `export type { Options } from "./options.js";
export type Code = ${codes.join(" | ")};
`,
      "options.d.ts": "export interface Options {\n    name: string;\n    never?: never;\n    size?: number;\n}\n",
    },
  );
  place("packages/two", { name: "two", private: true }, {});

  const packages = publicPackages(root);
  expect(packages.map(({ name }) => name)).toEqual(["one"]);
  const [one] = packages;
  if (one === undefined) throw new Error("there is no package");
  const report = reportOn(root, one);
  expect(report).toBe(reportOn(root, one));
  expect(report).not.toContain(root);
  expect([...entriesOf(report)].map(([where, { text }]) => `${where} = ${text}`.trim())).toEqual([
    "one: const all = {}",
    "one: const all.first = typeof first",
    "one: const first = {}",
    'one: const first.path = readonly "/a"',
    'one: const first.names = readonly readonly ["x"]',
    "one: interface Hidden =",
    "one: interface Hidden.answer = readonly string",
    "one: interface Options =",
    "one: interface Options.name = string",
    "one: interface Options.size = ? number",
    "one: function run = function run(options: Options): Promise<Hidden>;",
    `one/more: type Code = ${codes.join(" | ")}`,
  ]);
  expect(report).toContain("// As in one: Options");
  for (const line of report.split("\n")) expect(line.length).toBeLessThan(121);
});

test("an entry point without declarations is an error, not a gap", () => {
  const one = { name: "one", folder: "packages/one", bundle: undefined, specs: undefined };
  const manifest = { name: "one", version: "1.0.0", exports: { "./data": { default: "./dist/data.txt" } } };
  expect(() => entryPointsOf({ ...one, manifest })).toThrow("one: the entry point ./data has no types");
});
