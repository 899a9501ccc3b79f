/** Time, for the emulated cloud and for clients that live in it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that only moves when it is told to, or by itself when everybody waits. */
export interface VirtualClock extends Clock {
  /** Moves on, waking the sleepers on the way in their order. */
  advance(ms: number): Promise<void>;
  /** Holds an automatic clock while the promise is open. */
  during<T>(work: Promise<T>): Promise<T>;
}

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(done, ms);
      const stop = () => done(signal?.reason);
      if (signal?.aborted) stop();
      signal?.addEventListener("abort", stop);
      function done(reason?: unknown) {
        clearTimeout(timer);
        signal?.removeEventListener("abort", stop);
        if (reason === undefined) resolve();
        else reject(reason);
      }
    }),
};

interface Sleeper {
  at: number;
  order: number;
  wake(): void;
}

/**
 * `auto`: as soon as nothing but sleepers is left, time jumps to the first of them. What runs outside the event loop's
 * turns (files, sockets) is not waited for unless it is given to `during`.
 */
export function virtualClock({ start = Date.UTC(2026, 0, 5, 8), auto = false } = {}): VirtualClock {
  const sleepers: Sleeper[] = [];
  let now = start;
  let order = 0;
  let held = 0;
  let stirring = false;
  let activity = 0;

  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        const stop = () => {
          activity++;
          const at = sleepers.indexOf(sleeper);
          if (at >= 0) removeAt(sleepers, at);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          at: now + Math.max(0, ms),
          order: order++,
          wake() {
            signal?.removeEventListener("abort", stop);
            resolve();
          },
        };
        if (signal?.aborted) return stop();
        signal?.addEventListener("abort", stop, { once: true });
        push(sleepers, sleeper);
        activity++;
        stir();
      });
    },
    async advance(ms) {
      const end = now + ms;
      for (let first = sleepers[0]; first && first.at <= end; first = sleepers[0]) {
        wakeFirst();
        await turns(4);
      }
      now = end;
      await turns(2);
    },
    async during(work) {
      held++;
      try {
        return await work;
      } finally {
        held--;
        activity++;
        stir();
      }
    },
  };

  function wakeFirst() {
    const first = sleepers[0] as Sleeper;
    removeAt(sleepers, 0);
    now = Math.max(now, first.at);
    first.wake();
  }

  /** Lets everything run that can; if nothing new happened meanwhile, time moves on. */
  async function stir() {
    if (!auto || stirring) return;
    stirring = true;
    for (let before = -1; sleepers[0] && held === 0; ) {
      if (before === activity) {
        wakeFirst();
        activity++;
      }
      before = activity;
      await turns(2);
    }
    stirring = false;
  }
}

async function turns(count: number) {
  for (let turn = 0; turn < count; turn++) {
    await new Promise<void>((resolve) => {
      if (typeof setImmediate === "function") setImmediate(resolve);
      else setTimeout(resolve, 0);
    });
  }
}

// A heap: a fleet puts ten thousand waits to sleep at once.

function before(a: Sleeper, b: Sleeper) {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Sleeper[], sleeper: Sleeper) {
  heap.push(sleeper);
  rise(heap, heap.length - 1);
}

function removeAt(heap: Sleeper[], at: number) {
  const last = heap.pop() as Sleeper;
  if (at === heap.length) return;
  heap[at] = last;
  rise(heap, at);
  sink(heap, at);
}

function rise(heap: Sleeper[], from: number) {
  for (let at = from; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!swapIfBefore(heap, at, parent)) return;
    at = parent;
  }
}

function sink(heap: Sleeper[], from: number) {
  for (let at = from; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const child = heap[right] && before(heap[right], heap[left] as Sleeper) ? right : left;
    if (!heap[child] || !swapIfBefore(heap, child, at)) return;
    at = child;
  }
}

function swapIfBefore(heap: Sleeper[], lower: number, upper: number) {
  const [a, b] = [heap[lower] as Sleeper, heap[upper] as Sleeper];
  if (!before(a, b)) return false;
  heap[lower] = b;
  heap[upper] = a;
  return true;
}
