// bump:diff <before> <after> [--json]: what changed between two bundles for those who use the client.
import { readFileSync } from "node:fs";
import { command } from "@restorekit/command";
import { type Comparison, compareBundles } from "./spec/compare.js";
import { isObject, type Objekt } from "./spec/json.js";
import { lines } from "./text.js";

const usage = "usage: bump:diff <before openapi.json> <after openapi.json> [--json]";

const options = { json: { type: "boolean" } } as const;
await command({ usage, options, takes: [2, 2] }, ({ json }, [before = "", after = ""]) => {
  const comparison = compareBundles(read(before), read(after));
  console.log(json ? JSON.stringify(comparison, null, 2) : summary(comparison));
  return 0;
});

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
