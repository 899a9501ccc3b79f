// A copy of the workspace to plant changes in, built on its own.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyOf } from "../../../workspace/copy.mjs";
import { build, GENERATE, publicPackages } from "../workspace.js";
import { edited } from "./plant.js";
import type { Plant } from "./plants.js";

export interface PlantedCopy {
  readonly root: string;
  plant(plant: Plant): void;
  changeset(releases: Readonly<Record<string, string>>): void;
  /** Back to the commit; what was built stays. */
  reset(): void;
  remove(): void;
}

export function plantedCopyOf(original: string): PlantedCopy {
  const { folder: root, env, remove } = copyOf(original);
  const run = (program: string, ...args: string[]): void => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: root,
      env,
      encoding: "utf8",
      maxBuffer: 2 ** 27,
    });
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stdout}${stderr}`);
  };
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
    remove,
  };
}
