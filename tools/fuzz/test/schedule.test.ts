import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { DECISIONS } from "@restorekit/core";
import { afterEach, describe, expect, test } from "vitest";
import { playSchedule, type Sabotage } from "../src/schedule.js";
import { playOnSockets } from "../src/sockets.js";
import type { Violation } from "../src/verdicts.js";

const SEED = 1;
const SLICE = 1_000;

async function play(schedules: number, sabotage?: Sabotage) {
  const found: (Violation & { index: number })[] = [];
  for (let index = 0; index < schedules; index++) {
    const { violations } = await playSchedule(SEED, index, sabotage);
    found.push(...violations.map((violation) => ({ index, ...violation })));
  }
  return found;
}

test(`${SLICE} schedules in virtual time break no rule`, { timeout: 120_000 }, async () => {
  expect(await play(SLICE)).toEqual([]);
});

test("schedules on loopback sockets break no rule", { timeout: 60_000 }, async () => {
  const { violations, writes } = await playOnSockets(SEED, 40);
  expect(violations).toEqual([]);
  expect(writes).toBeGreaterThan(20);
});

test("the same seed gives the same schedule", async () => {
  const numbers = (log: string[]) => log.map((line) => line.replace(/call \d+ /, ""));
  const [first, second, other] = [await playSchedule(7, 3), await playSchedule(7, 3), await playSchedule(8, 3)];
  expect(numbers(second.log)).toEqual(numbers(first.log));
  expect(numbers(other.log)).not.toEqual(numbers(first.log));
});

describe("a rule that is broken on purpose is found", () => {
  const undo: (() => void)[] = [];
  afterEach(() => {
    for (const each of undo.splice(0)) each();
  });

  test.each(["connectionLost", "attemptTimeout", "unavailable", "tooMany", "failed", "expired"] as const)(
    "writes are sent again after %s",
    { timeout: 60_000 },
    async (row) => {
      const policy: { again: string } = DECISIONS[row];
      const before = policy.again;
      policy.again = "any";
      undo.push(() => (policy.again = before));
      expect((await play(150)).map(({ rule }) => rule)).toContain("duplicates");
    },
  );

  test.each<[string, string, Sabotage]>([
    [
      "a fetch that tries again by itself",
      "duplicates",
      (fetch) => async (url, init) => fetch(url, init).catch(() => fetch(url, init)),
    ],
    [
      "a fetch that takes a lost connection for a refused one",
      "false no",
      (fetch) => (url, init) =>
        fetch(url, init).catch((error: Error) => {
          if (init?.signal?.aborted) throw error;
          throw new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) });
        }),
    ],
    [
      "a fetch that answers one call with another's answer",
      "wrong results",
      (fetch) => {
        let kept: Response | undefined;
        return async (url, init) => {
          const response = await fetch(url, init);
          const mine = kept?.clone() ?? response.clone();
          if (response.ok && response.body) kept ??= response.clone();
          return mine;
        };
      },
    ],
    [
      "a fetch that asks everything twice",
      "over the rate",
      (fetch) => (url, init) => {
        fetch(url, init).catch(() => {});
        return fetch(url, init);
      },
    ],
    [
      "a fetch that does not heed its signal",
      "late",
      (fetch) =>
        (url, { signal: _, ...init } = {}) =>
          fetch(url, init),
    ],
  ])("%s: %s", { timeout: 60_000 }, async (_, rule, sabotage) => {
    expect((await play(150, sabotage)).map((violation) => violation.rule)).toContain(rule);
  });
});

describe("the program", () => {
  const program = resolve(import.meta.dirname, "../dist/transport.js");
  const run = async (...options: string[]) => {
    const done = promisify(execFile)(process.execPath, options);
    const { stdout, code } = await done.then(
      ({ stdout }) => ({ stdout, code: 0 }),
      (error: { stdout: string; code: number }) => error,
    );
    return { code, lines: stdout.trimEnd().split("\n") };
  };

  test("ends with the tally", { timeout: 60_000 }, async () => {
    const { code, lines } = await run(program, "--schedules", "20", "--seed", "3", "--sockets", "2");
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatch(
      /^22 schedules, \d+ calls \(\d+ writes\), \d+ attempts: 0 duplicates, 0 hangs, .*seed 3/,
    );
  });

  test("fails, says which schedule, and plays it again", { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "restorekit-fuzz-"));
    const patch = join(folder, "patch.mjs");
    const core = import.meta.resolve("@restorekit/core");
    await writeFile(
      patch,
      `import { DECISIONS } from ${JSON.stringify(core)};\nDECISIONS.connectionLost.again = "any";\n`,
    );
    const broken = ["--import", pathToFileURL(patch).href, program];
    const { code, lines } = await run(...broken, "--schedules", "100", "--seed", "1", "--sockets", "0");
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatch(/[1-9]\d* duplicates/);
    const again = lines.find((line) => line.includes("again: "))?.match(/--seed (\d+) --only (\d+)/);
    const replay = await run(...broken, "--seed", again?.[1] ?? "", "--only", again?.[2] ?? "");
    expect(replay.code).toBe(1);
    expect(replay.lines.join("\n")).toContain("✗ duplicates");
    await rm(folder, { recursive: true });
  });
});
