import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { DECISIONS, TransportError } from "@restorekit/core";
import { afterEach, describe, expect, test } from "vitest";
import type { Account } from "../src/ledger.js";
import { createRandom } from "../src/random.js";
import { playSchedule, type Sabotage } from "../src/schedule.js";
import { operationOf, restOperations, rpcOperations } from "../src/services.js";
import { playOnSockets } from "../src/sockets.js";
import { drawUnsure, unsureForms } from "../src/unsure.js";
import { type Ending, judgeCall, type Violation } from "../src/verdicts.js";

const SEED = 1;
const SLICE = 1_000;

/** Plays schedules until a rule is broken, where one should be. */
async function play(schedules: number, sabotage?: Sabotage, until?: string) {
  const found: (Violation & { index: number })[] = [];
  const met = new Set<string>();
  for (let index = 0; index < schedules; index++) {
    const { violations, met: here } = await playSchedule(SEED, index, sabotage);
    found.push(...violations.map((violation) => ({ index, ...violation })));
    for (const name of here.keys()) met.add(name);
    if (found.some(({ rule }) => rule === until)) break;
  }
  return { found, rules: found.map(({ rule }) => rule), met };
}

test(`${SLICE} schedules in virtual time break no rule and meet every outcome`, { timeout: 120_000 }, async () => {
  const { found, met } = await play(SLICE);
  expect(found).toEqual([]);
  expect([...met].sort()).toEqual(["result", ...Object.keys(DECISIONS)].sort());
});

describe.each([
  ["rest", restOperations],
  ["rpc", rpcOperations],
] as const)("every refusal that proves nothing is drawn: %s", (kind, operations) => {
  test.each(Object.values(operations))("$id", (operation) => {
    const ways = unsureForms(kind, operation, "C").flatMap(({ statuses, body }) =>
      statuses.flatMap((status) => body.map((text) => `${status} ${text}`)),
    );
    const drawn = new Set<string>();
    for (let index = 0; index < 20_000; index++) {
      const { status, body } = drawUnsure(createRandom(index), kind, operation);
      drawn.add(`${status} ${body.replace(/Client\.1|InvalidParameter|APIGW\.030[13]|AuthFailure\.\w+/g, "C")}`);
    }
    expect(ways.filter((way) => !drawn.has(way))).toEqual([]);
  });
});

test("a rule that is broken on purpose is found on sockets", { timeout: 60_000 }, async () => {
  const policy: { again: string } = DECISIONS.connectionLost;
  policy.again = "any";
  const { violations } = await playOnSockets(SEED, 40).finally(() => (policy.again = "reads"));
  expect(violations.map(({ rule }) => rule)).toContain("duplicates");
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
      expect((await play(150, undefined, "duplicates")).rules).toContain("duplicates");
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
    [
      "a fetch that leaves its connection open",
      "leaks",
      (fetch) => (url, init) => {
        const { signal: _, ...rest } = init ?? {};
        fetch(url, rest).catch(() => {});
        return fetch(url, init);
      },
    ],
    ["a reader that looks for a result above the envelope only", "duplicates", reading((_, body) => alone(body))],
    ["a reader that takes the last of a name said twice", "duplicates", reading((_, body) => body)],
    ["a reader that believes a code below any name", "duplicates", reading((text) => codeAnywhere(text))],
    ["a reader that believes a code whatever the status", "duplicates", reading((_, body) => body, 429)],
  ])("%s: %s", { timeout: 60_000 }, async (_, rule, sabotage) => {
    expect((await play(SLICE, sabotage, rule)).rules).toContain(rule);
  });
});

/** Gives the transport what somebody less careful would have read in an answer. */
function reading(read: (text: string, body: unknown) => unknown, status?: number): Sabotage {
  return (fetch) => async (url, init) => {
    const response = await fetch(url, init);
    const text = response.body === null ? "" : await response.text();
    const { headers } = response;
    try {
      const seen = read(text, JSON.parse(text));
      const told = response.ok ? response.status : (status ?? response.status);
      return new Response(JSON.stringify(seen), { status: told, headers });
    } catch {
      return new Response(text || null, { status: response.status, headers });
    }
  };
}

/** Without what stands beside an error in the envelope. */
function alone(body: unknown) {
  const { Error: error } = (body as { Response?: { Error?: unknown } } | null)?.Response ?? {};
  return error ? { Response: { Error: error } } : body;
}

/** The first throttling code of a text, as if it stood alone and in its place. */
function codeAnywhere(text: string) {
  const [code] = /RequestLimitExceeded|APIGW\.0308/.exec(text) ?? [];
  if (code === undefined) return JSON.parse(text);
  return code === "APIGW.0308" ? { error_code: code } : { Response: { Error: { Code: code } } };
}

describe("a call is judged", () => {
  const none = { arrivals: [], executions: 0, answers: [], open: 0 };
  const error = (executed: "no" | "maybe", why = "why") =>
    new TransportError({ service: "rest", operation: "restore" }, "deadline", { executed, why });
  test.each<[string, Partial<Account>, Ending, Violation["rule"][]]>([
    ["a result", { arrivals: ["good"], executions: 1, answers: ['{"id":1}'] }, { value: { id: 1 } }, []],
    ["another result", { arrivals: ["good"], executions: 1, answers: ['{"id":1}'] }, { value: {} }, ["wrong results"]],
    ["a result of what never ran", {}, { value: undefined }, ["wrong results"]],
    ["no end", {}, undefined, ["hangs"]],
    ["an error of nobody's", {}, { error: new TypeError("x") }, ["unclassified"]],
    ["an error without a reason", {}, { error: error("no", "") }, ["unclassified"]],
    ["a refusal", { arrivals: ["throttled", "clientError"] }, { error: error("no") }, []],
    ["a no of what ran", { arrivals: ["unsure"], executions: 1 }, { error: error("no") }, ["false no"]],
    ["a no that is right by luck", { arrivals: ["lostBefore"] }, { error: error("no") }, ["false no"]],
    ["a second arrival", { arrivals: ["unsure", "good"], executions: 1 }, { error: error("maybe") }, ["duplicates"]],
  ])("%s", (_, account, ending, rules) => {
    const operation = operationOf("rest", "setPolicy");
    expect([...judgeCall(operation, { ...none, ...account }, ending)].map(({ rule }) => rule)).toEqual(rules);
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

  test("refuses to play nothing", async () => {
    expect((await run(program, "--schedules", "0")).code).toBe(2);
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
