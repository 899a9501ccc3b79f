interface Group {
  readonly all: Set<() => void>;
  readonly listener: () => void;
}

/** All who wait for a signal, as long as anybody does. */
const groups = new WeakMap<AbortSignal, Group>();

/**
 * Runs something once the signal aborts, at once if it has; gives what forgets it again. All who wait for one signal share
 * one listener: Node 20 warns of more than ten.
 */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  if (signal.aborted) {
    run();
    return () => {};
  }
  const { all, listener } = groups.get(signal) ?? gather(signal);
  all.add(run);
  return () => {
    if (!all.delete(run) || all.size > 0) return;
    groups.delete(signal);
    signal.removeEventListener("abort", listener);
  };
}

function gather(signal: AbortSignal): Group {
  const all = new Set<() => void>();
  const group = { all, listener: () => all.forEach((each) => void each()) };
  signal.addEventListener("abort", group.listener, { once: true });
  groups.set(signal, group);
  return group;
}

/** Waits for a promise, but no longer than the signal allows. Nothing stays registered afterwards. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const forget = onAbort(signal, () => reject(signal.reason));
    promise.then(resolve, reject).finally(forget);
  });
}

/** Whether it can be listened to: what is no signal cannot, nor on Node one that is frozen. */
export function isSignal(given: AbortSignal): boolean {
  try {
    onAbort(given, () => {})();
    return typeof given.aborted === "boolean";
  } catch {
    return false;
  }
}
