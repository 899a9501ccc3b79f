import { spawnSync } from "node:child_process";

/** Runs a program to its end. @returns what it wrote to stdout @throws with what it wrote, if it fails */
export function run([program = "", ...args]: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { status, error, stderr, stdout } = spawnSync(program, args, {
    ...options,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${program} ${args[0] ?? ""}: ${error?.message ?? `${stdout}${stderr}`.trim()}`);
  return stdout;
}
