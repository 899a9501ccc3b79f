import { RestoreError } from "./errors.js";
import { toDate } from "./instant.js";
import type { Source } from "./intent.js";
import type { Backup, Check, CheckName, FromBackup, FromTime } from "./model.js";

/** One check. `holds` undefined: it cannot be told. */
export function check(
  name: CheckName,
  holds: boolean | undefined,
  { found, next, page }: { found: unknown; next: string; page: string },
): Check {
  const verdict = holds === undefined ? "unproven" : holds ? "passed" : "failed";
  return { name, verdict, found: String(found ?? "not told"), next, page };
}

/** @throws {RestoreError} `input` */
export function fromBackup(from: FromBackup | FromTime, instance: string): Source {
  const id = typeof from.backup === "object" ? from.backup.id : from.backup;
  if (typeof id === "string" && id !== "" && from.at === undefined) return { instance, backup: id };
  throw new RestoreError("input", "this service restores backups, and `from` names none", {
    next: "Give from: { backup }, from listBackups.",
  });
}

/** @throws {RestoreError} `input` */
export function fromTime(from: FromBackup | FromTime, instance: string): Source {
  if (from.at !== undefined && from.backup === undefined) {
    return { instance, at: toDate(from.at, "from.at").toISOString() };
  }
  throw new RestoreError("input", "this service restores points in time, and `from` names none", {
    next: "Give from: { at }, from restorableTimes.",
  });
}

/** The id of a record, as text; empty where there is none that could be followed. */
export const idOf = (value: unknown): string =>
  typeof value === "string" || (Number.isSafeInteger(value) && value !== 0) ? String(value) : "";

/** What a record that names no caller is to a restore of `instance`: one that lacks a field may be anything. */
export function relationOf(
  instance: string,
  record: { readonly instance: string | undefined; readonly other: boolean; readonly like: boolean },
): "likely" | "doubtful" | "other" {
  if ((record.instance ?? instance) !== instance || record.other) return "other";
  return record.instance && record.like ? "likely" : "doubtful";
}

/** The check of a backup, the same for all services. */
export function checkBackup(
  backups: readonly Pick<Backup, "id" | "instance" | "usable" | "rawState">[],
  source: Source,
  page: string,
): Check {
  const backup = backups.find(({ id, instance }) => id === source.backup && instance === source.instance);
  return check("backupUsable", backup?.usable ?? false, {
    found: backup ? `state ${backup.rawState}` : `no backup ${source.backup} of ${source.instance}`,
    next: "Choose a usable one of listBackups: a failed, expired or deleted backup never becomes usable again.",
    page,
  });
}

/** All items of a walk through a list. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
