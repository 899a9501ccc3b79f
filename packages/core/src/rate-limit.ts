import { type Clock, orAborted, systemClock } from "./clock.js";

/** Bounds how many calls start in any window. Share one among clients that count against the same account. */
export interface Limiter {
  /** Resolves when one more call under `key` may be sent; first come, first served. */
  take(key: string, limit: { requests: number; seconds: number }, signal: AbortSignal): Promise<void>;
}

/** Services count where requests arrive; a window this much longer covers jitter on the way. */
const MARGIN = 0.012;

/** Calls of one key. Operations may share a key and yet have limits of their own. */
interface Lane {
  sent: number[];
  /** The longest window of its limits: what is older counts for none of them. */
  longest: number;
  tail: Promise<void>;
}

/** @param clock time to count by; the system's unless a test or simulation brings its own */
export function createLimiter(clock: Clock = systemClock): Limiter {
  const lanes = new Map<string, Lane>();

  return {
    take(key, { requests, seconds }, signal) {
      const lane = lanes.get(key) ?? { sent: [], longest: 0, tail: Promise.resolve() };
      lanes.set(key, lane);
      const window = seconds * 1000 * (1 + MARGIN);
      lane.longest = Math.max(lane.longest, window);
      const turn = lane.tail.then(() => untilFree(lane, requests, window, signal));
      lane.tail = turn.catch(() => {});
      return orAborted(turn, signal);
    },
  };

  async function untilFree(lane: Lane, requests: number, window: number, signal: AbortSignal) {
    const { sent } = lane;
    for (;;) {
      signal.throwIfAborted();
      const now = clock.now();
      while (sent[0] !== undefined && sent[0] + lane.longest <= now) sent.shift();
      const wait = (sent[sent.length - requests] ?? Number.NEGATIVE_INFINITY) + window - now;
      if (wait <= 0) break;
      // A clock that was set back must not hold the line for longer than one window.
      await clock.sleep(Math.min(wait, window), signal);
      if (wait > window) sent.length = 0;
    }
    sent.push(clock.now());
  }
}
