// docs:check [page or folder…] [--json] [--accept [--edition name]]: pages against specs, themselves and the register.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { command, Misuse } from "@restorekit/command";
import { accept } from "./check/accept.js";
import { checkFile, type World } from "./check/check.js";
import { filesOf } from "./check/files.js";
import { loadRegisters } from "./check/register.js";
import { isGood, report, summarise, toJson } from "./check/report.js";
import { rootFolder } from "./check/root.js";
import { loadSpecs } from "./check/spec.js";
import { storeFolder } from "./follow/store.js";

const usage = `usage: docs:check [page or folder…] [--json] [--accept [--edition <name>]]
  without a page: those that docs:fetch has brought, if any, and the registers
  --accept          take the facts of the pages as known
  --edition <name>  under this name rather than the date of the page`;

const options = {
  json: { type: "boolean" },
  accept: { type: "boolean" },
  edition: { type: "string" },
} as const;

await command({ usage, options, takes: [0] }, (values, positionals) => {
  // What is accepted, and under which name, is for a person to say.
  if (values.accept && positionals.length === 0) throw new Misuse("--accept takes the pages to accept");
  if (!values.accept && values.edition !== undefined) throw new Misuse("--edition goes with --accept");
  const root = rootFolder();
  let world: World = { specs: loadSpecs(root), registers: loadRegisters(root) };
  const fetched = join(storeFolder(root), "new");
  const named = positionals.length > 0 ? positionals : existsSync(fetched) ? [fetched] : [];
  const files = filesOf(named);
  if (named.length > 0 && files.length === 0) throw new Error(`${named.join(", ")}: no page (.html, .md, .rst, .txt)`);
  let checks = checkAll(files, world);
  if (values.accept) {
    for (const line of accept(checks, world, values.edition)) console.error(line);
    world = { ...world, registers: loadRegisters(root) };
    checks = checkAll(files, world);
  }
  const summary = summarise(checks, world);
  if (values.json) console.log(JSON.stringify(toJson(checks, summary), null, 2));
  else {
    if (named.length === 0)
      console.log("no page was compared, only the registers looked at: name pages or folders, or run docs:fetch first");
    else if (positionals.length === 0) console.log(`no page was named: these are the ${files.length} of ${fetched}`);
    console.log(report(checks, summary));
  }
  return isGood(summary) ? 0 : 1;
});

/** Says on stderr how far it is, where that takes its time. */
function checkAll(files: string[], world: World) {
  let told = performance.now();
  return files.map((file, i) => {
    const now = performance.now();
    if (now - told > 2000) {
      console.error(`${i} of ${files.length} pages …`);
      told = now;
    }
    return checkFile(file, world);
  });
}
