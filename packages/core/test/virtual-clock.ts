import type { Clock } from "@restorekit/core";

/** Time that passes by itself, as soon as everybody waits. */
export interface VirtualClock extends Clock {
  /** All waits that began, in milliseconds. */
  readonly slept: readonly number[];
  /** Waits that are still running. */
  waiting(): number;
  /** Sets the time, as an administrator does; waits are not moved. */
  set(now: number): void;
  /** Runs something at a time from now. */
  after(ms: number, run: () => void): void;
  /** Lets time pass until nobody waits any more, or for so long. */
  run(ms?: number): Promise<void>;
}

export function virtualClock(start = Date.UTC(2026, 0, 2, 3, 4, 5)): VirtualClock {
  let elapsed = 0;
  let offset = start;
  let waiting = 0;
  let order = 0;
  const slept: number[] = [];
  const queue: { time: number; order: number; run: () => void }[] = [];
  const add = (ms: number, run: () => void) => {
    const due = { time: elapsed + Math.max(0, ms), order: order++, run };
    queue.push(due);
    return due;
  };

  return {
    slept,
    now: () => offset + elapsed,
    waiting: () => waiting,
    set: (now) => {
      offset = now - elapsed;
    },
    after: (ms, run) => void add(ms, run),
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        slept.push(ms);
        if (ms <= 0) return resolve();
        waiting++;
        const stop = () => {
          queue.splice(queue.indexOf(due), 1);
          waiting--;
          reject(signal.reason);
        };
        const due = add(ms, () => {
          signal.removeEventListener("abort", stop);
          waiting--;
          resolve();
        });
        signal.addEventListener("abort", stop, { once: true });
      });
    },
    async run(ms = Number.POSITIVE_INFINITY) {
      const end = elapsed + ms;
      for (;;) {
        for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
        queue.sort((a, b) => a.time - b.time || a.order - b.order);
        const next = queue[0];
        if (!next || next.time > end) break;
        queue.shift();
        elapsed = next.time;
        next.run();
      }
      if (Number.isFinite(end)) elapsed = end;
    },
  };
}
