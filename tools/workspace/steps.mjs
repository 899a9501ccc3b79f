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
 * @param {{ show?: boolean, allow?: number[], explain?: (output: string) => string | undefined }} [options]
 *   show: print what it prints; allow: exit codes besides 0 that are no failure; explain: a plain line about a failure,
 *   printed before what the command said
 */
export async function step(title, command, { show = false, allow = [], explain } = {}) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const live = process.stdout.isTTY && !show;
  if (!live) console.log(`▸ ${title}`);
  const timer = live ? setInterval(() => process.stdout.write(`\r▸ ${title} … ${seconds()} `), 200) : undefined;
  const { code, output } = await run(command, { show });
  clearInterval(timer);
  const passed = code === 0 || allow.includes(code);
  console.log(`${live ? "\r" : ""}${passed ? "✓" : "✗"} ${title}  ${seconds()}      `);
  const plain = passed ? undefined : explain?.(output);
  if (plain) console.log(`\n${plain}\n`);
  if (!passed && !show) process.stdout.write(output);
  return { title, code, passed, output, milliseconds: Date.now() - started };
}

/** The workspace's programs first, its own Node among them. */
export function environment() {
  return {
    ...process.env,
    TURBO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    PATH: `${bin}${delimiter}${process.env.PATH}`,
  };
}

/** Runs a program to its end; with `show` its output is not kept but printed. */
export function run([program, ...args], { show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: environment(),
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
    });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ code: 127, output: `${program}: ${error.message}\n` }));
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
