import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRoot } from "./root.js";

const turbo = `#!/bin/sh
echo noise; echo "$@" > turbo.txt
mkdir -p tools/echo/dist/deep
cat > tools/echo/dist/main.js <<'END'
process.stdin.on("data", (text) => process.stdout.write(text));
process.stdin.on("end", () => { console.log(JSON.stringify(process.argv.slice(2))); console.error("told"); process.exit(7); });
END
cp tools/echo/dist/main.js tools/echo/dist/deep/main2.js
`;
const broken = "#!/bin/sh\necho error TS1005; exit 2\n";

function run(root: string, ...args: string[]) {
  const command = [join(root, "tools/workspace/tool.mjs"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: "utf8",
    input: "in\n",
    cwd: "/",
  });
  return { status, stdout, stderr };
}

const workspace = (build: string) =>
  createRoot({ "tools/echo/package.json": "{}", "node_modules/.bin/turbo": build, "package.json": "{}" });

describe("a tool", () => {
  test.each(["echo/main", "echo/deep/main2"])("%s is built first and keeps input, output and exit code", (name) => {
    const root = workspace(turbo);
    expect(run(root, name, "--json", "a b")).toEqual({ status: 7, stdout: 'in\n["--json","a b"]\n', stderr: "told\n" });
    expect(readFileSync(join(root, "turbo.txt"), "utf8")).toBe(
      "run build --filter=./tools/echo --output-logs=errors-only\n",
    );
  });

  test("that cannot be built says why, and not on stdout", () => {
    const root = workspace(broken);
    expect(run(root, "echo/main")).toEqual({
      status: 1,
      stdout: "",
      stderr: "error TS1005\n\necho/main could not be built\n",
    });
  });

  test.each([
    ["nope/main", 'there is no tool "nope/main"; usage: node tools/workspace/tool.mjs <folder>/<entry> [args…]\n'],
    ["../echo", 'there is no tool "../echo"; usage: node tools/workspace/tool.mjs <folder>/<entry> [args…]\n'],
    ["echo/nope", "there is no tool echo/nope: tools/echo builds no nope.js\n"],
  ])("%s does not exist", (name, stderr) => {
    expect(run(workspace(turbo), name)).toEqual({ status: 2, stdout: "", stderr });
  });

  test("asks for an installation", () => {
    const root = createRoot({ "tools/echo/package.json": "{}" });
    expect(run(root, "echo/main")).toMatchObject({ status: 1, stderr: expect.stringContaining("run npm start first") });
  });
});

test("every command of the root starts a tool that has a source", () => {
  const root = join(import.meta.dirname, "../../..");
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const tools = Object.values(scripts).flatMap((command) => /tool\.mjs (\w+)\/(\S+)$/.exec(command)?.slice(1, 3) ?? []);
  const missing: string[] = [];
  for (let index = 0; index < tools.length; index += 2) {
    const source = `tools/${tools[index]}/src/${tools[index + 1]}.ts`;
    if (!existsSync(join(root, source))) missing.push(source);
  }
  expect(tools.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});
