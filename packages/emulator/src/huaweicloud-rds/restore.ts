import { type Call, lock, type Reply, startRestore } from "../call.js";
import { type Backup, backupPhase, DAY, type Instance, MINUTE } from "../state.js";
import { findInstance, refuse } from "./common.js";

interface Source {
  instance_id: string;
  type?: "backup" | "timestamp";
  backup_id?: string;
  restore_time?: number;
  database_name?: Record<string, string>;
  restore_all_database?: boolean;
}

export function restoreExistInstance(call: Call): Reply {
  const { source, target } = call.body as unknown as { source: Source; target: { instance_id: string } };
  const instance = findInstance(call, target.instance_id);
  const from = findInstance(call, source.instance_id, "DBS.200013");
  const task = lock(call, instance);
  if (task?.kind === "backup") throw refuse(409, "DBS.201205", "The DB instance is being backed up.");
  if (task) throw refuse(409, "DBS.200019", "Another operation is being performed on the DB instance or it is faulty.");
  if (instance.status === "STORAGE FULL") throw refuse(409, "DBS.200316", "The storage of the DB instance is full.");
  if (instance.status !== undefined && instance.status !== "ACTIVE") {
    throw refuse(400, "DBS.201014", `The DB instance is ${instance.status}.`);
  }
  refuseUnfit(from, instance, source);
  const backup = source.backup_id === undefined ? undefined : findBackup(call, from, source.backup_id);
  const time = source.restore_time;
  if (time !== undefined && !windowsOf(from, call.now).some(({ start, end }) => time >= start && time <= end)) {
    throw refuse(400, "DBS.280001", "Parameter error: restore_time is outside of the restoration time ranges.");
  }

  const started = startRestore(
    call,
    {
      instance,
      backup,
      visibleMs: call.pace.rdsVisibleMs,
      failure: { code: "", text: "The data could not be restored." },
      ...(time !== undefined && { time }),
    },
    backup ? { backup: backup.id, sourceInstance: from.id } : { time: time as number, sourceInstance: from.id },
  );
  // A full backup follows by itself. It locks nothing here.
  if (!started.failure && started.stuck === undefined) {
    call.state.addBackup(instance, {
      kind: "auto",
      startedAt: started.endsAt,
      finishedAt: started.endsAt + call.pace.backupMs,
      expiresAt: started.endsAt + instance.keepDays * DAY,
    });
  }
  return { status: call.operation.id === "restoreExistInstance" ? 202 : 200, body: { job_id: started.id } };
}

/** @throws {Refusal} where source and target do not go together. */
function refuseUnfit(from: Instance, to: Instance, source: Source) {
  const unfit = (why: string) => refuse(400, "DBS.280001", `Parameter error: ${why}.`);
  if (from.engine !== to.engine) throw unfit("source and target run different engines");
  if (to.engine === "MySQL" && to.sizeMb < from.sizeMb) throw unfit("the target has less storage than the source");
  if (to.engine === "PostgreSQL" && to === from) throw unfit("a PostgreSQL instance is not restored onto itself");
  if (to.engine === "PostgreSQL" && to.version !== from.version) throw unfit("the versions differ");
  const names = source.database_name !== undefined || source.restore_all_database === true;
  if (names && to.engine !== "SQLServer") throw unfit("databases can be chosen with SQL Server only");
}

function findBackup(call: Call, from: Instance, id: string): Backup {
  const backup = from.backups.find((backup) => backup.id === id);
  const phase = backup && backupPhase(backup, call.now);
  if (!backup || phase === "deleted" || phase === "expired") {
    throw refuse(400, "DBS.280214", `The backup ${id} does not exist.`);
  }
  if (phase !== "complete") throw refuse(400, "DBS.201203", `The backup file of ${id} does not exist.`);
  return backup;
}

export function listRestoreTimes(call: Call): Reply {
  const instance = findInstance(call, call.parameters.instance_id as string);
  const { date } = call.parameters as { date?: string };
  const from = date === undefined ? -Infinity : Date.parse(`${date}T00:00:00Z`);
  const to = date === undefined ? Infinity : from + DAY - 1;
  const ranges = windowsOf(instance, call.now)
    .map(({ start, end }) => ({ start_time: Math.max(start, from), end_time: Math.min(end, to) }))
    .filter(({ start_time, end_time }) => start_time <= end_time);
  return { status: 200, body: { restore_time: ranges } };
}

/** From as long ago as backups are kept until five minutes ago, with a gap after every restore to a point in time. */
function windowsOf(instance: Instance, now: number): { start: number; end: number }[] {
  let windows = [{ start: Math.max(instance.createdAt, now - instance.keepDays * DAY), end: now - 5 * MINUTE }];
  for (const { from, task } of instance.restores) {
    if (!("time" in from)) continue;
    windows = windows.flatMap(({ start, end }) => [
      { start, end: Math.min(end, task.submittedAt) },
      { start: Math.max(start, task.endsAt), end },
    ]);
  }
  return windows.filter(({ start, end }) => start < end);
}
