import { type Expiring, TransportError } from "@restorekit/core";
import type { AkSkCredentials } from "@restorekit/core/signing";
import { describe, expect, test } from "vitest";
import { cacheCredentials } from "../src/credentials.js";
import { connect } from "./demo.js";
import { virtualClock } from "./virtual-clock.js";

type Client = ReturnType<typeof connect>;
const write = (client: Client) => client.restore({ instance_id: "i-1", backup_id: "b-1" });
const read = (client: Client) => client.listRestores({ instance_id: "i-1" });
const both = [
  ["a read", read],
  ["a write", write],
] as const;

/** A provider that counts, and a service that takes the keys from some number on. */
function world(options: { accepts?: number; lifetime?: number; slow?: number } = {}) {
  const clock = virtualClock();
  const state = { asked: 0, accepts: options.accepts ?? 0, sent: [] as number[] };
  const provider = async (): Promise<Expiring<AkSkCredentials>> => {
    const number = ++state.asked;
    if (options.slow) await clock.sleep(options.slow, new AbortController().signal);
    const expiresAt = options.lifetime === undefined ? {} : { expiresAt: new Date(clock.now() + options.lifetime) };
    return { ak: `AK${number}`, sk: "sk", ...expiresAt };
  };
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const used = Number(/Access=AK(\d+)/.exec(new Headers(init?.headers).get("authorization") ?? "")?.[1]);
    state.sent.push(used);
    if (used < state.accepts) return new Response('{"error_code":"X.401"}', { status: 401 });
    return new Response('{"id":"r-1","restores":[]}');
  };
  const client = connect({ fetch, credentials: provider, now: clock.now, sleep: clock.sleep });
  return { clock, client, state };
}

test.each(both)("100 concurrent calls ask once: %s", async (_, call) => {
  const { client, clock, state } = world({ slow: 50 });
  const made = Array.from({ length: 100 }, () => call(client));
  await clock.run();
  await Promise.all(made);
  expect(state.asked).toBe(1);
  expect(state.sent).toHaveLength(100);
});

test("kept until a minute before they end, then asked for once", async () => {
  const { client, clock, state } = world({ lifetime: 10 * 60_000 });
  const steps: [minutes: number, asked: number][] = [
    [0, 1],
    [8.9, 1],
    [0.2, 2],
    [8.7, 2],
    [0.3, 3],
  ];
  for (const [minutes, asked] of steps) {
    await clock.run(minutes * 60_000);
    await Promise.all([read(client), write(client), read(client)]);
    expect([minutes, state.asked]).toEqual([minutes, asked]);
  }
});

test("keys without an end are asked for once", async () => {
  const { client, clock, state } = world();
  for (let day = 0; day < 5; day++) {
    await clock.run(86_400_000);
    await read(client);
  }
  expect(state.asked).toBe(1);
});

