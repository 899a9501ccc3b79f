// pnpm fuzz:restore --schedules N --seed S [--workers W] [--only K]
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { playRestore } from "./restore-schedule.js";
import { createRestoreTally, merge, type RestoreTally } from "./restore-tally.js";
import { rulesLine, violationsOf } from "./tally.js";

/** So many failing schedules are shown; all are counted. */
const SHOWN = 10;
/** A worker gets so many at a time. */
const PORTION = 100;

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: String(Math.min(4, availableParallelism())) },
    only: { type: "string" },
  },
});
const [schedules, seed] = [wholeNumber("schedules"), wholeNumber("seed")];

if (values.only !== undefined) {
  const { log, violations, executed } = await playRestore(seed, wholeNumber("only"));
  for (const line of log) console.log(line);
  for (const { rule, detail } of violations) console.log(`✗ ${rule}: ${detail}`);
  console.log(`${executed} restores executed, ${violations.length} violations`);
  process.exit(violations.length > 0 ? 1 : 0);
}

const started = performance.now();
const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
const tally = createRestoreTally();
let next = 0;
let shown = 0;
let told = 0;

await Promise.all(Array.from({ length: Math.max(1, wholeNumber("workers")) }, work));

console.log(
  `met: ${[...tally.met]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ")}`,
);
const { restores, executed, deaths } = tally;
console.log(
  `${tally.schedules} schedules, ${restores} restores begun, ${executed} executed, ${deaths} deaths: ` +
    `${rulesLine(tally)}; seed ${seed}, ${seconds()} s`,
);
process.exit(violationsOf(tally) > 0 || tally.schedules < schedules ? 1 : 0);

/** Gives a worker portion after portion. */
async function work() {
  const worker = new Worker(new URL("./restore-worker.js", import.meta.url), { workerData: { seed } });
  await new Promise<void>((resolve, reject) => {
    const give = () => {
      const from = next;
      next = Math.min(schedules, from + PORTION);
      if (from < next) worker.postMessage({ from, to: next });
      else resolve();
    };
    worker.on("error", reject);
    worker.on("message", (portion: RestoreTally) => {
      merge(tally, portion);
      show(portion);
      give();
    });
    give();
  });
  await worker.terminate();
}

function show({ failed }: RestoreTally) {
  for (const { index, violations } of failed) {
    if (shown++ >= SHOWN) continue;
    for (const { rule, detail } of violations) console.log(`✗ schedule ${index}: ${rule}: ${detail}`);
    console.log(`  again: pnpm fuzz:restore --seed ${seed} --only ${index}`);
  }
  const tenth = Math.floor((10 * tally.schedules) / schedules);
  if (tenth > told) console.log(`${tally.schedules} of ${schedules} schedules, ${seconds()} s`);
  told = tenth;
}

function wholeNumber(name: "schedules" | "seed" | "workers" | "only") {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${name} must be a whole number`);
  process.exit(2);
}
