/** Time, as the transport sees it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `ms`; rejects at once with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Longest wait of a timer; a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1;

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

/** Waits for a promise, but no longer than the signal allows. Nothing stays registered afterwards. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const forget = onAbort(signal, () => reject(signal.reason));
    promise.then(resolve, reject).finally(forget);
  });
}

/** All who wait for one signal. Kept on the signal itself: a WeakMap of many that live shortly is slow. */
const GROUP = Symbol("all who wait");
type Waited = AbortSignal & { [GROUP]?: { all: Set<() => void>; listener: () => void } };

/**
 * Runs something once the signal aborts, at once if it has; gives what forgets it again. All who wait for one signal share
 * one listener: Node 20 warns of more than ten.
 */
export function onAbort(signal: Waited, run: () => void): () => void {
  if (signal.aborted) {
    run();
    return () => {};
  }
  if (!signal[GROUP]) {
    const all = new Set<() => void>();
    signal[GROUP] = { all, listener: () => all.forEach((each) => void each()) };
  }
  const { all, listener } = signal[GROUP];
  if (all.size === 0) signal.addEventListener("abort", listener, { once: true });
  all.add(run);
  return () => {
    if (all.delete(run) && all.size === 0) signal.removeEventListener("abort", listener);
  };
}
