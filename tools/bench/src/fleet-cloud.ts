import { createEmulator, type VirtualClock, virtualClock } from "@restorekit/emulator";
import { type IntentStore, memoryIntents, tencentcloudRedis } from "restorekit";
import { fileIntents } from "restorekit/file";
import { type FleetEvent, PLAN_FORMAT, readPlan, runPlan, shardedIntents } from "restorekit/fleet";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const SHARDS = 16;

/** Instances of Tencent Cloud Redis in virtual time, and the intents of their restores. */
export function fleetCloud(count: number, folder: string | undefined) {
  const clock = virtualClock({ auto: true });
  const ids = Array.from({ length: count }, (_, index) => `crs-${String(index).padStart(8, "0")}`);
  const instances = ids.map((id) => ({ id, backups: [{ id: `of-${id}`, startedAt: clock.now() - DAY }] }));
  // A journal of ten thousand requests is not what is measured.
  const emulator = createEmulator({ clock, journalSize: 100, state: { "tencentcloud-redis": instances } });
  const { secretId, secretKey } = emulator.credentials;
  const documents = new Map<string, string>();

  return { clock, emulator, open, measure };

  /** A process of its own: it knows of earlier ones only what the intents tell. */
  function open(life: Life = immortal) {
    const adapters = {
      "tencentcloud-redis": tencentcloudRedis({
        region: "ap-guangzhou",
        credentials: { secretId, secretKey },
        fetch: life.around(emulator.fetch as typeof globalThis.fetch),
        now: clock.now,
        sleep: clock.sleep,
        gatherMs: 1_000,
      }),
    };
    const plan = readPlan("fleet.json", planText(ids), { adapters });
    const intents = life.store(folder === undefined ? memoryIntents(documents) : filesOf(folder, clock));
    return (onProgress: (event: FleetEvent) => void, again: readonly "notListed"[] = []) =>
      runPlan(plan, { adapters, intents, clock, deadlineMs: HOUR, onProgress, again });
  }

  /** As the cloud saw it. */
  function measure() {
    const found = ids.map((id) => emulator.state.instance(id).restores);
    const times = found.flatMap((restores) => restores.map(({ at }) => at)).sort((a, b) => a - b);
    const { received, executed } = emulator.journal.count("restoreInstance");
    // The last second counts as a whole: its calls take up a second's worth of the limit.
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000 + 1;
    return {
      restored: found.filter(({ length }) => length === 1).length,
      duplicates: found.filter(({ length }) => length > 1).length,
      refused: received - executed,
      rate: executed / seconds,
      peak: peakOf(times),
    };
  }
}

function planText(ids: readonly string[]) {
  const service = "tencentcloud-redis";
  const restores = ids.map((id) => ({ service, instance: id, from: { backup: `of-${id}` }, overwrite: id }));
  return JSON.stringify({ format: PLAN_FORMAT, name: "bench", restores }, null, 1);
}

/** Most in any window of a second. */
function peakOf(times: readonly number[]) {
  let peak = 0;
  for (let first = 0, last = 0; last < times.length; last++) {
    while ((times[last] as number) - (times[first] as number) >= 1000) first++;
    peak = Math.max(peak, last - first + 1);
  }
  return peak;
}

/** Time must not jump while a file is written. */
function filesOf(folder: string, clock: VirtualClock): IntentStore {
  const shards = Array.from({ length: SHARDS }, (_, index) => fileIntents(`${folder}/${index}`));
  const store = shardedIntents(shards as [IntentStore, ...IntentStore[]]);
  return wrapped(store, (work) => clock.during(work()));
}

/** What a process reaches the world through. */
export interface Life {
  store(inner: IntentStore): IntentStore;
  around(fetch: typeof globalThis.fetch): typeof globalThis.fetch;
}

const immortal: Life = { store: (inner) => inner, around: (fetch) => fetch };

/** A process that dies when so many restores were executed, before it hears of the last: nothing comes back to it any more. */
export function mortal(executed: () => number, most: number): Life & { readonly death: Promise<void> } {
  let die = () => {};
  const death = new Promise<void>((resolve) => {
    die = resolve;
  });
  let dead = false;
  const live: Live = async (work) => {
    if (dead) return new Promise(() => {});
    const result = await work();
    if (!dead && executed() >= most) {
      dead = true;
      die();
    }
    return dead ? new Promise(() => {}) : result;
  };
  return {
    death,
    store: (inner) => wrapped(inner, live),
    around: (fetch) => (input, init) => live(() => fetch(input, init)),
  };
}

type Live = <T>(work: () => Promise<T>) => Promise<T>;

function wrapped(inner: IntentStore, live: Live): IntentStore {
  return {
    create: (intent) => live(() => inner.create(intent)),
    read: (id) => live(() => inner.read(id)),
    update: (intent, version) => live(() => inner.update(intent, version)),
    async *list(filter) {
      const found = await live(async () => {
        const all = [];
        for await (const item of inner.list(filter)) all.push(item);
        return all;
      });
      yield* found;
    },
    async lease(target, ttlMs) {
      const lease = await live(() => inner.lease(target, ttlMs));
      return lease && { renew: () => live(() => lease.renew()), release: () => live(() => lease.release()) };
    },
  };
}
