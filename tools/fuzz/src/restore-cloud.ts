import { AsyncLocalStorage } from "node:async_hooks";
import { type Clock, createLimiter } from "@restorekit/core";
import { createEmulator, type Emulator, type Fault, type Instance, type ServiceName } from "@restorekit/emulator";
import { type Adapter, huaweicloudGeminidb, huaweicloudRds, opentelekomcloudDcs, tencentcloudRedis } from "restorekit";
import type { VirtualClock } from "./clock.js";
import type { Random } from "./random.js";
import type { Being, Plan, Rival } from "./restore-plan.js";
import type { Life } from "./restore-process.js";
import { clockOf } from "./restore-process.js";

// biome-ignore lint/suspicious/noExplicitAny: one table holds the adapters of four services
export type AnyAdapter = Adapter<any, any>;

/** A submit as it was sent; the restores that it started are known by it. */
export interface Sender {
  /** Id of the intent, or `rival`. */
  readonly intent: string;
  /** The process that sent it. */
  readonly by?: Life;
}

/** A submit of ours that came to the cloud, or broke on its way. */
export interface Arrival {
  readonly intent: string;
  /** A refused connection, or a documented throttling refusal: only after these it may be sent again. */
  neverRan: boolean;
}

/** A restore that the cloud executed, and who asked for it. */
export interface Executed {
  readonly sender: Sender;
  readonly task: Instance["restores"][number]["task"];
}

export interface Scene {
  readonly emulator: Emulator;
  readonly instance: Instance;
  /** Everything that was executed, in order: the truth. */
  readonly executed: Executed[];
  readonly arrivals: Arrival[];
  /** Answers that are being read, for which time has to wait. */
  readonly reading: () => number;
  /** The service, as a process of ours reaches it. */
  connect(life: Life, being: Being): AnyAdapter;
  rival(rival: Rival): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: each service has an order of its own
  order(backup: 0 | 1): any;
  /** Nothing goes wrong any more. */
  heal(): void;
}

export const PASSWORD = "canary-password";
const SUBMITS: Record<ServiceName, string> = {
  "tencentcloud-redis": "restoreInstance",
  "opentelekomcloud-dcs": "restoreInstance",
  "huaweicloud-geminidb": "restoreRedisPitr",
  "huaweicloud-rds": "restoreExistInstance",
};
const READS: Record<ServiceName, readonly string[]> = {
  "tencentcloud-redis": ["describeInstances", "describeInstanceBackups", "describeTaskList", "describeTaskInfo"],
  "opentelekomcloud-dcs": ["showInstance", "listBackupRecords", "listRestoreRecords"],
  "huaweicloud-geminidb": ["listInstances", "showRedisPitrPolicy", "listRedisPitrRestoreTime", "listJobs"],
  "huaweicloud-rds": ["listInstances", "listBackups", "listJobInfo", "listTasks"],
};
const REGIONS: Record<ServiceName, string> = {
  "tencentcloud-redis": "ap-guangzhou",
  "opentelekomcloud-dcs": "eu-de",
  "huaweicloud-geminidb": "cn-north-4",
  "huaweicloud-rds": "cn-north-4",
};
const THROTTLED = /RequestLimitExceeded|APIGW\.0308/;
const sending = new AsyncLocalStorage<Sender>();

