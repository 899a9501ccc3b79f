import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { median } from "./report-median.js";
import { callers } from "./speed-callers.js";

const module = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** The server of a run; `stop()` ends it. */
export async function startServer() {
  const child = fork(module("speed-server"));
  const [port] = await once(child, "message");
  return { origin: `http://127.0.0.1:${port}`, stop: () => child.disconnect() };
}

/**
 * Calls a second of each contestant, round by round: within a round all meet the same machine, so only ratios of one
 * round are compared. The order turns from round to round.
 */
export async function measureSpeed(rounds: number, calls: number, progress: (done: number) => void) {
  const server = await startServer();
  const workers = Object.keys(callers).map((name) => {
    // The Huawei SDK prints what it likes; it is not ours to repeat.
    const child = fork(module("speed-worker"), [name, server.origin], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    return { name, child, speeds: [] as number[] };
  });
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const [index] of workers.entries()) {
        const { name, child, speeds } = workers[(index + round) % workers.length] as (typeof workers)[number];
        const ms = await runOf(name, child, calls);
        // The first round is for the compilers.
        if (round > 0) speeds[round - 1] = (calls / ms) * 1000;
      }
      progress(round);
    }
  } finally {
    for (const { child } of workers) child.disconnect();
    server.stop();
  }
  const speedsOf = (name: string) => workers.find((worker) => worker.name === name)?.speeds ?? [];
  return {
    perSecond: (name: string) => median(speedsOf(name)),
    /** How many times as fast as the other: the median over the rounds. */
    ratio: (name: string, other: string) =>
      median(speedsOf(name).map((speed, round) => speed / (speedsOf(other)[round] as number))),
  };
}

async function runOf(name: string, child: ChildProcess, calls: number): Promise<number> {
  child.send(calls);
  const [said] = (await once(child, "message")) as [{ ms: number } | { problem: string }];
  if ("problem" in said) throw new Error(`${name}: ${said.problem}`);
  return said.ms;
}
