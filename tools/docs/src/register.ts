// docs:register [--check]: writes the registers out for readers, or says that the written table is not theirs any more.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "@restorekit/command";
import { faultsOf, loadRegisters } from "./check/register.js";
import { rootFolder } from "./check/root.js";
import { renderRegister } from "./check/table.js";

const usage = "usage: docs:register [--check]";

const options = { check: { type: "boolean" } } as const;

await command({ usage, options }, ({ check }) => {
  const root = rootFolder();
  const registers = loadRegisters(root);
  const faults = registers.flatMap((register) => faultsOf(register).map((fault) => `${register.service}: ${fault}`));
  for (const fault of faults) console.error(`docs:register: ${fault}`);
  const file = join(root, "docs/wrong-pages.md");
  const text = renderRegister(registers);
  if (!check) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    console.error("docs:register: docs/wrong-pages.md is not what the registers give; run docs:register");
    return 1;
  }
  return faults.length ? 1 : 0;
});
