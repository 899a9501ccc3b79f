import { getEventListeners, once } from "node:events";
import net from "node:net";
import { Worker } from "node:worker_threads";
import { createLimiter, type Limiter, systemClock, TransportError } from "@restorekit/core";
import { sdkHmac } from "@restorekit/core/signing";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect, operations } from "./demo.js";
import { faultServer } from "./fault-server.js";
import { virtualClock } from "./virtual-clock.js";

type Client = ReturnType<typeof connect>;
const write = (client: Client, options = {}) => client.restore({ instance_id: "i-1", backup_id: "b-1" }, options);
const read = (client: Client, options = {}) => client.listRestores({ instance_id: "i-1" }, options);
const both = [
  ["a read", read],
  ["a write", write],
] as const;

/** A fetch that never answers, and heeds its signal or not. */
function silence(heeds = true): typeof globalThis.fetch {
  return (_, init) =>
    new Promise((_, reject) => {
      if (heeds) init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
    });
}

function simulated(options: Parameters<typeof connect>[0] = {}) {
  const clock = virtualClock();
  const start = clock.now();
  const client = connect({ fetch: silence(), now: clock.now, sleep: clock.sleep, ...options });
  return { clock, client, elapsed: () => clock.now() - start };
}

describe.each(both)("%s", (name, call) => {
  const executed = "maybe";
  test.each([
    {
      name: "one attempt",
      timeout: { attempt: 1_000, overall: 9_000 },
      retry: { attempts: 1 },
      failure: "attemptTimeout",
      at: 1_000,
    },
    { name: "the whole call", timeout: { attempt: 5_000, overall: 700 }, retry: {}, failure: "deadline", at: 700 },
    { name: "the defaults", timeout: {}, retry: { attempts: 1 }, failure: "attemptTimeout", at: 60_000 },
    {
      name: "undefined, the default",
      timeout: { attempt: undefined, overall: undefined } as never,
      retry: { attempts: 1 },
      failure: "attemptTimeout",
      at: 60_000,
    },
    {
      name: "both at once",
      timeout: { attempt: 500, overall: 500 },
      retry: { attempts: 1 },
      failure: "deadline",
      at: 500,
    },
  ])("no answer: $name", async ({ timeout, retry, failure, at }) => {
    for (const place of ["client", "call"]) {
      const { clock, client, elapsed } = simulated({ retry, ...(place === "client" ? { timeout } : {}) });
      let ended: unknown;
      let when = -1;
      const settled = call(client, place === "call" ? { timeout } : {}).catch((error: unknown) => {
        ended = error;
        when = elapsed();
      });
      await clock.run();
      await settled;
      expect(ended).toBeInstanceOf(TransportError);
      expect(ended).toMatchObject({ failure, executed });
      expect(when).toBe(at);
      expect(clock.waiting()).toBe(0);
    }
  });

  test("aborted by the caller, whatever the reason", async () => {
    for (const reason of [undefined, "deadline", new Error("secret"), null]) {
      const { clock, client, elapsed } = simulated();
      const controller = new AbortController();
      clock.after(300, () => controller.abort(reason));
      const settled = call(client, { signal: controller.signal }).catch((error: unknown) => ({
        error,
        when: elapsed(),
      }));
      await clock.run();
      expect(await settled).toMatchObject({ error: { failure: "aborted", executed }, when: 300 });
      expect(clock.waiting()).toBe(0);
    }
  });

  test("aborted before it began: nothing is sent", async () => {
    let sent = 0;
    const client = connect({ fetch: async () => new Response(String(sent++)) });
    await expect(call(client, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      failure: "aborted",
      executed: "no",
    });
    expect(sent).toBe(0);
  });

  test("a fetch that does not heed its signal holds nobody", async () => {
    const { clock, client, elapsed } = simulated({ fetch: silence(false), timeout: { overall: 1_000 } });
    const settled = call(client).catch((error: unknown) => ({ error, when: elapsed() }));
    await clock.run();
    expect(await settled).toMatchObject({ error: { failure: "deadline", executed }, when: 1_100 });
  });

  test("the end of the call is what counts, also where the attempt's came just before", async () => {
    const { clock, client, elapsed } = simulated({ fetch: silence(false), timeout: { attempt: 500, overall: 550 } });
    const settled = call(client).catch((error: unknown) => ({ error, when: elapsed() }));
    await clock.run();
    expect(await settled).toMatchObject({ error: { failure: "deadline", executed }, when: 600 });
  });

  test("aborted while it is signed: nothing is sent", async () => {
    let sent = 0;
    const controller = new AbortController();
    const slow = { ...sdkHmac, sign: async () => controller.abort() };
    const client = connect({ fetch: async () => new Response(String(sent++)) }, slow);
    await expect(call(client, { signal: controller.signal })).rejects.toMatchObject({
      failure: "aborted",
      executed: "no",
    });
    expect(sent).toBe(0);
  });

  test("a signature that never comes holds nobody, and nothing was sent", async () => {
    const clock = virtualClock();
    const start = clock.now();
    const never = { ...sdkHmac, sign: () => new Promise<void>(() => {}) };
    const client = connect({ now: clock.now, sleep: clock.sleep, timeout: { overall: 1_000 } }, never);
    const settled = call(client).catch((error: unknown) => ({ error, when: clock.now() - start }));
    await clock.run();
    expect(await settled).toMatchObject({ error: { failure: "deadline", executed: "no" }, when: 1_000 });
  });

  test("a provider of credentials that hangs holds nobody, and nothing was sent", async () => {
    const { clock, client, elapsed } = simulated({
      credentials: () => new Promise(() => {}),
      timeout: { overall: 1_000 },
    });
    const settled = call(client).catch((error: unknown) => ({ error, when: elapsed() }));
    await clock.run();
    expect(await settled).toMatchObject({ error: { failure: "deadline", executed: "no" }, when: 1_000 });
    expect(clock.waiting()).toBe(0);
  });

  test("one signal for many calls has one listener, and keeps none", async () => {
    const controller = new AbortController();
    const client = connect({ fetch: async () => new Response('{"id":"r-1"}') });
    const made = Array.from({ length: 100 }, () => call(client, { signal: controller.signal }));
    // Node 20 prints a warning when there are more than ten.
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    await Promise.all(made);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    const failing = connect({ fetch: () => Promise.reject(new TypeError("x")), retry: { attempts: 2 } });
    await Promise.allSettled(Array.from({ length: 20 }, () => call(failing, { signal: controller.signal })));
    expect(getEventListeners(controller.signal, "abort"), name).toHaveLength(0);
  });
});

