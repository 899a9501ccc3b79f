import { callers } from "./speed-callers.js";

// One contestant in a process of its own: told a number of calls, it makes them, 50 at a time, and says how long it took, and how long the processor was busy with it.

const CONCURRENT = 50;
const [name = "", origin = ""] = process.argv.slice(2);
const call = await callers[name]?.(origin);
if (!call) throw new Error(`no caller ${name}`);

process.on("message", async (count: number) => {
  let left = count;
  const line = async () => {
    while (left-- > 0) await call();
  };
  const started = performance.now();
  const before = process.cpuUsage();
  try {
    await Promise.all(Array.from({ length: CONCURRENT }, line));
    const ms = performance.now() - started;
    const { user, system } = process.cpuUsage(before);
    process.send?.({ ms, busyMs: (user + system) / 1000 });
  } catch (error) {
    process.send?.({ problem: String(error) });
  }
});
process.once("disconnect", () => process.exit(0));
