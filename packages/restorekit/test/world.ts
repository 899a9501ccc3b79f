import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type ServiceName,
  type VirtualClock,
  virtualClock,
} from "@restorekit/emulator";
import { vi } from "vitest";
import {
  type Adapter,
  type AuditLine,
  huaweicloudGeminidb,
  huaweicloudRds,
  type IntentStore,
  memoryIntents,
  type Outcome,
  opentelekomcloudDcs,
  type RestorekitOptions,
  restorekit,
  tencentcloudRedis,
} from "../src/index.js";

// Much is simulated, and machines are shared.
vi.setConfig({ testTimeout: 120_000 });

/** A secret that must never turn up anywhere. */
export const PASSWORD = "canary-pässword-7f3a";

export const MINUTE = 60_000;

/** Per service: its instance, the names of its submit and of the list that reconciliation reads, and how to restore. */
export const SERVICES = {
  "tencentcloud-redis": { instance: "crs-demo0001", submit: "restoreInstance", list: "describeTaskList" },
  "opentelekomcloud-dcs": {
    instance: "00000000-0000-4000-8000-0000000dcs01",
    submit: "restoreInstance",
    list: "listRestoreRecords",
  },
  "huaweicloud-geminidb": {
    instance: "0000000000000000000000000000demoin12",
    submit: "restoreRedisPitr",
    list: "listJobs",
  },
  "huaweicloud-rds": {
    instance: "0000000000000000000000000000demoin01",
    submit: "restoreExistInstance",
    list: "listTasks",
  },
} as const satisfies Record<ServiceName, unknown>;

export const NAMES = Object.keys(SERVICES) as ServiceName[];

export interface WorldOptions extends EmulatorOptions {
  intents?: IntentStore;
  kit?: Partial<RestorekitOptions>;
  /** The cloud of another world, to be seen by another process. */
  cloud?: Pick<World, "emulator" | "clock">;
  /** Wraps what the clients send with. */
  around?: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch;
}

/** An emulated cloud in virtual time, and the façade in front of it. */
export function world({
  intents = memoryIntents(),
  kit: more = {},
  around = (f) => f,
  cloud,
  ...options
}: WorldOptions = {}) {
  const clock = cloud?.clock ?? virtualClock({ auto: true });
  const emulator = cloud?.emulator ?? createEmulator({ clock, ...options });
  emulator.state.instance("crs-demo0001").password = PASSWORD;
  const { ak, sk, secretId, secretKey, projectId } = emulator.credentials;
  const fetch = around(emulator.fetch as typeof globalThis.fetch);
  const shared = { fetch, now: clock.now, sleep: clock.sleep, random: () => 0.5 };
  const scoped = { projectId, credentials: { ak, sk }, ...shared };
  const adapters = {
    "tencentcloud-redis": tencentcloudRedis({
      region: "ap-guangzhou",
      credentials: { secretId, secretKey },
      ...shared,
    }),
    "opentelekomcloud-dcs": opentelekomcloudDcs({ region: "eu-de", ...scoped }),
    "huaweicloud-geminidb": huaweicloudGeminidb({ region: "cn-north-4", ...scoped }),
    "huaweicloud-rds": huaweicloudRds({ region: "cn-north-4", ...scoped }),
  };
  const audit: AuditLine[] = [];
  let serial = 0;
  const open = (given: Partial<RestorekitOptions> = {}) =>
    restorekit({
      intents,
      clock,
      by: "tester",
      random: () => (++serial * 0.618) % 1,
      audit: (line) => audit.push(line),
      ...more,
      ...given,
    });
  const kit = open();

  return {
    emulator,
    clock,
    adapters,
    audit,
    intents,
    kit,
    /** A façade as another process would open it. */
    open,
    instance: (name: ServiceName) => emulator.state.instance(SERVICES[name].instance),
    restore: (name: ServiceName, given: object = {}, options: object = {}) =>
      order(name, given).then((made) => kit.restore(any(adapters[name]), made, options)),
    order,
    adapter: (name: ServiceName) => any(adapters[name]),
    /** Waits with a deadline of half an hour. */
    wait: (outcome: Outcome) => {
      if (outcome.outcome !== "accepted") throw new Error(`${outcome.outcome} is not accepted`);
      return outcome.task.wait({ deadline: new Date(clock.now() + 30 * MINUTE) });
    },
    executed: (name: ServiceName) => emulator.state.instance(SERVICES[name].instance).restores.length,
  };

  /** The restore of the demo instance. */
  // biome-ignore lint/suspicious/noExplicitAny: the table holds the orders of four services
  async function order(name: ServiceName, given: object = {}): Promise<any> {
    const { instance } = SERVICES[name];
    const base = { instance, overwrite: instance };
    if (name === "tencentcloud-redis")
      return { ...base, from: { backup: "demo-backup-1" }, password: PASSWORD, ...given };
    if (name === "opentelekomcloud-dcs")
      return { ...base, from: { backup: "00000000-0000-4000-8000-0000000bak01" }, ...given };
    if (name === "huaweicloud-rds")
      return { ...base, from: { backup: "0000000000000000000000000000demobr01" }, ...given };
    const instant = emulator.state.instance(instance).pitr;
    const step = (instant?.intervalMinutes ?? 20) * MINUTE;
    const since = Math.ceil((instant?.since ?? 0) / 1000) * 1000;
    const at = new Date(since + Math.floor((clock.now() - since) / step) * step);
    return { ...base, from: { at }, ...given };
  }
}

export interface World {
  emulator: Emulator;
  clock: VirtualClock;
}

/** The table of services has one type. */
// biome-ignore lint/suspicious/noExplicitAny: see above
const any = (adapter: unknown) => adapter as Adapter<any, any>;

/** What a promise was rejected with. */
export async function problem(
  promise: Promise<unknown>,
): Promise<{ problem?: string; message: string; checks?: unknown[] }> {
  try {
    await promise;
  } catch (error) {
    return error as never;
  }
  throw new Error("it did not fail");
}

/** The intents of a store. */
export async function intentsOf(store: IntentStore) {
  const found = [];
  for await (const item of store.list()) found.push("intent" in item ? item.intent : item.error);
  return found;
}