test("aborted while it waits to try again: at once, and a write that never ran says so", async () => {
  const throttled = () =>
    new Response('{"error_code":"APIGW.0308"}', { status: 429, headers: { "retry-after": "15" } });
  const { clock, client, elapsed } = simulated({ fetch: async () => throttled() });
  const controller = new AbortController();
  clock.after(2_000, () => controller.abort());
  const settled = write(client, { signal: controller.signal }).catch((error: unknown) => ({ error, when: elapsed() }));
  await clock.run();
  expect(await settled).toMatchObject({ error: { failure: "aborted", executed: "no" }, when: 2_000 });
  expect(clock.waiting()).toBe(0);
});

test("a sleep that heeds no signal does not hold the call that waits to try again", async () => {
  const throttled = () =>
    new Response('{"error_code":"APIGW.0308"}', { status: 429, headers: { "retry-after": "15" } });
  const clock = virtualClock();
  const sleep = (ms: number) => clock.sleep(ms, new AbortController().signal);
  const client = connect({ fetch: async () => throttled(), now: clock.now, sleep, timeout: { overall: 2_000 } });
  let when = clock.now();
  const settled = write(client).catch((error: unknown) => {
    when = clock.now() - when;
    return error;
  });
  await clock.run();
  expect(await settled).toMatchObject({ failure: "deadline", executed: "no" });
  expect(when).toBe(2_000);
});

test.each([
  ["seconds", "3", 3_000],
  ["a date", "Fri, 02 Jan 2026 03:04:09 GMT", 4_000],
  ["a date that has passed", "Fri, 02 Jan 2026 03:00:00 GMT", 0],
  ["far too long", "86400", 20_000],
  ["negative", "-5", 0],
  ["garbage", "soon", 0],
  ["hexadecimal", "0x10", 0],
  ["with an exponent", "1e3", 0],
  ["a fraction", "1.5", 0],
  ["a year alone", "2100", 20_000],
  ["a date of another form", "2100-01-01", 0],
  ["no number", "NaN", 0],
  ["nothing", "", 0],
])("Retry-After: %s", async (_, value, waited) => {
  const answers = [
    new Response("", { status: 503, headers: { "retry-after": value } }),
    new Response('{"restores":[]}'),
  ];
  const { clock, client, elapsed } = simulated({ fetch: async () => answers.shift() as Response });
  const settled = read(client).then(elapsed);
  await clock.run();
  expect(await settled).toBe(waited);
});

test("a Retry-After date is read by the service's clock, once that is known", async () => {
  const skew = 3_600_000;
  const { clock, client, elapsed } = simulated({
    fetch: async () => (answers.shift() as () => Response)(),
  });
  const server = (ms = 0) => new Date(clock.now() + skew + ms).toUTCString();
  const answers = [
    () => new Response('{"error_code":"APIGW.0303"}', { status: 401, headers: { date: server() } }),
    () => new Response("", { status: 503, headers: { "retry-after": server(4_000) } }),
    () => new Response('{"restores":[]}'),
  ];
  const settled = read(client).then(elapsed);
  await clock.run();
  expect(await settled).toBe(4_000);
});

