import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inTurns } from "../src/second/command.js";
import { findEngine, javaVersion, Missing, Refused } from "../src/second/engine.js";
import { issues, unexplained } from "../src/second/log.js";

const say = () => {};
const path = process.env.PATH;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "codegen-second-"));
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a `java` on the PATH that only tells a version, so that these tests need none. */
function pretendJava(version = 'openjdk version "17.0.15" 2025-04-15'): void {
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin", "java"), `#!/bin/sh\necho '${version}' >&2\n`);
  chmodSync(join(folder, "bin", "java"), 0o755);
  process.env.PATH = `${join(folder, "bin")}:${path}`;
}

/** A wrapper that, told to fetch, does what the code says. */
function pretendWrapper(code: string): string {
  const file = join(folder, "wrapper.cjs");
  writeFileSync(file, code);
  return file;
}

describe("engine", () => {
  test("says that Java is missing", async () => {
    process.env.PATH = join(folder, "nothing");
    const found = findEngine(folder, say);
    await expect(found).rejects.toThrow(Missing);
    await expect(found).rejects.toThrow(/Java is missing/);
  });

  test.each([
    ['java version "1.8.0_392"', /Java 8 is too old: .* 11 or newer/],
    ['openjdk version "10.0.2" 2018-07-17', /Java 10 is too old/],
    ["something else", /does not tell its version/],
  ])("says that %s will not do", async (version, message) => {
    pretendJava(version);
    const found = findEngine(folder, say);
    await expect(found).rejects.toThrow(Missing);
    await expect(found).rejects.toThrow(message);
  });

  test.each([
    ['openjdk version "11.0.21" 2023-10-17 LTS\nOpenJDK Runtime', 11],
    ['openjdk version "21" 2023-09-19', 21],
    ['openjdk version "25-ea" 2025-09-16', 25],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\njava version "1.7.0_80"', 7],
    ["", undefined],
  ])("version of %j", (output, want) => {
    expect(javaVersion(output)).toBe(want);
  });

  test("the command ends with 3 where Java is too old, with 2 where it is called wrongly", { timeout: 30_000 }, () => {
    pretendJava('java version "1.8.0_392"');
    const main = fileURLToPath(new URL("../dist/second/main.js", import.meta.url));
    const root = fileURLToPath(new URL("../../..", import.meta.url));
    const second = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { cwd: root, encoding: "utf8" });
    expect(second()).toMatchObject({
      status: 3,
      stderr: "second parser: Java 8 is too old: the second parser needs a Java runtime, 11 or newer, on PATH\n",
    });
    expect(second("--kep")).toMatchObject({
      status: 2,
      stderr: "Unknown option '--kep'; usage: validate:second [--specs DIR] [--cache DIR] [--compile] [--keep]\n",
    });
  });

  test("refuses a jar with another digest and leaves it", async () => {
    pretendJava();
    const jar = join(folder, "7.25.0.jar");
    writeFileSync(jar, "something else");
    const found = findEngine(folder, say);
    await expect(found).rejects.toThrow(Refused);
    await expect(found).rejects.toThrow(/is not engine 7\.25\.0: its sha256 is [0-9a-f]{64}/);
    expect(readFileSync(jar, "utf8")).toBe("something else");
  });

  test("says that the engine cannot be fetched", async () => {
    pretendJava();
    const wrapper = pretendWrapper("throw new Error('no network')");
    const found = findEngine(join(folder, "cache"), say, wrapper);
    await expect(found).rejects.toThrow(Missing);
    await expect(found).rejects.toThrow(/cannot be fetched: is there a network\?/);
  });

  test("does not accept what was fetched unseen", async () => {
    pretendJava();
    const wrapper = pretendWrapper(`
      const fs = require("node:fs");
      const { storageDir, version } = JSON.parse(fs.readFileSync("openapitools.json"))["generator-cli"];
      if (process.argv.slice(2).join(" ") !== "version-manager set 7.25.0") process.exit(1);
      fs.writeFileSync(storageDir + "/" + version + ".jar", "not the engine");
    `);
    const cache = join(folder, "cache");
    const error = await findEngine(cache, say, wrapper).catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(Refused);
    expect(existsSync(join(cache, "7.25.0.jar"))).toBe(false);
    const kept = /^(\S+) is not engine/.exec((error as Error).message)?.[1] ?? "";
    expect(readFileSync(kept, "utf8")).toBe("not the engine");
  });
});

describe("log", () => {
  const cases: [string, string, string[]][] = [
    ["progress", "[main] INFO  o.o.codegen.TemplateManager - writing file a.py", []],
    ["banner", "####\n# Thanks for using OpenAPI Generator.   #\n", []],
    ["explained", "[main] WARN  o.o.codegen.DefaultCodegen - OpenAPI 3.1 support is still in beta. To report", []],
    ["warning", "[main] WARN  o.o.codegen.X - schema Y is odd", ["[main] WARN  o.o.codegen.X - schema Y is odd"]],
    ["error", "[main] ERROR o.o.codegen.X - broken", ["[main] ERROR o.o.codegen.X - broken"]],
    ["crash", "Exception in thread main", ["Exception in thread main"]],
    ["each once", "[main] WARN  a\n[main] WARN  a", ["[main] WARN  a"]],
  ];
  test.each(cases)("%s", (_name, given, want) => {
    expect(unexplained(given)).toEqual(want);
  });
  test("issues of a validation", () => {
    expect(issues("Validating spec (a.json)\nErrors:\n\t- attribute x is missing\n")).toEqual([
      "Errors:",
      "- attribute x is missing",
    ]);
  });
});

test("jobs run a few at a time and keep their order", async () => {
  let running = 0;
  let most = 0;
  const jobs = [3, 1, 2, 0].map((turns) => async () => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    running -= 1;
    return turns;
  });
  expect(await inTurns(jobs, 2)).toEqual([3, 1, 2, 0]);
  expect(most).toBe(2);
});
