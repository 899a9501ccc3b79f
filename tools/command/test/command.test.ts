import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "restorekit-command-"));
const script = join(folder, "demo.mjs");
const index = pathToFileURL(join(import.meta.dirname, "../dist/index.js")).href;
writeFileSync(
  script,
  `import { command, Misuse, wholeNumber } from ${JSON.stringify(index)};
  const usage = "usage: demo [--count N] [--json] <file>";
  const options = { count: { type: "string", default: "3" }, json: { type: "boolean" } };
  await command({ usage, options, takes: [1, 2] }, async ({ count, json }, [file]) => {
    if (file === "wrong") throw new Misuse("wrong is no file");
    if (file === "broken") throw new RangeError("the file is broken");
    // console.log itself passes over a closed pipe.
    for (let line = 0; file === "long" && line < 100_000; line++) process.stdout.write("line ".repeat(20) + line);
    if (file === "long") return 0;
    console.log(JSON.stringify({ count: wholeNumber("count", count, 1), json, file }));
    return file === "found" ? 1 : 0;
  });`,
);
afterAll(() => rmSync(folder, { recursive: true }));

function demo(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

const usage = "usage: demo [--count N] [--json] <file>\n";

describe("a command", () => {
  it("gets its options and arguments, and ends with what it gives", () => {
    expect(demo("--count", "12", "page")).toEqual({ status: 0, stdout: '{"count":12,"file":"page"}\n', stderr: "" });
    expect(demo("found", "--json")).toEqual({
      status: 1,
      stdout: '{"count":3,"json":true,"file":"found"}\n',
      stderr: "",
    });
  });

  it("tells its usage when asked, and does nothing else", () => {
    expect(demo("broken", "--help")).toEqual({ status: 0, stdout: usage, stderr: "" });
  });

  it.each([
    ["an unknown option", ["--bogus", "page"], "Unknown option '--bogus'"],
    ["an option without its value", ["page", "--count"], "Option '--count <value>' argument missing"],
    ["too few arguments", [], "an argument is missing"],
    ["too many arguments", ["a", "b", "c"], "unexpected argument c"],
    ["no whole number", ["page", "--count", "1e3"], '--count takes a whole number from 1, not "1e3"'],
    ["a number that is too small", ["page", "--count", "0"], '--count takes a whole number from 1, not "0"'],
    ["what it finds wrong itself", ["wrong"], "wrong is no file"],
  ])("ends with 2 and its usage for %s", (_, args, problem) => {
    expect(demo(...args)).toEqual({ status: 2, stdout: "", stderr: `demo: ${problem}\n${usage}` });
  });

  it("ends with 2 and one sentence where it cannot do its work", () => {
    expect(demo("broken")).toEqual({ status: 2, stdout: "", stderr: "demo: the file is broken\n" });
  });

  it("ends quietly when its reader has read enough", async () => {
    const child = spawn(process.execPath, [script, "long"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.once("data", () => child.stdout.destroy());
    let said = "";
    child.stderr.on("data", (chunk) => (said += chunk));
    const [code] = await once(child, "close");
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });
});
