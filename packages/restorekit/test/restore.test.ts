import { describe, expect, test } from "vitest";
import { MINUTE, NAMES, SERVICES, world } from "./world.js";

describe.each(NAMES)("%s", (name) => {
  const { submit, list } = SERVICES[name];

  test("restores once, from the intent to the running instance", async () => {
    const { restore, wait, executed, audit, emulator } = world();
    const outcome = await restore(name);
    expect(outcome).toMatchObject({ outcome: "accepted", intent: { state: "accepted", by: "tester" } });
    const end = await wait(outcome);
    expect(end).toMatchObject({ end: "succeeded", intent: { state: "succeeded" } });
    expect(executed(name)).toBe(1);
    expect(audit.map(({ from, to }) => `${from} > ${to}`)).toEqual([
      "undefined > planned",
      "planned > submitting",
      "submitting > accepted",
      "accepted > succeeded",
    ]);
    expect(audit[2]?.requestId ?? audit[3]?.requestId).toBe(
      emulator.journal.entries.find(({ operation, executed }) => operation === submit && executed)?.requestId,
    );
  });

  test.each([
    ["the reply is lost, and it ran", "dropAfter", "accepted", 1],
    ["a gateway fails, and it ran", "errorAfter", "accepted", 1],
    ["a gateway fails, and it did not run", "errorBefore", "notStarted", 0],
    ["the connection breaks before it ran", "dropBefore", "notStarted", 0],
  ] as const)("%s", async (_, kind, want, runs) => {
    const { restore, executed, emulator, wait } = world();
    emulator.faults.next(submit, { kind }, { service: name });
    const outcome = await restore(name);
    expect(outcome.outcome).toBe(want);
    expect(executed(name)).toBe(runs);
    if (outcome.outcome === "accepted") {
      expect(outcome.intent.task?.found).toBe("reconciled");
      expect((await wait(outcome)).end).toBe("succeeded");
    } else {
      expect(outcome.intent.proof).toBe("notListed");
    }
  });

  test.each([Number.NaN, -1, Number.NEGATIVE_INFINITY])(
    "an interval of %s is refused; the restore can be waited for",
    async (intervalMs) => {
      const { restore, wait, kit, adapter, clock } = world();
      const outcome = await restore(name);
      const options = { deadline: new Date(clock.now() + MINUTE), intervalMs };
      const refused = { name: "RestoreError", problem: "input" };
      await expect(kit.wait(adapter(name), outcome.intent.id, options)).rejects.toMatchObject(refused);
      expect((await wait(outcome)).end).toBe("succeeded");
    },
  );

  test("its record is visible only later", async () => {
    const { restore, executed, emulator } = world();
    emulator.faults.next(submit, [{ kind: "dropAfter" }, { kind: "late", ms: 2 * MINUTE }], { service: name });
    expect((await restore(name)).outcome).toBe("accepted");
    expect(executed(name)).toBe(1);
  });

  test("is throttled first: the transport may send it again, for it did not run", async () => {
    const { restore, executed, emulator } = world();
    emulator.faults.next(submit, { kind: "throttle" }, { service: name });
    expect((await restore(name)).outcome).toBe("accepted");
    expect(executed(name)).toBe(1);
  });

  test("is refused", async () => {
    const { restore, executed } = world();
    const outcome = await restore(name, {
      waive: ["backupUsable", "timeRestorable"],
      from: name === "huaweicloud-geminidb" ? { at: "2020-01-01T00:00:00Z" } : { backup: "none" },
    });
    expect(outcome).toMatchObject({ outcome: "rejected", intent: { state: "rejected" }, error: { executed: "no" } });
    expect(executed(name)).toBe(0);
  });

  test("arrives twice, and the first delivery ran: the refusal as locked is not believed", async () => {
    const twice =
      (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
      async (input, init) => {
        const request = new Request(input, init);
        const copy = request.clone();
        const first = await fetch(request);
        return copy.method === "GET" || !isSubmit(copy) ? first : fetch(copy);
      };
    const isSubmit = ({ url, headers }: Request) =>
      headers.get("x-tc-action") === "RestoreInstance" || /restores$|pitr$|recovery$/.test(url);
    const { restore, executed, kit, adapter } = world({ around: twice });
    const outcome = await restore(name);
    expect(executed(name)).toBe(1);
    // Only DCS records say whose they are.
    expect(outcome.outcome).toBe(name === "opentelekomcloud-dcs" ? "accepted" : "unknown");
    if (outcome.outcome === "unknown") {
      expect(outcome.next).toContain("may be it");
      expect((await kit.reconcile(adapter(name), outcome.intent.id)).outcome).toBe("unknown");
    }
  });

  test("the list cannot be read after a lost reply: it stays unknown, and is found later", async () => {
    const { restore, emulator, kit, adapter, executed } = world();
    emulator.faults.next(submit, { kind: "dropAfter" }, { service: name });
    emulator.faults.next(list, { kind: "errorBefore" }, { service: name, skip: 1, times: 400 });
    const outcome = await restore(name);
    expect(outcome).toMatchObject({ outcome: "unknown", error: { executed: "maybe" } });
    emulator.faults.clear();
    expect((await kit.reconcile(adapter(name), outcome.intent.id)).outcome).toBe("accepted");
    expect(executed(name)).toBe(1);
  });

  test("the task fails", async () => {
    const { restore, wait, emulator, instance } = world();
    emulator.faults.next(submit, { kind: "fail" }, { service: name });
    const end = await wait(await restore(name));
    expect(end).toMatchObject({ end: "failed", intent: { state: "failed" } });
    expect(end.rawState).toBeDefined();
    expect(instance(name).restores).toHaveLength(1);
  });

  test("the task goes into a state that is not documented, and the waiting can be done again", async () => {
    const { restore, wait, emulator } = world();
    emulator.faults.next(submit, { kind: "undocumented", state: "paused" }, { service: name });
    const outcome = await restore(name);
    expect(await wait(outcome)).toMatchObject({ end: "unrecognised", intent: { state: "accepted" } });
    expect((await wait(outcome)).end).toBe("unrecognised");
  });

  test("waiting ends at its deadline, or when it is aborted; the restore goes on", async () => {
    const { restore, wait, clock } = world();
    const outcome = await restore(name);
    if (outcome.outcome !== "accepted") throw new Error("not accepted");
    const soon = { deadline: new Date(clock.now() + 12_000) };
    expect(await outcome.task.wait(soon)).toMatchObject({ end: "timedOut", waitingFor: "task" });
    const signal = AbortSignal.abort();
    const later = { deadline: new Date(clock.now() + MINUTE), signal };
    expect(await outcome.task.wait(later)).toMatchObject({ end: "aborted" });
    expect((await wait(outcome)).end).toBe("succeeded");
  });

  test("the task is done, but the instance does not run", async () => {
    const { restore, instance, clock } = world();
    const outcome = await restore(name);
    if (outcome.outcome !== "accepted") throw new Error("not accepted");
    instance(name).status = name === "tencentcloud-redis" ? 1 : "ERROR";
    const progress: unknown[] = [];
    const end = await outcome.task.wait({
      deadline: new Date(clock.now() + 5 * MINUTE),
      onProgress: ({ waitingFor }) => progress.push(waitingFor),
    });
    expect(end).toMatchObject({ end: "timedOut", waitingFor: "instance", intent: { state: "accepted" } });
    expect(progress).toContain("instance");
  });
});
