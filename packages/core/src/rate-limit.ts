import { type Clock, orAborted, systemClock } from "./clock.js";

/** Bounds how many calls a service counts in any window. Share one among clients that count against the same account. */
export interface Limiter {
  /**
   * Resolves when one more call under `key` may be sent; first come, first served.
   * @returns to be called when the attempt has ended; without it, the service may have counted it a second later
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a limiter of the caller's own may have no use for it
  take(key: string, limit: { requests: number; seconds: number }, signal: AbortSignal): Promise<(() => void) | void>;
}

/** A window this much longer covers the inaccuracy of clocks and timers. */
const MARGIN = 0.003;
/** The service has counted a call at the latest so long after it was sent, even if no answer came yet. */
const LATEST_MS = 1_000;

interface Slot {
  readonly sent: number;
  /** When the service has counted it at the latest. */
  counted: number;
  ended: boolean;
}

/** Calls of one key. Operations may share a key and yet have limits of their own. */
interface Lane {
  slots: Slot[];
  /** The longest window of its limits: what is older counts for none of them. */
  longest: number;
  tail: Promise<unknown>;
}

/**
 * Services count calls as they arrive, and nobody here sees when that is: the first calls are late, because they
 * connect, and the next ones are not. So a call holds its place until a window after its answer, not after it was sent.
 * @param clock time to count by; the system's unless a test or simulation brings its own
 */
export function createLimiter(clock: Clock = systemClock): Limiter {
  const lanes = new Map<string, Lane>();

  return {
    take(key, { requests, seconds }, signal) {
      const lane = lanes.get(key) ?? { slots: [], longest: 0, tail: Promise.resolve() };
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
      const now = clock.now();
      lane.slots = lane.slots.filter(({ counted }) => counted + lane.longest > now);
      const wait = (nth(lane.slots, requests, ({ counted }) => counted) ?? Number.NEGATIVE_INFINITY) + window - now;
      if (wait <= 0) break;
      // Calls under way will mostly have ended by the time that the first of them can be out of the window.
      const soonest = nth(lane.slots, requests, ({ ended, sent, counted }) => (ended ? counted : sent)) as number;
      // A clock that was set back must not hold the line for ever.
      const most = window + LATEST_MS + 1;
      await clock.sleep(Math.min(soonest + window > now ? soonest + window - now : window / 50, wait, most), signal);
      if (wait > most) lane.slots = [];
    }
    const sent = clock.now();
    const slot: Slot = { sent, counted: sent + LATEST_MS, ended: false };
    lane.slots.push(slot);
    return () => {
      slot.counted = Math.min(Math.max(clock.now(), sent), slot.counted);
      slot.ended = true;
    };
  }
}

/** The time that only n - 1 others come after. */
function nth(slots: readonly Slot[], n: number, timeOf: (slot: Slot) => number): number | undefined {
  return slots.map(timeOf).sort((a, b) => b - a)[n - 1];
}
