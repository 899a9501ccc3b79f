import { paginate } from "@restorekit/core";
import { operations as gemini } from "@restorekit/huaweicloud-geminidb";
import { operations as rds } from "@restorekit/huaweicloud-rds";
import { operations as dcs } from "@restorekit/opentelekomcloud-dcs";
import { operations as redis } from "@restorekit/tencentcloud-redis";
import { describe, expect, test } from "vitest";
import { DAY, MINUTE } from "../src/state.js";
import { cloud, DCS, DCS_INSTANCE, GEMINI, newestPoint, outcome, RDS, REDIS } from "./cloud.js";

/** A client that leaves the limits to the service. */
const unlimited = { take: async () => () => {} };

const REDIS_INSTANCE = { InstanceId: REDIS.InstanceId };
const RDS_INSTANCE = { instance_id: RDS.instance_id };

describe("Tencent", () => {
  test("a backup is made, listed, restored, and expires", async () => {
    const { redis, clock } = cloud();
    const { TaskId } = await redis.manualBackupInstance({
      ...REDIS_INSTANCE,
      Remark: "before the move",
      StorageDays: 1,
    });
    expect((await redis.describeTaskInfo({ TaskId })).Status).toBe("preparing");
    expect((await redis.describeInstanceBackups(REDIS_INSTANCE)).TotalCount).toBe(1);
    await clock.sleep(10_000);
    expect((await redis.describeTaskInfo({ TaskId })).Status).toBe("running");
    await clock.sleep(20_000);
    const { BackupSet } = await redis.describeInstanceBackups(REDIS_INSTANCE);
    expect(BackupSet[0]).toMatchObject({ Status: 2, Remark: "before the move", BackupType: "0", Locked: 0 });
    const made = { ...REDIS_INSTANCE, BackupId: BackupSet[0]?.BackupId as string };
    expect(await redis.describeBackupDetail(made)).toMatchObject({ Status: 2, StartTime: "2026-01-05 16:00:00" });
    expect(await outcome(redis.restoreInstance(made))).toBe("done");
    await clock.sleep(DAY);
    const expired = await redis.describeInstanceBackups({ ...REDIS_INSTANCE, Status: [-1] });
    expect(expired.BackupSet.map(({ BackupId }) => BackupId)).toEqual([made.BackupId]);
  });

  test("a backup is kept for as long as the schedule says", async () => {
    const { redis, clock } = cloud();
    const { BackupStorageDays = 0 } = await redis.describeAutoBackupConfig(REDIS_INSTANCE);
    await redis.manualBackupInstance(REDIS_INSTANCE);
    await clock.sleep(BackupStorageDays * DAY - MINUTE);
    expect((await redis.describeInstanceBackups(REDIS_INSTANCE)).TotalCount).toBe(1);
    await clock.sleep(MINUTE);
    expect((await redis.describeInstanceBackups(REDIS_INSTANCE)).TotalCount).toBe(0);
    const elsewhere = { InstanceId: "crs-elsewhere" };
    expect(await outcome(redis.describeAutoBackupConfig(elsewhere))).toBe("200 ResourceNotFound.InstanceNotExists");
  });

  test("a clone has no task id in its answer but a task in the list", async () => {
    const { redis, clock } = cloud();
    const { InstanceIds } = await redis.cloneInstances({
      ...REDIS,
      GoodsNum: 2,
      ZoneId: 1,
      BillingMode: 0,
      Period: 1,
      SecurityGroupIdList: ["sg-1"],
      NoAuth: true,
    });
    const statuses = async () =>
      (await redis.describeInstances({ InstanceIds })).InstanceSet.map(({ Status }) => Status);
    expect(await statuses()).toEqual([0, 0]);
    expect((await redis.describeTaskList({ TaskTypes: ["026"] })).TotalCount).toBe(2);
    await clock.sleep(MINUTE);
    expect(await statuses()).toEqual([2, 2]);
  });
});