test("many who wait for one signal share one listener", async () => {
  const controller = new AbortController();
  const listeners = () => getEventListeners(controller.signal, "abort").length;
  const order: number[] = [];
  const limiter = createLimiter();
  const limit = { requests: 1, seconds: 60 };
  await limiter.take("key", limit, controller.signal);
  const waits = Array.from({ length: 50 }, (_, at) =>
    (at % 2 ? systemClock.sleep(60_000, controller.signal) : limiter.take("key", limit, controller.signal)).catch(
      (reason: unknown) => order.push(reason === "stop" ? at : -1),
    ),
  );
  expect(listeners()).toBe(1);
  controller.abort("stop");
  await Promise.all(waits);
  expect(order.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => at));
  expect(listeners()).toBe(0);
  await expect(systemClock.sleep(60_000, controller.signal)).rejects.toBe("stop");
});

test("nothing is left on a caller's signal", async () => {
  const { signal } = new AbortController();
  await systemClock.sleep(0, signal);
  const before = Reflect.ownKeys(signal);
  await read(connect({ fetch: async () => new Response('{"restores":[]}') }), { signal });
  expect(Reflect.ownKeys(signal)).toEqual(before);
  expect(before.map(String).join()).not.toContain("wait");
});

test.each<[string, unknown]>([
  ["an empty object", {}],
  ["an object that looks like one", { aborted: false }],
  ["a word", "stop"],
])("%s is no signal: refused by name", async (_, signal) => {
  const settled = await read(connect({ fetch: silence() }), { signal: signal as AbortSignal }).settled();
  expect(settled).toMatchObject({ ok: false, error: { name: "InputError", field: "signal" } });
});

test("a frozen signal is one where the runtime can listen to it, and is refused by name where not", async () => {
  const signal = Object.freeze(new AbortController().signal);
  let listens = true;
  try {
    signal.addEventListener("abort", () => {});
  } catch {
    listens = false;
  }
  const settled = await read(connect({ fetch: async () => new Response('{"restores":[]}') }), { signal }).settled();
  expect(settled).toMatchObject(listens ? { ok: true } : { ok: false, error: { name: "InputError", field: "signal" } });
});

describe("a turn is given back, and says how it ended", () => {
  /** A limiter that heeds no signal, and keeps the books. */
  function books(wait: (turn: number) => Promise<void> = async () => {}) {
    const ends: unknown[] = [];
    let taken = 0;
    const limiter: Limiter = {
      async take() {
        await wait(taken++);
        return (end) => void ends.push(end);
      },
    };
    return { limiter, ends, taken: () => taken };
  }
  const limited = { ...operations.listRestores, rateLimit: { requests: 1, seconds: 1, per: "account" } } as const;
  const open = (options: Parameters<typeof connect>[0]) =>
    connect({ retry: { attempts: 1 }, ...options }, sdkHmac, { ...operations, listRestores: limited });

  test.each<[string, Parameters<typeof connect>[0], string]>([
    ["a result", { fetch: async () => new Response('{"restores":[]}') }, "answered"],
    ["an error answer", { fetch: async () => new Response("", { status: 503 }) }, "answered"],
    ["an answer that is none", { fetch: async () => new Response("<html>") }, "answered"],
    ["a lost connection", { fetch: () => Promise.reject(new TypeError("reset")) }, "unanswered"],
    ["a time limit", { fetch: silence(), timeout: { attempt: 20 } }, "unanswered"],
    [
      "a refused connection",
      {
        fetch: () =>
          Promise.reject(new TypeError("x", { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) })),
      },
      "unsent",
    ],
    ["no credentials", { credentials: () => Promise.reject(new Error("x")) }, "unsent"],
    ["credentials that hang", { credentials: () => new Promise(() => {}), timeout: { attempt: 20 } }, "unsent"],
    ["keys that cannot be sent", { credentials: { ak: "a\n", sk: "b" } }, "unsent"],
  ])("%s", async (_, options, end) => {
    const { limiter, ends, taken } = books();
    await read(open({ ...options, limiter })).catch(() => {});
    expect([ends, taken()]).toEqual([[end], 1]);
  });

  test("a limit of 0 requests is refused by name, and nothing is sent", async () => {
    const none = { ...operations.listRestores, rateLimit: { requests: 0, seconds: 1, per: "account" } } as const;
    const client = connect({ fetch: silence() }, sdkHmac, { ...operations, listRestores: none });
    const settled = await read(client).settled();
    expect(settled).toMatchObject({ ok: false, error: { failure: "refusedHere", executed: "no" } });
    expect(settled).toHaveProperty("error.message", expect.stringContaining("the limit's requests must be"));
  });

  test("aborted before its turn came: when it comes", async () => {
    let come = () => {};
    const turn = new Promise<void>((resolve) => {
      come = resolve;
    });
    const { limiter, ends } = books(() => turn);
    const controller = new AbortController();
    const settled = read(open({ limiter }), { signal: controller.signal }).settled();
    controller.abort();
    expect(await settled).toMatchObject({ ok: false, error: { failure: "aborted", executed: "no" } });
    expect(ends).toEqual([]);
    come();
    await expect.poll(() => ends).toEqual(["unsent"]);
  });
});

