import { expect, test, vi } from "vitest";
import * as yaml from "yaml";
import { type FleetEvent, type FleetReport, PLAN_FORMAT, readPlan, runPlan } from "../src/fleet/index.js";
import { memoryIntents } from "../src/index.js";
import { fleetWorld, ids, mortal, pace, planText } from "./fleet-world.js";
import { intentsOf, NAMES, PASSWORD, SERVICES, world } from "./world.js";

vi.setConfig({ testTimeout: 120_000 });

const some = ({ ends }: FleetReport) => Object.fromEntries(Object.entries(ends).filter(([, count]) => count > 0));
const NOTHING_REFUSED = ({ received, executed }: { received: number; executed: number }) => received === executed;

test("a fleet goes at the limit, and never above it", async () => {
  const { emulator, process } = fleetWorld({ count: 500 });
  const report = await process().run();
  expect(some(report)).toEqual({ succeeded: 500 });
  expect(report.items.map(({ entry }) => entry.instance)).toEqual(ids(500));
  const { peak, rate } = pace(emulator);
  expect(peak).toBeLessThanOrEqual(20);
  expect(rate).toBeGreaterThanOrEqual(0.98 * 20);
  // No call of any kind was refused for its rate.
  for (const operation of ["restoreInstance", "describeInstances", "describeInstanceBackups", "describeTaskList"]) {
    expect([operation, emulator.journal.count(operation)]).toSatisfy(([, count]) => NOTHING_REFUSED(count));
  }
});

test("killed in the middle and run again: each is restored once", async () => {
  for (const moment of [1, 77, 149]) {
    const { clock, emulator, process } = fleetWorld({ count: 150 });
    const life = mortal();
    const first = process(life);
    await new Promise<void>((resolve) => {
      const watch = async () => {
        while (emulator.journal.count("restoreInstance").executed < moment) await clock.sleep(7);
        life.kill();
        resolve();
      };
      void first.run();
      void watch();
    });
    await clock.sleep(5_000);
    const report = await process().run();
    const twice = ids(150).filter((id) => emulator.state.instance(id).restores.length > 1);
    expect([moment, twice]).toEqual([moment, []]);
    // What was about to be sent when the process died is left to its owner: nobody can know whether it was.
    const left = report.items.filter(({ end }) => end === "notStarted").map(({ entry }) => entry.instance);
    expect(left.every((id) => emulator.state.instance(id).restores.length === 0)).toBe(true);
    expect([moment, report.ends.succeeded + left.length]).toEqual([moment, 150]);

    const last = await process().run({ again: ["notListed"] });
    expect([moment, some(last)]).toEqual([moment, { succeeded: 150 }]);
    expect(ids(150).every((id) => emulator.state.instance(id).restores.length === 1)).toBe(true);
  }
});

test("run again where the first of the plan was not begun yet: it waits a window all the same", async () => {
  const { clock, documents, process } = fleetWorld({ count: 3 });
  await process().run();
  const [first] = ids(1);
  for (const [id, document] of documents) if (document.includes(`"instance":"${first}"`)) documents.delete(id);
  const began = clock.now();
  let waited = 0;
  const onProgress = ({ kind }: FleetEvent) => {
    if (kind === "begun") waited = clock.now() - began;
  };
  expect((await process().run({ onProgress })).ends.succeeded).toBe(3);
  expect(waited).toBeGreaterThanOrEqual(1_000);
});

test("stopped: nothing more is begun, and what was begun can be carried on", async () => {
  const { clock, documents, emulator, process } = fleetWorld({ count: 200 });
  const stop = new AbortController();
  const begun: FleetEvent[] = [];
  const onProgress = (event: FleetEvent) => {
    begun.push(event);
    if (event.kind === "accepted" && begun.filter(({ kind }) => kind === "accepted").length === 50) stop.abort();
  };
  const since = clock.now();
  const report = await process().run({ signal: stop.signal, onProgress });
  expect(clock.now() - since).toBeLessThan(10_000);
  const executed = emulator.journal.count("restoreInstance").executed;
  // Twenty go out at a time: the third burst was under way when the fiftieth was accepted.
  expect(executed).toBeLessThanOrEqual(60);
  expect(report.ends.stopped + report.ends.unknown).toBe(200);
  const states = (await intentsOf(memoryIntents(documents))).map((intent) => ("state" in intent ? intent.state : ""));
  expect([...new Set(states)].sort()).toEqual(expect.arrayContaining(["accepted", "notStarted"]));
  expect(states).not.toContain("submitting");

  const again = await process().run();
  expect(some(again)).toEqual({ succeeded: 200 });
  expect(ids(200).every((id) => emulator.state.instance(id).restores.length === 1)).toBe(true);

  const third = await process().run();
  expect(some(third)).toEqual({ succeeded: 200 });
  expect(emulator.journal.count("restoreInstance").executed).toBe(200);
});

