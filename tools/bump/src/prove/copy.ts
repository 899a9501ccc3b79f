// A copy of the workspace with a history of one commit, to plant changes in; installed and built on its own.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, GENERATE, publicPackages } from "../workspace.js";
import { edited } from "./plant.js";
import type { Plant } from "./plants.js";

export interface Copy {
  readonly root: string;
  plant(plant: Plant): void;
  changeset(releases: Readonly<Record<string, string>>): void;
  /** Back to the commit; what was built stays. */
  reset(): void;
  remove(): void;
}

export function copyOf(original: string): Copy {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "restorekit-copy-")));
  const run = (program: string, ...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 2 ** 27,
      env: { ...process.env, CI: "true" },
    });
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  };
  const listed = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: original,
    encoding: "utf8",
    maxBuffer: 2 ** 27,
  });
  for (const name of listed.stdout.split("\0").filter((file) => file !== "" && existsSync(join(original, file))))
    cpSync(join(original, name), join(root, name));
  if (existsSync(join(original, ".turbo"))) cpSync(join(original, ".turbo"), join(root, ".turbo"), { recursive: true });
  run("git", "init", "-q", "-b", "main");
  run("git", "add", "-A");
  run("git", "-c", "user.name=prove", "-c", "user.email=prove@restorekit.invalid", "commit", "-q", "-m", "base");
  // Installed anew, from what the machine has: links into the original would let an install here change it.
  run(join(original, "node_modules/.bin/pnpm"), "install", "--offline", "--frozen-lockfile", "--ignore-scripts");
  build(root, publicPackages(root));
  return {
    root,
    plant: (plant) => {
      for (const edit of plant.edits) {
        const from = join(root, "specs", edit.file);
        const text = edited(plant, edit.file, readFileSync(from, "utf8"));
        if (edit.to !== undefined && !edit.copy) rmSync(from);
        writeFileSync(join(root, "specs", edit.to ?? edit.file), text);
      }
      run(process.execPath, ...GENERATE, plant.service);
    },
    changeset: (releases) => {
      const lines = Object.entries(releases).map(([name, type]) => `"${name}": ${type}`);
      writeFileSync(join(root, ".changeset/planted.md"), `---\n${lines.join("\n")}\n---\n\nPlanted.\n`);
    },
    reset: () => {
      run("git", "checkout", "-q", "--", ".");
      run("git", "clean", "-q", "-fd", "specs", ".changeset");
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
