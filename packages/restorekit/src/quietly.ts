/** Runs code of somebody else whose failure, now or later, must not reach a restore or end the process. */
export function quietly(run: () => unknown): void {
  new Promise((resolve) => resolve(run())).catch(() => {});
}
