// The base's type tests, compiled against what the packages are now.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { Objekt } from "../spec/json.js";
import { allPackages, type Package, publicPackages } from "../workspace.js";
import { usageOf } from "./usage.js";

export interface TypeTest {
  /** Such as "packages/restorekit/test/types/pins.ts", or "usage of @restorekit/identity". */
  readonly name: string;
  /** The published packages that it uses. */
  readonly packages: readonly string[];
  /** Each with the line of the test that no longer compiles. */
  readonly errors: readonly string[];
}

/**
 * Compiles the type tests of `base` and a use of all its bundles against the built packages of `root`.
 * @param base a copy of the base commit; @param root the checkout that was built
 */
export function compileTypeTests(base: string, root: string): TypeTest[] {
  const stage = mkdtempSync(join(tmpdir(), "restorekit-types-"));
  try {
    linkPackages(stage, root);
    const tests = [...placeTests(stage, base, root), ...placeUsage(stage, base)];
    if (tests.length === 0) return [];
    const errors = compile(
      stage,
      root,
      tests.map(({ file }) => file),
    );
    const names = publicPackages(base).map(({ name }) => name);
    return tests.map(({ name, file }) => {
      const text = readFileSync(join(stage, file), "utf8");
      const mine = errors.filter((error) => error.file === file);
      return {
        name,
        packages: usedIn(text, file, names, base),
        errors: mine.map(({ line, message }) => `${name}:${line}: ${message} (${text.split("\n")[line - 1]?.trim()})`),
      };
    });
  } finally {
    rmSync(stage, { recursive: true });
  }
}

interface Placed {
  readonly name: string;
  /** From the stage. */
  readonly file: string;
}

/** The packages are found as a consumer's are: by their names, through their `exports`. */
function linkPackages(stage: string, root: string): void {
  for (const { name, folder } of publicPackages(root)) {
    const link = join(stage, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, folder), link);
  }
  mkdirSync(join(stage, "node_modules/@types"), { recursive: true });
  symlinkSync(join(root, "node_modules/@types/node"), join(stage, "node_modules/@types/node"));
  writeFileSync(join(stage, "package.json"), JSON.stringify({ private: true, type: "module" }));
}

/** Tests that people wrote stand where they stood, beside the package as it is built now. */
function placeTests(stage: string, base: string, root: string): Placed[] {
  return allPackages(base).flatMap(({ folder }) => {
    const from = join(base, folder, "test/types");
    if (!existsSync(from)) return [];
    const to = join(stage, folder, "test/types");
    cpSync(from, to, { recursive: true });
    for (const name of ["package.json", "dist", "node_modules"])
      if (existsSync(join(root, folder, name))) symlinkSync(join(root, folder, name), join(stage, folder, name));
    return readdirSync(to, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => ({ name: join(folder, "test/types", name), file: join(folder, "test/types", name) }));
  });
}

function placeUsage(stage: string, base: string): Placed[] {
  return publicPackages(base).flatMap((each) => {
    if (each.bundle === undefined) return [];
    const file = `${each.folder.replaceAll("/", "-")}.usage.ts`;
    writeFileSync(join(stage, file), usageOf(each.name, bundleOf(base, each)));
    return [{ name: `usage of ${each.name}`, file }];
  });
}

export function bundleOf(root: string, { bundle, name }: Pick<Package, "bundle" | "name">): Objekt {
  if (bundle === undefined) throw new Error(`${name} has no bundle`);
  return JSON.parse(readFileSync(join(root, bundle), "utf8")) as Objekt;
}

interface CompileError {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const options = {
  target: "es2023",
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
  lib: ["es2024", "dom", "dom.iterable"],
};

/** What is refused no longer is allowed now: nobody's code stops compiling by that. */
const allowedNow = "TS2578";

function compile(stage: string, root: string, files: string[]): CompileError[] {
  writeFileSync(join(stage, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.json", "--pretty", "false"], {
    cwd: stage,
    encoding: "utf8",
    maxBuffer: 2 ** 27,
  });
  const errors = stdout.split("\n").flatMap((text) => {
    const [, file = "", line = "", code = "", message = ""] =
      /^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/.exec(text) ?? [];
    return file === "" || code === allowedNow
      ? []
      : [{ file: relative(stage, join(stage, file)), line: Number(line), message }];
  });
  const wholly = /^error TS/m.exec(stdout);
  // A compiler that fails without a line that can be read has compiled nothing: that is not "all compile".
  const mute = status !== 0 && !/: error TS\d+: /.test(stdout);
  if (status === null || stderr !== "" || wholly || mute)
    throw new Error(`the type tests cannot be compiled: ${stdout}${stderr}`);
  return errors;
}

/** A test inside a package tests that; others what they import. */
function usedIn(text: string, file: string, names: readonly string[], base: string): string[] {
  const home = publicPackages(base).find(({ folder }) => file.startsWith(`${folder}/`));
  if (home !== undefined) return [home.name];
  return names.filter((name) => text.includes(`"${name}"`) || text.includes(`"${name}/`));
}
