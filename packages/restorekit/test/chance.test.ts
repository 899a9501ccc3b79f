import { expect, test } from "vitest";
import { memoryIntents } from "../src/index.js";
import { MINUTE, NAMES, SERVICES, world } from "./world.js";

/** As many schedules per service; a longer run is a matter of this number. */
const SCHEDULES = Number(process.env.SCHEDULES ?? 60);
const KINDS = [
  "refuse",
  "dropBefore",
  "dropAfter",
  "errorBefore",
  "errorAfter",
  "throttle",
  "slow",
  "late",
  "fail",
  "skew",
] as const;

test.each(NAMES)("%s: faults by chance never restore twice, lose a restore, or wait for ever", async (name) => {
  const tally: Record<string, number> = {};
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const documents = new Map<string, string>();
    const made = world({ seed, intents: memoryIntents(documents), faults: { rate: 0.3, seed, kinds: [...KINDS] } });
    const { kit, clock, adapter } = made;
    const stop = new AbortController();
    if (seed % 4 === 0) void clock.sleep((seed % 53) * 397).then(() => stop.abort());
    let outcome = await made.restore(name, {}, { signal: stop.signal }).catch((error: { problem?: string }) => error);
    const first = last(outcome);
    for (let tries = 0; "outcome" in outcome && outcome.outcome === "unknown" && tries < 20; tries++) {
      outcome = await kit.reconcile(adapter(name), outcome.intent.id);
    }
    const ran = made.executed(name);
    if (process.env.SCHEDULES && last(outcome) === "unknown") console.log(seed, outcome);
    const end =
      "outcome" in outcome && outcome.outcome === "accepted"
        ? await kit
            .wait(adapter(name), outcome.intent.id, { deadline: new Date(clock.now() + 60 * MINUTE) })
            .catch((e) => ({ end: `threw ${e.problem}` }))
        : undefined;
    tally[`${first} > ${last(outcome)} > ${end?.end}`] = (tally[`${first} > ${last(outcome)} > ${end?.end}`] ?? 0) + 1;

    const context = { seed, first, last: last(outcome), ran, end: end?.end };
    expect(ran, JSON.stringify(context)).toBeLessThanOrEqual(1);
    if (ran === 1) expect(["accepted", "unknown"], JSON.stringify(context)).toContain(last(outcome));
    else expect(["notStarted", "rejected", "unknown", first], JSON.stringify(context)).toContain(last(outcome));
    expect(made.emulator.journal.count(SERVICES[name].submit, name).executed).toBe(ran);
    const task = made.instance(name).tasks.find(({ kind }) => kind === "restore");
    if (end?.end === "succeeded" || end?.end === "failed")
      expect(end.end === "failed").toBe(task?.failure !== undefined);
  }
  if (process.env.SCHEDULES) console.log(name, tally);
});

const last = (outcome: { outcome: string } | { problem?: string }) =>
  "outcome" in outcome ? outcome.outcome : `threw ${outcome.problem}`;
