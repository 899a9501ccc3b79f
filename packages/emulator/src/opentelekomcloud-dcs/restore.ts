import { type Call, lock, page, type Reply, startRestore } from "../call.js";
import { backupPhase, type Instance } from "../state.js";
import { phaseOf, progressOf, type Task } from "../tasks.js";
import { compact } from "../times.js";
import { findBackup, findInstance, iso, isV1, listing, refuse } from "./common.js";
import { statusOf } from "./instances.js";

export function restoreInstance(call: Call): Reply {
  const v1 = isV1(call.operation);
  const instance = findInstance(call);
  const { backup_id, remark = "" } = call.body as { backup_id: string; remark?: string };
  if (instance.mode === "single") throw refuse(v1, 400, 4086, "Only master/standby instances support this operation.");
  refuseLocked(call, instance);
  refuseNotRunning(call, instance);
  const backup = findBackup(call, instance, backup_id);
  if (!backup) throw refuse(v1, 400, 4062, "Invalid parameter backup_id in the request.");
  if (backupPhase(backup, call.now) !== "complete" || !backup.restorable) {
    throw refuse(v1, 400, 4087, "The backup is not one that succeeded.");
  }

  const { id } = startRestore(
    call,
    { instance, backup, remark, failure: { code: "dcs.08.0007", text: "data synchronisation failed" } },
    { backup: backup.id, sourceInstance: instance.id },
  );
  return { status: 200, body: { restore_id: id } };
}

/** @throws {Refusal} while a restore or backup runs, each with its code. */
export function refuseLocked(call: Call, instance: Instance) {
  const task = lock(call, instance);
  const v1 = isV1(call.operation);
  if (task?.kind === "restore") throw refuse(v1, 400, 4097, "the instance is restoring.");
  if (task?.kind === "backup") throw refuse(v1, 400, 4096, "the instance is being backed up.");
}

/** @throws {Refusal} */
export function refuseNotRunning(call: Call, instance: Instance) {
  const status = statusOf(instance, call.now);
  if (instance.status !== undefined && status !== "RUNNING") {
    throw refuse(isV1(call.operation), 400, 4049, `The instance is ${status}, not RUNNING.`);
  }
}

export function listRestoreRecords(call: Call): Reply {
  const { now } = call;
  const v1 = isV1(call.operation);
  const instance = findInstance(call);
  const { offset, limit, begin, end } = listing(call);
  const all = instance.tasks
    .filter((task) => task.kind === "restore" && now >= task.visibleAt)
    .filter(({ submittedAt }) => submittedAt >= begin && submittedAt < end)
    .sort((a, b) => b.submittedAt - a.submittedAt);
  if (all.length === 0 && !v1) return { status: 204 };
  const records = page(all, offset, limit).map((task) => ({
    ...record(task, now),
    ...(v1 && { sourceInstanceId: instance.id, sourceInstanceName: instance.name }),
  }));
  return { status: 200, body: { restore_record_response: records, total_num: all.length } };
}

function record(task: Task, now: number) {
  const phase = phaseOf(task, now);
  const { submittedAt, startsAt, endsAt, backup, remark, failure } = task;
  return {
    restore_id: task.id,
    restore_name: `restore_${compact(submittedAt)}`,
    backup_id: backup?.id ?? "",
    backup_name: backup?.name ?? "",
    status: {
      waiting: "waiting",
      running: "restoring",
      succeeded: "succeed",
      failed: "failed",
      stuck: String(task.stuck),
    }[phase],
    progress: progressOf(task, now).toFixed(2),
    restore_remark: remark,
    backup_remark: backup?.remark ?? null,
    created_at: iso(submittedAt),
    updated_at: iso(phase === "waiting" ? submittedAt : phase === "stuck" ? startsAt : Math.min(now, endsAt)),
    error_code: phase === "failed" ? (failure?.code ?? null) : null,
  };
}
