import { describe, expect, test } from "vitest";
import { type Intent, memoryIntents, type State, StoreError } from "../src/index.js";
import { intentsOf, MINUTE, problem, SERVICES, world } from "./world.js";

const NAME = "opentelekomcloud-dcs";
const { submit, list } = SERVICES[NAME];

/** An intent in a state, beside a cloud in which the restore ran or not. */
async function standing(state: State, { ran }: { ran: boolean }) {
  const documents = new Map<string, string>();
  const made = world({ intents: memoryIntents(documents), kit: { settleMs: 0, lookMs: 1000 } });
  if (!ran) made.emulator.faults.next(submit, { kind: "dropBefore" }, { service: NAME });
  const { intent } = await made.restore(NAME);
  const { task: _, proof: __, ...bare } = intent;
  const task = intent.task ?? { id: "none", found: "answered" as const };
  const kept: Intent = { ...bare, state, ...(["accepted", "succeeded", "failed"].includes(state) ? { task } : {}) };
  documents.set(intent.id, JSON.stringify({ intent: kept, version: 1 }));
  return {
    ...made,
    intent: kept,
    resume: () => made.open({ settleMs: 5 * MINUTE }).resume(made.adapter(NAME), intent.id),
  };
}

test.each<[State, boolean, string]>([
  ["planned", false, "notStarted"],
  ["submitting", false, "notStarted"],
  ["submitting", true, "accepted"],
  ["unknown", false, "notStarted"],
  ["unknown", true, "accepted"],
  ["accepted", true, "accepted"],
  ["rejected", false, "rejected"],
  ["notStarted", false, "notStarted"],
  ["succeeded", true, "succeeded"],
  ["failed", true, "failed"],
])("%s (ran: %s) is resumed to %s, and nothing is sent again", async (state, ran, want) => {
  const { resume, emulator, intents } = await standing(state, { ran });
  const before = emulator.journal.count(submit).received;
  const outcome = await resume();
  expect(outcome.outcome).toBe(want);
  expect(emulator.journal.count(submit).received).toBe(before);
  expect(await intentsOf(intents)).toEqual([outcome.intent]);
  expect((await resume()).outcome).toBe(want);
});

describe("what is not started", () => {
  test("tells apart what was never sent and what is not listed", async () => {
    const planned = await standing("planned", { ran: false });
    expect((await planned.resume()).intent.proof).toBe("neverSent");
    const unknown = await standing("unknown", { ran: false });
    expect((await unknown.resume()).intent.proof).toBe("notListed");
  });

  test("is found after all when its record comes later than the settle time", async () => {
    const { restore, emulator, kit, adapter, executed, clock } = world();
    emulator.faults.next(submit, [{ kind: "dropAfter" }, { kind: "late", ms: 8 * MINUTE }], { service: NAME });
    const outcome = await restore(NAME);
    expect([outcome.outcome, executed(NAME)]).toEqual(["notStarted", 1]);
    await clock.advance(10 * MINUTE);
    expect((await kit.resume(adapter(NAME), outcome.intent.id)).outcome).toBe("notStarted");
    expect((await kit.reconcile(adapter(NAME), outcome.intent.id)).outcome).toBe("accepted");
  });

  test("is not concluded while the instance is being restored", async () => {
    const { restore, emulator, executed } = world({ pace: { restoreMs: 20 * MINUTE } });
    emulator.faults.next(submit, [{ kind: "dropAfter" }, { kind: "late", ms: 8 * MINUTE }], { service: NAME });
    expect((await restore(NAME)).outcome).toBe("accepted");
    expect(executed(NAME)).toBe(1);
  });
});

