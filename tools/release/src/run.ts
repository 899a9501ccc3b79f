import { spawn } from "node:child_process";

/** A program that failed, with all that it wrote. */
export class RunError extends Error {
  readonly output: string;
  constructor(command: string[], code: number | null, output: string) {
    super(`${command.slice(0, 2).join(" ")} ended with ${code}\n${output.trim()}`);
    this.output = output;
  }
}

/** Runs a program to its end. @returns what it wrote to stdout @throws {RunError} */
export async function run(command: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<string> {
  const { code, stdout, output } = await ended(command, options);
  if (code !== 0) throw new RunError(command, code, output);
  return stdout;
}

/** Runs a program to its end, whatever that is. */
export function ended([program = "", ...args]: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  return new Promise<{ code: number | null; stdout: string; output: string }>((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, output] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ code: 127, stdout, output: `${program}: ${error.message}` }));
    child.on("close", (code) => resolve({ code, stdout, output }));
  });
}
