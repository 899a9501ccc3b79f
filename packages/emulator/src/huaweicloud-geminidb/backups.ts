import { type Call, page, type Reply } from "../call.js";
import { type Backup, backupPhase, listed } from "../state.js";
import { fromOffset, fromSpaced, spaced, withOffset } from "../times.js";
import { ofProject } from "./common.js";

export function listBackups(call: Call): Reply {
  const { offset = 0, limit = 100 } = call.parameters;
  const all = chosen(call, fromOffset);
  const backups = page(all, offset as number, limit as number).map((backup) => ({
    ...describe(backup, call.now),
    begin_time: withOffset(backup.startedAt),
    end_time: withOffset(backup.finishedAt),
  }));
  return { status: 200, body: { backups, total_count: all.length } };
}

/** Here `offset` counts pages from 1, and the times are UTC without saying so. */
export function listBackupsV3(call: Call): Reply {
  const { offset, limit } = call.parameters as { offset: number; limit: number };
  const all = chosen(call, fromSpaced);
  const backups = page(all, (offset - 1) * limit, limit).map((backup) => ({
    ...describe(backup, call.now),
    begin_time: spaced(backup.startedAt),
    end_time: spaced(backup.finishedAt),
  }));
  return { status: 200, body: { backups, total_count: all.length } };
}

function chosen(call: Call, instant: (text: string) => number): Backup[] {
  const { instance_id, backup_id, backup_type, datastore_type, begin_time, end_time, type } = call.parameters;
  const begin = begin_time === undefined ? -Infinity : instant(begin_time as string);
  const end = end_time === undefined ? Infinity : instant(end_time as string);
  if (type === "DatabaseTable") return [];
  return ofProject(call)
    .filter(({ id, engine }) => (instance_id ?? id) === id && (datastore_type ?? engine) === engine)
    .flatMap(({ backups }) => backups)
    .filter((backup) => listed(backup, call.now) && backupPhase(backup, call.now) !== "expired")
    .filter(({ id, kind }) => (backup_id ?? id) === id && (backup_type ?? typeOf(kind)) === typeOf(kind))
    .filter(({ startedAt }) => startedAt >= begin && startedAt <= end)
    .sort((a, b) => b.startedAt - a.startedAt);
}

const typeOf = (kind: Backup["kind"]) => (kind === "auto" ? "Auto" : "Manual");

function describe(backup: Backup, now: number) {
  const phase = backupPhase(backup, now);
  return {
    id: backup.id,
    name: backup.name,
    description: backup.remark,
    instance_id: backup.instance.id,
    instance_name: backup.instance.name,
    datastore: { type: backup.instance.engine, version: backup.instance.version },
    type: typeOf(backup.kind),
    size: Math.ceil(backup.sizeBytes / 1024),
    status: phase === "building" ? "BUILDING" : phase === "failed" ? "FAILED" : "COMPLETED",
  };
}
