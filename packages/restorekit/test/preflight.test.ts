import type { Instance, ServiceName } from "@restorekit/emulator";
import { describe, expect, test } from "vitest";
import { intentsOf, MINUTE, NAMES, problem, SERVICES, type World, world } from "./world.js";

const DAY = 24 * 60 * MINUTE;
type Case = [ServiceName, string, (given: { instance: Instance; world: World }) => object, string];
const [TENCENT, DCS, GEMINI, RDS] = [
  "tencentcloud-redis",
  "opentelekomcloud-dcs",
  "huaweicloud-geminidb",
  "huaweicloud-rds",
] as const;
/** Changes something, and leaves the order as it is. */
const assign = (thing: object, given: object) => {
  Object.assign(thing, given);
  return {};
};
const set =
  (given: Partial<Instance>) =>
  ({ instance }: { instance: Instance }) =>
    assign(instance, given);
const spoil =
  (given: object) =>
  ({ instance }: { instance: Instance }) =>
    assign(backup(instance), given);
const backup = (instance: Instance) => instance.backups[0] as NonNullable<Instance["backups"][0]>;

const CASES: Case[] = [
  ...NAMES.map(
    (name): Case => [name, "no such instance", () => ({ instance: "none", overwrite: "none" }), "instanceExists"],
  ),
  [TENCENT, "not running", set({ status: -2 }), "instanceReady"],
  [TENCENT, "no password", () => ({ password: undefined }), "passwordGiven"],
  [TENCENT, "no such backup", () => ({ from: { backup: "none" } }), "backupUsable"],
  [TENCENT, "the backup has expired", spoil({ expiresAt: 0 }), "backupUsable"],
  [TENCENT, "the task list cannot be read", ({ world }) => deny(world, TENCENT), "taskListReadable"],
  [DCS, "not running", set({ status: "ERROR" }), "instanceReady"],
  [DCS, "single node", set({ mode: "single" }), "instanceKind"],
  [DCS, "splitting of Redis 6", set({ mode: "ha_rw_split", version: "6.0" }), "instanceKind"],
  [DCS, "the backup cannot be restored", spoil({ restorable: false }), "backupUsable"],
  [DCS, "the backup failed", spoil({ failed: true }), "backupUsable"],
  [DCS, "the backup has expired", spoil({ expiresAt: 0 }), "backupUsable"],
  [DCS, "the task list cannot be read", ({ world }) => deny(world, DCS), "taskListReadable"],
  [GEMINI, "not normal", set({ status: "abnormal" }), "instanceReady"],
  [GEMINI, "not a proxy cluster", set({ mode: "Replication" }), "instanceKind"],
  [GEMINI, "points are off", ({ instance }) => assign(instance.pitr as object, { enabled: false }), "pitrEnabled"],
  [GEMINI, "between two points", () => ({ from: { at: new Date("2026-01-05T07:33:11Z") } }), "timeRestorable"],
  [GEMINI, "the task list cannot be read", ({ world }) => deny(world, GEMINI), "taskListReadable"],
  [RDS, "not active", set({ status: "STORAGE FULL" }), "instanceReady"],
  [RDS, "no such backup", () => ({ from: { backup: "none" } }), "backupUsable"],
  [RDS, "outside of the window", () => ({ from: { at: "2019-01-01T00:00:00Z" } }), "timeRestorable"],
  [RDS, "databases of MySQL", () => ({ databases: "all" }), "databasesChosen"],
  [RDS, "SQL Server without databases", set({ engine: "SQLServer" }), "databasesChosen"],
  [RDS, "PostgreSQL onto itself", set({ engine: "PostgreSQL" }), "sourceMatches"],
  [RDS, "a source that is gone", () => ({ from: { backup: "b", instance: "none" } }), "sourceMatches"],
  [RDS, "another engine", ({ world }) => other(world, { engine: "MariaDB" }), "sourceMatches"],
  [RDS, "a newer source", ({ world }) => other(world, { version: "8.4" }), "sourceMatches"],
  [RDS, "a larger source", ({ world }) => other(world, { sizeMb: 204_800 }), "storageFits"],
  [RDS, "the task list cannot be read", ({ world }) => deny(world, RDS), "taskListReadable"],
];

