import { type Clock, orAborted, systemClock } from "./clock.js";

/** Bounds how many calls start in any window. Share one among clients that count against the same account. */
export interface Limiter {
  /** Resolves when one more call under `key` may be sent; first come, first served. */
  take(key: string, limit: { requests: number; seconds: number }, signal: AbortSignal): Promise<void>;
}

/** Services count where requests arrive; a window this much longer covers jitter on the way. */
const MARGIN = 0.012;

/** @param clock time to count by; the system's unless a test or simulation brings its own */
export function createLimiter(clock: Clock = systemClock): Limiter {
  const lanes = new Map<string, { sent: number[]; tail: Promise<void> }>();

  return {
    take(key, { requests, seconds }, signal) {
      const lane = lanes.get(key) ?? { sent: [], tail: Promise.resolve() };
      lanes.set(key, lane);
      const window = seconds * 1000 * (1 + MARGIN);
      const turn = lane.tail.then(() => untilFree(lane.sent, requests, window, signal));
      lane.tail = turn.catch(() => {});
      return orAborted(turn, signal);
    },
  };

  async function untilFree(sent: number[], requests: number, window: number, signal: AbortSignal) {
    signal.throwIfAborted();
    while (sent.length >= requests) {
      const wait = (sent[0] ?? 0) + window - clock.now();
      if (wait <= 0) sent.shift();
      // A clock that was set back must not hold the line for longer than one window.
      else await clock.sleep(Math.min(wait, window), signal);
      if (wait > window) sent.length = 0;
    }
    sent.push(clock.now());
  }
}
