// `pnpm runtimes [--only node24,bun] [--write]`: the behaviour suite on every runtime, from the packed tarball.
// Exit: 0 all passed, 1 something failed, 3 nothing failed but a runtime is missing.
import { rmSync } from "node:fs";
import { certificates, Missing, packedApp, titleOf } from "./install.js";
import { launch } from "./launch.js";
import { chosen, type Runtime } from "./runtime.js";
import { table, writeTable } from "./tables.js";

interface Result {
  name: string;
  problem?: string;
}

const MISSING = "missing";
const args = process.argv.slice(2);
const runtimes = chosen(args);
const app = packedApp();
const identities = certificates(app);
const rows: string[][] = [];
let passed = 0;
let failed = 0;
let missing = 0;

for (const runtime of runtimes) {
  const outcome = await outcomeOn(runtime);
  rows.push([outcome === MISSING ? runtime.title : titleOf(runtime), outcome]);
}
rmSync(app, { recursive: true, force: true });

const lines = table(["runtime", "behaviour suite"], rows);
console.log(`\n${lines.join("\n")}\n`);
if (args.includes("--write")) {
  if (failed + missing > 0 || args.includes("--only"))
    console.log("The page is not written: it takes all runtimes, and none may fail.");
  else writeTable("behaviour", lines);
}
console.log(`${passed} passed, ${failed} failed${missing > 0 ? `, ${missing} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : missing > 0 ? 3 : 0;

async function outcomeOn(runtime: Runtime) {
  console.log(`▸ ${runtime.title}`);
  try {
    const { report, lingers } = await launch(runtime, { name: "behaviour", app, identities });
    const { results } = report as { results: Result[] };
    if (lingers) results.push({ name: "the process ends by itself", problem: "something keeps it alive" });
    const problems = results.filter(({ problem }) => problem);
    for (const { name, problem } of problems) console.log(`  ✗ ${name}\n    ${problem}`);
    passed += results.length - problems.length;
    failed += problems.length;
    return problems.length > 0 ? `${problems.length} of ${results.length} failed` : `${results.length} passed`;
  } catch (error) {
    console.log(`  ${(error as Error).message}`);
    if (error instanceof Missing) {
      missing++;
      return MISSING;
    }
    failed++;
    return "did not run";
  }
}