describe("one at a time", () => {
  test("two restores of one instance at once: one is busy", async () => {
    const { restore, executed } = world();
    const both = await Promise.allSettled([restore(NAME), restore(NAME)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { problem: "busy" } });
    expect(executed(NAME)).toBe(1);
  });

  test("an earlier restore must come to its end first", async () => {
    const { restore, wait, executed } = world();
    const first = await restore(NAME);
    const second = await problem(restore(NAME));
    expect(second).toMatchObject({
      problem: "unfinished",
      intent: first.intent.id,
      next: "Resume it, and wait for its end.",
    });
    await wait(first);
    expect((await restore(NAME)).outcome).toBe("accepted");
    expect(executed(NAME)).toBe(2);
  });

  test("the same key is the same restore, even after its end", async () => {
    const { restore, wait, executed } = world();
    const first = await restore(NAME, { key: "plan-7/3" });
    await wait(first);
    expect(await problem(restore(NAME, { key: "plan-7/3" }))).toMatchObject({
      problem: "unfinished",
      intent: first.intent.id,
      next: expect.stringContaining("another key"),
    });
    const other = { key: "plan-7/3", from: { backup: "another" } };
    expect(await problem(restore(NAME, other))).toMatchObject({ problem: "input", intent: first.intent.id });
    expect((await restore(NAME, { key: "plan-7/4" })).outcome).toBe("accepted");
    expect(executed(NAME)).toBe(2);
  });

  test("a resume while the submit is under way is refused, and the submit ends well", async () => {
    const { restore, kit, adapter, emulator, intents, clock } = world();
    emulator.faults.next(submit, { kind: "slow", ms: 20_000 }, { service: NAME });
    const running = restore(NAME);
    await clock.sleep(10_000);
    const [intent] = await intentsOf(intents);
    expect(intent).toMatchObject({ state: "submitting" });
    expect(await problem(kit.resume(adapter(NAME), (intent as Intent).id))).toMatchObject({ problem: "busy" });
    expect((await running).outcome).toBe("accepted");
  });

  test("without a lease that holds, what the answer says still outweighs what another process concluded", async () => {
    const documents = new Map<string, string>();
    const first = world({ intents: memoryIntents(documents) });
    first.emulator.faults.next(
      submit,
      [
        { kind: "slow", ms: 50_000 },
        { kind: "late", ms: 40_000 },
      ],
      { service: NAME },
    );
    const running = first.restore(NAME);
    await first.clock.sleep(10_000);
    const [intent] = await intentsOf(first.intents);
    // Another machine, whose store gave the lease away too early, and with far too little patience.
    const hasty = first.open({ intents: memoryIntents(documents), settleMs: 1, lookMs: 10 });
    const signal = AbortSignal.abort();
    expect((await hasty.resume(first.adapter(NAME), (intent as Intent).id, { signal })).outcome).toBe("unknown");
    expect(await running).toMatchObject({ outcome: "accepted", intent: { state: "accepted" } });
  });

  test("a lease that is lost before the submit: nothing is sent", async () => {
    const store = memoryIntents();
    const intents = {
      ...store,
      lease: async (...args: Parameters<typeof store.lease>) =>
        ({ ...(await store.lease(...args)), renew: async () => false }) as never,
    };
    const { restore, emulator } = world({ intents });
    expect(await problem(restore(NAME))).toMatchObject({ problem: "busy" });
    expect(emulator.journal.count(submit).received).toBe(0);
    expect(await intentsOf(intents)).toMatchObject([{ state: "notStarted", proof: "neverSent" }]);
  });
});

