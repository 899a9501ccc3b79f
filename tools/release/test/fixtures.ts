import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { digest } from "../src/digest.js";
import { inOrder } from "../src/order.js";
import { type Packed, type PackedSet, pack } from "../src/pack.js";
import { run } from "../src/run.js";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files, until the tests of the file are done. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "restorekit-release-test-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export interface Fixture {
  name: string;
  version?: string;
  code?: string;
  needs?: string[];
  more?: object;
}

/** A workspace of small packages, committed; no build, and a scope of ours so that the local registry takes them. */
export async function workspaceWith(fixtures: readonly Fixture[]): Promise<string> {
  const files: Record<string, string> = {
    "pnpm-workspace.yaml": "packages: [packages/*]\n",
    "package.json": `${JSON.stringify({ name: "fixture", private: true, devEngines: { packageManager: { name: "pnpm", version: "12.21.0", onFail: "ignore" } } })}\n`,
    "turbo.json": '{ "tasks": { "build": {} } }\n',
    ".gitignore": "node_modules\n.turbo\n",
    "packages/private/package.json": '{ "name": "@restorekit/private", "version": "1.0.0", "private": true }\n',
  };
  for (const { name, version = "0.1.0", code = "export const x = 1;\n", needs = [], more } of fixtures) {
    const folder = `packages/${name.split("/").at(-1)}`;
    const dependencies = Object.fromEntries(needs.map((need) => [need, "workspace:^"]));
    files[`${folder}/package.json`] = `${JSON.stringify({
      name,
      version,
      license: "Apache-2.0",
      type: "module",
      files: ["index.js", "index.d.ts"],
      exports: { ".": { types: "./index.d.ts", default: "./index.js" }, "./package.json": "./package.json" },
      devDependencies: { "@restorekit/private": "workspace:^" },
      scripts: { postinstall: "exit 1" },
      dependencies,
      ...more,
    })}\n`;
    files[`${folder}/index.js`] = code;
    files[`${folder}/index.d.ts`] = "export declare const x: number;\n";
  }
  const folder = folderWith(files);
  await git(folder, "init", "--quiet", "--initial-branch=main");
  await run(["pnpm", "install", "--offline", "--ignore-scripts"], { cwd: folder });
  await commit(folder, "first");
  return folder;
}

export async function commit(folder: string, message: string) {
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--message", message);
}

export function git(folder: string, ...args: string[]) {
  const who = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  return run(["git", ...who, ...args], { cwd: folder });
}

export async function packedSet(fixtures: readonly Fixture[]): Promise<PackedSet> {
  return pack(await workspaceWith(fixtures), folderWith({}));
}

/** What packing would make of small packages that need no workspace, in milliseconds: for tests of what happens to a set. */
export function setOf(fixtures: readonly Fixture[]): PackedSet {
  const folder = folderWith({});
  const packages = fixtures.map(({ name, version = "0.1.0", code = "export const x = 1;\n", needs = [] }) => {
    const file = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
    const dependencies = Object.fromEntries(needs.map((need) => [need, "^0.1.0"]));
    const content = {
      "package/package.json": JSON.stringify({ name, version, dependencies }),
      "package/index.js": code,
    };
    execFileSync("tar", ["-czf", join(folder, file), "-C", folderWith(content), "package"]);
    return packedAs(name, { version, needs, file, integrity: digest(join(folder, file)) });
  });
  return { folder, commit: "0", packages: inOrder(packages) };
}

/** A package that was never packed, for what needs only its facts. */
export function packedAs(name: string, more: Partial<Packed> = {}): Packed {
  return {
    name,
    version: "0.1.0",
    directory: `packages/${name}`,
    file: `${name}.tgz`,
    integrity: `sha512-${name}`,
    files: ["LICENSE", "dist/index.js", "package.json"],
    needs: [],
    ...more,
  };
}
