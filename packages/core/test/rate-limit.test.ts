import http from "node:http";
import { buildClient, createLimiter, type Operation, type Service, systemClock } from "@restorekit/core";
import { sdkHmac } from "@restorekit/core/signing";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { virtualClock } from "./virtual-clock.js";

const never = new AbortController().signal;

/** The most times that any window of this length holds; a window is open at its end. */
function mostIn(times: readonly number[], window: number) {
  return Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + window).length));
}

const limits = [
  { requests: 20, seconds: 1 },
  { requests: 35, seconds: 1 },
  { requests: 50, seconds: 1 },
  { requests: 100, seconds: 1 },
  { requests: 60, seconds: 60 },
  { requests: 1, seconds: 1 },
];

/** Numbers in [0, 1) that are the same every time. */
function chance(call: number, salt: number) {
  return (((call + 1) * 2_654_435_761 + salt * 40_503) % 4_294_967_296) / 4_294_967_296;
}

/**
 * How long a call is on its way there, and until its answer is back. What is reached of the rate is the window's part of
 * window and way: `lost` is the way that it costs.
 */
const ways: [name: string, way: (call: number, requests: number) => [there: number, back: number], lost: number][] = [
  ["no way at all", () => [0, 0], 0],
  ["a way like on this machine", (call) => [call % 3, 2], 4],
  ["20 ms, always", () => [10, 10], 20],
  ["50 ms, always", () => [25, 25], 50],
  ["50 ms, more or less", (call) => [22 + 6 * chance(call, 1), 22 + 6 * chance(call, 2)], 56],
  ["50 ms, and the first ones connect", (call, requests) => (call < requests ? [125, 25] : [25, 25]), 50],
  [
    "connections that take their time",
    (call, requests) => (call < requests * 5 ? [40 + ((call * 37) % 200), 60] : [1, 2]),
    3,
  ],
  ["over the sea", (call) => [120 + 4 * chance(call, 3), 120 + 4 * chance(call, 4)], 248],
  ["a service that takes its time", (call) => [25, 25 + 200 * (call % 2)], 250],
  ["there at once and slowly back, or the other way round", (call) => (call % 2 ? [0, 300] : [300, 0]), 300],
  ["any part of 300 ms there, and the rest back", (call) => [300 * chance(call, 5), 300 - 300 * chance(call, 5)], 300],
  ["a way that becomes longer", (call, requests) => (call < requests * 10 ? [10, 10] : [100, 60]), 160],
  ["a way that becomes shorter", (call, requests) => (call < requests * 10 ? [150, 150] : [5, 5]), 10],
  ["now and then a straggler", (call) => [25 + (call % 50 === 7 ? 900 : 0), 25], 950],
];

/** Calls through a limiter to a service that counts them as they arrive. */
function counted(limit: (typeof limits)[number], way: (call: number, requests: number) => [number, number]) {
  const clock = virtualClock();
  const limiter = createLimiter(clock);
  const arrived: number[] = [];
  let calls = 0;
  const call = async () => {
    const ended = await limiter.take("key", limit, never);
    const [there, back] = way(calls++, limit.requests);
    clock.after(there, () => arrived.push(clock.now()));
    clock.after(there + back, () => ended?.("answered"));
  };
  return { clock, arrived, call };
}

describe.each(limits)("$requests in $seconds s", (limit) => {
  test.each(ways)("%s, under load: never more, and less by the way only", async (_, way, lost) => {
    const { clock, arrived, call } = counted(limit, way);
    const windows = 30;
    const window = limit.seconds * 1000;
    for (let made = 0; made < limit.requests * windows; made++) void call();
    await clock.run();
    expect(arrived).toHaveLength(limit.requests * windows);
    expect(mostIn(arrived, window)).toBeLessThanOrEqual(limit.requests);
    // Once the connections stand. Half a percent is the margin for clocks, and what the last one in a window happens upon.
    arrived.sort((a, b) => a - b);
    const steady = arrived.filter((_, at) => at % limit.requests === 0).slice(-15);
    const full = ((steady.at(-1) as number) - (steady[0] as number)) / window;
    expect((steady.length - 1) / full).toBeGreaterThanOrEqual(window / (window + lost) - 0.005);
  });

  test("calls that come now and then: never more", async () => {
    const { clock, arrived, call } = counted(limit, (call) => [(call * 37) % 200, 10]);
    for (let made = 0, seed = 7; made < limit.requests * 5; made++) {
      seed = (seed * 48271) % 2147483647;
      clock.after((seed / 2147483647) * limit.seconds * 4000, () => void call());
    }
    await clock.run();
    expect(arrived).toHaveLength(limit.requests * 5);
    expect(mostIn(arrived, limit.seconds * 1000)).toBeLessThanOrEqual(limit.requests);
  });
});

