import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileIntents } from "../src/file/index.js";
import { type Intent, isIntent, memoryIntents, StoreError } from "../src/index.js";
import { intentsOf, MINUTE, problem, SERVICES, world } from "./world.js";

// What a hostile reader and the fuzzer found.

const DAY = 86_400_000;
const UNMARKED = ["tencentcloud-redis", "huaweicloud-geminidb", "huaweicloud-rds"] as const;

describe("clocks", () => {
  test.each(["huaweicloud-rds", "huaweicloud-geminidb", "opentelekomcloud-dcs"] as const)(
    "%s: a clock that is days off hides no restore",
    async (name) => {
      for (const ahead of [-40 * DAY, -2 * DAY, 2 * DAY, 40 * DAY]) {
        const cloud = world({ checkSignatures: false });
        const { clock, emulator } = cloud;
        const now = () => clock.now() + ahead;
        const made = world({
          cloud: { emulator, clock: { ...clock, now } },
          kit: { clock: { ...clock, now } },
        });
        const order = await cloud.order(name);
        emulator.faults.next(SERVICES[name].submit, { kind: "dropAfter" }, { service: name });
        const outcome = await made.kit.restore(made.adapter(name), order);
        expect([ahead / DAY, outcome.outcome]).toEqual([ahead / DAY, "accepted"]);
      }
    },
  );

  test("another process, whose clock is ahead, concludes nothing before the records can have settled", async () => {
    const name = "opentelekomcloud-dcs";
    const { submit } = SERVICES[name];
    const documents = new Map<string, string>();
    const first = world({ intents: memoryIntents(documents) });
    first.emulator.faults.next(submit, [{ kind: "dropAfter" }, { kind: "late", ms: 4 * MINUTE }], { service: name });
    const stop = new AbortController();
    void first.clock.sleep(1000).then(() => stop.abort());
    const { intent } = await first.restore(name, {}, { signal: stop.signal });
    const ahead = { ...first.clock, now: () => first.clock.now() + 4 * MINUTE };
    const second = world({ intents: memoryIntents(documents), cloud: first, kit: { clock: ahead } });
    await first.clock.advance(MINUTE);
    expect((await second.kit.resume(second.adapter(name), intent.id)).outcome).toBe("accepted");
  });

  test("what a slow store has used up of the time for the submit is gone: it is not sent too late", async () => {
    const inner = memoryIntents();
    let clock = { sleep: async (_: number) => {} };
    const intents = {
      ...inner,
      async update(intent: Intent, version: number) {
        const stored = await inner.update(intent, version);
        if (intent.state === "submitting") await clock.sleep(4 * MINUTE);
        return stored;
      },
    };
    const made = world({ intents });
    clock = made.clock;
    const name = "opentelekomcloud-dcs";
    expect((await made.restore(name)).intent).toMatchObject({ state: "notStarted", proof: "neverSent" });
    expect(made.emulator.journal.count(SERVICES[name].submit).received).toBe(0);
  });
});

describe.each(UNMARKED)("%s: records that name nobody", (name) => {
  test("another's restore is not taken for ours while ours may still be listed", async () => {
    const { emulator, restore, instance, executed, clock } = world({ pace: { restoreMs: 1000, rdsVisibleMs: 0 } });
    const fault = [{ kind: "dropAfter" as const }, { kind: "late" as const, ms: 2 * MINUTE }];
    emulator.faults.next(SERVICES[name].submit, fault, { service: name });
    const running = restore(name);
    await clock.sleep(30_000);
    const [ours] = instance(name).tasks.slice(-1);
    if (!ours) throw new Error("it does not run");
    // The other one is listed at once.
    const at = clock.now();
    emulator.state.addTask({ ...ours, id: "4711", submittedAt: at, startsAt: at, endsAt: at + 1000, visibleAt: at });
    const outcome = await running;
    expect([outcome.outcome, executed(name)]).toEqual(["unknown", 1]);
  });

  test("what another intent has got is not taken by one that is looked for again", async () => {
    const { emulator, restore, wait, kit, adapter } = world({ kit: { settleMs: 10_000, lookMs: 1000 } });
    emulator.faults.next(SERVICES[name].submit, { kind: "dropBefore" }, { service: name });
    const first = await restore(name);
    const second = await restore(name);
    expect([first.outcome, second.outcome]).toEqual(["notStarted", "accepted"]);
    await wait(second);
    expect((await kit.reconcile(adapter(name), first.intent.id)).outcome).toBe("notStarted");
  });
});

