import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { copyOf } from "../copy.mjs";

export const root = join(import.meta.dirname, "../../..");

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Copy {
  readonly folder: string;
  /** Runs a script as a step of a workflow runs. What `env` says wins over the environment of this process. */
  bash(script: string, env?: Readonly<Record<string, string>>, folder?: string): Promise<Ended>;
  remove(): void;
}

/** This workspace as a repository of its own, with an `origin` that takes pushes. */
export function copyOfWorkspace(): Copy {
  const { home, folder, env: own, remove } = copyOf(root);
  const origin = join(home, "origin.git");
  for (const args of [
    ["clone", "--quiet", "--bare", folder, origin],
    ["remote", "add", "origin", origin],
    ["fetch", "--quiet", "origin"],
  ]) {
    const { status, stderr } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  }
  return {
    folder,
    bash: (script, env = {}, cwd = folder) =>
      new Promise((resolve, reject) => {
        const flags = ["--noprofile", "--norc", "-e", "-c", script];
        const child = spawn("bash", flags, { cwd, env: { ...own, ...env }, stdio: ["ignore", "pipe", "pipe"] });
        let [stdout, stderr] = ["", ""];
        child.stdout.on("data", (chunk) => (stdout += chunk));
        child.stderr.on("data", (chunk) => (stderr += chunk));
        child.on("error", reject);
        child.on("close", (status) => resolve({ status, stdout, stderr }));
      }),
    remove,
  };
}
