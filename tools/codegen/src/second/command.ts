import { spawn } from "node:child_process";

export interface Outcome {
  /** The exit code; undefined where the program was not found or did not end in time. */
  readonly code: number | undefined;
  readonly output: string;
}

/** Runs a program to its end and gives what it printed. */
export function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  return new Promise((settle) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 600_000,
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", () => settle({ code: undefined, output }));
    child.on("close", (code) => settle({ code: code ?? undefined, output }));
  });
}

/** Does some jobs at a time; gives their results in the order of the jobs. */
export async function inTurns<T>(jobs: readonly (() => Promise<T>)[], atATime: number): Promise<T[]> {
  const results: T[] = new Array(jobs.length);
  const queue = jobs.entries();
  const worker = async () => {
    for (const [index, job] of queue) results[index] = await job();
  };
  await Promise.all(Array.from({ length: Math.min(atATime, jobs.length) }, worker));
  return results;
}
