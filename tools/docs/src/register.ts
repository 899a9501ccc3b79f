// docs:register [--check]: writes the registers out for readers, or says that the written table is not theirs any more.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { faultsOf, loadRegisters } from "./check/register.js";
import { rootFolder } from "./check/root.js";
import { renderRegister } from "./check/table.js";
import { command } from "./command.js";

const usage = "usage: docs:register [--check]";

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help || positionals.length) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const root = rootFolder();
  const registers = loadRegisters(root);
  const faults = registers.flatMap((register) => faultsOf(register).map((fault) => `${register.service}: ${fault}`));
  for (const fault of faults) console.error(`docs:register: ${fault}`);
  const file = join(root, "docs/wrong-pages.md");
  const text = renderRegister(registers);
  if (!values.check) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    console.error("docs:register: docs/wrong-pages.md is not what the registers give; run docs:register");
    return 1;
  }
  return faults.length ? 1 : 0;
}

await command("docs:register", usage, main);