describe("after a 401", () => {
  test("a read asks for new keys once, and is sent again", async () => {
    const { client, state } = world({ accepts: 2 });
    await expect(read(client)).resolves.toMatchObject({ restores: [] });
    expect(state).toMatchObject({ asked: 2, sent: [1, 2] });
  });

  test("a read is not sent a third time", async () => {
    const { client, state } = world({ accepts: 99 });
    await expect(read(client)).rejects.toMatchObject({ status: 401, executed: "no" });
    expect(state).toMatchObject({ asked: 2, sent: [1, 2] });
  });

  test("a write is not sent again, and did not run; the next one has new keys", async () => {
    const { client, state } = world({ accepts: 2 });
    await expect(write(client)).rejects.toMatchObject({ status: 401, executed: "no" });
    expect(state).toMatchObject({ asked: 1, sent: [1] });
    await write(client);
    expect(state).toMatchObject({ asked: 2, sent: [1, 2] });
  });

  test("without the service's code: a read asks for new keys, a write may have run", async () => {
    let asked = 0;
    const client = connect({
      credentials: async () => ({ ak: `AK${++asked}`, sk: "sk" }),
      fetch: async () => new Response("<html>", { status: 401 }),
    });
    await expect(write(client)).rejects.toMatchObject({ status: 401, executed: "maybe" });
    expect(asked).toBe(1);
    await expect(read(client)).rejects.toMatchObject({ status: 401 });
    expect(asked).toBe(3);
  });

  test("100 concurrent reads ask for new keys once", async () => {
    const { client, state } = world();
    await read(client);
    state.accepts = 2;
    await Promise.all(Array.from({ length: 100 }, () => read(client)));
    expect(state.asked).toBe(2);
  });

  test("keys that cannot be replaced are not tried again", async () => {
    let sent = 0;
    const client = connect({
      fetch: async () => {
        sent++;
        return new Response("", { status: 401 });
      },
    });
    await expect(read(client)).rejects.toMatchObject({ status: 401 });
    expect(sent).toBe(1);
  });

  test("a read that was throttled first is still corrected", async () => {
    let asked = 0;
    const answers = [new Response('{"error_code":"APIGW.0308"}', { status: 429 })];
    const throttledFirst = connect({
      credentials: async () => ({ ak: `AK${++asked}`, sk: "sk" }),
      fetch: async (_, init) => {
        const used = /Access=AK(\d+)/.exec(new Headers(init?.headers).get("authorization") ?? "")?.[1];
        return answers.shift() ?? new Response('{"restores":[]}', { status: used === "1" ? 401 : 200 });
      },
    });
    await expect(read(throttledFirst)).resolves.toEqual({ restores: [] });
    expect(asked).toBe(2);
  });
});

describe.each(both)("nothing is sent, %s", (_, call) => {
  test.each<[string, unknown, RegExp]>([
    ["none", undefined, /credentials is missing/],
    ["half of them", { ak: "AK" }, /sk is missing/],
    ["keys with a line break", { ak: "AK\n", sk: "sk" }, /ak is malformed/],
    ["a provider that rejects", () => Promise.reject(new Error("own")), /could not be signed: Error/],
    [
      "a provider that throws",
      () => {
        throw new TypeError("own");
      },
      /could not be signed: TypeError/,
    ],
    ["a provider that throws nothing", () => Promise.reject(), /could not be signed: undefined/],
    ["a provider that gives nothing", async () => undefined, /could not be signed/],
  ])("%s", async (_, credentials, message) => {
    let sent = 0;
    const fetch = async () => new Response(String(sent++));
    const client = connect({ fetch, credentials: credentials as AkSkCredentials });
    const error = await call(client).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ failure: "refusedHere", executed: "no", message: expect.stringMatching(message) });
    expect(sent).toBe(0);
  });

  test("a provider that fails once is asked again", async () => {
    let asked = 0;
    const credentials = async () => {
      if (++asked === 1) throw new Error("later");
      return { ak: "AK", sk: "sk" };
    };
    const client = connect({ credentials, fetch: async () => new Response('{"id":"r-1"}') });
    await expect(call(client)).rejects.toMatchObject({ executed: "no" });
    await expect(call(client)).resolves.toMatchObject({ id: "r-1" });
  });
});

test("a provider that answers without a promise is understood", async () => {
  const credentials = (() => ({ ak: "AK", sk: "sk" })) as unknown as () => Promise<AkSkCredentials>;
  const client = connect({ credentials, fetch: async () => new Response('{"id":"r-1"}') });
  await expect(write(client)).resolves.toEqual({ id: "r-1" });
});

