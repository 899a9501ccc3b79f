// A whole release on this machine, from a fresh clone of HEAD to consumers on every runtime. Nothing leaves it, and the
// working tree is not touched.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failing, optionsOf, say, table } from "./cli.ts";
import { type ConsumerRow, checkNames, consume } from "./consumers/index.ts";
import { root } from "./pack.ts";
import { startRegistry } from "./registry.ts";
import { rehearseRelease } from "./rehearsal.ts";
import { run } from "./run.ts";
import { stepper } from "./steps.ts";

const USAGE = `release:rehearse [--only RUNTIME[,RUNTIME…]] [--json] [--keep]

Clones HEAD, sets versions, publishes to a registry of its own, is killed in between, goes on, releases twice more, and
consumes what was published. Ends with 1 if anything failed.
  --only RUNTIME   consumers of these runtimes only; can be repeated
  --json           the result as JSON
  --keep           leave the clone and the consumers' folders where they are
`;

failing("release:rehearse", main());

async function main() {
  const options = optionsOf(USAGE, {
    only: { type: "string", multiple: true },
    json: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
  });
  const only = options.only?.flatMap((names) => names.split(","));
  if (only) checkNames(only);
  const work = mkdtempSync(join(tmpdir(), "restorekit-rehearsal-"));
  process.once("SIGINT", () => process.exit(130));
  process.once("exit", () => {
    if (options.keep) say(`kept: ${work}`);
    else rmSync(work, { recursive: true, force: true });
  });

  const changed = await run(["git", "status", "--porcelain"], { cwd: root });
  if (changed) say("what is not committed takes no part in the rehearsal");
  const { step, rows } = stepper(say);
  let consumed: ConsumerRow[] = [];
  const registry = await startRegistry({ progress: say });
  try {
    const npmrc = join(work, ".npmrc");
    writeFileSync(npmrc, registry.npmrc);
    await rehearseRelease({ work, npmrc, registry: registry.url, step });
    const folder = join(work, "consumers");
    mkdirSync(folder);
    consumed = await step(
      "consume",
      () => consume({ registry: registry.url, work: folder, progress: say, ...(only ? { only } : {}) }),
      (all) => `${all.filter(({ ok }) => ok).length} of ${all.length} consumers`,
    );
  } catch (error) {
    // The row of the step says it too.
    say(error instanceof Error ? error.message : String(error));
  } finally {
    await registry.stop();
  }

  // The table has room for a line of it.
  for (const { consumer, runtime, why } of consumed) if (why) say(`${consumer} on ${runtime}: ${why}`);
  const ok = rows.every((row) => row.ok) && consumed.every((row) => row.ok);
  if (options.json) console.log(JSON.stringify({ ok, steps: rows, consumers: consumed }, undefined, 2));
  else console.log(report(rows, consumed));
  return ok ? 0 : 1;
}

function report(rows: ReturnType<typeof stepper>["rows"], consumed: ConsumerRow[]) {
  const mark = (ok: boolean) => (ok ? "✓" : "✗");
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const steps = rows.map(({ step, ok, ms, what }) => [mark(ok), step, seconds(ms), what]);
  const parts = [table(["", "step", "s", "what came of it"], steps)];
  if (consumed.length > 0) {
    const lines = consumed.map(({ consumer, runtime, does, ok, ms, why }) => {
      return [mark(ok), consumer, runtime, seconds(ms), ok ? does : firstLine(why ?? "failed")];
    });
    parts.push(table(["", "consumer", "runtime", "s", "what it does"], lines));
  }
  return parts.join("\n\n");
}

function firstLine(text: string) {
  return text.split("\n", 1)[0] ?? "";
}
