import type { Operation } from "../bundle.js";
import type { Call } from "../call.js";
import { Refusal } from "../refusal.js";
import type { Backup, Instance } from "../state.js";
import { fromCompact } from "../times.js";

export function isV1({ id }: { id: Operation["id"] }): boolean {
  return id.endsWith("V1");
}

/**
 * Two families of codes mean the same: v1.0 answers with the numbers here, v2 with the DCS ones. `4097` is
 * 111400097 and DCS.4097, `3022` is 111404022 and DCS.3022.
 */
export function refuse(v1: boolean, status: number, code: number, message: string): Refusal {
  const family = { 1: "111401", 2: "111403", 3: code === 3022 ? "111404" : "111403", 4: "111400", 5: "111500" }[
    Math.floor(code / 1000)
  ];
  // DCS.4049 and DCS.4031 have no number; the nearest that has one stands in.
  const last = { 4049: 26, 4031: 800 }[code] ?? code % 1000;
  return new Refusal(status, v1 ? `${family}${String(last).padStart(3, "0")}` : `DCS.${code}`, message);
}

/** @throws {Refusal} */
export function findInstance(call: Call): Instance {
  const { instance_id, project_id } = call.parameters as { instance_id: string; project_id: string };
  const instance = call.state.findInstance("opentelekomcloud-dcs", instance_id);
  if (!instance || instance.projectId !== project_id) {
    throw refuse(isV1(call.operation), 404, 3022, "This DCS instance does not exist.");
  }
  return instance;
}

/** A backup of the instance that has not been deleted. */
export function findBackup(call: Call, instance: Instance, id: string): Backup | undefined {
  return instance.backups.find((backup) => backup.id === id && !(Number(backup.deletedAt) <= call.now));
}

/** Position, size and times of a list; the versions differ in name and origin. */
export function listing(call: Call): { offset: number; limit: number; begin: number; end: number } {
  const { start = 1, offset = 0, limit = 10, beginTime, endTime, begin_time, end_time } = call.parameters;
  const time = (text: unknown, otherwise: number) => (text === undefined ? otherwise : fromCompact(text as string));
  return {
    offset: isV1(call.operation) ? (start as number) - 1 : (offset as number),
    limit: limit as number,
    begin: time(beginTime ?? begin_time, -Infinity),
    end: time(endTime ?? end_time, Infinity) + 1000,
  };
}

export const iso = (at: number) => new Date(at).toISOString();
