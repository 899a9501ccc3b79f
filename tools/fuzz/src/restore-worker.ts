import { parentPort, workerData } from "node:worker_threads";
import { playRestore } from "./restore-schedule.js";
import { addResult, createRestoreTally } from "./restore-tally.js";

// Plays the schedules that it is told to, and answers with their tally.

const { seed } = workerData as { seed: number };

parentPort?.on("message", async ({ from, to }: { from: number; to: number }) => {
  const tally = createRestoreTally();
  for (let index = from; index < to; index++) addResult(tally, index, await playRestore(seed, index));
  parentPort?.postMessage(tally);
});
