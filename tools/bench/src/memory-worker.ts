import { callers } from "./speed-callers.js";

// Says how large the heap is after so many calls, of which every tenth is a write. Runs with --expose-gc.

const [origin = "", ...points] = process.argv.slice(2);
const read = await callers["restorekit, read"]?.(origin);
const write = await callers["restorekit, write"]?.(origin);
let made = 0;

for (const point of points.map(Number)) {
  while (made < point) {
    const batch = Math.min(50, point - made);
    await Promise.all(Array.from({ length: batch }, (_, index) => (index % 10 ? read?.() : write?.())));
    made += batch;
  }
  await settled();
  process.send?.({
    calls: made,
    heap: process.memoryUsage().heapUsed,
    resources: process.getActiveResourcesInfo().length,
  });
}
process.disconnect();
process.exit(0);

async function settled() {
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
