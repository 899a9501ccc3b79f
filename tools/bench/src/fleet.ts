// `pnpm bench:fleet`: a fleet of restores in virtual time against the emulator, once straight through, and once killed in
// the middle and run again. Exit: 0, or 1 if anything is not as promised.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, Misuse, wholeNumber } from "@restorekit/command";
import type { FleetReport } from "restorekit/fleet";
import { fleetCloud, mortal } from "./fleet-cloud.js";

const LIMIT = 20;
const SHARE = 0.98;
const HEAP_MB = 100;
/** A process takes so long to start. */
const RESTART_MS = 5_000;

const usage = `usage: bench:fleet [--count N] [--files] [--run straight|killed]
  --count N  so many restores; default 10000
  --files    with intents in files, and only straight through: their locks outlive a process that only seems to be dead
  --run      only this run, in this process`;
const options = {
  count: { type: "string", default: "10000" },
  files: { type: "boolean", default: false },
  run: { type: "string" },
} as const;
const RUNS = { straight, killed };

let count = 0;
await command({ usage, options }, async ({ count: text, files, run }) => {
  count = wholeNumber("count", text, 1);
  if (run === undefined) return inChildren(files ? ["straight"] : ["straight", "killed"]);
  if (run !== "straight" && run !== "killed") throw new Misuse(`--run: there is no run ${run}`);
  return inThisProcess(RUNS[run], files);
});

/** Each run has a heap of its own, and dies where it needs more than is allowed. */
function inChildren(names: readonly (keyof typeof RUNS)[]) {
  let violations = 0;
  for (const name of names) {
    // Without a bound, the space for what is new alone grows to 64 MB.
    const flags = ["--expose-gc", `--max-old-space-size=${HEAP_MB}`, "--max-semi-space-size=4"];
    const { status } = spawnSync(
      process.execPath,
      [...flags, import.meta.filename, "--run", name, ...process.argv.slice(2)],
      {
        stdio: "inherit",
      },
    );
    if (status !== 0) violations += status ?? 100;
  }
  console.log(`${names.length} runs of ${count} restores, ${violations} violations`);
  return violations > 0 ? 1 : 0;
}

async function inThisProcess(run: (folder: string | undefined) => Promise<string[]>, files: boolean) {
  const folder = files ? mkdtempSync(join(tmpdir(), "restorekit-fleet-")) : undefined;
  const violations = await run(folder);
  if (folder) rmSync(folder, { recursive: true });
  for (const violation of violations) console.log(`  ✗ ${violation}`);
  return violations.length;
}

async function straight(folder: string | undefined) {
  const started = performance.now();
  const cloud = fleetCloud(count, folder);
  const heap = heapMeter();
  const report = await cloud.open()(heap.look);
  const { rate, peak, refused, duplicates, restored } = cloud.measure();
  console.log(`straight: ${endsOf(report)} in ${minutes(report)} of virtual time, ${seconds(started)} of real time`);
  console.log(
    `  ${rate.toFixed(2)} submits/s, ${percent(rate / LIMIT)} of the limit; ${peak} at most in any second; ${refused} refused`,
  );
  console.log(
    `  ${restored} restored once, ${duplicates} more than once; heap ${heap.most()} MB at most, after collection`,
  );
  return [
    ...unless(report.ends.succeeded === count && restored === count, "not all have succeeded"),
    ...unless(rate >= LIMIT * SHARE, `less than ${percent(SHARE)} of the limit`),
    ...unless(peak <= LIMIT && refused === 0, "above the limit"),
    ...unless(duplicates === 0, "duplicates"),
    ...unless(heap.most() < HEAP_MB, `${HEAP_MB} MB of heap and more`),
  ];
}

async function killed() {
  const cloud = fleetCloud(count, undefined);
  const { clock, emulator } = cloud;
  const heap = heapMeter();
  const life = mortal(
    () => emulator.journal.count("restoreInstance").executed, // In the midst of a burst of twenty.
    Math.floor(count / 2) + 7,
  );
  void cloud.open(life)(heap.look);
  await life.death;
  const before = cloud.measure();
  console.log(`killed: after ${before.restored + before.duplicates} restores`);
  await clock.sleep(RESTART_MS);

  const second = await cloud.open()(heap.look);
  const { restored, duplicates } = cloud.measure();
  console.log(`  run again: ${endsOf(second)}; ${restored} restored once, ${duplicates} more than once`);
  // Killed right before it was sent: the next process cannot know, finds nothing in the records, and leaves it alone.
  const unsent = second.items.filter(
    ({ end, entry }) => end === "notStarted" && restoresOf(entry.instance) === 0,
  ).length;

  const third = await cloud.open()(heap.look, ["notListed"]);
  const after = cloud.measure();
  console.log(
    `  and again, with what was not listed: ${endsOf(third)}; ${after.restored} restored once, ${after.duplicates} more than once`,
  );
  console.log(
    `  ${after.peak} at most in any second; ${after.refused} refused; heap ${heap.most()} MB at most, after collection`,
  );
  return [
    ...unless(second.ends.succeeded + unsent === count && restored + unsent === count, "a restore was lost"),
    ...unless(third.ends.succeeded === count && after.restored === count, "not all have succeeded"),
    ...unless(duplicates + after.duplicates === 0, "duplicates"),
    ...unless(after.peak <= LIMIT && after.refused === 0, "above the limit"),
    ...unless(heap.most() < HEAP_MB, `${HEAP_MB} MB of heap and more`),
  ];

  function restoresOf(instance: string) {
    return emulator.state.instance(instance).restores.length;
  }
}

/** What is alive, looked at time and again. */
function heapMeter() {
  let events = 0;
  let most = 0;
  return {
    look() {
      if (++events % 1_000 !== 0) return;
      globalThis.gc?.();
      most = Math.max(most, process.memoryUsage().heapUsed);
    },
    most: () => Math.round(most / 1e6),
  };
}

function unless(holds: boolean, violation: string) {
  return holds ? [] : [violation];
}

function percent(share: number) {
  return `${(share * 100).toFixed(1)} %`;
}

function seconds(since: number) {
  return `${((performance.now() - since) / 1000).toFixed(0)} s`;
}

function minutes({ startedAt, endedAt }: FleetReport) {
  return `${((Date.parse(endedAt) - Date.parse(startedAt)) / 60_000).toFixed(1)} min`;
}

function endsOf({ ends }: FleetReport) {
  const some = Object.entries(ends).filter(([, number]) => number > 0);
  return some.map(([end, number]) => `${number} ${end}`).join(", ");
}
