import { type Clock, orAborted, systemClock } from "./clock.js";

/** How an attempt ended: the service answered it, nobody knows, or it never left. */
export type TurnEnd = "answered" | "unanswered" | "unsent";

/** Bounds how many calls a service counts in any window. Share one among clients that count against the same account. */
export interface Limiter {
  /**
   * Resolves when one more call under `key` may be sent; first come, first served.
   * @returns to be told how the attempt ended: until then the call holds its place
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a limiter of the caller's own may have no use for it
  take(key: string, limit: Limit, signal: AbortSignal): Promise<((end?: TurnEnd) => void) | void>;
}

interface Limit {
  readonly requests: number;
  readonly seconds: number;
}

/** A window this much longer covers the inaccuracy of clocks and timers. */
const MARGIN = 0.003;
/** So many attempts tell how long the way is. */
const ENOUGH = 20;
/** Node's fetch keeps a connection open so long after an answer: who comes later may have to connect first. */
const WARM_MS = 4_000;
/** In a longer window the way does not count; and unlike calls share it. */
const SHORT_MS = 10_000;

interface Slot {
  /** The next call that takes this place may leave a window after this. Nobody knows while the attempt is under way. */
  freed: number;
}

/** Milliseconds that attempts took, there and back. */
interface Way {
  measured: number;
  fastest: number;
  usual: number;
}

/** Calls of one key. Operations may share a key and yet have limits of their own. */
interface Lane {
  slots: Slot[];
  /** The longest window of its limits: what is older counts for none of them. */
  longest: number;
  tail: Promise<unknown>;
  /** Tells whose turn is next that an attempt has ended. */
  ended: () => void;
  /** When the last answer came. */
  answered: number;
  way: Way;
}

/**
 * Services count calls as they arrive, and nobody here sees when that is. A call was counted before its answer came, by
 * the way back at least; the next one is counted after it is sent, by the way there at least. So it may be sent a window
 * after the answer, less the fastest way there and back: only how much the way varies costs throughput.
 * @param clock time to count by; without one, or with the system's, a clock that nobody can set
 */
export function createLimiter(clock: Clock = systemClock): Limiter {
  // The system's clock may be set forward, and a window would seem to be over; this one only ever runs.
  const now = clock.now === systemClock.now ? () => performance.now() : () => clock.now();
  const lanes = new Map<string, Lane>();

  return {
    take(key, { requests, seconds }, signal) {
      const lane = lanes.get(key) ?? newLane();
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
      lane.slots = lane.slots.filter(({ freed }) => freed + lane.longest > time);
      const wait = (nthLatest(lane.slots, requests) ?? Number.NEGATIVE_INFINITY) + window - time;
      if (wait <= 0) return begin(lane, window);
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
      if (wait > most) lane.slots = lane.slots.filter(({ freed }) => freed === Number.POSITIVE_INFINITY);
    }
  }

  function begin(lane: Lane, window: number) {
    const sent = now();
    // The first calls connect, which later ones need not: they would make the way seem long.
    const warm = sent - lane.answered < WARM_MS;
    const slot: Slot = { freed: Number.POSITIVE_INFINITY };
    lane.slots.push(slot);
    return (end: TurnEnd = "unanswered") => {
      if (slot.freed !== Number.POSITIVE_INFINITY) return;
      const time = Math.max(now(), sent);
      slot.freed = end === "unsent" ? Number.NEGATIVE_INFINITY : time;
      if (end === "answered") {
        lane.answered = time;
        if (warm) measure(lane.way, time - sent);
        if (window < SHORT_MS) slot.freed -= Math.min(shortest(lane.way), time - sent);
      }
      lane.ended();
    };
  }
}

function measure(way: Way, took: number) {
  way.measured++;
  way.fastest = Math.min(way.fastest, took);
  way.usual += (took - way.usual) / Math.min(way.measured, ENOUGH);
}

/** The shortest way there and back to reckon with: as much less than the fastest seen as others took longer. */
function shortest({ fastest, usual, measured }: Way) {
  return measured < ENOUGH ? 0 : Math.max(0, 2 * fastest - usual);
}

function newLane(): Lane {
  const way = { measured: 0, fastest: Number.POSITIVE_INFINITY, usual: 0 };
  const answered = Number.NEGATIVE_INFINITY;
  return { slots: [], longest: 0, tail: Promise.resolve(), ended: () => {}, answered, way };
}

/** When the n-th place from the end was freed: only n - 1 others were later. */
function nthLatest(slots: readonly Slot[], n: number): number | undefined {
  return slots.map(({ freed }) => freed).sort((a, b) => b - a)[n - 1];
}