test("a stop before the beginning sends nothing", async () => {
  const { emulator, process } = fleetWorld({ count: 3 });
  expect(some(await process().run({ signal: AbortSignal.abort() }))).toEqual({ stopped: 3 });
  expect(emulator.journal.received).toBe(0);
});

test("lost replies are looked up, and do not hold up the others", async () => {
  const { documents, emulator, process } = fleetWorld({ count: 150 });
  emulator.faults.random({ rate: 0.2, seed: 7, kinds: ["dropAfter", "errorAfter"], operations: ["restoreInstance"] });
  const report = await process().run();
  expect(some(report)).toEqual({ succeeded: 150 });
  expect(ids(150).every((id) => emulator.state.instance(id).restores.length === 1)).toBe(true);
  const intents = await intentsOf(memoryIntents(documents));
  const found = intents.filter((intent) => "task" in intent && intent.task?.found === "reconciled");
  expect(found.length).toBeGreaterThan(10);
});

test("one that fails its checks stops no other, and is begun when the plan runs again", async () => {
  const { emulator, process } = fleetWorld({ count: 3 });
  const busy = emulator.state.instance(ids(3)[1] as string);
  busy.status = 1;
  const report = await process().run();
  expect(report.items.map(({ end }) => end)).toEqual(["succeeded", "notStarted", "succeeded"]);
  expect(report.items[1]?.why).toMatch(/instanceReady \(Status 1\)/);
  delete busy.status;
  expect(some(await process().run())).toEqual({ succeeded: 3 });
  expect(emulator.journal.count("restoreInstance")).toEqual({ received: 3, executed: 3 });
});

test("refused and failed ones are begun again only where that is asked for", async () => {
  const { emulator, process } = fleetWorld({ count: 2 });
  emulator.faults.next("restoreInstance", { kind: "fail" });
  const wrong = (entry: { instance: string }) => ({ password: entry.instance === ids(2)[1] ? "wrong" : PASSWORD });
  const ends = (report: FleetReport) => report.items.map(({ end }) => end);
  expect(ends(await process().run({ extra: wrong }))).toEqual(["failed", "rejected"]);
  expect(ends(await process().run())).toEqual(["failed", "rejected"]);
  expect(ends(await process().run({ again: ["rejected"] }))).toEqual(["failed", "succeeded"]);
  expect(ends(await process().run({ again: ["failed"] }))).toEqual(["succeeded", "succeeded"]);
  expect(emulator.state.instance(ids(2)[0] as string).restores).toHaveLength(2);
});

test("one that was refused for its rate alone is begun when the plan runs again", async () => {
  const { emulator, process } = fleetWorld({ count: 1 });
  emulator.faults.next("restoreInstance", { kind: "throttle" }, { times: 4 });
  expect(some(await process().run())).toEqual({ rejected: 1 });
  expect(some(await process().run())).toEqual({ succeeded: 1 });
  expect(emulator.journal.count("restoreInstance")).toEqual({ received: 5, executed: 1 });
});

