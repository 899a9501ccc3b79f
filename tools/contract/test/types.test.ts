import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadBundle, SERVICES } from "../src/bundles.js";
import { casesOf } from "../src/cases.js";

const here = fileURLToPath(new URL("..", import.meta.url));
const tsc = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
const options = {
  target: "es2023",
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  lib: ["es2023", "dom", "dom.iterable"],
};

/** Compiles files inside the package, so that they see what the package sees. */
function compile(name: string, files: string[]) {
  const folder = `${here}node_modules/.cache/types`;
  mkdirSync(folder, { recursive: true });
  const config = `${folder}/${name}.json`;
  writeFileSync(config, JSON.stringify({ compilerOptions: options, files }));
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", config, "--pretty", "false"], {
    encoding: "utf8",
  });
  return { status, stdout };
}

test("types allow and refuse what the documents say", { timeout: 60_000 }, () => {
  expect(compile("pins", [`${here}test/types/pins.ts`])).toEqual({ status: 0, stdout: "" });
});

test.each(SERVICES)("every documented example of %s fits its types", { timeout: 60_000 }, (name) => {
  const lines = [`import type * as it from "@restorekit/${name}/operations";`];
  const cases = casesOf(name, loadBundle(name)).filter(({ ok, answer }) => ok && answer.body !== undefined);
  for (const [index, { operation, input, answer }] of cases.entries()) {
    const type = operation[0]?.toUpperCase() + operation.slice(1);
    const body = answer.body as Record<string, unknown>;
    const result = typeof body.Response === "object" ? body.Response : { ...body, ...answer.headers };
    lines.push(`export const input${index}: it.${type}Input = ${JSON.stringify(input)};`);
    lines.push(`export const result${index}: it.${type}Result = ${JSON.stringify(result)};`);
  }
  const file = `${here}node_modules/.cache/types/${name}.ts`;
  mkdirSync(`${here}node_modules/.cache/types`, { recursive: true });
  writeFileSync(file, lines.join("\n"));
  expect(cases.length).toBeGreaterThan(2);
  expect(compile(name, [file])).toEqual({ status: 0, stdout: "" });
});
