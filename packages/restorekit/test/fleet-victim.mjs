// Runs a fleet with its intents in files, until it ends or is killed.

import { fileIntents } from "../dist/file/index.js";
import { readPlan, runPlan, shardedIntents } from "../dist/fleet/index.js";
import { tencentcloudRedis } from "../dist/index.js";

const { folder, options, plan: text, laterMs, again } = JSON.parse(process.argv[2]);
const adapters = { "tencentcloud-redis": tencentcloudRedis({ ...options, gatherMs: 20 }) };
const plan = readPlan("plan.json", text, { adapters });
const clock = {
  now: () => Date.now() + laterMs,
  // What a later process waits for is over, but for the limits.
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, laterMs > 0 ? Math.min(ms, 1_010) : ms);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
};
const report = await runPlan(plan, {
  adapters,
  intents: shardedIntents([0, 1, 2, 3].map((number) => fileIntents(`${folder}/${number}`))),
  clock,
  deadlineMs: 60_000,
  again,
  pace: { "tencentcloud-redis": { intervalMs: 100 } },
});
process.stdout.write(
  JSON.stringify(report.items.map(({ entry, end, why }) => ({ instance: entry.instance, end, why }))),
);