function deny({ emulator }: World, name: ServiceName) {
  emulator.faults.next(SERVICES[name].list, { kind: "throttle" }, { service: name, times: 10 });
  return {};
}

function other({ emulator }: World, given: object) {
  const source = emulator.state.addInstance(RDS, { id: "source-in01", backups: [{ id: "source-br01" }], ...given });
  return { from: { backup: "source-br01", instance: source.id } };
}

describe("what the documents forbid is refused before anything is sent", () => {
  test.each(CASES)("%s: %s", async (name, _, change, want) => {
    const made = world();
    const given = change({ instance: made.instance(name), world: made });
    const order = await made.order(name, given);
    const refused = await problem(made.kit.restore(made.adapter(name), order));
    expect(refused).toMatchObject({ name: "RestoreError", problem: "preflight" });
    const failed = (refused.checks as { name: string; verdict: string; page: string; next: string }[]).filter(
      ({ verdict }) => verdict === "failed",
    );
    expect(failed.map((check) => check.name)).toContain(want);
    for (const { page, next } of failed) {
      expect(page).toMatch(/^https:\/\/\S+$/);
      expect(refused.message).toContain(next);
    }
    expect(made.emulator.journal.count(SERVICES[name].submit, name).received).toBe(0);
    expect(await intentsOf(made.intents)).toMatchObject([{ state: "notStarted", proof: "neverSent" }]);
    const looked = await made.kit.preflight(made.adapter(name), order);
    if (!_.includes("list")) expect(looked.ok).toBe(false);
  });

  test.each(NAMES)("%s: a task of somebody else runs", async (name) => {
    const made = world();
    const first = await made.restore(name);
    if (first.outcome !== "accepted") throw new Error("not accepted");
    await made.clock.sleep(5_000);
    const { checks, ok } = await made.kit.preflight(made.adapter(name), await made.order(name));
    expect(ok).toBe(false);
    expect(checks.filter(({ verdict }) => verdict === "failed").map((check) => check.name)).toContain("noTaskRunning");
  });

  test("a check can be waived, by name, and that is kept", async () => {
    const made = world();
    made.instance(DCS).version = "6.0";
    made.instance(DCS).mode = "ha_rw_split";
    const outcome = await made.restore(DCS, { waive: ["instanceKind"] });
    expect(outcome).toMatchObject({ outcome: "accepted", intent: { waived: ["instanceKind"] } });
  });
});

describe("all is well", () => {
  test.each(NAMES)("%s: every check passes or cannot be told", async (name) => {
    const made = world();
    const { ok, checks } = await made.kit.preflight(made.adapter(name), await made.order(name));
    expect([ok, checks.filter(({ verdict }) => verdict === "failed")]).toEqual([true, []]);
    expect(checks.map((check) => check.name)).toEqual(
      expect.arrayContaining(["instanceExists", "instanceReady", "taskListReadable", "noTaskRunning"]),
    );
  });

  test("RDS: another source, a moment, and the databases of SQL Server", async () => {
    const made = world();
    const source = made.emulator.state.addInstance(RDS, { id: "source-in01", engine: "SQLServer", createdAt: 0 });
    made.instance(RDS).engine = "SQLServer";
    const outcome = await made.restore(RDS, {
      from: { at: new Date(made.clock.now() - 60 * MINUTE), instance: source.id },
      databases: { db1: "db2" },
    });
    expect(outcome.outcome).toBe("accepted");
    expect(made.instance(RDS).restores[0]?.from).toEqual({
      time: made.clock.now() - 60 * MINUTE,
      sourceInstance: source.id,
    });
  });
});

