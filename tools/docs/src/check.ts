// docs:check [page or folder…] [--json] [--accept [--edition name]]: pages against specs, themselves and the register.
import { parseArgs } from "node:util";
import { accept } from "./check/accept.js";
import { checkFile, type World } from "./check/check.js";
import { filesOf } from "./check/files.js";
import { loadRegisters } from "./check/register.js";
import { isGood, report, summarise, toJson } from "./check/report.js";
import { rootFolder } from "./check/root.js";
import { loadSpecs } from "./check/spec.js";

const usage = "usage: docs:check [page or folder…] [--json] [--accept [--edition <name>]]";

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean" },
      accept: { type: "boolean" },
      edition: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.error(usage);
    return 0;
  }
  const root = rootFolder();
  let world: World = { specs: loadSpecs(root), registers: loadRegisters(root) };
  const files = filesOf(positionals);
  let checks = files.map((file) => checkFile(file, world));
  if (values.accept) {
    for (const line of accept(checks, world, values.edition)) console.error(line);
    world = { ...world, registers: loadRegisters(root) };
    checks = files.map((file) => checkFile(file, world));
  }
  const summary = summarise(checks, world);
  console.log(values.json ? JSON.stringify(toJson(checks, summary), null, 2) : report(checks, summary));
  return isGood(summary) ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`docs:check: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
