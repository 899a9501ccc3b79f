import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { median } from "./report-median.js";
import { callers } from "./speed-callers.js";

const module = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** What a run took: on the wall's clock, and of the processor. */
interface Took {
  readonly ms: number;
  readonly busyMs: number;
}

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
    return { name, child, took: [] as Took[] };
  });
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const [index] of workers.entries()) {
        const { name, child, took } = workers[(index + round) % workers.length] as (typeof workers)[number];
        const one = await runOf(name, child, calls);
        // The first round is for the compilers.
        if (round > 0) took[round - 1] = one;
      }
      progress(round);
    }
  } finally {
    for (const { child } of workers) child.disconnect();
    server.stop();
  }
  const tookOf = (name: string) => workers.find((worker) => worker.name === name)?.took ?? [];
  /** How many times as fast as the other, and how many times as many calls for the same processor time. */
  return function ratio(name: string, other: string): Took {
    const ratios = (field: keyof Took) =>
      median(tookOf(name).map((own, round) => (tookOf(other)[round] as Took)[field] / own[field]));
    return { ms: ratios("ms"), busyMs: ratios("busyMs") };
  };
}

async function runOf(name: string, child: ChildProcess, calls: number): Promise<Took> {
  child.send(calls);
  const [said] = (await once(child, "message")) as [Took | { problem: string }];
  if ("problem" in said) throw new Error(`${name}: ${said.problem}`);
  return said;
}
