import { spawn } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Packed, pack, root } from "./pack.ts";
import { pendingIn } from "./ready.ts";
import { ended, run } from "./run.ts";

const WHO = { name: "release rehearsal", email: "rehearsal@localhost" };

/** A fresh clone of HEAD in which a release can be made without a trace in the user's tree. */
export interface Clone {
  /** Installs what the lockfile says. */
  install(): Promise<void>;
  /** Runs a release command of the clone. @throws {RunError} */
  release(command: string, args: string[]): Promise<string>;
  /** The same, whatever comes of it. */
  tryRelease(command: string, args: string[]): Promise<{ code: number | null; stdout: string; output: string }>;
  /** A checkout of what is packed now, like that of the workflow's publishing job: nothing is installed in it. */
  job(): Promise<Job>;
  /** Whether changesets wait for a release. */
  pending(): boolean;
  /** Writes a changeset, as if somebody had changed the package. */
  plant(name: string, bump: "patch" | "minor"): void;
  /** Commits what was planted. */
  commit(): Promise<void>;
  /** Lets changesets set versions and write changelogs, and commits that. */
  version(): Promise<void>;
  /** The public packages as they are now, whatever waits. */
  unreleased(): Promise<readonly Packed[]>;
  /** The public packages as they are released. */
  packed(): Promise<Packed[]>;
  tags(): Promise<string[]>;
}

export interface Job {
  publish(args: string[]): Promise<string>;
  /** Publishes until so many packages are there, and is then killed with all that it started. */
  publishUntil(count: number, args: string[]): Promise<void>;
}

/** @param npmrc npm's settings for everything that runs in the clone */
export async function cloneHead(folder: string, npmrc: string): Promise<Clone> {
  await run(["git", "clone", "--quiet", "--no-hardlinks", root, folder]);
  for (const [key, value] of Object.entries(WHO)) await run(["git", "config", `user.${key}`, value], { cwd: folder });
  const bin = join(folder, "node_modules", ".bin");
  const env = { ...process.env, NPM_CONFIG_USERCONFIG: npmrc, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const packedInto = join(folder, "node_modules", ".cache", "packed");
  const here = { cwd: folder, env };
  const tool = (command: string, args: string[]) => {
    return [process.execPath, "tools/workspace/tool.mjs", `release/${command}`, ...args];
  };
  const commitAll = async (message: string) => {
    await run(["git", "add", "--all"], here);
    await run(["git", "commit", "--quiet", "--allow-empty", "--message", message], here);
  };

  return {
    install: async () =>
      void (await run(["pnpm", "install", "--frozen-lockfile", "--prefer-offline"], { cwd: folder })),
    release: (command, args) => run(tool(command, args), here),
    tryRelease: (command, args) => ended(tool(command, args), here),
    async job() {
      const cwd = join(folder, "..", "job");
      await run(["git", "worktree", "add", "--quiet", "--detach", cwd], here);
      cpSync(packedInto, join(cwd, "release"), { recursive: true });
      const command = (args: string[]) => [
        process.execPath,
        "tools/release/src/publish.ts",
        "--from",
        "release",
        ...args,
      ];
      return {
        publish: (args) => run(command(args), { cwd, env }),
        publishUntil: (count, args) => killedAfter(command(args), count, { cwd, env }),
      };
    },
    pending: () => pendingIn(folder).length > 0,
    plant(name, bump) {
      const text = `---\n"${name}": ${bump}\n---\n\nPlanted by the rehearsal.\n`;
      writeFileSync(join(folder, ".changeset", `planted-${bump}.md`), text);
    },
    commit: () => commitAll("A change"),
    async version() {
      await run(["changeset", "version"], here);
      await commitAll("Version packages");
    },
    async unreleased() {
      return (await pack(folder, join(folder, "..", "unreleased"))).packages;
    },
    async packed() {
      rmSync(packedInto, { recursive: true, force: true });
      await run(tool("pack-set", ["--out", packedInto]), here);
      return JSON.parse(readFileSync(join(packedInto, "release.json"), "utf8")).packages;
    },
    tags: async () => (await run(["git", "tag", "--list"], here)).split("\n").filter(Boolean).sort(),
  };
}

/** A process group of its own, so that nothing of it survives. */
function killedAfter(
  [program = "", ...args]: string[],
  count: number,
  options: { cwd: string; env: NodeJS.ProcessEnv },
) {
  return new Promise<void>((resolve, reject) => {
    const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    let killed = false;
    child.stderr.on("data", (chunk) => {
      said += chunk;
      if (killed || !child.pid || said.split("published ").length <= count) return;
      killed = true;
      process.kill(-child.pid, "SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (_, signal) => {
      if (signal === "SIGKILL") resolve();
      else reject(new Error(`it ended before it could be killed\n${said}`));
    });
  });
}
