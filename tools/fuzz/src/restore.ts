import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { command, wholeNumber } from "@restorekit/command";
import { playRestore } from "./restore-schedule.js";
import { createRestoreTally, merge, type RestoreTally } from "./restore-tally.js";
import { metLine, rulesLine, violationsOf } from "./tally.js";

/** So many failing schedules are shown; all are counted. */
const SHOWN = 10;
/** A worker gets so many at a time. */
const PORTION = 100;

const usage = `usage: fuzz:restore [--schedules N] [--seed S] [--workers W] [--only K]
  carries restores through schedules of faults and deaths of the process, and says which rule was broken
  --schedules N  so many; default 10000
  --workers W    on so many threads; default 4, or fewer where there are fewer processors
  --only K       only schedule K, step by step`;
const options = {
  schedules: { type: "string", default: "10000" },
  seed: { type: "string", default: "1" },
  workers: { type: "string", default: String(Math.min(4, availableParallelism())) },
  only: { type: "string" },
} as const;

await command({ usage, options }, async (values) => {
  const schedules = wholeNumber("schedules", values.schedules, 1);
  const seed = wholeNumber("seed", values.seed);
  const workers = wholeNumber("workers", values.workers, 1);

  if (values.only !== undefined) {
    const { log, violations, executed } = await playRestore(seed, wholeNumber("only", values.only));
    for (const line of log) console.log(line);
    for (const { rule, detail } of violations) console.log(`✗ ${rule}: ${detail}`);
    console.log(`${executed} restores executed, ${violations.length} violations`);
    return violations.length > 0 ? 1 : 0;
  }

  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  const tally = createRestoreTally();
  let next = 0;
  let shown = 0;
  let told = 0;

  await Promise.all(Array.from({ length: workers }, work));

  console.log(metLine(tally));
  const { restores, executed, deaths } = tally;
  console.log(
    `${tally.schedules} schedules, ${restores} restores begun, ${executed} executed, ${deaths} deaths: ` +
      `${rulesLine(tally)}; seed ${seed}, ${seconds()} s`,
  );
  return violationsOf(tally) > 0 || tally.schedules < schedules ? 1 : 0;

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
    if (tenth > told) console.error(`${tally.schedules} of ${schedules} schedules, ${seconds()} s`);
    told = tenth;
  }
});
