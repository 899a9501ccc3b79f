import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

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

/**
 * This working tree, with what is not committed yet, as a repository of its own: committed on main, installed, and with
 * an `origin` that takes pushes. It shares nothing with this workspace but pnpm's store.
 */
export function copyOfWorkspace(): Copy {
  const home = mkdtempSync(join(tmpdir(), "restorekit-copy-"));
  const folder = join(home, "main");
  const files = run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], root).split("\0");
  for (const file of files.filter((name) => name && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  // What is built already is not built again.
  if (existsSync(join(root, ".turbo"))) cpSync(join(root, ".turbo"), join(folder, ".turbo"), { recursive: true });

  run("git", ["init", "--quiet", "--initial-branch=main"], folder);
  run("git", ["config", "user.name", "Test"], folder);
  run("git", ["config", "user.email", "test@example.invalid"], folder);
  run("git", ["add", "--all"], folder);
  run("git", ["commit", "--quiet", "--message", "Begin"], folder);
  run("git", ["clone", "--quiet", "--bare", folder, join(home, "origin.git")], home);
  run("git", ["remote", "add", "origin", join(home, "origin.git")], folder);
  run("git", ["fetch", "--quiet", "origin"], folder);
  run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline", "--silent"], folder);

  return {
    folder,
    bash: (script, env = {}, cwd = folder) =>
      new Promise((resolve, reject) => {
        const flags = ["--noprofile", "--norc", "-e", "-c", script];
        const child = spawn("bash", flags, {
          cwd,
          env: { ...environment(folder), ...env },
          stdio: ["ignore", "pipe", "pipe"],
        });
        let [stdout, stderr] = ["", ""];
        child.stdout.on("data", (chunk) => (stdout += chunk));
        child.stderr.on("data", (chunk) => (stderr += chunk));
        child.on("error", reject);
        child.on("close", (status) => resolve({ status, stdout, stderr }));
      }),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** As on a machine where this copy alone is: none of this workspace's programs, nor what npm or vitest say of it. */
function environment(folder: string): NodeJS.ProcessEnv {
  const outside = (process.env.PATH ?? "").split(delimiter).filter((path) => !path.includes("node_modules"));
  const ours = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(?!config_)|npm_config_local_prefix|INIT_CWD|VITEST|NODE_(?:ENV|OPTIONS|PATH)$|GITHUB_)/.test(name),
  );
  return { ...Object.fromEntries(ours), PATH: [join(folder, "node_modules/.bin"), ...outside].join(delimiter) };
}

function run(program: string, args: string[], cwd: string): string {
  const env = program === "pnpm" ? { ...environment(root), CI: "true" } : process.env;
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: "utf8", maxBuffer: 64e6 });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}