/** The cloud of one schedule, with one instance of one service. */
export function createScene(plan: Plan, clock: VirtualClock, random: Random): Scene {
  const { service } = plan;
  const cloudClock = {
    now: () => clock.now() + plan.cloudAheadMs,
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal ?? new AbortController().signal),
  };
  const start = cloudClock.now();
  const yesterday = start - 86_400_000;
  const id = service === "tencentcloud-redis" ? "crs-fuzz0001" : "0a1b2c3d-0000-4000-8000-00000000fuzz";
  const backups = [0, 1].map((at) => ({ id: `backup-${at}`, startedAt: yesterday + at * 3_600_000 }));
  const emulator = createEmulator({
    clock: cloudClock,
    seed: random.int(1, 1e9),
    checkSignatures: false,
    journalSize: 0,
    pace: plan.pace,
    state: { [service]: [{ id, backups, ...(service === "tencentcloud-redis" && { password: PASSWORD }) }] },
  });
  const instance = emulator.state.instance(id);
  const executed: Executed[] = [];
  const arrivals: Arrival[] = [];
  let reading = 0;
  const submits = [...plan.submits];
  let { ghostMs } = plan;
  addHistory();
  // The one place where the truth is seen: who sent what the cloud executes.
  instance.restores.push = (...restores) => {
    for (const { task } of restores) executed.push({ sender: sending.getStore() as Sender, task });
    return Array.prototype.push.apply(instance.restores, restores);
  };
  if (plan.readFaults > 0) {
    const kinds = ["refuse", "dropBefore", "dropAfter", "errorBefore", "errorAfter", "throttle", "slow"] as const;
    emulator.faults.random({ rate: plan.readFaults, seed: random.int(1, 1e9), kinds, operations: READS[service] });
  }

  return {
    emulator,
    instance,
    executed,
    arrivals,
    reading: () => reading,
    connect(life, being) {
      const own = clockOf(clock, life, being.skewMs);
      const adapter = build(own, (url, init) => life.live(() => deliver(url, init)));
      return {
        ...adapter,
        submit: (subject, extra, call) =>
          sending.run({ intent: subject.intent, by: life }, () => adapter.submit(subject, extra, call)),
      };
    },
    async rival({ backup, remark, lateMs, stuck }) {
      const faults: Fault[] = [];
      if (lateMs > 0) faults.push({ kind: "late", ms: lateMs });
      if (stuck) faults.push({ kind: "undocumented", state: "paused" });
      const adapter = build(cloudClock, (url, init = {}) => {
        const { body } = init;
        const kept = typeof body === "string" && !remark ? body.replace(/,"remark":"[^"]*"/, "") : body;
        return arrive(url, { ...init, ...(kept == null ? {} : { body: kept }) }, faults);
      });
      const subject = { intent: "rival", instance: instance.id, source: adapter.source(fromOf(backup), instance.id) };
      const submit = () => adapter.submit(subject, { password: PASSWORD }, {});
      await sending.run({ intent: "rival" }, submit).catch(() => {});
    },
    order: (backup) => ({
      instance: instance.id,
      overwrite: instance.id,
      from: fromOf(backup),
      ...(service === "tencentcloud-redis" && { password: PASSWORD }),
    }),
    heal() {
      emulator.faults.clear();
      submits.length = 0;
      ghostMs = undefined;
    },
  };

  // biome-ignore lint/suspicious/noExplicitAny: each service takes what it restores from
  function fromOf(backup: 0 | 1): any {
    if (service !== "huaweicloud-geminidb") return { backup: backups[backup]?.id };
    const { since = 0, intervalMinutes = 20 } = instance.pitr ?? {};
    const step = intervalMinutes * 60_000;
    const first = Math.ceil(since / 1000) * 1000;
    // Settled at the start: the same order again means the same point.
    const latest = first + Math.floor((start - first) / step) * step;
    return { at: new Date(latest - backup * step) };
  }

  /** Restores before ours; the last of them has just ended. */
  function addHistory() {
    for (let back = 1; back <= plan.history; back++) {
      const submittedAt = start - 40_000 - (back - 1) * 1_700_000;
      emulator.state.addTask({
        id: String(1_000 + back),
        kind: "restore",
        instance,
        backup: service === "huaweicloud-geminidb" ? undefined : instance.backups[0],
        time: undefined,
        remark: back % 2 === 0 ? "" : "by hand",
        submittedAt,
        startsAt: submittedAt,
        endsAt: submittedAt + 20_000,
        visibleAt: submittedAt,
      });
    }
  }

  function build(own: Clock, fetch: typeof globalThis.fetch): AnyAdapter {
    const { secretId, secretKey, token, projectId } = emulator.credentials;
    const common = { region: REGIONS[service], fetch, now: own.now, sleep: own.sleep, random: random.next };
    const limited = { ...common, limiter: createLimiter(own), projectId, credentials: { token } };
    switch (service) {
      case "tencentcloud-redis":
        return tencentcloudRedis({ ...common, limiter: createLimiter(own), credentials: { secretId, secretKey } });
      case "opentelekomcloud-dcs":
        return opentelekomcloudDcs(limited);
      case "huaweicloud-geminidb":
        return huaweicloudGeminidb(limited);
      case "huaweicloud-rds":
        return huaweicloudRds(limited);
    }
  }

  /** One request of ours on its way to the cloud. */
  async function deliver(url: Parameters<typeof fetch>[0], init: RequestInit = {}) {
    if (!isSubmit(init, String(url))) return light(await emulator.fetch(url, init));
    const faults = submits.shift() ?? [];
    const sender = sending.getStore() as Sender;
    const arrival: Arrival = { intent: sender.intent, neverRan: false };
    arrivals.push(arrival);
    if (ghostMs === undefined) {
      arrival.neverRan = faults.some(({ kind }) => kind === "refuse");
      return arrive(url, init, faults, (text) => {
        arrival.neverRan = THROTTLED.test(text);
      });
    }
    const { signal: _, ...rest } = init;
    const late = faults.filter(({ kind }) => !["dropBefore", "errorBefore", "refuse", "throttle"].includes(kind));
    const later = () => sending.run(sender, () => arrive(url, rest, late));
    clock.at(ghostMs, () => void later().catch(() => {}));
    ghostMs = undefined;
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) });
  }

  async function arrive(
    url: Parameters<typeof fetch>[0],
    init: RequestInit,
    faults: readonly Fault[],
    answered?: (text: string) => void,
  ) {
    if (faults.length > 0) emulator.faults.next(SUBMITS[service], faults, { service });
    return light(await emulator.fetch(url, init), answered);
  }

  function isSubmit({ method, headers = {} }: RequestInit, url: string) {
    if (service === "tencentcloud-redis")
      return (headers as Record<string, string>)["x-tc-action"] === "RestoreInstance";
    return method !== "GET" && /(restores|pitr|recovery)$/.test(url.replace(/\?.*/, ""));
  }

  async function light(response: Response, answered?: (text: string) => void) {
    reading++;
    const text = await response.text();
    reading--;
    answered?.(text);
    const { status, headers } = response;
    let bytes: Uint8Array | undefined = text === "" ? undefined : new TextEncoder().encode(text);
    const read = async () => {
      const value = bytes;
      bytes = undefined;
      return value ? { done: false, value } : { done: true, value: undefined };
    };
    return { status, headers, body: { getReader: () => ({ read, cancel: async () => {} }) } } as unknown as Response;
  }
}