test("a plan that was changed under its name restores nothing a second time", async () => {
  const { emulator, process } = fleetWorld({ count: 1 });
  await process().run();
  emulator.state.addBackup(ids(1)[0] as string, { id: "newer" });
  const { adapters, plan, run } = process();
  const changed = readPlan("plan.json", planText(ids(1)).replace(/backup-of-\S+"/, 'newer"'), { adapters });
  Object.assign(plan, changed);
  const report = await run();
  expect(report.items[0]).toMatchObject({ end: "error", error: { problem: "input" } });
  expect(report.items[0]?.why).toMatch(/new name/);
  expect(emulator.journal.count("restoreInstance").received).toBe(1);
});

test("what is given beside the plan cannot change what is overwritten", async () => {
  const { emulator, process } = fleetWorld({ count: 2 });
  const other = ids(2)[1] as string;
  const { adapters, run, plan } = process();
  Object.assign(plan, readPlan("plan.json", planText(ids(1)), { adapters }));
  await run({ extra: () => ({ password: PASSWORD, instance: other, overwrite: other, key: "x" }) });
  expect(ids(2).map((id) => emulator.state.instance(id).restores.length)).toEqual([1, 0]);
});

test("what goes wrong around it is told, and stops no other", async () => {
  const { process } = fleetWorld({ count: 3 });
  const extra = ({ instance }: { instance: string }) => {
    if (instance === ids(3)[0]) throw new Error("no such password");
    return { password: PASSWORD };
  };
  const onProgress = () => {
    throw new Error("a listener's own");
  };
  const report = await process().run({ extra, onProgress });
  expect(report.items.map(({ end }) => end)).toEqual(["error", "succeeded", "succeeded"]);
  expect(report.items[0]).toMatchObject({ why: "no such password" });
});

test("no more are under way, or beginning, than the pace has it", async () => {
  const { emulator, process } = fleetWorld({ count: 40 });
  let most = 0;
  const onProgress = ({ tally }: FleetEvent) => {
    most = Math.max(most, tally.underWay);
  };
  await process().run({ onProgress, pace: { "tencentcloud-redis": { atOnce: 7 } } });
  expect(most).toBe(7);
  const running = emulator.state
    .tasks("tencentcloud-redis")
    .map(({ submittedAt, endsAt }) => ({ submittedAt, endsAt }));
  for (const { submittedAt: at } of running) {
    expect(running.filter((task) => task.submittedAt <= at && at < task.endsAt).length).toBeLessThanOrEqual(7);
  }
});

test("events tell a restore's whole way", async () => {
  const { process } = fleetWorld({ count: 1 });
  const seen: string[] = [];
  await process().run({ onProgress: ({ kind }) => seen.at(-1) !== kind && seen.push(kind) });
  expect(seen).toEqual(["begun", "accepted", "progress", "ended"]);
});

test("no password is in the intents, the audit or the report", async () => {
  const { documents, emulator, process } = fleetWorld({ count: 20 });
  emulator.faults.random({ rate: 0.5, seed: 3 });
  const one = process();
  const report = await one.run();
  const all = JSON.stringify([report, one.audit, [...documents]]) + report.items.map(({ error }) => error?.stack);
  expect(all).not.toContain(PASSWORD);
});

test("four services in one plan, RDS with its 60 calls a minute", async () => {
  const { adapters, clock, emulator, intents, order } = world();
  const extra = Array.from({ length: 8 }, (_, index) => `${String(index).padStart(32, "0")}in01`);
  for (const id of extra) emulator.state.addInstance("huaweicloud-rds", { id, backups: [{ id: `${id}-b` }] });
  const demo = await Promise.all(
    NAMES.map(async (service) => {
      const { from } = await order(service);
      const at = from.at === undefined ? {} : { at: from.at.toISOString() };
      const { instance } = SERVICES[service];
      return { service, instance, from: { ...from, ...at }, overwrite: instance };
    }),
  );
  const more = extra.map((id) => ({
    service: "huaweicloud-rds",
    instance: id,
    from: { backup: `${id}-b` },
    overwrite: id,
  }));
  const text = yaml.stringify({ format: PLAN_FORMAT, name: "all", restores: [...demo, ...more] });
  const plan = readPlan("plan.yaml", text, { adapters, yaml });
  const report = await runPlan(plan, {
    adapters,
    intents,
    clock,
    deadlineMs: 3_600_000,
    extra: ({ service }) => (service === "tencentcloud-redis" ? { password: PASSWORD } : {}),
  });
  expect(some(report)).toEqual({ succeeded: 12 });
  expect(emulator.journal.entries.filter(({ code }) => code === "APIGW.0308")).toEqual([]);
});
