import { expect, test } from "vitest";
import { realClock, virtualClock } from "../src/index.js";

test("sleepers wake in their order, and only when time is moved on", async () => {
  const clock = virtualClock({ start: 0 });
  const woken: string[] = [];
  for (const ms of [300, 100, 200, 100]) clock.sleep(ms).then(() => woken.push(`${ms} at ${clock.now()}`));
  await clock.advance(99);
  expect(woken).toEqual([]);
  await clock.advance(101);
  expect(woken).toEqual(["100 at 100", "100 at 100", "200 at 200"]);
  expect(clock.now()).toBe(200);
});

test("an automatic clock jumps as soon as everybody waits", async () => {
  const clock = virtualClock({ start: 0, auto: true });
  const woken: number[] = [];
  const steps = async (ms: number) => {
    for (let step = 0; step < 3; step++) {
      await clock.sleep(ms);
      woken.push(clock.now());
    }
  };
  await Promise.all([steps(1_000), steps(700)]);
  expect(woken).toEqual([700, 1_000, 1_400, 2_000, 2_100, 3_000]);
});

test("it does not jump while work is held", async () => {
  const clock = virtualClock({ start: 0, auto: true });
  let woken = false;
  clock.sleep(10).then(() => {
    woken = true;
  });
  const work = new Promise((resolve) => setTimeout(resolve, 30));
  await clock.during(work).then(() => expect(woken).toBe(false));
  await clock.sleep(0);
  await clock.sleep(20);
  expect(woken).toBe(true);
});

test("ten thousand sleepers", async () => {
  const clock = virtualClock({ start: 0, auto: true });
  const woken: number[] = [];
  const one = async (ms: number) => {
    await clock.sleep(ms);
    woken.push(ms);
  };
  await Promise.all(Array.from({ length: 10_000 }, (_, n) => one((n * 7919) % 10_000)));
  expect(woken).toEqual(Array.from({ length: 10_000 }, (_, n) => n));
});

test.each([
  ["virtual", virtualClock()],
  ["real", realClock],
])("a %s sleep can be left", async (_, clock) => {
  const stop = new AbortController();
  const sleep = clock.sleep(60_000, stop.signal);
  stop.abort(new Error("enough"));
  await expect(sleep).rejects.toThrow("enough");
  await expect(clock.sleep(1, stop.signal)).rejects.toThrow("enough");
});
