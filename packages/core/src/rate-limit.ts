import { type Clock, orAborted, systemClock } from "./clock.js";

/** Bounds how many calls a service counts in any window. Share one among clients that count against the same account. */
export interface Limiter {
  /**
   * Resolves when one more call under `key` may be sent; first come, first served.
   * @returns to be called when the attempt has ended, however it ended: until then the call holds its place
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a limiter of the caller's own may have no use for it
  take(key: string, limit: { requests: number; seconds: number }, signal: AbortSignal): Promise<(() => void) | void>;
}

/** A window this much longer covers the inaccuracy of clocks and timers. */
const MARGIN = 0.003;

interface Slot {
  /** When the service has counted it at the latest: the end of the attempt. Nobody knows while it is under way. */
  counted: number;
}

/** Calls of one key. Operations may share a key and yet have limits of their own. */
interface Lane {
  slots: Slot[];
  /** The longest window of its limits: what is older counts for none of them. */
  longest: number;
  tail: Promise<unknown>;
  /** Tells whose turn is next that an attempt has ended. */
  ended: () => void;
}

/**
 * Services count calls as they arrive, and nobody here sees when that is: the first calls are late, because they
 * connect, and the next ones are not. So a call holds its place until a window after its end, not after it was sent.
 * @param clock time to count by; without one, or with the system's, a clock that nobody can set
 */
export function createLimiter(clock: Clock = systemClock): Limiter {
  // The system's clock may be set forward, and a window would seem to be over; this one only ever runs.
  const now = clock.now === systemClock.now ? () => performance.now() : () => clock.now();
  const lanes = new Map<string, Lane>();

  return {
    take(key, { requests, seconds }, signal) {
      const lane = lanes.get(key) ?? { slots: [], longest: 0, tail: Promise.resolve(), ended: () => {} };
      lanes.set(key, lane);
      const window = seconds * 1000 * (1 + MARGIN);
      lane.longest = Math.max(lane.longest, window);
      const turn = lane.tail.then(() => untilFree(lane, requests, window, signal));
      lane.tail = turn.catch(() => {});
      return orAborted(turn, signal);
    },
  };

  async function untilFree(lane: Lane, requests: number, window: number, signal: AbortSignal) {
    for (;;) {
      signal.throwIfAborted();
      const time = now();
      lane.slots = lane.slots.filter(({ counted }) => counted + lane.longest > time);
      const wait = (nth(lane.slots, requests, ({ counted }) => counted) ?? Number.NEGATIVE_INFINITY) + window - time;
      if (wait <= 0) break;
      if (wait === Number.POSITIVE_INFINITY) {
        const ended = new Promise<void>((resolve) => {
          lane.ended = resolve;
        });
        await orAborted(ended, signal);
        continue;
      }
      // A clock that was set back must not hold the line for ever.
      const most = window + 1;
      await clock.sleep(Math.min(wait, most), signal);
      if (wait > most) lane.slots = lane.slots.filter(({ counted }) => counted === Number.POSITIVE_INFINITY);
    }
    const sent = now();
    const slot: Slot = { counted: Number.POSITIVE_INFINITY };
    lane.slots.push(slot);
    return () => {
      slot.counted = Math.min(slot.counted, Math.max(now(), sent));
      lane.ended();
    };
  }
}

/** The time that only n - 1 others come after. */
function nth(slots: readonly Slot[], n: number, timeOf: (slot: Slot) => number): number | undefined {
  return slots.map(timeOf).sort((a, b) => b - a)[n - 1];
}
