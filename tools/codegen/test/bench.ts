import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { main } from "../src/cli.js";

const here = dirname(fileURLToPath(import.meta.url));

/** A copy of the fixture specs in a folder of its own, and the command run on it. */
export interface Bench {
  readonly folder: string;
  /** Changes one file: the first occurrence of a text, which must be there. */
  edit(file: string, find: string, replace: string): void;
  write(file: string, text: string): void;
  remove(file: string): void;
  /** The command for the specs, into `packages/{service}/src/generated`. */
  run(...args: string[]): Promise<{ code: number; lines: string[] }>;
  /** The command in the folder, with these arguments only. */
  main(...args: string[]): Promise<{ code: number; lines: string[] }>;
  /** All generated files with their texts. */
  generated(): Record<string, string>;
  /** All files with their texts. */
  files(): Record<string, string>;
}

/** The folder goes with the test; `afterAll` keeps it for a file of tests. */
export function createBench(whenDone: (clean: () => void) => void = onTestFinished): Bench {
  const folder = mkdtempSync(join(tmpdir(), "codegen-test-"));
  whenDone(() => rmSync(folder, { recursive: true, force: true }));
  const specs = join(folder, "specs");
  cpSync(join(here, "specs"), specs, { recursive: true });
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  return {
    folder,
    write,
    edit(file, find, replace) {
      const text = readFileSync(join(folder, file), "utf8");
      if (!text.includes(find)) throw new Error(`${file} does not hold: ${find}`);
      write(
        file,
        text.replace(find, () => replace),
      );
    },
    remove: (file) => rmSync(join(folder, file), { recursive: true }),
    run: (...args) => started(folder, [specs, "--out", join(folder, "packages/{service}/src/generated"), ...args]),
    async main(...args) {
      const before = process.cwd();
      process.chdir(folder);
      try {
        return await started(folder, args);
      } finally {
        process.chdir(before);
      }
    },
    generated: () => readAll(join(folder, "packages")),
    files: () => readAll(folder),
  };
}

async function started(folder: string, args: string[]) {
  const lines: string[] = [];
  const output = { log: () => {}, error: (line: string) => void lines.push(line) };
  const code = await main(args, output);
  return { code, lines: lines.map((line) => line.replaceAll(`${folder}/`, "")) };
}

function readAll(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((file) => [relative(folder, file), readFileSync(file, "utf8")]));
}
