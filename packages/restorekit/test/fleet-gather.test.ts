import { createEmulator, virtualClock } from "@restorekit/emulator";
import { expect, test } from "vitest";
import { conformance } from "../src/conformance.js";
import { gather } from "../src/fleet/gather.js";
import { shardedIntents } from "../src/fleet/index.js";
import { memoryIntents, tencentcloudRedis } from "../src/index.js";

function desk(more: object = {}, ask = async (keys: readonly number[]) => new Map(keys.map((key) => [key, key * 10]))) {
  const clock = virtualClock({ auto: true });
  const asked: (readonly number[])[] = [];
  const look = gather(
    (keys: readonly number[]) => {
      asked.push(keys);
      return ask(keys);
    },
    { place: { service: "s", operation: "o" }, waitMs: 100, most: 3, sleep: clock.sleep, ...more },
  );
  return { clock, asked, look };
}

test("who asks at about the same time is answered by one question", async () => {
  const { asked, look } = desk();
  expect(await Promise.all([look(1), look(2), look(1)])).toEqual([10, 20, 10]);
  expect(asked).toEqual([[1, 2]]);
});

test("nothing is kept: whoever comes after the question is asked for anew", async () => {
  let version = 0;
  const { asked, look } = desk({}, async (keys) => new Map(keys.map((key) => [key, ++version])));
  const first = look(1);
  const second = first.then(() => look(1));
  expect([await first, await second]).toEqual([1, 2]);
  expect(asked).toHaveLength(2);
});

test("a full question does not wait", async () => {
  const { clock, asked, look } = desk();
  const since = clock.now();
  await Promise.all([1, 2, 3, 4].map((key) => look(key)));
  expect(asked).toEqual([[1, 2, 3], [4]]);
  expect(clock.now() - since).toBe(100);
});

test("what an answer lacks is undefined", async () => {
  const { look } = desk({}, async () => new Map());
  expect(await look(1)).toBeUndefined();
});

test("a failure is everybody's, unless one key may have brought it about", async () => {
  const spoilt = async (keys: readonly number[]) => {
    if (keys.includes(2)) throw new RangeError("2 is none");
    return new Map(keys.map((key) => [key, key]));
  };
  const settled = (look: (key: number) => Promise<unknown>) =>
    Promise.all([1, 2, 3].map((key) => look(key).catch((error) => error.name)));
  expect(await settled(desk({}, spoilt).look)).toEqual(["RangeError", "RangeError", "RangeError"]);
  const isolating = desk({ isolates: (error: unknown) => error instanceof RangeError }, spoilt);
  expect(await settled(isolating.look)).toEqual([1, "RangeError", 3]);
});

test("who stops waiting leaves the others their answer", async () => {
  const { look } = desk();
  const stop = new AbortController();
  const mine = look(1, { signal: stop.signal });
  const other = look(1);
  const late = look(1, { timeout: { overall: 50 } });
  stop.abort();
  await expect(mine).rejects.toMatchObject({ failure: "aborted", executed: "no" });
  await expect(look(2, { signal: stop.signal })).rejects.toMatchObject({ failure: "aborted" });
  await expect(late).rejects.toMatchObject({ failure: "deadline" });
  expect(await other).toBe(10);
});

test.each(conformance)("sharded intents: $name", ({ run }) => {
  const stores = [memoryIntents(), memoryIntents(), memoryIntents()] as const;
  return run(() => shardedIntents(stores));
});

const INSTANCES = ["crs-00000001", "crs-00000002", "crs-00000003"];

/** A cloud whose restore on each instance runs, and adapters that look one by one or together. */
function clouds() {
  const clock = virtualClock({ auto: true });
  const instances = INSTANCES.map((id) => ({ id, backups: [{ id: `of-${id}` }] }));
  const emulator = createEmulator({ clock, state: { "tencentcloud-redis": instances } });
  const { secretId, secretKey } = emulator.credentials;
  const open = (gatherMs: number) =>
    tencentcloudRedis({
      region: "ap-guangzhou",
      credentials: { secretId, secretKey },
      fetch: emulator.fetch as typeof globalThis.fetch,
      now: clock.now,
      sleep: clock.sleep,
      gatherMs,
    });
  return { clock, emulator, single: open(0), together: open(500) };
}

const subject = (instance: string) => ({ intent: "x", instance, source: { instance, backup: `of-${instance}` } });

test("looking together finds what looking one by one finds, in one call", async () => {
  const { emulator, single, together } = clouds();
  emulator.state.instance(INSTANCES[1] as string).status = 1;
  const all = [...INSTANCES, "crs-missing1"];
  const findings = (adapter: typeof single) => Promise.all(all.map((id) => adapter.preflight(subject(id), {}, {})));
  const one = await findings(single);
  const before = emulator.journal.count("describeInstances").received;
  const other = await findings(together);
  expect(emulator.journal.count("describeInstances").received - before).toBe(1);
  expect(other.map(({ checks }) => checks)).toEqual(one.map(({ checks }) => checks));
  expect(other.every(({ serverTime }) => serverTime)).toBe(true);
  expect(await together.condition(INSTANCES[1] as string, {})).toEqual({ running: false, rawState: 1 });
});

test("tasks are followed together, to the ends that each would have found", async () => {
  const { clock, emulator, together } = clouds();
  emulator.faults.next("restoreInstance", { kind: "fail", text: "the disk is full" }, { skip: 1 });
  emulator.faults.next("restoreInstance", { kind: "late", ms: 60_000 }, { skip: 1 });
  const tasks = [];
  for (const id of INSTANCES) tasks.push([id, (await together.submit(subject(id), {}, {})).task as string] as const);
  const deadline = new Date(clock.now() + 600_000);
  const random = () => 0.5;
  const ends = await Promise.all(
    tasks.map(([id, task]) => together.follow(task, subject(id), { deadline, intervalMs: 5_000, clock, random })),
  );
  expect(ends.map(({ end, detail }) => [end, detail])).toEqual([
    ["succeeded", undefined],
    ["failed", "the disk is full"],
    ["succeeded", undefined],
  ]);
  // The third was not listed at first, and then asked for by itself.
  expect(emulator.journal.count("describeTaskInfo").received).toBeGreaterThan(1);
  expect(emulator.journal.count("describeTaskList").received).toBeLessThan(40);
});
