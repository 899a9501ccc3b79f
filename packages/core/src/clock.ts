import { onAbort } from "./signal.js";

/** Time, as the transport sees it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `ms`; rejects at once with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Longest wait of a timer; a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Ends a wait that is no longer needed. Without a reason each end would make an error with its stack: slow. */
export const OVER = "over";

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const elapsed = () => {
        forget();
        resolve();
      };
      const timer = setTimeout(elapsed, Math.min(ms, LONGEST_MS));
      const forget = onAbort(signal, () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
};

/** Runs something after `ms`; gives what takes it back, and leaves no timer behind then. */
export function after({ sleep }: Clock, ms: number, run: () => void): () => void {
  // By far the most calls end long before their timers, so these must cost little.
  if (sleep === systemClock.sleep) {
    const timer = setTimeout(run, Math.min(ms, LONGEST_MS));
    return () => clearTimeout(timer);
  }
  const timer = new AbortController();
  // Also one that throws at once.
  new Promise<void>((resolve) => resolve(sleep(ms, timer.signal))).then(run, () => {});
  return () => timer.abort(OVER);
}