test("calls that all connect do not make the way seem long to a burst that need not", async () => {
  const limit = { requests: 20, seconds: 1 };
  const rare = 30;
  const { clock, arrived, call } = counted(limit, (call) => (call < rare + 20 ? [125, 25] : [1, 25]));
  for (let made = 0; made < rare; made++) clock.after(made * 10_000, () => void call());
  clock.after(rare * 10_000, () => {
    for (let made = 0; made < 100; made++) void call();
  });
  await clock.run();
  expect(arrived).toHaveLength(rare + 100);
  expect(mostIn(arrived, 1_000)).toBe(20);
});

test("in a long window too, some connect and some need not", async () => {
  const limit = { requests: 60, seconds: 60 };
  const { clock, arrived, call } = counted(limit, (call) => (call < 60 ? [700, 50] : [1, 50]));
  for (let made = 0; made < 200; made++) clock.after(made * 900, () => void call());
  await clock.run();
  expect(arrived).toHaveLength(200);
  expect(mostIn(arrived, 60_000)).toBe(60);
});

test("two ways, a long and a short one, count together", async () => {
  const limit = { requests: 20, seconds: 1 };
  const { clock, arrived, call } = counted(limit, (call) => (call < 60 ? [150, 150] : [5, 5]));
  for (let made = 0; made < 120; made++) void call();
  await clock.run();
  expect(arrived).toHaveLength(120);
  expect(mostIn(arrived, 1_000)).toBe(20);
});

test("an attempt that nobody answered may arrive later, up to a second after it was given up", async () => {
  const limit = { requests: 20, seconds: 1 };
  const clock = virtualClock();
  const limiter = createLimiter(clock);
  const arrived: number[] = [];
  for (let call = 0; call < 200; call++) {
    void limiter.take("key", limit, never).then((ended) => {
      // One window of them is given up, and arrives all the same.
      const lost = Math.floor(call / 20) === 7;
      clock.after(lost ? 1_050 : 25, () => arrived.push(clock.now()));
      clock.after(50, () => ended?.(lost ? "unanswered" : "answered"));
    });
  }
  await clock.run();
  expect(arrived).toHaveLength(200);
  expect(mostIn(arrived, 1_000)).toBe(20);
});

test("a request that never left frees its place at once", async () => {
  const clock = virtualClock();
  const limiter = createLimiter(clock);
  const start = clock.now();
  for (let call = 0; call < 50; call++) (await limiter.take("key", { requests: 1, seconds: 60 }, never))?.("unsent");
  expect(clock.now()).toBe(start);
  const used = await limiter.take("key", { requests: 1, seconds: 60 }, never);
  used?.("answered");
  // Said twice: the first counts.
  used?.("unsent");
  void limiter.take("key", { requests: 1, seconds: 60 }, never);
  await clock.run();
  expect(clock.now() - start).toBeGreaterThan(60_000);
});

test("a request that never left frees its place at once for who sleeps, too", async () => {
  const clock = virtualClock();
  const limiter = createLimiter(clock);
  const limit = { requests: 2, seconds: 5 };
  const [used, unsent] = [await limiter.take("key", limit, never), await limiter.take("key", limit, never)];
  used?.("answered");
  const start = clock.now();
  const next = limiter.take("key", limit, never).then(() => clock.now() - start);
  clock.after(50, () => unsent?.("unsent"));
  await clock.run();
  expect(await next).toBe(50);
  expect(clock.waiting()).toBe(0);
});

test("who sleeps does not go early when a call that was sent ends", async () => {
  const clock = virtualClock();
  const limiter = createLimiter(clock);
  const limit = { requests: 2, seconds: 5 };
  const [first, second] = [await limiter.take("key", limit, never), await limiter.take("key", limit, never)];
  first?.("answered");
  const start = clock.now();
  const next = limiter.take("key", limit, never).then(() => clock.now() - start);
  clock.after(50, () => second?.("answered"));
  await clock.run();
  expect(await next).toBeCloseTo(5_015, 0);
});