describe("DCS", () => {
  test.each(["", "V1"] as const)("a backup is made, listed and deleted %s", async (version) => {
    const { dcs, clock, emulator } = cloud();
    const { backup_id } = await dcs[`copyInstance${version}`]({ ...DCS_INSTANCE, remark: "mine" });
    const list = async () => (await dcs[`listBackupRecords${version}`](DCS_INSTANCE))?.backup_record_response ?? [];
    expect((await list())[0]).toMatchObject({ backup_id, status: "waiting", remark: "mine" });
    await clock.sleep(5_000);
    expect((await list())[0]).toMatchObject({ status: "backuping" });
    await clock.sleep(MINUTE);
    expect((await list())[0]).toMatchObject({ status: "succeed", progress: "100.00", is_support_restore: "TRUE" });
    for (const { id } of emulator.state.instance(DCS.instance_id).backups) {
      await dcs[`deleteBackupFile${version}`]({ ...DCS_INSTANCE, backup_id: id });
    }
    expect(await list()).toEqual([]);
  });

  test("nothing is 204 in v2 and an empty list in v1.0", async () => {
    const { dcs } = cloud();
    const { response } = await dcs.listRestoreRecords(DCS_INSTANCE).withResponse();
    expect(response.status).toBe(204);
    expect(await dcs.listRestoreRecordsV1(DCS_INSTANCE)).toEqual({ restore_record_response: [], total_num: 0 });
  });

  test("records are found by their time in UTC", async () => {
    const { dcs } = cloud();
    const found = async (begin_time: string) =>
      (await dcs.listBackupRecords({ ...DCS_INSTANCE, begin_time, end_time: "20260105080000" }))?.total_num ?? 0;
    expect(await found("20260104080000")).toBe(1);
    expect(await found("20260104080001")).toBe(0);
  });

  test("a failed backup cannot be restored", async () => {
    const { dcs, clock, emulator } = cloud();
    emulator.faults.next("copyInstance", { kind: "fail" });
    const { backup_id = "" } = await dcs.copyInstance(DCS_INSTANCE);
    await clock.sleep(MINUTE);
    const record = (await dcs.listBackupRecords(DCS_INSTANCE))?.backup_record_response?.[0];
    expect(record).toMatchObject({ backup_id, status: "failed", error_code: "dcs.08.0002" });
    expect(await outcome(dcs.restoreInstance({ ...DCS_INSTANCE, backup_id }))).toBe("400 DCS.4087");
  });
});

describe("GeminiDB", () => {
  const window = { start_time: "2026-01-05T07:00:00+0000", end_time: "2026-01-05T16:00:00+0800" };

  test("has one point per interval of its policy, as long as they are kept", async () => {
    const { gemini, clock } = cloud();
    const points = async (times = window) =>
      (await gemini.listRedisPitrRestoreTime({ ...GEMINI, ...times })).restore_time;
    expect(await points()).toEqual(
      [0, 20, 40].map((m) => `2026-01-05T15:${String(m).padStart(2, "0")}:00+0800`).concat("2026-01-05T16:00:00+0800"),
    );
    await gemini.setRedisPitrPolicy({ ...GEMINI, enabled: true, interval: 60, keep_days: 2 });
    expect(await points()).toEqual(["2026-01-05T15:00:00+0800", "2026-01-05T16:00:00+0800"]);
    expect(await gemini.showRedisPitrPolicy(GEMINI)).toEqual({ enabled: true, interval: 60, keep_days: 2 });
    await clock.sleep(2 * DAY);
    expect(await points()).toEqual(["2026-01-05T16:00:00+0800"]);
    await gemini.setRedisPitrPolicy({ ...GEMINI, enabled: false });
    expect(await gemini.showRedisPitrPolicy(GEMINI)).toEqual({ enabled: false });
    expect(await points()).toEqual([]);
  });

  test("takes a point in whatever offset it is spelled", async () => {
    const made = cloud();
    expect(await newestPoint(made)).toBe("2026-01-05T16:00:00+0800");
    const restore = made.gemini.restoreRedisPitr({ ...GEMINI, restore_time: "2026-01-05T08:00:00+0000" });
    expect(await outcome(restore)).toBe("done");
    const [first] = made.emulator.state.instance(GEMINI.instance_id).restores;
    expect(first?.from).toEqual({ time: Date.UTC(2026, 0, 5, 8), sourceInstance: GEMINI.instance_id });
  });

  test("lists its backups in two versions", async () => {
    const { gemini } = cloud();
    const [v4] = (await gemini.listBackups(GEMINI)).backups;
    const [v3] = (await gemini.listBackupsV3({ offset: 1, limit: 10 })).backups ?? [];
    expect([v4?.begin_time, v3?.begin_time]).toEqual(["2026-01-04T08:00:00+0000", "2026-01-04 08:00:00"]);
  });
});

