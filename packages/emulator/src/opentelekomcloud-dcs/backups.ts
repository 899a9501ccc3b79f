import { type Call, page, type Reply, startBackup } from "../call.js";
import { type Backup, backupPhase, listed } from "../state.js";
import { compact } from "../times.js";
import { findBackup, findInstance, iso, isV1, listing, refuse } from "./common.js";
import { refuseLocked, refuseNotRunning } from "./restore.js";

export function copyInstance(call: Call): Reply {
  const instance = findInstance(call);
  const v1 = isV1(call.operation);
  if (instance.mode === "single") throw refuse(v1, 400, 4086, "Only master/standby instances support this operation.");
  refuseLocked(call, instance);
  refuseNotRunning(call, instance);
  const { remark = "", backup_format = "rdb" } = call.body as { remark?: string; backup_format?: "rdb" | "aof" };
  const { backup } = startBackup(
    call,
    { instance, remark, failure: { code: "dcs.08.0002", text: "the backup timed out" } },
    { name: `backup_${compact(call.now)}`, remark, format: backup_format },
  );
  return { status: 200, body: { backup_id: backup.id } };
}

export function listBackupRecords(call: Call): Reply {
  const instance = findInstance(call);
  const { offset, limit, begin, end } = listing(call);
  const all = instance.backups
    .filter((backup) => listed(backup, call.now) && backup.startedAt >= begin && backup.startedAt < end)
    .sort((a, b) => b.startedAt - a.startedAt);
  // v2 says that there is nothing by 204, v1.0 by an empty list.
  if (all.length === 0 && !isV1(call.operation)) return { status: 204 };
  const records = page(all, offset, limit).map((backup) => record(backup, call.now));
  return { status: 200, body: { backup_record_response: records, total_num: all.length } };
}

function record(backup: Backup, now: number) {
  const task = backup.instance.tasks.find((task) => task.kind === "backup" && task.backup === backup);
  const phase = backupPhase(backup, now);
  const waiting = task !== undefined && now < task.startsAt;
  const status = {
    building: waiting ? "waiting" : "backuping",
    complete: "succeed",
    failed: "failed",
    expired: "expired",
    deleted: "deleted",
  }[phase];
  return {
    backup_id: backup.id,
    backup_name: backup.name,
    instance_id: backup.instance.id,
    status: task?.stuck !== undefined && !waiting ? String(task.stuck) : status,
    progress: phase === "building" ? "0.00" : "100.00",
    size: phase === "building" ? 0 : backup.sizeBytes,
    remark: backup.remark,
    period: null,
    backup_type: backup.kind,
    backup_format: backup.format,
    created_at: iso(backup.startedAt),
    execution_at: iso(task?.startsAt ?? backup.startedAt),
    updated_at: iso(Math.min(now, backup.finishedAt)),
    error_code: phase === "failed" ? (task?.failure?.code ?? "dcs.08.0002") : null,
    is_support_restore: backup.restorable ? "TRUE" : "FALSE",
  };
}

export function deleteBackupFile(call: Call): Reply {
  const v1 = isV1(call.operation);
  const instance = findInstance(call);
  refuseLocked(call, instance);
  const id = call.parameters.backup_id as string;
  const backup = findBackup(call, instance, id);
  if (!backup) throw refuse(v1, 400, 4031, `There is no backup ${id}.`);
  backup.deletedAt = call.now;
  return v1 ? { status: 200, body: { message: "" } } : { status: 204 };
}
