import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRoot } from "./root.js";

const manifest = (name: string, more: object = {}) =>
  JSON.stringify({
    name,
    version: "1.2.3",
    description: "x",
    license: "Apache-2.0",
    type: "module",
    files: ["index.js", "index.d.ts"],
    exports: { ".": { types: "./index.d.ts", default: "./index.js" }, "./package.json": "./package.json" },
    ...more,
  });

const sources = (name: string, code: string, more: object = {}) => ({
  [`packages/${name}/package.json`]: manifest(name, more),
  [`packages/${name}/index.js`]: code,
  [`packages/${name}/index.d.ts`]: "export declare const x: number;\n",
});

function check(root: string, folders: string[], env: object = {}) {
  const program = join(root, "tools/workspace/packages.mjs");
  // The registry is a closed port: what is tested here must not need one.
  const closed = { npm_config_registry: "http://127.0.0.1:9/", npm_config_fetch_retries: "0" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...folders], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, npm_config_cache: join(root, "cache"), ...closed, ...env },
  });
  return { status, output: stdout + stderr };
}

describe("packages as published", { timeout: 60_000 }, () => {
  test("depend on each other's versions, install together, and every export is imported", () => {
    const root = createRoot({
      "pnpm-workspace.yaml": "packages: [packages/*]\n",
      "package.json": "{}",
      ...sources("restorekit-fixture-a", "export const x = 1;\n"),
      ...sources("restorekit-fixture-b", 'export { x } from "restorekit-fixture-a";\n', {
        dependencies: { "restorekit-fixture-a": "workspace:^" },
      }),
    });
    // As pnpm install would.
    mkdirSync(join(root, "packages/restorekit-fixture-b/node_modules"));
    symlinkSync(
      "../../restorekit-fixture-a",
      join(root, "packages/restorekit-fixture-b/node_modules/restorekit-fixture-a"),
    );
    expect(check(root, ["packages/restorekit-fixture-a", "packages/restorekit-fixture-b"])).toEqual({
      status: 0,
      output: "2 packages install together; 4 exports can be imported\n",
    });
  });

  test("an export that throws is found", () => {
    const root = createRoot(sources("restorekit-fixture-c", "export const x = 1;\nthrow new Error('not here');\n"));
    const { status, output } = check(root, ["packages/restorekit-fixture-c"]);
    expect(status).toBe(1);
    expect(output).toMatch(/an export cannot be imported\nrestorekit-fixture-c Error: not here/);
  });

  test("without a registry the installation is skipped, and says so", () => {
    const root = createRoot(
      sources("restorekit-fixture-d", "export const x = 1;\n", { dependencies: { "restorekit-nowhere": "1.0.0" } }),
    );
    expect(check(root, ["packages/restorekit-fixture-d"])).toEqual({
      status: 3,
      output: "the packed packages were not installed: the npm registry is not reachable\n",
    });
  });

  test("a file that an export names and the package leaves out is found", () => {
    const root = createRoot(sources("restorekit-fixture-e", "export const x = 1;\n", { files: ["index.d.ts"] }));
    const { status, output } = check(root, ["packages/restorekit-fixture-e"]);
    expect(status).toBe(1);
    expect(output).toContain("restorekit-fixture-e: publint");
  });
});
