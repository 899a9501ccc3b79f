import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Missing } from "@restorekit/bench/install";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { consume } from "../src/consumers/index.js";

// Real npm and a real shell; examples that do what no example should, and a registry with one package.

// npm starts slowly where much else runs.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), "restorekit-consumers-"));
const lines: string[] = [];
let root: string;
let server: Server;
let registry: string;

beforeAll(async () => {
  write(join(folder, "restorekit"), {
    "package.json": { name: "restorekit", version: "1.2.3", main: "index.js" },
    "index.js": "module.exports = 'published';",
  });
  spawnSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: join(folder, "restorekit") });
  const tarball = readFileSync(join(folder, "restorekit-1.2.3.tgz"));
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  server = createServer((request, response) => {
    if (request.url?.endsWith(".tgz")) return response.end(tarball);
    const dist = { tarball: `${registry}restorekit-1.2.3.tgz`, integrity };
    const versions = { "1.2.3": { name: "restorekit", version: "1.2.3", dist } };
    response.end(JSON.stringify({ name: "restorekit", "dist-tags": { latest: "1.2.3" }, versions }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  root = mkdtempSync(join(folder, "workspace-"));
  lines.length = 0;
});

test("a good example: installed from the registry, one row per runtime", async () => {
  example("good", { "main.js": "console.log(require('restorekit'))" }, { runtimes: ["node22", "node24"] });
  expect(await rows()).toMatchObject([
    { consumer: "good", runtime: "Node 22", does: "something", ok: true },
    { consumer: "good", runtime: "Node 24", does: "something", ok: true },
  ]);
  expect(lines.filter((line) => line.startsWith("▸"))).toEqual(["▸ good: npm install"]);
});

test("what fails reports its last lines", async () => {
  const program =
    "for (let i = 0; i < 5000; i++) console.log('line', i); console.log('no such luck'); process.exitCode = 1;";
  example("fails", { "main.js": program });
  const [row] = await rows();
  expect(row).toMatchObject({ ok: false });
  expect(row?.why).toMatch(/^node main\.js ended with 1\n(.+\n)+line 4999\nno such luck$/);
  expect(row?.why).not.toContain("line 10\n");
});

test("a failing command is not covered by the next one", async () => {
  example("early", { "main.js": "console.log('fine')" }, { commands: ["npm install", "false", "node main.js"] });
  expect((await rows())[0]?.why).toMatch(/^false; node main\.js ended with 1/);
});

test("what hangs is killed with all that it started", async () => {
  const pid = join(root, "pid");
  const program = `
    const { pid } = require("node:child_process").spawn("sleep", ["1000"], { stdio: "inherit" });
    require("node:fs").writeFileSync(${JSON.stringify(pid)}, String(pid));
    console.log("still here");
    setInterval(() => {}, 1000);`;
  example("hangs", { "main.js": program });
  const [row] = await rows({ limitMs: 2_500 });
  expect(row?.why).toBe("node main.js did not end within 2.5 s\nstill here");
  await vi.waitFor(() => expect(isRunning(readFileSync(pid, "utf8"))).toBe(false));
});

test("what stays behind when an example has ended is killed, and not waited for", async () => {
  const pid = join(root, "pid");
  example("leaves", {}, { commands: ["npm install", `sleep 1000 & echo $! > ${pid}`, "echo done"] });
  expect(await rows()).toMatchObject([{ ok: true }]);
  await vi.waitFor(() => expect(isRunning(readFileSync(pid, "utf8"))).toBe(false));
});

test("what prints nothing has shown nothing, whatever npm says", async () => {
  const scripts = { start: "node main.js" };
  example("silent", { "main.js": "" }, { commands: ["npm install", "npm start"], manifest: { scripts } });
  expect((await rows())[0]?.why).toBe("npm start printed nothing: what did it do?");
});

test("what cannot be installed fails on each runtime, once", async () => {
  example("bad", {}, { manifest: { dependencies: { restorekit: "^9.0.0" } }, runtimes: ["node22", "node24"] });
  const found = await rows();
  expect(found.map(({ ok, why }) => [ok, why?.split("\n")[0]])).toEqual([
    [false, "npm install ended with 1"],
    [false, "npm install ended with 1"],
  ]);
  expect(found[0]?.why).toContain("ETARGET");
  expect(lines.filter((line) => line.startsWith("▸"))).toHaveLength(1);
});

const foreign: [title: string, install: string, why: RegExp][] = [
  ["nothing of ours", "echo nothing", /^no package of ours is installed$/],
  [
    "a link into the workspace",
    "mkdir node_modules; ln -s ../../../restorekit node_modules/restorekit",
    /is a link to/,
  ],
  [
    "a second copy",
    "npm install; cp -r node_modules/restorekit/. node_modules/other/node_modules/restorekit",
    /2 times/,
  ],
  ["an edited file", "npm install; echo >> node_modules/restorekit/index.js", /^restorekit has another index\.js than/],
  [
    "another version",
    "npm install; sed -i s/1.2.3/1.2.2/ node_modules/restorekit/package.json",
    /as 1\.2\.2; .* 1\.2\.3$/,
  ],
];
test.each(foreign)("%s is no consumer of what was published", async (_, install, why) => {
  const prepared = install.replace("cp -r", "mkdir -p node_modules/other/node_modules/restorekit; cp -r");
  example("foreign", { "main.js": "console.log(1)" }, { commands: [prepared, "node main.js"] });
  expect((await rows())[0]?.why).toMatch(why);
});

test("a runtime that is missing is a row that failed", async () => {
  example("good", { "main.js": "console.log(1)" }, { runtimes: ["chromium", "node24"] });
  const binaryOf = ({ name }: { name: string }) => {
    if (name === "chromium") throw new Missing("no Chromium here");
    return process.execPath;
  };
  expect(await rows({ binaryOf })).toMatchObject([
    { runtime: "Chromium", ok: false, why: "no Chromium here" },
    { runtime: "Node 24", ok: true },
  ]);
});

test("a dependency is tried at each version, in copies of their own", async () => {
  const dependencies = { restorekit: "*" };
  const files = { "main.js": "console.log(require('./package.json').dependencies.restorekit)" };
  example("tried", files, { with: ["restorekit@1.2.3", "restorekit@latest"], manifest: { dependencies } });
  const found = await rows();
  expect(found.map(({ runtime, ok }) => [runtime, ok])).toEqual([
    ["Node 24, restorekit 1.2.3", true],
    ["Node 24, restorekit latest", true],
  ]);
});

test("nothing of the workspace is on the PATH", async () => {
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin", "from-the-workspace"), "#!/bin/sh\necho hello\n", { mode: 0o755 });
  example("path", {}, { commands: ["npm install", "from-the-workspace"] });
  const { PATH } = process.env;
  process.env.PATH = `${join(root, "bin")}:${PATH}`;
  try {
    expect((await rows())[0]?.why).toContain("ended with 127");
  } finally {
    process.env.PATH = PATH;
  }
});

test("only some, by example or by runtime", async () => {
  example("one", { "main.js": "console.log(1)" }, { runtimes: ["node22", "node24"] });
  example("two", { "main.js": "console.log(2)" }, { runtimes: ["node24"] });
  const names = async (...only: string[]) =>
    (await rows({}, only)).map(({ consumer, runtime }) => `${consumer} ${runtime}`);
  expect(await names("node22")).toEqual(["one Node 22"]);
  expect(await names("two", "node22")).toEqual(["one Node 22", "two Node 24"]);
  expect(await names("node")).toEqual(["one Node 22", "one Node 24", "two Node 24"]);
  await expect(names("three")).rejects.toThrow(/no runtime and no example is called three: node, node20/);
});

const wrong: [title: string, file: string, content: string, error: RegExp][] = [
  ["no declaration", "example.json", "", /one\/example\.json: Unexpected end/],
  ["an unknown field", "example.json", '{"does":"x","runtimes":["node24"],"run":"x"}', /example\.json: run is unknown/],
  ["an unknown runtime", "example.json", '{"does":"x","runtimes":["node3"]}', /runtimes has node3; there are node20/],
  ["no runtime", "example.json", '{"does":"x","runtimes":[]}', /runtimes is no list/],
  ["nothing said", "example.json", '{"runtimes":["node24"]}', /does is not one line/],
  ["a README without commands", "README.md", "# One\n", /README\.md: the first sh block/],
  ["a README that only installs", "README.md", "```sh\nnpm install\n```\n", /README\.md: the first sh block/],
];
test.each(wrong)("%s is told with file and field", async (_, file, content, error) => {
  example("one", {});
  writeFileSync(join(root, "examples", "one", file), content);
  await expect(rows()).rejects.toThrow(error);
});

test("it does not work inside the workspace", async () => {
  example("one", {});
  const work = join(root, "work");
  const options = { registry, work, progress: () => {} };
  await expect(consume(options, { root })).rejects.toThrow(/is inside the workspace/);
  expect(existsSync(work)).toBe(false);
});

interface Given {
  commands?: string[];
  runtimes?: string[];
  with?: string[];
  manifest?: object;
}

function example(name: string, files: Record<string, string>, given: Given = {}) {
  const { commands = ["npm install", "node main.js"], runtimes = ["node24"], manifest } = given;
  write(join(root, "examples", name), {
    "example.json": { does: "something", runtimes, ...(given.with ? { with: given.with } : {}) },
    "README.md": `# ${name}\n\n\`\`\`sh\n${commands.join("\n")}\n\`\`\`\n`,
    "package.json": { private: true, dependencies: { restorekit: "latest" }, ...manifest },
    ...files,
  });
}

function write(into: string, files: Record<string, string | object>) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(into, name)), { recursive: true });
    writeFileSync(join(into, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

function rows(setting: Parameters<typeof consume>[1] = {}, only?: string[]) {
  const work = mkdtempSync(join(folder, "work-"));
  const options = { registry, work, progress: (line: string) => void lines.push(line), ...(only ? { only } : {}) };
  const titleOf = ({ title }: { title: string }) => title;
  return consume(options, { root, binaryOf: () => process.execPath, titleOf, ...setting }).then((found) =>
    found.map((row) => ({ ...row, runtime: row.runtime.replace(/(Node \d+)\.[\d.]+/, "$1") })),
  );
}

function isRunning(pid: string) {
  const stat = `/proc/${pid.trim()}/stat`;
  // Killed, and not yet waited for, is Z.
  if (existsSync("/proc/self")) return existsSync(stat) && !/\) Z /.test(readFileSync(stat, "utf8"));
  return spawnSync("kill", ["-0", pid.trim()]).status === 0;
}
