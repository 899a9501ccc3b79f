import type { Operation } from "./bundle.js";

/** Keeps the documented limits: at most so many requests in any window, per operation and caller. */
export interface Limits {
  /** Whether one more may pass now; one that may not does not count. */
  pass(operation: Operation, caller: string, now: number): boolean;
}

export function createLimits(): Limits {
  const windows = new Map<string, number[]>();
  return {
    pass({ service, id, limit }, caller, now) {
      if (!limit) return true;
      const key = `${service} ${id} ${caller}`;
      const passed = (windows.get(key) ?? []).filter((at) => at > now - limit.seconds * 1000);
      windows.set(key, passed);
      if (passed.length >= limit.requests) return false;
      passed.push(now);
      return true;
    },
  };
}