describe("RDS", () => {
  test("a backup is made, listed and deleted", async () => {
    const { rds, clock } = cloud();
    const { backup } = await rds.createManualBackup({ ...RDS_INSTANCE, name: "before" });
    const status = async () => (await rds.listBackups({ ...RDS_INSTANCE, backup_id: backup.id })).backups[0]?.status;
    expect(await status()).toBe("BUILDING");
    await clock.sleep(MINUTE);
    expect(await status()).toBe("COMPLETED");
    await rds.deleteManualBackup({ backup_id: backup.id });
    expect(await status()).toBeUndefined();
  });

  test("a restore to a point leaves a gap, and a full backup follows", async () => {
    const { rds, clock, emulator } = cloud();
    const ranges = async () => (await rds.listRestoreTimes(RDS_INSTANCE)).restore_time;
    const end = clock.now();
    expect(await ranges()).toEqual([{ start_time: end - 7 * DAY, end_time: end - 5 * MINUTE }]);
    const source = { ...RDS_INSTANCE, type: "timestamp" as const, restore_time: end - DAY };
    await rds.restoreExistInstance({ source, target: RDS_INSTANCE });
    await clock.sleep(60 * MINUTE);
    const [task] = emulator.state.instance(RDS.instance_id).tasks;
    expect((await ranges()).map(({ end_time, start_time }) => [start_time, end_time])).toEqual([
      [clock.now() - 7 * DAY, end],
      [task?.endsAt, clock.now() - 5 * MINUTE],
    ]);
    const { backups } = await rds.listBackups({ ...RDS_INSTANCE, backup_type: "auto" });
    expect(backups).toHaveLength(1);
    expect((await rds.listRestoreTimes({ ...RDS_INSTANCE, date: "2026-01-03" })).restore_time).toEqual([
      { start_time: Date.UTC(2026, 0, 3), end_time: Date.UTC(2026, 0, 4) - 1 },
    ]);
  });

  test("a job is visible only after seconds", async () => {
    const { rds, clock } = cloud();
    const { job_id = "" } = await rds.restoreExistInstance({
      source: { ...RDS_INSTANCE, backup_id: RDS.backup_id },
      target: RDS_INSTANCE,
    });
    expect(await outcome(rds.listJobInfo({ id: job_id }))).toBe("400 DBS.200543");
    await clock.sleep(3_000);
    expect((await rds.listJobInfo({ id: job_id })).job).toMatchObject({ status: "Running", process: "3%" });
  });
});

test("a late backup is in the lists only later", async () => {
  const { emulator, redis, dcs, rds, clock } = cloud();
  for (const operation of ["manualBackupInstance", "copyInstance", "createManualBackup"]) {
    emulator.faults.next(operation, { kind: "late", ms: 60_000 });
  }
  await redis.manualBackupInstance(REDIS_INSTANCE);
  await dcs.copyInstance(DCS_INSTANCE);
  await rds.createManualBackup({ ...RDS_INSTANCE, name: "before" });
  const counts = async () => [
    (await redis.describeInstanceBackups({ ...REDIS_INSTANCE, Status: [1, 2] })).TotalCount,
    (await dcs.listBackupRecords(DCS_INSTANCE))?.total_num,
    (await rds.listBackups(RDS_INSTANCE)).total_count,
  ];
  expect(await counts()).toEqual([1, 1, 1]);
  await clock.sleep(60_000);
  expect(await counts()).toEqual([2, 2, 2]);
});

