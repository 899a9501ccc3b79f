import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

export function copyOf(workspace) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "restorekit-copy-")));
  const folder = join(home, "main");
  const pnpm = join(workspace, "node_modules/.bin/pnpm");
  try {
    const files = run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], workspace).split("\0");
    for (const file of files.filter((name) => name && existsSync(join(workspace, name))))
      cpSync(join(workspace, file), join(folder, file));
    // What is built already is not built again.
    if (existsSync(join(workspace, ".turbo")))
      cpSync(join(workspace, ".turbo"), join(folder, ".turbo"), { recursive: true });
    run("git", ["init", "--quiet", "--initial-branch=main"], folder);
    run("git", ["config", "user.name", "Copy"], folder);
    run("git", ["config", "user.email", "copy@restorekit.invalid"], folder);
    run("git", ["add", "--all"], folder);
    run("git", ["commit", "--quiet", "--message", "Begin"], folder);
    // Installed anew, from what the machine has: links into the original would let an install here change it.
    run(pnpm, ["install", "--frozen-lockfile", "--prefer-offline", "--ignore-scripts", "--silent"], folder);
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
  return { home, folder, env: environment(folder), remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** As on a machine where this copy alone is: no other workspace's programs, nor what npm or vitest say of it. */
function environment(folder) {
  const outside = (process.env.PATH ?? "").split(delimiter).filter((path) => !path.includes("node_modules"));
  const said = /^(npm_(?!config_)|npm_config_local_prefix|INIT_CWD|VITEST|NODE_(?:ENV|OPTIONS|PATH)$|GITHUB_)/;
  const others = Object.entries(process.env).filter(([name]) => !said.test(name));
  return { ...Object.fromEntries(others), PATH: [join(folder, "node_modules/.bin"), ...outside].join(delimiter) };
}

function run(program, args, cwd) {
  const env = { ...environment(cwd), CI: "true" };
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 27,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? stderr + stdout}`);
  return stdout;
}