test.each(Array.from({ length: 12 }, (_, ticks) => ticks))(
  "a turn that comes just as its caller gives up is not lost: %i microtasks between",
  async (ticks) => {
    const clock = virtualClock();
    const limiter = createLimiter(clock);
    const limit = { requests: 1, seconds: 60 };
    const first = await limiter.take("key", limit, never);
    const stop = new AbortController();
    let given = false;
    const second = limiter.take("key", limit, stop.signal).then(
      (ended) => {
        given = true;
        ended?.("unsent");
      },
      () => {},
    );
    await clock.run(1);
    first?.("unsent");
    for (let tick = 0; tick < ticks; tick++) await null;
    stop.abort("gave up");
    await second;
    // The turn came before the abort in the later ones, and after it in the earlier ones.
    if (ticks === 0) expect(given).toBe(false);
    if (ticks === 11) expect(given).toBe(true);
    const start = clock.now();
    const third = limiter.take("key", limit, never).then(() => clock.now() - start);
    await clock.run();
    expect(await Promise.race([third, "never"])).toBe(0);
  },
);

test.each([
  [{ requests: 0, seconds: 1 }, "requests"],
  [{ requests: -1, seconds: 1 }, "requests"],
  [{ requests: 1.5, seconds: 1 }, "requests"],
  [{ requests: Number.NaN, seconds: 1 }, "requests"],
  [{ requests: 1, seconds: 0 }, "seconds"],
  [{ requests: 1, seconds: Number.NaN }, "seconds"],
  [{ requests: 1, seconds: Number.POSITIVE_INFINITY }, "seconds"],
])("%j is no limit: refused by name", async (limit, field) => {
  const limiter = createLimiter(virtualClock());
  await expect(limiter.take("key", limit, never)).rejects.toThrow(`the limit's ${field} must be`);
});

test("calls under way hold their places for as long as they are, and a window longer", async () => {
  const clock = virtualClock();
  const limiter = createLimiter(clock);
  const start = clock.now();
  const limit = { requests: 2, seconds: 1 };
  const arrived: number[] = [];
  for (let call = 0; call < 2; call++) {
    const ended = await limiter.take("key", limit, never);
    // The connection takes its time: the service sees the call long after it was sent.
    clock.after(90_000, () => arrived.push(clock.now()));
    clock.after(90_010, () => ended?.("answered"));
  }
  for (let call = 0; call < 4; call++) {
    void limiter.take("key", limit, never).then((ended) => {
      arrived.push(clock.now());
      ended?.("answered");
    });
  }
  await clock.run();
  expect(arrived).toHaveLength(6);
  expect((arrived[2] as number) - start).toBeCloseTo(91_013, 0);
  expect(mostIn(arrived, 1_000)).toBe(2);
});

test("who waits for calls under way can give up, and the next one still hears of their end", async () => {
  const clock = virtualClock();
  const limiter = createLimiter(clock);
  const limit = { requests: 1, seconds: 1 };
  const ended = await limiter.take("key", limit, never);
  const stop = new AbortController();
  const gaveUp = limiter.take("key", limit, stop.signal).catch((reason: unknown) => reason);
  const start = clock.now();
  const next = limiter.take("key", limit, never).then(() => clock.now() - start);
  clock.after(100, () => stop.abort("gave up"));
  clock.after(5_000, () => ended?.("answered"));
  await clock.run();
  expect(await gaveUp).toBe("gave up");
  expect(await next).toBeCloseTo(6_003, 0);
});

test.each([
  ["without a clock", () => createLimiter()],
  ["with the system's clock", () => createLimiter({ now: systemClock.now, sleep: systemClock.sleep })],
])("a system clock that is set forward lets no burst through: %s", async (_, create) => {
  const limiter = create();
  const limit = { requests: 2, seconds: 0.3 };
  for (let call = 0; call < 2; call++) (await limiter.take("key", limit, never))?.("answered");
  const real = Date.now;
  const set = vi.spyOn(Date, "now").mockImplementation(() => real() + 3_600_000);
  onTestFinished(() => set.mockRestore());
  const start = performance.now();
  await limiter.take("key", limit, never);
  expect(performance.now() - start).toBeGreaterThan(200);
});

test("first come, first served", async () => {
  const clock = virtualClock();
  const limiter = createLimiter(clock);
  const order: number[] = [];
  for (let call = 0; call < 50; call++) {
    void limiter.take("key", { requests: 3, seconds: 1 }, never).then((ended) => {
      ended?.();
      order.push(call);
    });
  }
  await clock.run();
  expect(order).toEqual(Array.from({ length: 50 }, (_, call) => call));
});

