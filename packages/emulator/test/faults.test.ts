import { describe, expect, test } from "vitest";
import { createEmulator, type Fault, type FaultKind, virtualClock } from "../src/index.js";
import { cloud, DCS, DCS_INSTANCE, outcome, RDS, REDIS } from "./cloud.js";

interface Row {
  fault: Fault;
  /** What the restore's sender sees at DCS and at Tencent. */
  dcs: string;
  redis: string;
  executed: number;
}

const table: Row[] = [
  { fault: { kind: "refuse" }, dcs: "notConnected, executed no", redis: "notConnected, executed no", executed: 0 },
  {
    fault: { kind: "dropBefore" },
    dcs: "connectionLost, executed maybe",
    redis: "connectionLost, executed maybe",
    executed: 0,
  },
  {
    fault: { kind: "dropAfter" },
    dcs: "connectionLost, executed maybe",
    redis: "connectionLost, executed maybe",
    executed: 1,
  },
  { fault: { kind: "errorBefore", status: 503 }, dcs: "503 HTTP 503", redis: "503 HTTP 503", executed: 0 },
  { fault: { kind: "errorAfter", status: 504 }, dcs: "504 APIGW.0201", redis: "504 HTTP 504", executed: 1 },
  { fault: { kind: "errorAfter", status: 500 }, dcs: "500 DCS.5000", redis: "500 HTTP 500", executed: 1 },
  { fault: { kind: "throttle" }, dcs: "429 APIGW.0308", redis: "200 RequestLimitExceeded", executed: 0 },
  {
    fault: { kind: "skew", ms: 3_600_000 },
    dcs: "401 APIGW.0303",
    redis: "200 AuthFailure.SignatureExpire",
    executed: 0,
  },
  { fault: { kind: "slow", ms: 20_000 }, dcs: "done", redis: "done", executed: 1 },
  { fault: { kind: "late", ms: 20_000 }, dcs: "done", redis: "done", executed: 1 },
  { fault: { kind: "fail" }, dcs: "done", redis: "done", executed: 1 },
  { fault: { kind: "undocumented", state: "paused" }, dcs: "done", redis: "done", executed: 1 },
  { fault: { kind: "duplicate" }, dcs: "done", redis: "done", executed: 2 },
];

describe.each(table)("$fault.kind $fault.status", ({ fault, ...want }) => {
  test.each(["dcs", "redis"] as const)("%s", async (which) => {
    const { emulator, dcs, redis } = cloud();
    emulator.faults.next("restoreInstance", fault);
    const got = await outcome(which === "dcs" ? dcs.restoreInstance(DCS) : redis.restoreInstance(REDIS));
    expect(got).toBe(want[which]);
    const id = which === "dcs" ? DCS.instance_id : REDIS.InstanceId;
    expect(emulator.state.instance(id).restores).toHaveLength(want.executed);
    // A duplicate leaves one entry for the one request that was received.
    const entries = emulator.journal.entries.filter(({ operation }) => operation === "restoreInstance");
    expect(entries.map(({ executed }) => executed).reduce((sum, one) => sum + one, 0)).toBe(want.executed);
    expect(entries.some(({ faults }) => faults.includes(fault.kind))).toBe(true);
    expect(emulator.faults.pending).toBe(0);
  });
});

test("a service that there is not is refused, which JavaScript lets through", () => {
  const state = { dcs: [{ id: "my-instance" }] } as object;
  expect(() => createEmulator({ state })).toThrow("no service dcs with instances; there are tencentcloud-redis, ");
});

describe("scripts", () => {
  test("hit the request that they name, as often as they say", async () => {
    const { emulator, dcs, redis } = cloud();
    emulator.faults.next("listRestoreRecords", { kind: "dropBefore" }, { skip: 1, times: 2 });
    const got = [];
    for (let call = 0; call < 4; call++) got.push(await outcome(dcs.listRestoreRecords(DCS_INSTANCE)));
    expect(got).toEqual(["done", "connectionLost, executed maybe", "connectionLost, executed maybe", "done"]);
    emulator.faults.next("restoreInstance", { kind: "dropBefore" }, { service: "tencentcloud-redis" });
    expect(await outcome(dcs.restoreInstance(DCS))).toBe("done");
    expect(await outcome(redis.restoreInstance(REDIS))).toBe("connectionLost, executed maybe");
  });

  test("combine: lost and late", async () => {
    const { emulator, clock, rds } = cloud();
    emulator.faults.next("restoreExistInstance", [{ kind: "late", ms: 60_000 }, { kind: "dropAfter" }]);
    const target = { instance_id: RDS.instance_id };
    const lost = rds.restoreExistInstance({ source: { ...target, backup_id: RDS.backup_id }, target });
    expect(await outcome(lost)).toBe("connectionLost, executed maybe");
    expect((await rds.listTasks({ instance_id: RDS.instance_id })).total_count).toBe(0);
    await clock.sleep(61_000);
    expect((await rds.listTasks({ instance_id: RDS.instance_id })).total_count).toBe(1);
  });

  test("hide a refusal as well as a result", async () => {
    const { emulator, dcs } = cloud();
    await dcs.restoreInstance(DCS);
    emulator.faults.next("restoreInstance", { kind: "errorAfter", status: 504 });
    expect(await outcome(dcs.restoreInstance(DCS))).toBe("504 APIGW.0201");
    expect(emulator.journal.count("restoreInstance")).toEqual({ received: 2, executed: 1 });
  });

  test("refuse a name that no service has", () => {
    expect(() => cloud().emulator.faults.next("restorInstance", { kind: "dropAfter" })).toThrow("no operation");
    expect(() =>
      cloud().emulator.faults.next("restoreRedisPitr", { kind: "dropAfter" }, { service: "huaweicloud-rds" }),
    ).toThrow("in huaweicloud-rds");
    const operations = ["restorInstance"];
    expect(() => cloud().emulator.faults.random({ rate: 1, operations })).toThrow("no operation restorInstance");
  });

  test("refuse a kind that there is not, which JavaScript lets through", () => {
    const kind = "dropafter" as FaultKind;
    const { faults } = cloud().emulator;
    expect(() => faults.next("*", { kind } as Fault)).toThrow("no fault dropafter; there are refuse, dropBefore");
    expect(() => faults.random({ rate: 1, kinds: [kind] })).toThrow("no fault dropafter");
    expect(faults.pending).toBe(0);
    for (const { fault } of table) faults.next("*", fault);
    expect(faults.pending).toBe(table.length);
  });
});

