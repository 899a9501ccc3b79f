#!/usr/bin/env node
import module from "node:module";
import { parseArgs } from "node:util";
import { SpecError } from "./problem.js";

// Half of a run is compiling the TypeScript that writes the types; the cache has to be on before it is imported.
module.enableCompileCache?.();
const { generate } = await import("./run.js");

const usage = `restorekit-codegen [--check] [--specs DIR] [--out DIR] [service…]
  --check      change nothing; name each generated file that is missing, extra or stale
  --specs DIR  where the specs are (specs)
  --out DIR    where the packages are (packages)`;


process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        check: { type: "boolean", default: false },
        specs: { type: "string", default: "specs" },
        out: { type: "string", default: "packages" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    const wrong = await generate({ ...values, services: positionals }, (line) => console.log(line));
    for (const line of wrong) console.error(line);
    if (wrong.length > 0) return 1;
    const verb = values.check ? "up to date" : "generated";
    console.log(`${verb} in ${Math.round(performance.now())} ms`);
    return 0;
  } catch (error) {
    if (error instanceof SpecError) for (const line of error.lines) console.error(line);
    else if (isUsageError(error)) console.error(`${error.message}\n${usage}`);
    else throw error;
    return isUsageError(error) ? 2 : 1;
  }
}

function isUsageError(error: unknown): error is Error {
  return error instanceof TypeError && String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS");
}
