import {
  ApiError,
  type CallOptions,
  InputError,
  type Operation,
  type TaskStates,
  TransportError,
  type WaitOptions,
  waitForTask,
} from "@restorekit/core";
import { describe, expect, test } from "vitest";
import { operations } from "./demo.js";
import { virtualClock } from "./virtual-clock.js";

const place = { service: "demo", operation: "show" };
const denied = (status: number, code = "X.1") =>
  new ApiError(place, { code, status }, { executed: "no", why: "refused" });
const lost = new TransportError(place, "connectionLost", { executed: "maybe", why: "lost" });
const notFound = new ApiError(place, { code: "DCS.4004", status: 404 }, { executed: "no", why: "refused" });

type Task = Operation & { readonly task: TaskStates };
const states = { state: "status", running: ["waiting", 1], succeeded: ["succeed", 2], failed: ["failed", 3] };
const show: Task = {
  id: "show",
  method: "GET",
  path: "/v1/tasks/{id}",
  effect: "read",
  input: { path: ["id"] },
  success: [200],
  task: { record: ".", detail: "error", progress: "progress", ...states },
};
const list = { ...show, task: { record: "jobs[]", id: "id", ...states } };

/** Waits with a script of answers: a value is one, an error is thrown; the last stays. */
async function wait(task: Task, script: unknown[], options: Partial<WaitOptions> & { ms?: number } = {}) {
  const clock = virtualClock();
  const start = clock.now();
  const { ms = 600_000, ...rest } = options;
  const polled: number[] = [];
  const call = async (_: object, callOptions?: CallOptions) => {
    polled.push(clock.now() - start);
    expect(callOptions?.timeout?.overall).toBe(start + ms - clock.now());
    const next = script.length > 1 ? script.shift() : script[0];
    if (next instanceof Error) throw next;
    return next;
  };
  const settled = waitForTask(
    task,
    call,
    {},
    { deadline: new Date(start + ms), clock, random: () => 0.5, ...rest },
  ).then(
    (end) => ({ end, error: undefined }),
    (error: unknown) => ({ end: undefined, error }),
  );
  await clock.run();
  return { ...(await settled), polled, took: clock.now() - start, clock };
}

describe("how it ends", () => {
  test.each<[string, unknown[], object, number]>([
    [
      "succeeded",
      [{ status: "waiting" }, { status: "succeed" }],
      { end: "succeeded", state: "succeed", polls: 2 },
      10_000,
    ],
    [
      "failed, with the vendor's words",
      [{ status: "failed", error: "disk" }],
      { end: "failed", detail: "disk", polls: 1 },
      0,
    ],
    ["by number", [{ status: 1 }, { status: 2 }], { end: "succeeded", state: 2 }, 10_000],
    ["a number is not its text", [{ status: "2" }], { end: "unrecognised", state: "2" }, 0],
    ["a state that nobody documented", [{ status: "paused" }], { end: "unrecognised", state: "paused" }, 0],
    ["a name of Object's own", [{ status: "constructor" }], { end: "unrecognised", state: "constructor" }, 0],
    ["not listed yet, then done", [undefined, {}, { status: "succeed" }], { end: "succeeded", polls: 3 }, 20_000],
    [
      "early, the job does not exist",
      [notFound, notFound, { status: "succeed" }],
      { end: "succeeded", polls: 3, lastError: notFound },
      20_000,
    ],
    [
      "polls that fail are no failed task",
      [lost, lost, lost, lost, { status: "failed" }],
      { end: "failed", lastError: lost },
      40_000,
    ],
    [
      "the deadline",
      [{ status: "waiting", progress: 7 }],
      { end: "timedOut", state: "waiting", progress: 7, polls: 60 },
      600_000,
    ],
    ["never listed until the deadline", [undefined], { end: "timedOut", state: undefined }, 600_000],
    ["no poll gets through", [lost], { end: "timedOut", lastError: lost, state: undefined }, 600_000],
    ["a state that is no text", [{ status: { a: 1 } }, { status: "succeed" }], { end: "succeeded", polls: 2 }, 10_000],
  ])("%s", async (_, script, end, took) => {
    const waited = await wait(show, script);
    expect(waited.error).toBeUndefined();
    expect(waited.end).toMatchObject(end);
    expect(waited.took).toBe(took);
    expect(waited.clock.waiting()).toBe(0);
  });

  test("aborted while it waits: at once", async () => {
    const controller = new AbortController();
    const waited = await wait(show, [{ status: "waiting" }], {
      signal: controller.signal,
      onProgress: () => void setImmediate(() => controller.abort()),
    });
    expect(waited.end).toMatchObject({ end: "aborted", state: "waiting", polls: 1 });
    expect(waited.took).toBe(0);
  });

  test.each([
    ["aborted before", { signal: AbortSignal.abort() }, "aborted"],
    ["the deadline has passed", { ms: -1 }, "timedOut"],
  ])("%s: no poll", async (_, options, end) => {
    const waited = await wait(show, [{ status: "succeed" }], options);
    expect(waited.end).toMatchObject({ end, polls: 0 });
    expect(waited.polled).toEqual([]);
  });
});

