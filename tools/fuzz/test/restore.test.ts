import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { CallError } from "@restorekit/core";
import type { Intent, IntentStore } from "restorekit";
import { describe, expect, test } from "vitest";
import { playRestore, type RestoreSabotage } from "../src/restore-schedule.js";
import type { RESTORE_RULES, RestoreViolation } from "../src/restore-verdicts.js";

const SEED = 1;
const SLICE = 500;

/** Plays schedules until a rule is broken, where one should be. */
async function play(schedules: number, sabotage?: RestoreSabotage, until?: string) {
  const found: (RestoreViolation & { index: number })[] = [];
  for (let index = 0; index < schedules; index++) {
    const { violations } = await playRestore(SEED, index, sabotage);
    found.push(...violations.map((violation) => ({ index, ...violation })));
    if (found.some(({ rule }) => rule === until)) break;
  }
  return found;
}

test(`${SLICE} schedules break no rule`, { timeout: 300_000 }, async () => {
  expect(await play(SLICE)).toEqual([]);
});

test("the same seed gives the same schedule", async () => {
  const [first, second, other] = [await playRestore(7, 3), await playRestore(7, 3), await playRestore(8, 3)];
  expect(second.log).toEqual(first.log);
  expect(other.log).not.toEqual(first.log);
});

/** A store that gives out intents otherwise than they are. */
function seenAs(change: (intent: Intent) => Intent): (intents: IntentStore) => IntentStore {
  return (intents) => ({
    ...intents,
    async read(id) {
      const stored = await intents.read(id);
      return stored && { ...stored, intent: change(stored.intent) };
    },
  });
}

describe("a rule that is broken on purpose is found", () => {
  test.each<[string, (typeof RESTORE_RULES)[number], RestoreSabotage]>([
    [
      "an unknown outcome is submitted again",
      "duplicates",
      {
        adapter: (adapter) => ({
          ...adapter,
          submit: (...submit) =>
            adapter.submit(...submit).catch((error) => {
              if (error instanceof CallError && error.executed === "maybe") return adapter.submit(...submit);
              throw error;
            }),
        }),
      },
    ],
    ["not listed is not started, before the records have settled", "lost", { kit: { settleMs: 0 } }],
    [
      "an unknown outcome counts as rejected",
      "lost",
      {
        adapter: (adapter) => ({
          ...adapter,
          submit: (...submit) =>
            adapter.submit(...submit).catch((error) => {
              if (error instanceof CallError) Object.assign(error, { executed: "no" });
              throw error;
            }),
        }),
      },
    ],
    [
      "records are adopted that were there before the submit",
      "wrong adoptions",
      { intents: seenAs(({ known: _, ...intent }) => intent) },
    ],
    [
      "the records of other restores are taken for marked ones",
      "wrong adoptions",
      {
        adapter: (adapter) => ({
          ...adapter,
          sightings: async (...look) =>
            (await adapter.sightings(...look)).map((sighting) => ({ ...sighting, relation: "ours" as const })),
        }),
      },
    ],
    [
      "records are looked for by a clock that is off",
      "lost",
      { intents: seenAs(({ clockOffsetMs: _, ...intent }) => intent) },
    ],
    [
      "an instance that is being restored counts as one at rest",
      "wrong ends",
      { adapter: (adapter) => ({ ...adapter, follow: async () => ({ end: "succeeded" }) as never }) },
    ],
    [
      "errors come as they are",
      "untyped",
      {
        adapter: (adapter) => ({
          ...adapter,
          preflight: async () => {
            throw new TypeError("nobody foresaw this");
          },
        }),
      },
    ],
    [
      "a process waits for its predecessor for ever",
      "hangs",
      { intents: (intents) => ({ ...intents, read: () => new Promise(() => {}) }) },
    ],
  ])("%s: %s", { timeout: 300_000 }, async (_, rule, sabotage) => {
    expect((await play(1_500, sabotage, rule)).map((violation) => violation.rule)).toContain(rule);
  });
});

describe("the program", () => {
  const program = resolve(import.meta.dirname, "../dist/restore.js");
  const run = async (...options: string[]) => {
    const done = promisify(execFile)(process.execPath, options);
    const { stdout, code } = await done.then(
      ({ stdout }) => ({ stdout, code: 0 }),
      (error: { stdout: string; code: number }) => error,
    );
    return { code, lines: stdout.trimEnd().split("\n") };
  };

  test("ends with the tally", { timeout: 120_000 }, async () => {
    const { code, lines } = await run(program, "--schedules", "30", "--seed", "3");
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatch(
      /^30 schedules, \d+ restores begun, \d+ executed, \d+ deaths: 0 duplicates, 0 lost, .*seed 3/,
    );
  });

  test("fails, says which schedule, and plays it again", { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "restorekit-fuzz-"));
    const patch = join(folder, "patch.mjs");
    // A transport that sends a write again after its connection broke; workers load the patch as well.
    const core = import.meta.resolve("@restorekit/core");
    await writeFile(
      patch,
      `import { DECISIONS } from ${JSON.stringify(core)};\nDECISIONS.connectionLost.again = "any";\n`,
    );
    const broken = ["--import", pathToFileURL(patch).href, program];
    const { code, lines } = await run(...broken, "--schedules", "60", "--seed", "1");
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatch(/[1-9]\d* duplicates/);
    const again = lines.find((line) => line.includes("again: "))?.match(/--seed (\d+) --only (\d+)/);
    const replay = await run(...broken, "--seed", again?.[1] ?? "", "--only", again?.[2] ?? "");
    expect(replay.code).toBe(1);
    expect(replay.lines.join("\n")).toContain("✗ duplicates");
    await rm(folder, { recursive: true });
  });
});
