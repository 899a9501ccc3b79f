import { type Call, lock, page, type Reply, startRestore } from "../call.js";
import { DAY, type Instance, MINUTE } from "../state.js";
import { fromOffset } from "../times.js";
import { findInstance, refuse, zoned } from "./common.js";

export function restoreRedisPitr(call: Call): Reply {
  const instance = findPitrInstance(call);
  if (instance.status !== undefined && instance.status !== "normal") {
    throw refuse(403, "DBS.201014", `The instance is ${instance.status}.`);
  }
  if (lock(call, instance)) throw refuse(403, "DBS.200019", "Another operation is being performed on the instance.");
  const time = fromOffset(call.body.restore_time as string);
  if (!pointsOf(instance, call.now).includes(time)) {
    throw refuse(400, "DBS.201215", "The restoration time is not one of those that are listed.");
  }
  const { id } = startRestore(
    call,
    { instance, time, failure: { code: "", text: "The data could not be restored." } },
    { time, sourceInstance: instance.id },
  );
  return { status: 202, body: { job_id: id } };
}

export function listRedisPitrRestoreTime(call: Call): Reply {
  const instance = findPitrInstance(call);
  const { start_time, end_time, offset = 0, limit = 100 } = call.parameters;
  const [start, end] = [fromOffset(start_time as string), fromOffset(end_time as string)];
  if (!(start <= end)) throw refuse(400, "DBS.280068", "The end time is before the start time.");
  const points = pointsOf(instance, call.now).filter((at) => at >= start && at <= end);
  const times = page(points, offset as number, limit as number).map(zoned);
  return { status: 200, body: { restore_time: times, total_count: points.length } };
}

export function setRedisPitrPolicy(call: Call): Reply {
  const instance = findPitrInstance(call);
  const {
    enabled,
    interval = 20,
    keep_days = 1,
  } = call.body as {
    enabled: boolean;
    interval?: number;
    keep_days?: number;
  };
  const since = enabled && instance.pitr?.enabled ? instance.pitr.since : call.now;
  instance.pitr = { enabled, intervalMinutes: interval, keepDays: keep_days, since };
  return { status: 200 };
}

export function showRedisPitrPolicy(call: Call): Reply {
  const { pitr } = findPitrInstance(call);
  if (!pitr?.enabled) return { status: 200, body: { enabled: false } };
  return { status: 200, body: { enabled: true, interval: pitr.intervalMinutes, keep_days: pitr.keepDays } };
}

/** The points of the policy, oldest first: one per interval, whole seconds, as far back as they are kept. */
function pointsOf({ pitr }: Instance, now: number): number[] {
  if (!pitr?.enabled) return [];
  const step = pitr.intervalMinutes * MINUTE;
  const since = Math.ceil(pitr.since / 1000) * 1000;
  const oldest = Math.max(1, Math.ceil((now - pitr.keepDays * DAY - since) / step));
  const newest = Math.floor((now - since) / step);
  return Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) => since + (oldest + index) * step);
}

/** Only proxy clusters have points in time. @throws {Refusal} */
function findPitrInstance(call: Call): Instance {
  const instance = findInstance(call);
  if (instance.mode !== "Cluster") {
    throw refuse(400, "DBS.280342", "The mode of the instance does not support this operation.");
  }
  return instance;
}