test("a list that answers the same page again is a failed poll, not the end", async () => {
  const pages = { style: "offset", position: "offset", size: "limit", maximum: 1, first: 0, items: "jobs" } as const;
  const paged = { ...list, input: { query: ["offset", "limit"] }, pagination: pages };
  const stuck = { jobs: [{ id: "other", status: "waiting" }] };
  const waited = await wait(paged, [stuck, stuck, { jobs: [{ id: "j-1", status: "succeed" }] }], { id: "j-1" });
  expect(waited.error).toBeUndefined();
  expect(waited.end).toMatchObject({ end: "succeeded", polls: 2, lastError: expect.any(RangeError) });
  expect(waited.polled).toEqual([0, 0, 10_000]);
});

describe("refusals", () => {
  test.each<[string, unknown[]]>([
    ["401", [denied(401)]],
    ["403", [denied(403)]],
    ["of Tencent Cloud, with HTTP 200", [denied(200, "AuthFailure.SecretIdNotFound")]],
    ["of Tencent Cloud, by policy", [denied(200, "UnauthorizedOperation")]],
    ["with lost polls between", [denied(401), lost, denied(401), lost, denied(401)]],
  ])("three in a row end the waiting: %s", async (_, script) => {
    const { error, end } = await wait(show, script);
    expect(end).toBeUndefined();
    expect(error).toBeInstanceOf(ApiError);
  });

  test("two and a success do not", async () => {
    const script = [denied(401), denied(403), { status: "waiting" }, denied(401), denied(401), { status: "succeed" }];
    expect((await wait(show, script)).end).toMatchObject({ end: "succeeded", polls: 6 });
  });

  test.each<[string, Error]>([
    ["an input that can never be sent", new InputError(place, "id", "is required")],
    ["an error that is none of a call", new TypeError("bug")],
  ])("%s is thrown at once", async (_, thrown) => {
    const { error, polled } = await wait(show, [thrown]);
    expect(error).toBe(thrown);
    expect(polled).toHaveLength(1);
  });
});

describe("what it refuses", () => {
  test("a deadline that is no time", async () => {
    const never = waitForTask(show, async () => ({ status: "waiting" }), {}, { deadline: new Date("soon") });
    await expect(never).rejects.toThrow(RangeError);
  });

  test("a list of tasks without the id of one", async () => {
    const paged = operations.listRestores;
    const first = waitForTask(
      paged,
      async () => ({ restores: [{ id: "other", status: "succeed" }], total: 1 }),
      {},
      {
        deadline: new Date(Date.now() + 1_000),
      },
    );
    await expect(first).rejects.toThrow("id must say");
  });
});

describe("a list of tasks", () => {
  const jobs = [
    { id: "a", status: "succeed" },
    { id: "b", status: "waiting" },
    { id: 7, status: "failed" },
  ];

  test.each<[string | number, string]>([
    ["a", "succeeded"],
    [7, "failed"],
    ["7", "failed"],
  ])("filtered by id: %s", async (id, end) => {
    expect((await wait(list, [{ jobs }], { id })).end).toMatchObject({
      end,
      record: jobs.find((job) => String(job.id) === String(id)),
    });
  });

  test("a task that is not in it is not listed yet", async () => {
    const late = [{ jobs: [] }, { jobs }, { jobs: [...jobs, { id: "c", status: "succeed" }] }];
    expect((await wait(list, late, { id: "c" })).end).toMatchObject({ end: "succeeded", polls: 3 });
  });

  test("through pages, and no further than the task", async () => {
    const all = Array.from({ length: 25 }, (_, n) => ({ id: `r-${n}`, status: n === 12 ? "succeed" : "restoring" }));
    const asked: unknown[] = [];
    const call = async (input: { offset?: number; limit?: number }) => {
      asked.push(input.offset);
      const { offset = 0, limit = 10 } = input;
      return { restores: all.slice(offset, offset + limit), total: all.length };
    };
    const clock = virtualClock();
    const end = await waitForTask(
      operations.listRestores,
      call,
      { limit: 5 },
      {
        deadline: new Date(clock.now() + 1_000),
        id: "r-12",
        clock,
      },
    );
    expect(end).toMatchObject({ end: "succeeded", polls: 1 });
    expect(asked).toEqual([0, 5, 10]);
  });
});

