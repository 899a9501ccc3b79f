// bump:diff <before> <after> [--json]: what changed between two bundles for those who use the client.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { complaint } from "./complaint.js";
import { type Comparison, compareBundles } from "./spec/compare.js";
import { isObject, type Objekt } from "./spec/json.js";
import { lines } from "./text.js";

const usage = "usage: bump:diff <before openapi.json> <after openapi.json> [--json]";

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" }, help: { type: "boolean" } },
  });
  const [before, after] = positionals;
  if (values.help || positionals.length !== 2 || before === undefined || after === undefined) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const comparison = compareBundles(read(before), read(after));
  console.log(values.json ? JSON.stringify(comparison, null, 2) : summary(comparison));
  return 0;
}

function read(file: string): Objekt {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
  if (!isObject(document) || !isObject(document.paths)) throw new Error(`${file}: is not an OpenAPI document`);
  return document;
}

function summary({ changes, bump }: Comparison): string {
  if (changes.length === 0) return "nothing changed";
  return [...lines(changes), `bump from 1.0 on: ${bump}`].join("\n");
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`bump:diff: ${complaint(error, usage)}`);
  process.exitCode = 2;
}
