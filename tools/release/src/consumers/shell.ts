import { spawn } from "node:child_process";

/** How much of the output is kept. */
const TAIL = 4_000;

export interface Ended {
  /** Undefined when the script succeeded. */
  readonly problem: string | undefined;
  /** The last of what was written. */
  readonly output: string;
}

const running = new Set<number>();
process.on("exit", () => {
  for (const pid of running) killGroup(pid);
});

/**
 * Runs a shell script in a process group of its own, and stops at its first command that fails. Whatever of the group is
 * left when it ends, or when its time is over, is killed; also when this process exits.
 */
export async function shell(
  script: string,
  options: { cwd: string; env: NodeJS.ProcessEnv; limitMs: number },
): Promise<Ended> {
  const { cwd, env, limitMs } = options;
  const child = spawn("sh", ["-ec", script], { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const { pid = 0 } = child;
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      output = `${output}${chunk}`.slice(-TAIL);
    });
  }
  if (pid) running.add(pid);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(pid);
  }, limitMs);

  const problem = await new Promise<string | undefined>((resolve) => {
    let why: string | undefined;
    child.on("error", (error) => resolve(`sh: ${error.message}`));
    child.on("exit", (code, signal) => {
      if (late) why = `did not end within ${limitMs / 1000} s`;
      else if (signal) why = `was ended by ${signal}`;
      else if (code !== 0) why = `ended with ${code}`;
      // Who is left would keep the pipes open.
      killGroup(pid);
    });
    child.on("close", () => resolve(why));
  });
  clearTimeout(timer);
  running.delete(pid);
  return { problem, output: output.trim() };
}

function killGroup(pid: number) {
  try {
    // 0 and 1 would mean other processes.
    if (pid > 1) process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}
