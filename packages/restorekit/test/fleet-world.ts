import { createEmulator, type Emulator, type VirtualClock, virtualClock } from "@restorekit/emulator";
import { type Adapters, type FleetOptions, PLAN_FORMAT, readPlan, runPlan } from "../src/fleet/index.js";
import { type AuditLine, type IntentStore, memoryIntents, tencentcloudRedis } from "../src/index.js";
import { PASSWORD } from "./world.js";

const DAY = 86_400_000;

/** Ids as the vendor's: a fleet of so many instances, each with a backup. */
export const ids = (count: number) =>
  Array.from({ length: count }, (_, index) => `crs-${String(index).padStart(8, "0")}`);

export interface FleetWorldOptions {
  count: number;
  documents?: Map<string, string>;
}

/** Many instances of Tencent Cloud Redis in virtual time. */
export function fleetWorld({ count, documents = new Map() }: FleetWorldOptions) {
  const clock = virtualClock({ auto: true });
  const state = ids(count).map((id) => ({
    id,
    password: PASSWORD,
    backups: [{ id: `backup-of-${id}`, startedAt: clock.now() - DAY }],
  }));
  const emulator = createEmulator({ clock, state: { "tencentcloud-redis": state } });
  const text = planText(ids(count));
  const process = (life?: Life) => processOf({ clock, emulator, documents }, text, life);
  return { clock, emulator, documents, process };
}

export function planText(instances: readonly string[], more: object = {}) {
  const restores = instances.map((instance) => ({
    service: "tencentcloud-redis",
    instance,
    from: { backup: `backup-of-${instance}` },
    overwrite: instance,
  }));
  return JSON.stringify({ format: PLAN_FORMAT, name: "drill", restores, ...more }, null, 1);
}

interface Cloud {
  clock: VirtualClock;
  emulator: Emulator;
  documents: Map<string, string>;
}

/** One process: what it knows dies with it, the intents stay. */
function processOf({ clock, emulator, documents }: Cloud, text: string, life: Life = immortal) {
  const adapters = adaptersOf(clock, emulator, life);
  const audit: AuditLine[] = [];
  const plan = readPlan("plan.json", text, { adapters });
  const run = (options: Partial<FleetOptions> = {}) =>
    runPlan(plan, {
      adapters,
      intents: life.store(memoryIntents(documents)),
      clock,
      deadlineMs: 3_600_000,
      extra: () => ({ password: PASSWORD }),
      audit: (line) => audit.push(line),
      ...options,
    });
  return { adapters, plan, run, audit };
}

function adaptersOf(clock: VirtualClock, emulator: Emulator, life: Life): Adapters {
  const { secretId, secretKey } = emulator.credentials;
  return {
    "tencentcloud-redis": tencentcloudRedis({
      region: "ap-guangzhou",
      credentials: { secretId, secretKey },
      fetch: life.around(emulator.fetch as typeof globalThis.fetch),
      now: clock.now,
      sleep: clock.sleep,
      gatherMs: 1_000,
    }),
  };
}

/** What a process reaches the world through. */
export interface Life {
  store(inner: IntentStore): IntentStore;
  around(fetch: typeof globalThis.fetch): typeof globalThis.fetch;
}

const immortal: Life = { store: (inner) => inner, around: (fetch) => fetch };

/** A process that ends in the midst of things: from then on nothing it asks for ever comes back. */
export function mortal() {
  let dead = false;
  async function live<T>(work: () => Promise<T>): Promise<T> {
    if (dead) return new Promise(() => {});
    const result = await work();
    return dead ? new Promise(() => {}) : result;
  }
  return {
    kill() {
      dead = true;
    },
    around: (fetch) => (input, init) => live(() => fetch(input, init)),
    store: (inner) => ({
      create: (intent) => live(() => inner.create(intent)),
      read: (id) => live(() => inner.read(id)),
      update: (intent, version) => live(() => inner.update(intent, version)),
      async *list(filter) {
        await live(async () => {});
        yield* inner.list(filter);
      },
      async lease(target, ttlMs) {
        const lease = await live(() => inner.lease(target, ttlMs));
        return lease && { renew: () => live(() => lease.renew()), release: () => live(() => lease.release()) };
      },
    }),
  } satisfies Life & { kill(): void };
}

/** Most restores that ran within any second, and how long all of them took. */
export function pace(emulator: Emulator) {
  const times = emulator.state
    .instances("tencentcloud-redis")
    .flatMap(({ restores }) => restores.map(({ at }) => at))
    .sort((a, b) => a - b);
  let peak = 0;
  for (let first = 0, last = 0; last < times.length; last++) {
    while ((times[last] as number) - (times[first] as number) >= 1000) first++;
    peak = Math.max(peak, last - first + 1);
  }
  // The last second counts as a whole.
  const seconds = ((times.at(-1) as number) - (times[0] as number)) / 1000 + 1;
  return { peak, rate: times.length / seconds };
}
