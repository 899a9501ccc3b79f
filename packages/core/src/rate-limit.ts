import { type Clock, OVER, systemClock } from "./clock.js";
import { OwnError } from "./errors.js";
import { onAbort, orAborted } from "./signal.js";

/** How an attempt ended: the service answered it, nobody knows, or it never left. */
export type TurnEnd = "answered" | "unanswered" | "unsent";

/** Bounds how many calls a service counts in any window. Share one among clients that count against the same account. */
export interface Limiter {
  /**
   * Resolves when one more call under `key` may be sent; first come, first served.
   * @returns to be told how the attempt ended: until then the call holds its place
   * @throws {Error} where the limit is none: `requests` is a whole number from 1, `seconds` a number above 0
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
/**
 * What was given up may still be under way: bytes that a network holds back, a gateway that queues. An answer would end
 * that doubt; without one, the call counts as arrived so much later. Longer than a packet's way and its first repetition.
 */
const GRACE_MS = 1_000;

/** Calls of one key. Operations may share a key and yet have limits of their own. */
interface Lane {
  /** How many have their turn and have not ended. */
  underWay: number;
  /** Of each that ended, the latest time at which the service can have counted it. */
  counted: number[];
  /** The longest window of its limits, in milliseconds: what is older counts for none of them. */
  longest: number;
  /** The turn that was asked for last. */
  tail: Promise<unknown>;
  /** Ends the wait of whoever is next. */
  pause: AbortController;
}

class LimitError extends OwnError {
  override readonly name = "LimitError";

  constructor(field: keyof Limit, problem: string) {
    super(`the limit's ${field} must be ${problem}`);
  }
}

/**
 * Keeps calls under the documented rates: the option `limiter` of every client that counts against the same account.
 *
 * Services count calls as they arrive, and nobody here sees when that is: after it was sent, and before its answer came.
 * So a call may be sent a window after the answers of all but the last few. How long the way is costs throughput
 * (rate × window / (window + way there and back)); what is sent any earlier can be one too many.
 * @param clock time to count by; without one, or with the system's, a clock that nobody can set
 */
export function createLimiter(clock: Clock = systemClock): Limiter {
  // The system's clock may be set forward, and a window would seem to be over; this one only ever runs.
  const now = clock.now === systemClock.now ? () => performance.now() : () => clock.now();
  const lanes = new Map<string, Lane>();

  return {
    async take(key, limit, signal) {
      const { requests, seconds } = checked(limit);
      const lane = lanes.get(key) ?? newLane();
      lanes.set(key, lane);
      const window = seconds * 1000 * (1 + MARGIN);
      lane.longest = Math.max(lane.longest, window);
      const turn = lane.tail.then(() => untilFree(lane, requests, window, signal));
      lane.tail = turn.catch(() => {});
      const given = orAborted(turn, signal);
      // A turn that came just as its caller gave up: nobody else would end it.
      given.catch(() => turn.then((end) => end("unsent")).catch(() => {}));
      return given;
    },
  };

  async function untilFree(lane: Lane, requests: number, window: number, signal: AbortSignal) {
    for (;;) {
      signal.throwIfAborted();
      const time = now();
      // A clock that was set back must not hold the line for ever.
      const counted = lane.counted.map((at) => Math.min(at, time + GRACE_MS));
      lane.counted = counted.filter((at) => at + lane.longest > time).sort((a, b) => b - a);
      const others = lane.counted.filter((at) => at + window > time);
      if (lane.underWay + others.length < requests) return begin(lane);
      // The place that becomes free first, unless all are held by calls under way.
      const first = others[requests - lane.underWay - 1];
      await untilEnd(lane, signal, first === undefined ? undefined : first + window - time);
    }
  }

  /** Waits until a call ends, which may free a place at once, but no longer than `ms`. */
  async function untilEnd(lane: Lane, signal: AbortSignal, ms: number | undefined) {
    const pause = new AbortController();
    lane.pause = pause;
    const forget = onAbort(signal, () => pause.abort(OVER));
    await new Promise<void>((resolve, reject) => {
      onAbort(pause.signal, resolve);
      if (ms !== undefined) clock.sleep(ms, pause.signal).then(resolve, reject);
    }).finally(forget);
  }

  function begin(lane: Lane) {
    let underWay = true;
    lane.underWay++;
    return (end: TurnEnd = "unanswered") => {
      if (!underWay) return;
      underWay = false;
      lane.underWay--;
      if (end !== "unsent") lane.counted.push(end === "answered" ? now() : now() + GRACE_MS);
      lane.pause.abort(OVER);
    };
  }
}

function checked(limit: Limit): Limit {
  const { requests, seconds } = limit;
  if (!Number.isSafeInteger(requests) || requests < 1) throw new LimitError("requests", "a whole number from 1");
  if (!Number.isFinite(seconds) || seconds <= 0) throw new LimitError("seconds", "a number above 0");
  return limit;
}

function newLane(): Lane {
  return { underWay: 0, counted: [], longest: 0, tail: Promise.resolve(), pause: new AbortController() };
}
