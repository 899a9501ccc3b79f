/** Runs code of somebody else whose failure, now or later, must not reach a call that may be a write. */
export function quietly(run: () => unknown): void {
  try {
    const running = run();
    // An async function fails later; nobody else would catch it.
    if (running instanceof Promise) running.catch(() => {});
  } catch {}
}
