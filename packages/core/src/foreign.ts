/** Runs code of somebody else whose failure, now or later, must not reach a call that may be a write. */
export function quietly(run: () => unknown): void {
  // A promise, or what only looks like one, may fail later; nobody else would catch it.
  new Promise((resolve) => resolve(run())).catch(() => {});
}
