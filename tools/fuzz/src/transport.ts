import { command, Misuse, wholeNumber } from "@restorekit/command";
import { playSchedule } from "./schedule.js";
import { playOnSockets } from "./sockets.js";
import { add, createTally, metLine, rulesLine, violationsOf } from "./tally.js";

/** So many failing schedules are shown; all are counted. */
const SHOWN = 10;
/** One schedule in so many runs on real sockets. */
const SOCKET_SHARE = 50;

const usage = `usage: fuzz:transport [--schedules N] [--seed S] [--sockets N] [--only K]
  plays calls through schedules of faults and says which rule was broken
  --schedules N  so many in virtual time; default 10000
  --sockets N    so many on real sockets; default one for each ${SOCKET_SHARE} schedules
  --only K       only schedule K, step by step`;
const options = {
  schedules: { type: "string", default: "10000" },
  seed: { type: "string", default: "1" },
  sockets: { type: "string" },
  only: { type: "string" },
} as const;

await command({ usage, options }, async (values) => {
  const schedules = wholeNumber("schedules", values.schedules);
  const seed = wholeNumber("seed", values.seed);
  const onSockets =
    values.sockets === undefined ? Math.ceil(schedules / SOCKET_SHARE) : wholeNumber("sockets", values.sockets);

  if (schedules + onSockets === 0) throw new Misuse("there is nothing to play");

  if (values.only !== undefined) {
    const outcome = await playSchedule(seed, wholeNumber("only", values.only));
    for (const line of outcome.log) console.log(line);
    for (const { rule, detail } of outcome.violations) console.log(`✗ ${rule}: ${detail}`);
    console.log(`${outcome.calls} calls, ${outcome.violations.length} violations`);
    return outcome.violations.length > 0 ? 1 : 0;
  }

  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  const tally = createTally();
  let shown = 0;

  for (let index = 0; index < schedules; index++) {
    const outcome = await playSchedule(seed, index);
    add(tally, outcome);
    if (outcome.violations.length > 0 && shown++ < SHOWN) {
      for (const { rule, detail } of outcome.violations) console.log(`✗ schedule ${index}: ${rule}: ${detail}`);
      console.log(`  again: pnpm fuzz:transport --seed ${seed} --only ${index}`);
    }
    if ((index + 1) % Math.ceil(schedules / 10) === 0)
      console.error(`${index + 1} of ${schedules} schedules, ${seconds()} s`);
  }
  console.log(metLine(tally));

  if (onSockets > 0) {
    const outcome = await playOnSockets(seed, onSockets);
    for (const { rule, detail } of outcome.violations.slice(0, SHOWN)) console.log(`✗ sockets: ${rule}: ${detail}`);
    console.log(`${onSockets} schedules on sockets, ${outcome.calls} calls, ${seconds()} s`);
    add(tally, outcome);
    tally.schedules += onSockets - 1;
  }

  const failed = violationsOf(tally);
  console.log(
    `${tally.schedules} schedules, ${tally.calls} calls (${tally.writes} writes), ${tally.attempts} attempts: ` +
      `${rulesLine(tally)}; seed ${seed}, ${seconds()} s`,
  );
  return failed > 0 ? 1 : 0;
});