test("every list is walked page by page", async () => {
  const made = cloud({}, { limiter: unlimited });
  const { state } = made.emulator;
  for (let n = 0; n < 25; n++) {
    state.addInstance("tencentcloud-redis");
    state.addInstance("opentelekomcloud-dcs");
    state.addInstance("huaweicloud-geminidb");
    state.addInstance("huaweicloud-rds");
    for (const id of [REDIS.InstanceId, DCS.instance_id, GEMINI.instance_id, RDS.instance_id]) state.addBackup(id);
  }
  const count = async (list: AsyncIterable<unknown>) => {
    const seen = new Set<string>();
    for await (const item of list) seen.add(JSON.stringify(item));
    return seen.size;
  };
  const walk = (operation: never, call: unknown, input: object) =>
    count(paginate(operation, call as never, input as never) as AsyncIterable<unknown>);
  const { redis: r, dcs: d, gemini: g, rds: s } = made;
  expect({
    redisInstances: await walk(redis.describeInstances as never, r.describeInstances, { Limit: 10 }),
    redisBackups: await walk(redis.describeInstanceBackups as never, r.describeInstanceBackups, {
      ...REDIS_INSTANCE,
      Limit: 7,
    }),
    dcsInstances: await walk(dcs.listInstances as never, d.listInstances, { limit: 10 }),
    dcsInstancesV1: await walk(dcs.listInstancesV1 as never, d.listInstancesV1, { limit: 10 }),
    dcsBackups: await walk(dcs.listBackupRecords as never, d.listBackupRecords, { ...DCS_INSTANCE, limit: 7 }),
    dcsBackupsV1: await walk(dcs.listBackupRecordsV1 as never, d.listBackupRecordsV1, { ...DCS_INSTANCE, limit: 7 }),
    geminiInstances: await walk(gemini.listInstances as never, g.listInstances, { limit: 10 }),
    geminiBackups: await walk(gemini.listBackups as never, g.listBackups, { ...GEMINI, limit: 7 }),
    geminiBackupsV3: await walk(gemini.listBackupsV3 as never, g.listBackupsV3, { ...GEMINI, limit: 7, offset: 1 }),
    rdsInstances: await walk(rds.listInstances as never, s.listInstances, { limit: 10 }),
    rdsBackups: await walk(rds.listBackups as never, s.listBackups, { ...RDS_INSTANCE, limit: 7 }),
  }).toEqual({
    redisInstances: 26,
    redisBackups: 26,
    dcsInstances: 26,
    dcsInstancesV1: 26,
    dcsBackups: 26,
    dcsBackupsV1: 26,
    geminiInstances: 26,
    geminiBackups: 26,
    geminiBackupsV3: 26,
    rdsInstances: 26,
    rdsBackups: 26,
  });
});

describe("limits", () => {
  const limiter = unlimited;

  test("the documented number passes in any window, and not one more", async () => {
    const { redis, clock } = cloud({}, { limiter });
    const burst = async () => {
      const got = [];
      for (let call = 0; call < 21; call++) got.push(await outcome(redis.describeTaskInfo({ TaskId: 1 })));
      return got.filter((one) => one === "200 RequestLimitExceeded").length;
    };
    expect(await burst()).toBe(1);
    await clock.sleep(999);
    expect(await outcome(redis.describeTaskInfo({ TaskId: 1 }))).toBe("200 RequestLimitExceeded");
    await clock.sleep(1);
    expect(await burst()).toBe(1);
  });

  test("a client that keeps the limits is never throttled", async () => {
    const { rds, emulator, clock } = cloud();
    const started = clock.now();
    const calls = Array.from({ length: 150 }, () => outcome(rds.listInstances({})));
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["done"]));
    expect(clock.now() - started).toBeGreaterThanOrEqual(60_000);
    expect(emulator.journal.count("listInstances").executed).toBe(150);
  });
});
