// Runs on the Node that npm came with, before anything is installed: no dependencies here.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(root, "node_modules", ".bin");

/** The workspace's own Node 24 where it could be installed, else the one that runs this. */
export function node() {
  const own = join(bin, "node");
  return existsSync(own) ? own : process.execPath;
}

/**
 * Runs one step and shows that it runs. Its output is kept back and printed only when it fails.
 * @param {string} title
 * @param {string[]} command
 * @param {{ env?: Record<string, string>, show?: boolean, allow?: number[] }} [options] show: print what it prints;
 *   allow: exit codes besides 0 that are no failure
 */
export async function step(title, command, { env = {}, show = false, allow = [] } = {}) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const live = process.stdout.isTTY && !show;
  if (!live) console.log(`▸ ${title}`);
  const timer = live ? setInterval(() => process.stdout.write(`\r▸ ${title} … ${seconds()} `), 200) : undefined;
  const { code, output } = await run(command, { env, show });
  clearInterval(timer);
  const passed = code === 0 || allow.includes(code);
  console.log(`${live ? "\r" : ""}${passed ? "✓" : "✗"} ${title}  ${seconds()}      `);
  if (!passed && !show) process.stdout.write(output);
  return { title, code, passed, output, milliseconds: Date.now() - started };
}

function run([program, ...args], { env, show }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: {
        ...process.env,
        TURBO_TELEMETRY_DISABLED: "1",
        DO_NOT_TRACK: "1",
        ...env,
        PATH: `${bin}${delimiter}${process.env.PATH}`,
      },
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
    });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ code: 127, output: `${program}: ${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
