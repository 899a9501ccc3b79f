// `pnpm runtimes`: the behaviour suite on every runtime, from the packed tarball.
// Exit: 0 all passed, 1 something failed, 3 nothing failed but a runtime is missing.
import { rmSync } from "node:fs";
import { command } from "@restorekit/command";
import { certificates, Missing, packedApp, titleOf } from "./install.js";
import { type Job, launch } from "./launch.js";
import { chosen, OPTIONS, type Runtime, usageOf } from "./runtime.js";
import { table, writeTable } from "./tables.js";

interface Result {
  name: string;
  problem?: string;
}

const MISSING = "missing";
let passed = 0;
let failed = 0;
let missing = 0;

await command({ usage: usageOf("runtimes"), options: OPTIONS }, async ({ only, write }) => {
  const runtimes = chosen(only);
  const app = packedApp();
  const identities = certificates(app);
  const rows: string[][] = [];
  for (const runtime of runtimes) {
    const outcome = await outcomeOn(runtime, { name: "behaviour", app, identities });
    rows.push([outcome === MISSING ? runtime.title : titleOf(runtime), outcome]);
  }
  rmSync(app, { recursive: true, force: true });

  const lines = table(["runtime", "behaviour suite"], rows);
  console.log(`\n${lines.join("\n")}\n`);
  if (write) {
    if (failed + missing > 0 || only) console.log("The page is not written: it takes all runtimes, and none may fail.");
    else writeTable("behaviour", lines);
  }
  console.log(`${passed} passed, ${failed} failed${missing > 0 ? `, ${missing} skipped` : ""}`);
  return failed > 0 ? 1 : missing > 0 ? 3 : 0;
});

async function outcomeOn(runtime: Runtime, job: Job) {
  console.log(`▸ ${runtime.title}`);
  try {
    const { report, lingers } = await launch(runtime, job);
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
