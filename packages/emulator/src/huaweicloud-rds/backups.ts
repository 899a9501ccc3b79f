import { type Call, lock, page, type Reply, startBackup } from "../call.js";
import { type Backup, backupInUse, backupPhase, DAY, listed } from "../state.js";
import { fromOffset, withOffset } from "../times.js";
import { findInstance, refuse } from "./common.js";

export function createManualBackup(call: Call): Reply {
  const { body, now } = call;
  const { name, description = "" } = body as { name: string; description?: string };
  const instance = findInstance(call, body.instance_id as string);
  const task = lock(call, instance);
  if (task?.kind === "backup") throw refuse(409, "DBS.201205", "The DB instance is being backed up.");
  if (task) throw refuse(409, "DBS.200019", "Another operation is being performed on the DB instance or it is faulty.");
  if (instance.status !== undefined && instance.status !== "ACTIVE") {
    throw refuse(400, "DBS.201014", `The DB instance is ${instance.status}.`);
  }
  if (instance.backups.some((backup) => backup.name === name && backupPhase(backup, now) !== "deleted")) {
    throw refuse(409, "DBS.201201", `There is a backup named ${name} already.`);
  }
  const { backup } = startBackup(
    call,
    { instance, failure: { code: "", text: "The backup failed." } },
    // Manual ones stay until they are deleted.
    { name, remark: description, expiresAt: now + 3650 * DAY },
  );
  return {
    status: 200,
    body: {
      backup: {
        id: backup.id,
        instance_id: instance.id,
        name,
        description,
        begin_time: withOffset(backup.startedAt),
        status: "BUILDING",
        type: "manual",
      },
    },
  };
}

export function listBackups(call: Call): Reply {
  const { now } = call;
  const {
    instance_id,
    backup_id,
    backup_type,
    status,
    offset = 0,
    limit = 100,
    begin_time,
    end_time,
  } = call.parameters;
  const instance = findInstance(call, instance_id as string);
  if ((begin_time === undefined) !== (end_time === undefined)) {
    throw refuse(400, "DBS.280001", "Parameter error: begin_time goes with end_time.");
  }
  const begin = begin_time === undefined ? -Infinity : fromOffset(begin_time as string);
  const end = end_time === undefined ? Infinity : fromOffset(end_time as string);
  const all = instance.backups
    .filter((backup) => listed(backup, now) && backupPhase(backup, now) !== "expired")
    .filter(({ id, kind }) => (backup_id ?? id) === id && (backup_type ?? kind) === kind)
    .filter((backup) => status === undefined || statusOf(backup, now) === status)
    .filter(({ startedAt }) => startedAt >= begin && startedAt <= end)
    .sort((a, b) => b.startedAt - a.startedAt);
  const backups = page(all, offset as number, limit as number).map((backup) => ({
    id: backup.id,
    instance_id: instance.id,
    name: backup.name,
    type: backup.kind,
    status: statusOf(backup, now),
    begin_time: withOffset(backup.startedAt),
    end_time: withOffset(backup.finishedAt),
    size: Math.ceil(backup.sizeBytes / 1024),
    datastore: { type: instance.engine, version: instance.version },
  }));
  return { status: 200, body: { backups, total_count: all.length } };
}

function statusOf(backup: Backup, now: number) {
  const task = backup.instance.tasks.find((task) => task.kind === "backup" && task.backup === backup);
  if (task?.stuck !== undefined && now >= task.startsAt) return String(task.stuck);
  const phase = backupPhase(backup, now);
  return phase === "building" ? "BUILDING" : phase === "failed" ? "FAILED" : "COMPLETED";
}

export function deleteManualBackup(call: Call): Reply {
  const { backup_id, project_id } = call.parameters as { backup_id: string; project_id: string };
  const backup = call.state.findBackup("huaweicloud-rds", backup_id);
  if (
    !backup ||
    backup.instance.projectId !== project_id ||
    ["deleted", "expired"].includes(backupPhase(backup, call.now))
  ) {
    throw refuse(400, "DBS.280214", `The backup ${backup_id} does not exist.`);
  }
  if (backup.kind !== "manual") throw refuse(403, "DBS.200010", "Only manual backups can be deleted.");
  if (backupInUse(backup, call.now) || lock(call, backup.instance)) {
    throw refuse(409, "DBS.200019", "Another operation is being performed on the DB instance or it is faulty.");
  }
  backup.deletedAt = call.now;
  return { status: 200 };
}