describe("the service cannot be asked", () => {
  test.each(NAMES)("%s: wrong credentials", async (name) => {
    const wrong = world();
    Object.assign(wrong.emulator.credentials, { secretKey: "changed", sk: "changed" });
    const refused = await problem(wrong.restore(name));
    expect(refused).toMatchObject({ problem: "credentials" });
    expect(refused.message).toMatch(/credentials/);
    expect(await intentsOf(wrong.intents)).toMatchObject([{ state: "notStarted", proof: "neverSent" }]);
  });

  test.each(NAMES)("%s: out of order", async (name) => {
    const made = world();
    made.emulator.faults.random({ rate: 1, kinds: ["errorBefore"] });
    const order = await made.order(name);
    expect(await problem(made.kit.restore(made.adapter(name), order))).toMatchObject({ problem: "unreachable" });
    expect(await intentsOf(made.intents)).toMatchObject([{ state: "notStarted", proof: "neverSent" }]);
  });
});

describe("what is asked is wrong", () => {
  test.each<[ServiceName, object, string]>([
    [DCS, { overwrite: "another" }, "overwriteMismatch"],
    [DCS, { from: { at: new Date() } }, "input"],
    [DCS, { from: undefined }, "input"],
    [DCS, { instance: "" }, "input"],
    [GEMINI, { from: { backup: "b" } }, "input"],
    [GEMINI, { from: { at: "2026-01-05 10:00:00" } }, "input"],
    [RDS, { from: { at: "2026-01-05T10:00:00" } }, "input"],
    [RDS, { from: { at: new Date(), backup: "b" } }, "input"],
    [RDS, { from: {} }, "input"],
  ])("%s: %j", async (name, given, want) => {
    const { restore, intents, emulator } = world();
    expect(await problem(restore(name, given))).toMatchObject({ problem: want, next: expect.stringMatching(/\w/) });
    expect([await intentsOf(intents), emulator.journal.received]).toEqual([[], 0]);
  });
});

describe("lists", () => {
  test.each(NAMES)("%s: backups in neutral words", async (name) => {
    const { kit, adapters, instance, clock } = world();
    const [found] = await kit.listBackups(adapters[name], SERVICES[name].instance);
    const kept = backup(instance(name));
    expect(found).toMatchObject({ id: kept.id, instance: SERVICES[name].instance, usable: name !== GEMINI });
    expect(found?.startedAt?.getTime()).toBe(Math.floor(kept.startedAt / 1000) * 1000);
    expect(clock.now() - Number(found?.startedAt)).toBe(DAY);
    expect([found?.rawState, found?.raw]).not.toContain(undefined);
  });

  test("backups come newest first, without a known start last, whatever the service's order", async () => {
    const { kit } = world();
    const starts = [undefined, 2, 5, undefined, 3].map((ms) => (ms === undefined ? ms : new Date(ms)));
    const adapter = { service: "demo", listBackups: async () => starts.map((startedAt) => ({ startedAt })) };
    const found = await kit.listBackups(adapter as never, "i-1");
    expect(found.map(({ startedAt }) => startedAt?.getTime())).toEqual([5, 3, 2, undefined, undefined]);
  });

  test("times: points of GeminiDB, windows of RDS", async () => {
    const { kit, adapters, clock } = world();
    const range = { from: new Date(clock.now() - 60 * MINUTE), to: new Date(clock.now()) };
    const points = await kit.restorableTimes(adapters[GEMINI], SERVICES[GEMINI].instance, range);
    expect(points.length).toBeGreaterThan(1);
    expect(points[0]).toMatchObject({ kind: "point", at: expect.any(Date), raw: expect.any(String) });
    const windows = await kit.restorableTimes(adapters[RDS], SERVICES[RDS].instance, range);
    expect(windows).toMatchObject([{ kind: "window", from: expect.any(Date), to: expect.any(Date) }]);
  });
});