describe("the cache", () => {
  /** A provider whose answers the test gives, and the cache over it. */
  function cached() {
    const clock = virtualClock();
    const asked: { resolve(given: unknown): void; reject(error: unknown): void }[] = [];
    const provide = () =>
      new Promise<Expiring<AkSkCredentials>>((resolve, reject) => asked.push({ resolve, reject } as never));
    const cache = cacheCredentials<AkSkCredentials>(provide, clock);
    /** What the cache gives when the next question is answered so. */
    const get = async (answer?: unknown) => {
      const got = cache.get();
      await clock.run(0);
      if (answer instanceof Error) asked.at(-1)?.reject(answer);
      else if (answer) asked.at(-1)?.resolve(answer);
      return got;
    };
    const keys = (ak: string, minutes?: number) => ({
      ak,
      sk: "sk",
      ...(minutes === undefined ? {} : { expiresAt: new Date(clock.now() + minutes * 60_000) }),
    });
    return { clock, cache, asked, get, keys };
  }

  test("expire does not drop keys that were replaced already", async () => {
    const { cache, asked, get, keys } = cached();
    const first = await get(keys("AK1"));
    expect(cache.expire(first)).toBe(true);
    const second = await get(keys("AK2"));
    expect(second.ak).toBe("AK2");
    expect(cache.expire(first)).toBe(true);
    expect(await cache.get()).toBe(second);
    expect(asked).toHaveLength(2);
  });

  test("a provider that hangs is asked again after a minute; its late answer replaces nothing", async () => {
    const { clock, cache, asked, get, keys } = cached();
    const hung = cache.get();
    await clock.run(59_000);
    void cache.get();
    await clock.run(0);
    expect(asked).toHaveLength(1);
    await clock.run(1_000);
    const fresh = await get(keys("AK2"));
    expect(asked).toHaveLength(2);
    asked[0]?.resolve(keys("AK1"));
    expect((await hung).ak).toBe("AK1");
    expect(await cache.get()).toBe(fresh);
    expect(clock.waiting()).toBe(0);
  });

  test("a refresh that fails early leaves the keys that still hold; at their end it fails", async () => {
    const { clock, asked, get, keys } = cached();
    const first = await get(keys("AK1", 10));
    await clock.run(9.5 * 60_000);
    expect(await get(new Error("later"))).toBe(first);
    expect(asked).toHaveLength(2);
    await clock.run(60_000);
    await expect(get(new Error("still"))).rejects.toThrow("still");
    expect((await get(keys("AK2", 10))).ak).toBe("AK2");
  });

  test("a refresh that hangs holds nobody while the keys hold", async () => {
    const { clock, cache, asked, get, keys } = cached();
    const first = await get(keys("AK1", 10));
    await clock.run(9.5 * 60_000);
    expect(await cache.get()).toBe(first);
    expect(await cache.get()).toBe(first);
    expect(asked).toHaveLength(2);
    // Only so near their end that a request could arrive too late.
    await clock.run(26_000);
    let given: unknown;
    const waiting = cache.get().then((keys) => {
      given = keys;
    });
    await clock.run(0);
    expect(given).toBeUndefined();
    asked[1]?.resolve(keys("AK2", 10));
    await waiting;
    expect(given).toMatchObject({ ak: "AK2" });
  });

  test("keys that the service refused are not fallen back to", async () => {
    const { clock, cache, get, keys } = cached();
    const first = await get(keys("AK1", 10));
    await clock.run(9.5 * 60_000);
    cache.expire(first);
    await expect(get(new Error("later"))).rejects.toThrow("later");
  });

  test.each([["2026-01-02T00:00:00Z"], [1_767_322_800], [new Date("soon")], [{}], [Number.NaN], [""]])(
    "an end that is no time is named: %o",
    async (expiresAt) => {
      const { get } = cached();
      await expect(get({ ak: "AK", sk: "sk", expiresAt })).rejects.toMatchObject({
        name: "CredentialsError",
        code: "malformed",
        field: "expiresAt",
      });
    },
  );

  test("an end that is no time sends nothing", async () => {
    const fetch = () => expect.unreachable("it was sent");
    const credentials = async () => ({ ak: "AK", sk: "sk", expiresAt: "soon" as never });
    await expect(write(connect({ fetch, credentials }))).rejects.toMatchObject({
      failure: "refusedHere",
      executed: "no",
      message: expect.stringContaining("expiresAt is malformed"),
    });
  });
});
