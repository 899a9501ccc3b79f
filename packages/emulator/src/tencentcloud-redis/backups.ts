import { type Call, lock, page, type Reply, startBackup, startTask } from "../call.js";
import { type Backup, backupInUse, backupPhase, DAY, listed } from "../state.js";
import { chosen, findInstance, fromLocal, local, refuse, regionOf, respond } from "./common.js";
import { statusOf } from "./instances.js";
import { newTaskId } from "./tasks.js";

const FLOW_FAILED = { code: "failed", text: "the flow ended with an error" };

export function describeInstanceBackups(call: Call): Reply {
  const { body, now } = call;
  const { Limit = 20, Offset = 0, BeginTime, EndTime } = body;
  // Left out, only normal backups come.
  const statuses = (body.Status as number[] | undefined) ?? [2];
  const begin = BeginTime === undefined ? -Infinity : fromLocal(BeginTime as string);
  const end = EndTime === undefined ? Infinity : fromLocal(EndTime as string);
  if (Number.isFinite(end - begin) && end - begin > 30 * DAY) {
    throw refuse("InvalidParameter.InvalidParameter", "BeginTime and EndTime are more than 30 days apart");
  }
  const all = chosen(call)
    .flatMap(({ backups }) => backups)
    .filter((backup) => listed(backup, now))
    .filter((backup) => ["building", "complete", "expired"].includes(backupPhase(backup, now)))
    .filter((backup) => statuses.length === 0 || statuses.includes(statusOfBackup(backup, now)))
    .filter(({ startedAt }) => startedAt + 1000 > begin && startedAt < end + 1000)
    .sort((a, b) => b.startedAt - a.startedAt);
  return respond({
    TotalCount: all.length,
    BackupSet: page(all, Offset as number, Limit as number).map((backup) => ({
      StartTime: local(backup.startedAt),
      EndTime: now < backup.finishedAt ? "" : local(backup.finishedAt),
      ExpireTime: local(backup.expiresAt),
      BackupId: backup.id,
      BackupType: backup.kind === "auto" ? "1" : "0",
      Status: statusOfBackup(backup, now),
      Remark: backup.remark,
      Locked: backupInUse(backup, now) ? 1 : 0,
      BackupSize: backup.sizeBytes,
      FullBackup: 0,
      InstanceType: 15,
      InstanceId: backup.instance.id,
      InstanceName: backup.instance.name,
      Region: backup.instance.region,
      FileType: `RDB-Redis ${backup.instance.version}`,
      Encrypted: false,
    })),
  });
}

/** 1 locked, 2 normal, -1 expired. */
function statusOfBackup(backup: Backup, now: number): number {
  const phase = backupPhase(backup, now);
  if (phase === "expired") return -1;
  return phase === "building" || backupInUse(backup, now) ? 1 : 2;
}

export function describeBackupDetail(call: Call): Reply {
  const { now } = call;
  const instance = findInstance(call);
  const backup = instance.backups.find(({ id }) => id === call.body.BackupId);
  if (!backup || ["deleted", "failed"].includes(backupPhase(backup, now))) {
    throw refuse("InvalidParameterValue.BackupNotExists", `backup ${call.body.BackupId} does not exist`);
  }
  return respond({
    BackupId: backup.id,
    StartTime: local(backup.startedAt),
    EndTime: now < backup.finishedAt ? "" : local(backup.finishedAt),
    BackupType: backup.kind === "auto" ? "1" : "0",
    Status: statusOfBackup(backup, now),
    Remark: backup.remark,
    Locked: backupInUse(backup, now) ? 1 : 0,
    BackupSize: backup.sizeBytes,
    InstanceType: 15,
    MemSize: instance.sizeMb,
    ShardNum: 1,
    ReplicasNum: 1,
    Encrypted: false,
  });
}

/** Every day, as where nothing else was ever set. */
export function describeAutoBackupConfig(call: Call): Reply {
  return respond({
    AutoBackupType: 1,
    WeekDays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    TimePeriod: "01:00-02:00",
    BackupStorageDays: findInstance(call).keepDays,
    BinlogStorageDays: 7,
  });
}

export function manualBackupInstance(call: Call): Reply {
  const instance = findInstance(call);
  if (lock(call, instance)) {
    throw refuse("ResourceUnavailable.InstanceLockedError", "Redis has been locked by another process");
  }
  if (statusOf(instance, call.now) !== 2) {
    throw refuse("ResourceUnavailable.InstanceStatusAbnormal", "the status of the instance is abnormal");
  }
  const days = (call.body.StorageDays as number | undefined) || instance.keepDays;
  const { task } = startBackup(
    call,
    { instance, id: newTaskId(call), failure: FLOW_FAILED },
    { remark: (call.body.Remark as string | undefined) ?? "", expiresAt: call.now + days * DAY },
  );
  return respond({ TaskId: Number(task.id) });
}

/** A clone has no task id in its answer; its task is in the list. */
export function cloneInstances(call: Call): Reply {
  const { body, now, random, state } = call;
  const source = findInstance(call);
  const backup = source.backups.find(({ id }) => id === body.BackupId);
  if (!backup || backupPhase(backup, now) !== "complete") {
    throw refuse("InvalidParameterValue.CheckNotPass", `backup ${body.BackupId} cannot be cloned`);
  }
  if (body.NoAuth !== true && body.Password === undefined) {
    throw refuse("InvalidParameterValue.PasswordEmpty", "the password is empty");
  }
  const ids = Array.from({ length: body.GoodsNum as number }, (_, index) => {
    const clone = state.addInstance("tencentcloud-redis", {
      name: (body.InstanceName as string | undefined) ?? `clone-${random.hex(6)}-${index}`,
      region: regionOf(call),
      createdAt: now,
      mode: source.mode,
      sizeMb: source.sizeMb,
      version: source.version,
      ...(body.NoAuth === true ? {} : { password: body.Password as string }),
    });
    startTask(call, { kind: "clone", instance: clone, backup, id: newTaskId(call), failure: FLOW_FAILED });
    return clone.id;
  });
  const deal = `2026${random.hex(19).replace(/\D/g, "7")}`;
  return respond({ InstanceIds: ids, DealId: deal, DealName: deal });
}