test("timers end with the calls that needed them", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  const good = connect({ fetch: async () => new Response('{"id":"r-1"}') });
  const bad = connect({ fetch: () => Promise.reject(new TypeError("x")), retry: { attempts: 1 } });
  const odd = connect({ credentials: () => Promise.reject(new Error("x")) });
  const none = connect({ credentials: { ak: "", sk: "" } });
  await Promise.allSettled([good, bad, odd, none].flatMap((client) => [read(client), write(client)]));
  expect(timers()).toBeLessThanOrEqual(before);
});

test.each(both)("%s: the body of an answer is given up with its call, whatever the fetch does", async (_, call) => {
  let cancelled = 0;
  const body = () =>
    new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"id":"r-1","restores":[]}')),
      cancel: () => void cancelled++,
    });
  const { clock, client, elapsed } = simulated({
    fetch: async () => new Response(body()),
    retry: { attempts: 1 },
    timeout: { attempt: 1_000 },
  });
  const settled = call(client).catch((error: unknown) => ({ error, when: elapsed() }));
  await clock.run();
  // A whole answer it may look like; nobody knows.
  expect(await settled).toMatchObject({ error: { failure: "attemptTimeout", executed: "maybe" }, when: 1_000 });
  expect(cancelled).toBe(1);
});

describe("on sockets", () => {
  test.each(both)("%s that is aborted, or runs out of time, closes its connection", async (_, call) => {
    const server = await faultServer("{}");
    for (const options of [
      { signal: AbortSignal.timeout(60) },
      { timeout: { attempt: 60 } },
      { timeout: { overall: 60 } },
    ]) {
      server.play({ kind: "silence" });
      await expect(call(connect({ endpoint: server.endpoint, retry: { attempts: 1 } }), options)).rejects.toMatchObject(
        {
          executed: "maybe",
        },
      );
      await expect.poll(() => server.open()).toBe(0);
    }
    await server.close();
  });

  test.each(both)("%s whose answer comes byte by byte ends in time", async (_, call) => {
    let drops = 0;
    const dripping = net.createServer((socket) => {
      socket.on("error", () => {});
      let drip: NodeJS.Timeout | undefined;
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
        drip = setInterval(() => socket.write(" ") && drops++, 5);
      });
      socket.on("close", () => clearInterval(drip));
    });
    await new Promise<void>((resolve) => dripping.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(dripping.address() as net.AddressInfo).port}`;
    // The attempt's time is up when the answer has begun, however slow this machine is.
    const sleep = async (ms: number) => {
      await (ms === 150 ? expect.poll(() => drops, { timeout: 10_000 }).toBeGreaterThan(5) : new Promise(() => {}));
    };
    const client = connect({ endpoint, retry: { attempts: 1 }, timeout: { attempt: 150 }, sleep });
    await expect(call(client)).rejects.toMatchObject({ failure: "attemptTimeout", executed: "maybe" });
    await expect.poll(() => new Promise((resolve) => dripping.getConnections((_, count) => resolve(count)))).toBe(0);
    dripping.close();
  });

  test("a connection that never stands is no write that may have run", async () => {
    // A server that is too busy to accept: once its backlog is full, the kernel answers no SYN.
    const busy = new Worker(
      `const { parentPort } = require("node:worker_threads");
      const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
        parentPort.postMessage(server.address().port);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });`,
      { eval: true },
    );
    const [port] = (await once(busy, "message")) as [number];
    const sockets: net.Socket[] = [];
    onTestFinished(async () => {
      for (const socket of sockets) socket.destroy();
      await busy.terminate();
    });
    const stands = () =>
      new Promise<boolean>((resolve) => {
        const socket = net.connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
        sockets.push(socket);
        setTimeout(() => resolve(false), 300);
      });
    while (await stands()) expect(sockets.length).toBeLessThan(50);
    const client = connect({ endpoint: `http://127.0.0.1:${port}`, retry: { attempts: 1 }, timeout: { attempt: 200 } });
    await expect(write(client)).rejects.toMatchObject({ failure: "attemptTimeout", executed: "no" });
  });
});