test("a slow answer takes its time in the clock of the emulator, and the caller can leave", async () => {
  const { emulator, clock, dcs } = cloud();
  emulator.faults.next("listRestoreRecords", { kind: "slow", ms: 45_000 });
  const started = clock.now();
  await dcs.listRestoreRecords(DCS_INSTANCE);
  expect(clock.now() - started).toBe(45_000);
  emulator.faults.next("restoreInstance", { kind: "slow", ms: 45_000 });
  const stop = new AbortController();
  const left = emulator.fetch("https://dcs.eu-de.otc.t-systems.com/v2/x/instances", { signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(left).rejects.toThrow("enough");
});

test("a client that corrects its clock gets on with a cloud whose clock is off", async () => {
  const { emulator, redis, dcs } = cloud({}, { retry: { attempts: 2 } });
  emulator.faults.next("*", { kind: "skew", ms: 3_600_000 }, { times: Number.POSITIVE_INFINITY });
  // It learns from a read, which may be sent again.
  expect(await outcome(dcs.listRestoreRecords(DCS_INSTANCE))).toBe("done");
  expect(await outcome(dcs.restoreInstance(DCS))).toBe("done");
  expect(await outcome(redis.describeInstances({}))).toBe("done");
  expect(await outcome(redis.restoreInstance(REDIS))).toBe("done");
  expect(emulator.journal.count("restoreInstance")).toEqual({ received: 2, executed: 2 });
});

describe("random faults", () => {
  const kinds: FaultKind[] = ["dropBefore", "dropAfter", "errorBefore", "errorAfter", "throttle"];
  const run = async (seed: number) => {
    const made = cloud({ seed, faults: { rate: 0.5, kinds } });
    const got = [];
    for (let call = 0; call < 20; call++) got.push(await outcome(made.dcs.listRestoreRecords(DCS_INSTANCE)));
    return { got, ids: made.emulator.journal.entries.map(({ requestId }) => requestId) };
  };

  test("are the same for the same seed", async () => {
    const [first, again, other] = [await run(7), await run(7), await run(8)];
    expect(again).toEqual(first);
    expect(other.got).not.toEqual(first.got);
    expect(first.got.filter((got) => got !== "done").length).toBeGreaterThan(4);
  });

  test("keep to the operations that are named", async () => {
    const made = cloud({ faults: { rate: 1, kinds, operations: ["restoreInstance"] } });
    expect(await outcome(made.dcs.listRestoreRecords(DCS_INSTANCE))).toBe("done");
    expect(await outcome(made.dcs.restoreInstance(DCS))).not.toBe("done");
  });
});

test("under any faults, the journal and the instances agree about what ran", async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { emulator, clock, dcs } = cloud({ seed, faults: { rate: 0.6 } });
    for (let call = 0; call < 5; call++) {
      await outcome(dcs.restoreInstance(DCS));
      await clock.sleep(20_000);
    }
    const { executed, received } = emulator.journal.count("restoreInstance");
    expect([seed, emulator.state.instance(DCS.instance_id).restores.length, received]).toEqual([seed, executed, 5]);
  }
});

test("the journal holds every request and no secret", async () => {
  const made = cloud({
    credentials: { token: "canary-token", sk: "canary-sk", secretKey: "canary-key", password: "canary" },
  });
  const { emulator, redis, dcs, identity } = made;
  await outcome(redis.restoreInstance({ ...REDIS, Password: "canary-password" }));
  await outcome(dcs.restoreInstance(DCS));
  const user = { name: "emulator", password: "canary", domain: { name: "EMULATOR" } };
  const scope = { project: { id: emulator.credentials.projectId } };
  await identity.createToken({ auth: { identity: { methods: ["password"], password: { user } }, scope } });
  expect(emulator.journal.received).toBe(3);
  expect(emulator.journal.entries).toMatchObject([
    { service: "tencentcloud-redis", operation: "restoreInstance", instance: REDIS.InstanceId, executed: 1 },
    { service: "opentelekomcloud-dcs", operation: "restoreInstance", instance: DCS.instance_id, executed: 1 },
    { service: "identity", operation: "createToken", executed: 1, status: 201 },
  ]);
  expect(JSON.stringify(emulator.journal.entries)).not.toMatch(/canary|MII/);
});

test("the journal forgets the oldest entries but not the counts", async () => {
  const emulator = createEmulator({ clock: virtualClock(), journalSize: 10, checkSignatures: false });
  const { projectId } = emulator.credentials;
  const url = `https://dcs.eu-de.otc.t-systems.com/v2/${projectId}/instances`;
  for (let call = 0; call < 500; call++) await emulator.fetch(url);
  expect(emulator.journal.entries).toHaveLength(10);
  expect(emulator.journal.count("listInstances")).toEqual({ received: 500, executed: 500 });
});