describe("the interval", () => {
  test.each([
    [0, 8_000],
    [0.5, 10_000],
    [1 - 2 ** -53, 12_000],
  ])("give or take a fifth: random %d", async (random, interval) => {
    const { polled } = await wait(show, [{ status: "waiting" }], { random: () => random, ms: 60_000 });
    for (const [at, time] of polled.entries()) expect(time).toBeCloseTo(at * interval, 0);
  });

  test("of the caller's own", async () => {
    const { polled } = await wait(show, [{ status: "waiting" }], { intervalMs: 1_000, ms: 5_000 });
    expect(polled).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
  });

  test("a deadline months away is no deadline now", async () => {
    const months = 120 * 86_400_000;
    const real = waitForTask(
      show,
      async () => ({ status: "succeed" }),
      {},
      { deadline: new Date(Date.now() + months) },
    );
    await expect(real).resolves.toMatchObject({ end: "succeeded" });
  });

  test("progress is told at each poll", async () => {
    const seen: unknown[] = [];
    const script = [{ status: "waiting", progress: "1%" }, undefined, { status: "succeed", progress: "100%" }];
    await wait(show, script, { onProgress: ({ state, progress }) => seen.push([state, progress]) });
    expect(seen).toEqual([
      ["waiting", "1%"],
      [undefined, undefined],
      ["succeed", "100%"],
    ]);
  });
});

test("what onProgress does to the view changes nothing", async () => {
  const spoil = (view: object) => Object.assign(view, { state: "succeed" });
  const { end } = await wait(show, [{ status: "waiting" }, { status: "failed" }], { onProgress: spoil as never });
  expect(end).toMatchObject({ end: "failed", state: "failed", polls: 2 });
});

describe("a poll of many pages", () => {
  /** Each page takes its time; tells what time each one was given. */
  async function pages(pageMs: number, ms: number, signal?: { controller: AbortController; after: number }) {
    const clock = virtualClock();
    const given: unknown[] = [];
    let page = 0;
    const call = async (_: object, options?: CallOptions) => {
      given.push(options?.timeout?.overall);
      await clock.sleep(pageMs, new AbortController().signal);
      return { restores: [{ id: `r-${page++}`, status: "restoring" }], total: 1_000 };
    };
    if (signal) clock.after(signal.after, () => signal.controller.abort());
    const ended = waitForTask(
      operations.listRestores,
      call,
      { limit: 1 },
      {
        deadline: new Date(clock.now() + ms),
        id: "r-none",
        clock,
        ...(signal ? { signal: signal.controller.signal } : {}),
      },
    );
    await clock.run();
    return { end: await ended, given };
  }

  test("gives each the time that is left, and none when there is none", async () => {
    const { end, given } = await pages(400, 1_000);
    expect(given).toEqual([1_000, 600, 200]);
    expect(end).toMatchObject({ end: "timedOut", polls: 1, lastError: undefined });
  });

  test("ends between pages when it is aborted", async () => {
    const { end, given } = await pages(400, 10_000, { controller: new AbortController(), after: 500 });
    expect(given).toHaveLength(2);
    expect(end).toMatchObject({ end: "aborted", polls: 1 });
  });
});

describe("between polls", () => {
  test.each([[Number.NaN], [-1], ["soon" as never]])("an interval of %o is refused", async (intervalMs) => {
    const { error, polled } = await wait(show, [{ status: "waiting" }], { intervalMs, ms: 1_000 });
    expect(error).toBeInstanceOf(RangeError);
    expect(polled).toEqual([]);
  });

  test.each([[0], [1], [10]])("an interval of %d is ten milliseconds", async (intervalMs) => {
    const { polled } = await wait(show, [{ status: "waiting" }], { intervalMs, ms: 50 });
    expect(polled).toEqual([0, 10, 20, 30, 40]);
  });

  const busy = (retryAfter: number) =>
    new ApiError(place, { code: "X.429", status: 429, retryAfter }, { executed: "no", why: "refused" });
  test.each([
    [30_000, 600_000, 30_000],
    [1_000, 600_000, 10_000],
    [900_000, 60_000, 60_000],
  ])("the service's own wish counts: %d", async (retryAfter, ms, took) => {
    const waited = await wait(show, [busy(retryAfter), { status: "succeed" }], { ms });
    expect(waited.took).toBe(took);
  });

  test("what the client itself refuses to send ends the waiting at once", async () => {
    const refused = new TransportError(place, "refusedHere", { executed: "no", why: "no keys" });
    const { error, polled } = await wait(show, [refused]);
    expect(error).toBe(refused);
    expect(polled).toHaveLength(1);
  });

  test.each([
    ["throws", () => expect.unreachable("told")],
    [
      "throws an error of a call",
      () => {
        throw lost;
      },
    ],
    ["rejects", async () => Promise.reject(new Error("own"))],
  ])("onProgress that %s ends nothing", async (_, onProgress) => {
    const { end } = await wait(show, [{ status: "waiting" }, { status: "succeed" }], { onProgress });
    expect(end).toMatchObject({ end: "succeeded", polls: 2, lastError: undefined });
  });
});
