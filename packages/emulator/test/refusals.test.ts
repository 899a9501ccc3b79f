import { describe, expect, test } from "vitest";
import type { Instance } from "../src/index.js";
import { type Cloud, cloud, DCS, DCS_INSTANCE, GEMINI, newestPoint, outcome, RDS, REDIS } from "./cloud.js";

interface Row {
  name: string;
  /** Changes the demo instance of the service first. */
  given?: (instance: Instance, cloud: Cloud) => unknown;
  call(cloud: Cloud): Promise<unknown>;
  want: string;
}

const rdsRestore = (cloud: Cloud, source: object = { backup_id: RDS.backup_id }, target = RDS.instance_id) =>
  cloud.rds.restoreExistInstance({
    source: { instance_id: RDS.instance_id, ...source } as never,
    target: { instance_id: target },
  });

const groups: [service: string, instance: string, rows: Row[]][] = [
  [
    "Tencent",
    REDIS.InstanceId,
    [
      {
        name: "unknown instance",
        call: ({ redis }) => redis.restoreInstance({ ...REDIS, InstanceId: "crs-other" }),
        want: "200 ResourceNotFound.InstanceNotExists",
      },
      {
        name: "instance of another region",
        given: (instance) => (instance.region = "ap-singapore"),
        call: ({ redis }) => redis.restoreInstance(REDIS),
        want: "200 ResourceNotFound.InstanceNotExists",
      },
      {
        name: "unknown backup",
        call: ({ redis }) => redis.restoreInstance({ ...REDIS, BackupId: "other" }),
        want: "200 InvalidParameterValue.BackupNotExists",
      },
      {
        name: "wrong password",
        given: (instance) => (instance.password = "right"),
        call: ({ redis }) => redis.restoreInstance({ ...REDIS, Password: "wrong" }),
        want: "200 InvalidParameterValue.PasswordError",
      },
      {
        name: "expired backup",
        given: (_, { clock }) => clock.sleep(7 * 86_400_000),
        call: ({ redis }) => redis.restoreInstance(REDIS),
        want: "200 ResourceUnavailable.BackupStatusAbnormal",
      },
      {
        name: "backup that another restore reads",
        given: async (_, { emulator, redis }) => {
          emulator.state.addInstance("tencentcloud-redis", { id: "crs-second" });
          await redis.restoreInstance({ ...REDIS, InstanceId: "crs-second" });
        },
        call: ({ redis }) => redis.restoreInstance(REDIS),
        want: "200 ResourceUnavailable.BackupLockedError",
      },
      {
        name: "isolated instance",
        given: (instance) => (instance.status = -2),
        call: ({ redis }) => redis.restoreInstance(REDIS),
        want: "200 ResourceUnavailable.InstanceStatusAbnormal",
      },
      {
        name: "instance that is too small",
        given: (instance) => (instance.sizeMb = 0),
        call: ({ redis }) => redis.restoreInstance(REDIS),
        want: "200 ResourceUnavailable.BackupSpecError",
      },
      {
        name: "backup during a backup",
        given: (_, { redis }) => redis.manualBackupInstance({ InstanceId: REDIS.InstanceId }),
        call: ({ redis }) => redis.manualBackupInstance({ InstanceId: REDIS.InstanceId }),
        want: "200 ResourceUnavailable.InstanceLockedError",
      },
      {
        name: "unknown task",
        call: ({ redis }) => redis.describeTaskInfo({ TaskId: 1 }),
        want: "200 InvalidParameter.InvalidParameter",
      },
    ],
  ],
  [
    "DCS",
    DCS.instance_id,
    [
      {
        name: "unknown instance, v2",
        call: ({ dcs }) => dcs.restoreInstance({ ...DCS, instance_id: "other" }),
        want: "404 DCS.3022",
      },
      {
        name: "unknown instance, v1.0",
        call: ({ dcs }) => dcs.restoreInstanceV1({ ...DCS, instance_id: "other" }),
        want: "404 111404022",
      },
      {
        name: "unknown backup",
        call: ({ dcs }) => dcs.restoreInstance({ ...DCS, backup_id: "other" }),
        want: "400 DCS.4062",
      },
      {
        name: "expired backup",
        given: (_, { clock }) => clock.sleep(7 * 86_400_000),
        call: ({ dcs }) => dcs.restoreInstance(DCS),
        want: "400 DCS.4087",
      },
      {
        name: "backup that says that it cannot be restored",
        given: ({ backups }) => ((backups[0] as { restorable: boolean }).restorable = false),
        call: ({ dcs }) => dcs.restoreInstanceV1(DCS),
        want: "400 111400087",
      },
      {
        name: "restore during a backup",
        given: (_, { dcs }) => dcs.copyInstance(DCS_INSTANCE),
        call: ({ dcs }) => dcs.restoreInstance(DCS),
        want: "400 DCS.4096",
      },
      {
        name: "deletion during a restore",
        given: (_, { dcs }) => dcs.restoreInstance(DCS),
        call: ({ dcs }) => dcs.deleteBackupFile(DCS),
        want: "400 DCS.4097",
      },
      {
        name: "deletion of an unknown backup",
        call: ({ dcs }) => dcs.deleteBackupFile({ ...DCS, backup_id: "other" }),
        want: "400 DCS.4031",
      },
      {
        name: "instance with an error",
        given: (instance) => (instance.status = "ERROR"),
        call: ({ dcs }) => dcs.restoreInstance(DCS),
        want: "400 DCS.4049",
      },
      {
        name: "single-node instance",
        given: (instance) => (instance.mode = "single"),
        call: ({ dcs }) => dcs.restoreInstance(DCS),
        want: "400 DCS.4086",
      },
      {
        name: "remark of 129 characters",
        call: ({ dcs }) => dcs.restoreInstance({ ...DCS, remark: "r".repeat(129) }),
        want: "400 DCS.4098",
      },
    ],
  ],
  [
    "GeminiDB",
    GEMINI.instance_id,
    [
      {
        name: "unknown instance",
        call: async (cloud) =>
          cloud.gemini.restoreRedisPitr({ instance_id: "other", restore_time: await newestPoint(cloud) }),
        want: "404 DBS.200002",
      },
      {
        name: "point that is not listed",
        call: ({ gemini }) => gemini.restoreRedisPitr({ ...GEMINI, restore_time: "2026-01-05T07:59:59+0000" }),
        want: "400 DBS.201215",
      },
      {
        name: "policy switched off",
        given: (_, { gemini }) => gemini.setRedisPitrPolicy({ ...GEMINI, enabled: false }),
        call: ({ gemini }) => gemini.restoreRedisPitr({ ...GEMINI, restore_time: "2026-01-05T16:00:00+0800" }),
        want: "400 DBS.201215",
      },
      {
        name: "instance that is no proxy cluster",
        given: (instance) => (instance.mode = "Replication"),
        call: ({ gemini }) => gemini.showRedisPitrPolicy(GEMINI),
        want: "400 DBS.280342",
      },
      {
        name: "abnormal instance",
        given: (instance) => (instance.status = "abnormal"),
        call: async (cloud) => cloud.gemini.restoreRedisPitr({ ...GEMINI, restore_time: await newestPoint(cloud) }),
        want: "403 DBS.201014",
      },
    ],
  ],
  [
    "RDS",
    RDS.instance_id,
    [
      { name: "unknown target", call: (cloud) => rdsRestore(cloud, undefined, "other"), want: "404 DBS.200002" },
      {
        name: "unknown source",
        call: (cloud) => rdsRestore(cloud, { instance_id: "other", backup_id: RDS.backup_id }),
        want: "404 DBS.200013",
      },
      { name: "unknown backup", call: (cloud) => rdsRestore(cloud, { backup_id: "other" }), want: "400 DBS.280214" },
      {
        name: "point outside of the window",
        call: (cloud) => rdsRestore(cloud, { type: "timestamp", restore_time: cloud.clock.now() - 60_000 }),
        want: "400 DBS.280001",
      },
      {
        name: "instance that reboots",
        given: (instance) => (instance.status = "REBOOTING"),
        call: (cloud) => rdsRestore(cloud),
        want: "400 DBS.201014",
      },
      {
        name: "full storage",
        given: (instance) => (instance.status = "STORAGE FULL"),
        call: (cloud) => rdsRestore(cloud),
        want: "409 DBS.200316",
      },
      {
        name: "restore during a backup",
        given: (_, { rds }) => rds.createManualBackup({ instance_id: RDS.instance_id, name: "before" }),
        call: (cloud) => rdsRestore(cloud),
        want: "409 DBS.201205",
      },
      {
        name: "target of another engine",
        given: (_, { emulator }) => emulator.state.addInstance("huaweicloud-rds", { id: "pg", engine: "PostgreSQL" }),
        call: (cloud) => rdsRestore(cloud, undefined, "pg"),
        want: "400 DBS.280001",
      },
      {
        name: "smaller target",
        given: (_, { emulator }) => emulator.state.addInstance("huaweicloud-rds", { id: "small", sizeMb: 1024 }),
        call: (cloud) => rdsRestore(cloud, undefined, "small"),
        want: "400 DBS.280001",
      },
      {
        name: "backup of a name that is taken",
        given: async (_, { rds, clock }) => {
          await rds.createManualBackup({ instance_id: RDS.instance_id, name: "before" });
          await clock.sleep(60_000);
        },
        call: ({ rds }) => rds.createManualBackup({ instance_id: RDS.instance_id, name: "before" }),
        want: "409 DBS.201201",
      },
      {
        name: "deletion of an automatic backup",
        given: (_, { emulator }) => emulator.state.addBackup(RDS.instance_id, { id: "auto", kind: "auto" }),
        call: ({ rds }) => rds.deleteManualBackup({ backup_id: "auto" }),
        want: "403 DBS.200010",
      },
      {
        name: "deletion of a backup that is being restored",
        given: (_, cloud) => rdsRestore(cloud),
        call: ({ rds }) => rds.deleteManualBackup({ backup_id: RDS.backup_id }),
        want: "409 DBS.200019",
      },
      { name: "unknown job", call: ({ rds }) => rds.listJobInfo({ id: "other" }), want: "400 DBS.200543" },
    ],
  ],
];

describe.each(groups)("%s", (_, id, rows) => {
  test.each(rows)("$name: $want", async ({ given, call, want }) => {
    const made = cloud();
    const instance = made.emulator.state.instance(id);
    await given?.(instance, made);
    const before = instance.restores.length;
    expect(await outcome(call(made))).toBe(want);
    expect(instance.restores).toHaveLength(before);
  });
});