test("an answer outweighs what another process took from the records", async () => {
  const name = "tencentcloud-redis";
  const documents = new Map<string, string>();
  const first = world({ intents: memoryIntents(documents) });
  first.emulator.faults.next(SERVICES[name].submit, { kind: "slow", ms: 30_000 }, { service: name });
  const running = first.restore(name);
  await first.clock.sleep(10_000);
  const [id, document] = [...documents][0] ?? ["", "{}"];
  const { intent, version } = JSON.parse(document);
  const guess = { ...intent, state: "accepted", task: { id: "1", found: "reconciled" } };
  documents.set(id, JSON.stringify({ intent: guess, version: version + 1 }));
  const outcome = await running;
  expect(outcome.intent.task).toMatchObject({ found: "answered" });
  expect(await intentsOf(first.intents)).toEqual([outcome.intent]);
});

test("what cannot be waived is not waived for those who have no types either", async () => {
  const { restore, emulator } = world();
  const name = "opentelekomcloud-dcs";
  emulator.faults.next("listRestoreRecords", { kind: "errorBefore", status: 500 }, { service: name, times: 9 });
  const refused = await problem(restore(name, { waive: ["taskListReadable"] }));
  expect(refused).toMatchObject({ problem: "preflight" });
  expect(emulator.journal.count(SERVICES[name].submit).received).toBe(0);
});

test("a lease that could not be given back is given back at the second try", async () => {
  const inner = memoryIntents();
  let failures = 1;
  const intents = {
    ...inner,
    async lease(target: string, ttlMs: number) {
      const lease = await inner.lease(target, ttlMs);
      const release = async () => {
        if (failures-- > 0) throw new StoreError("unavailable", "too many open files", "Close some.");
        await lease?.release();
      };
      return lease && { ...lease, release };
    },
  };
  const { restore, wait } = world({ intents });
  await wait(await restore("opentelekomcloud-dcs"));
  expect((await restore("opentelekomcloud-dcs")).outcome).toBe("accepted");
});

test("times that are none are damage, not an endless wait", async () => {
  const { restore } = world();
  const { intent } = await restore("opentelekomcloud-dcs");
  expect(isIntent(intent)).toBe(true);
  expect(isIntent({ ...intent, submit: { from: "soon" } })).toBe(false);
  expect(isIntent({ ...intent, clockOffsetMs: "1" })).toBe(false);
});

test("a clock of fractions makes ids that files can have", async () => {
  const folder = mkdtempSync(join(tmpdir(), "restorekit-fractions-"));
  const made = world({ intents: fileIntents(join(folder, "new", "intents")) });
  const now = () => made.clock.now() + 0.25;
  const kit = made.open({ clock: { ...made.clock, now } });
  const outcome = await made.clock.during(
    Promise.resolve(made.order("opentelekomcloud-dcs")).then((order) =>
      kit.preflight(made.adapter("opentelekomcloud-dcs"), order),
    ),
  );
  expect(outcome.ok).toBe(true);
  const order = await made.order("opentelekomcloud-dcs");
  expect((await kit.restore(made.adapter("opentelekomcloud-dcs"), order)).outcome).toBe("accepted");
  rmSync(folder, { recursive: true });
});

test("whichever character of a stored intent is damaged, it keeps new restores of its target back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "restorekit-damage-"));
  const intents = fileIntents(folder);
  const made = world({ intents });
  const { intent } = await made.restore("tencentcloud-redis");
  const file = join(folder, `${intent.id}.json`);
  const whole = readFileSync(file);
  const unseen: string[] = [];
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at] = damaged[at] === 0x31 ? 0x32 : 0x31;
    writeFileSync(file, damaged);
    let seen = false;
    for await (const _ of intents.list({ target: intent.target, open: true })) seen = true;
    if (!seen) unseen.push(damaged.toString("utf8", at - 20, at + 20));
  }
  expect(unseen).toEqual([]);
  rmSync(folder, { recursive: true });
});