test("keys do not wait for each other", async () => {
  const clock = virtualClock();
  const limiter = createLimiter(clock);
  const slow = limiter.take("a", { requests: 1, seconds: 60 }, never);
  await slow;
  void limiter.take("a", { requests: 1, seconds: 60 }, never);
  const start = clock.now();
  await limiter.take("b", { requests: 1, seconds: 60 }, never);
  expect(clock.now()).toBe(start);
  await clock.run();
});

test("operations of one key keep their own limits", async () => {
  const clock = virtualClock();
  const limiter = createLimiter(clock);
  const taken: Record<"rare" | "often", number[]> = { rare: [], often: [] };
  const limitOf = { rare: { requests: 6, seconds: 60 }, often: { requests: 2, seconds: 1 } };
  for (let call = 0; call < 40; call++) {
    const name = call % 4 === 0 ? "rare" : "often";
    void limiter.take("user", limitOf[name], never).then((ended) => {
      ended?.();
      taken[name].push(clock.now());
    });
  }
  await clock.run();
  expect(mostIn(taken.rare, 60_000)).toBeLessThanOrEqual(6);
  expect(mostIn(taken.often, 1_000)).toBeLessThanOrEqual(2);
});

describe("who gives up", () => {
  test.each([0, 1, 5])("frees its place at once: number %i in the queue", async (place) => {
    const clock = virtualClock();
    const limiter = createLimiter(clock);
    const limit = { requests: 1, seconds: 10 };
    (await limiter.take("key", limit, never))?.("answered");
    const start = clock.now();
    const controllers = Array.from({ length: 6 }, () => new AbortController());
    const ends = controllers.map((controller) =>
      limiter.take("key", limit, controller.signal).then(
        (ended) => {
          ended?.("answered");
          return clock.now() - start;
        },
        (reason: unknown) => `${reason} after ${clock.now() - start} ms`,
      ),
    );
    clock.after(100, () => controllers[place]?.abort("gave up"));
    await clock.run();
    const all = await Promise.all(ends);
    expect(all[place]).toBe("gave up after 100 ms");
    const others = all.filter((_, at) => at !== place);
    expect(others).toEqual([1, 2, 3, 4, 5].map((turn) => expect.closeTo(turn * 10_030, 0)));
    expect(clock.waiting()).toBe(0);
  });

  test("before its turn takes none", async () => {
    const clock = virtualClock();
    const limiter = createLimiter(clock);
    await expect(limiter.take("key", { requests: 1, seconds: 9 }, AbortSignal.abort("early"))).rejects.toBe("early");
    const start = clock.now();
    await limiter.take("key", { requests: 1, seconds: 9 }, never);
    expect(clock.now()).toBe(start);
  });
});

test("a clock that is set back holds nobody much longer than a window", async () => {
  const clock = virtualClock();
  const limiter = createLimiter(clock);
  const limit = { requests: 2, seconds: 1 };
  for (let call = 0; call < 2; call++) (await limiter.take("key", limit, never))?.("answered");
  clock.set(clock.now() - 3_600_000);
  let waited = -1;
  const start = clock.now();
  void limiter.take("key", limit, never).then(() => {
    waited = clock.now() - start;
  });
  await clock.run();
  expect(waited).toBeGreaterThan(0);
  expect(waited).toBeLessThanOrEqual(2_012);
});

test("clients that share a limiter keep the rate together, as a server counts it", { timeout: 30_000 }, async () => {
  const arrived: number[] = [];
  const server = http.createServer((_, response) => {
    arrived.push(performance.now());
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const service: Service = { name: "s", version: "1", endpoints: [{ url: "https://s.example.com" }], errors: "huawei" };
  const rateLimit = { requests: 50, seconds: 1, per: "account" } as const;
  const read: Operation = {
    id: "read",
    method: "GET",
    path: "/v1/things",
    effect: "read",
    input: {},
    success: [200],
    rateLimit,
  };
  const limiter = createLimiter();
  const clients = Array.from({ length: 4 }, () =>
    buildClient<{ read(): Promise<unknown> }, object, { ak: string; sk: string }>(service, { read }, sdkHmac, {
      endpoint,
      limiter,
      credentials: { ak: "a", sk: "b" },
    }),
  );
  const end = performance.now() + 4_500;
  const worker = async (client: (typeof clients)[number]) => {
    while (performance.now() < end) await client.read();
  };
  await Promise.all(clients.flatMap((client) => Array.from({ length: 20 }, () => worker(client))));
  server.closeAllConnections();
  server.close();

  expect(mostIn(arrived, 1_000)).toBeLessThanOrEqual(50);
  // How near it comes is measured above in virtual time: on a busy machine the clock would judge the machine.
  expect(arrived.length).toBeGreaterThan(100);
});