describe("the store fails", () => {
  /** Fails the updates to some states. */
  const failing = (states: readonly State[], after = false) => {
    const store = memoryIntents();
    const left = new Set(states);
    return {
      ...store,
      async update(intent: Intent, version: number) {
        const full = new StoreError("full", "no space", "Make room.");
        if (!left.delete(intent.state)) return store.update(intent, version);
        if (after) await store.update(intent, version);
        throw full;
      },
    };
  };

  test.each([false, true])("before the submit: nothing is sent (the write took place: %s)", async (after) => {
    const { restore, emulator, intents } = world({ intents: failing(["submitting"], after) });
    expect(await problem(restore(NAME))).toMatchObject({ name: "StoreError", problem: "full" });
    expect(emulator.journal.count(submit).received).toBe(0);
    expect(await intentsOf(intents)).toMatchObject([{ state: "notStarted", proof: "neverSent" }]);
  });

  test.each([false, true])(
    "after the submit: the outcome holds, and is kept later (the write took place: %s)",
    async (after) => {
      const { restore, wait, intents, kit, adapter } = world({ intents: failing(["accepted"], after) });
      const outcome = await restore(NAME);
      expect(outcome).toMatchObject({ outcome: "accepted", unrecorded: { problem: "full" } });
      expect(await intentsOf(intents)).toMatchObject([{ state: after ? "accepted" : "submitting" }]);
      expect(await wait(outcome)).toMatchObject({ end: "succeeded", intent: { state: "succeeded" } });
      expect((await kit.resume(adapter(NAME), outcome.intent.id)).outcome).toBe("succeeded");
    },
  );

  test("at the end: it is known, and kept by the next wait", async () => {
    const { restore, wait } = world({ intents: failing(["succeeded"]) });
    const outcome = await restore(NAME);
    expect(await wait(outcome)).toMatchObject({ end: "succeeded", unrecorded: { problem: "full" } });
    const again = await wait(outcome);
    expect([again.end, again.intent.state, again.unrecorded]).toEqual(["succeeded", "succeeded", undefined]);
  });
});

describe("aborted", () => {
  test("before anything was sent", async () => {
    const { restore, intents } = world();
    const signal = AbortSignal.abort();
    expect(await problem(restore(NAME, {}, { signal }))).toMatchObject({ problem: "aborted" });
    expect(await intentsOf(intents)).toMatchObject([{ state: "notStarted", proof: "neverSent" }]);
  });

  test("during the submit: unknown at once, and resolved later", async () => {
    const { restore, emulator, kit, adapter, clock } = world();
    emulator.faults.next(submit, { kind: "slow", ms: 20_000 }, { service: NAME });
    const stop = new AbortController();
    const running = restore(NAME, {}, { signal: stop.signal });
    await clock.sleep(5_000);
    stop.abort();
    const outcome = await running;
    expect(outcome.outcome).toBe("unknown");
    expect((await kit.resume(adapter(NAME), outcome.intent.id)).outcome).toBe("accepted");
  });
});

test("what cannot be carried on is refused", async () => {
  const { kit, adapters, restore, adapter } = world();
  const rds = adapters["huaweicloud-rds"];
  expect(await problem(kit.resume(rds, "nobody"))).toMatchObject({ problem: "noIntent" });
  const { intent } = await restore(NAME);
  expect(await problem(kit.resume(rds, intent.id))).toMatchObject({ problem: "otherAdapter" });
  expect(await problem(kit.wait(rds, intent.id, { deadline: new Date() }))).toMatchObject({ problem: "otherAdapter" });
  const planned = await standing("planned", { ran: false });
  const deadline = new Date(planned.clock.now() + MINUTE);
  expect(await problem(planned.kit.wait(planned.adapter(NAME), planned.intent.id, { deadline }))).toMatchObject({
    problem: "notAccepted",
  });
  const waiting = kit.wait(adapter(NAME), intent.id, { deadline: "2026-01-05 10:00" });
  expect(await problem(waiting)).toMatchObject({ problem: "input" });
});

test("a listener or audit that throws stops nothing", async () => {
  const { restore, clock } = world({
    kit: {
      audit: () => {
        throw new Error("disk full");
      },
    },
  });
  const outcome = await restore(NAME);
  if (outcome.outcome !== "accepted") throw new Error("not accepted");
  const onProgress = () => {
    throw new Error("closed");
  };
  const end = await outcome.task.wait({ deadline: new Date(clock.now() + 30 * MINUTE), onProgress });
  expect(end.end).toBe("succeeded");
});

test("a list that shows the record of the submit only now and then", async () => {
  const { restore, emulator } = world();
  emulator.faults.next(submit, { kind: "dropAfter" }, { service: NAME });
  emulator.faults.next(list, { kind: "errorBefore" }, { service: NAME, skip: 1, times: 6 });
  expect((await restore(NAME)).outcome).toBe("accepted");
});
