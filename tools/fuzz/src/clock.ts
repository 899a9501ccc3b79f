import type { Clock } from "@restorekit/core";

/** Time that passes only when nothing is left to do. */
export interface VirtualClock extends Clock {
  /** Runs something later, on behalf of the simulated world; the transport's own waits are counted apart. */
  at(ms: number, run: () => void): void;
  /** Waits of the transport that are still running: none may be left when its calls have ended. */
  waiting(): number;
  /** Lets time pass to the next event. False when there is none. */
  step(): Promise<boolean>;
}

interface Due {
  time: number;
  order: number;
  run: () => void;
}

/** Where simulated time starts. */
const START = Date.UTC(2026, 0, 2, 3, 4, 5);

export function createVirtualClock(): VirtualClock {
  let now = START;
  let order = 0;
  let waiting = 0;
  const queue = new Set<Due>();

  const add = (ms: number, run: () => void) => {
    const due = { time: now + Math.max(0, ms), order: order++, run };
    queue.add(due);
    return due;
  };

  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        waiting++;
        const stop = () => {
          queue.delete(due);
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
    at: (ms, run) => void add(ms, run),
    waiting: () => waiting,
    async step() {
      // Twice: reading a body takes a turn of the event loop of its own.
      await settle();
      await settle();
      let next: Due | undefined;
      for (const due of queue) {
        if (!next || due.time < next.time || (due.time === next.time && due.order < next.order)) next = due;
      }
      if (!next) return false;
      queue.delete(next);
      now = next.time;
      next.run();
      return true;
    },
  };
}

function settle() {
  return new Promise<void>((resolve) => setImmediate(resolve));
}
