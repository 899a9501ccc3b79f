import { ApiError, type ClientOptions, TransportError } from "@restorekit/core";
import { createClient as connectGemini, type HuaweicloudGeminidb } from "@restorekit/huaweicloud-geminidb";
import { createClient as connectRds, type HuaweicloudRds } from "@restorekit/huaweicloud-rds";
import { createClient as connectIdentity, type Identity } from "@restorekit/identity";
import { createClient as connectDcs, type OpentelekomcloudDcs } from "@restorekit/opentelekomcloud-dcs";
import { createClient as connectRedis, type TencentcloudRedis } from "@restorekit/tencentcloud-redis";
import { afterEach, expect } from "vitest";
import { createEmulator, type Emulator, type EmulatorOptions, type VirtualClock, virtualClock } from "../src/index.js";
import { problemsOf } from "./answers.js";

/** The ids of the state that an emulator begins with. */
export const REDIS = { InstanceId: "crs-demo0001", BackupId: "demo-backup-1" };
export const DCS_INSTANCE = { instance_id: "00000000-0000-4000-8000-0000000dcs01" };
export const DCS = { ...DCS_INSTANCE, backup_id: "00000000-0000-4000-8000-0000000bak01" };
export const GEMINI = { instance_id: "0000000000000000000000000000demoin12" };
export const RDS = {
  instance_id: "0000000000000000000000000000demoin01",
  backup_id: "0000000000000000000000000000demobr01",
};

/** The operations that were answered well, over all tests of a file. */
export const answered = new Set<string>();

/** What was wrong with answers, of all the clouds of a test. */
const unspecified: string[][] = [];

afterEach(() => {
  expect(unspecified.splice(0).flat()).toEqual([]);
});

/** An emulator in virtual time with a client per service; every answer is held against the specification. */
export function cloud(options: EmulatorOptions = {}, client: Partial<ClientOptions<never>> = {}): Cloud {
  const clock = virtualClock({ auto: true });
  const emulator = createEmulator({ clock, ...options });
  const { ak, sk, secretId, secretKey, projectId } = emulator.credentials;
  const problems: string[] = [];
  unspecified.push(problems);

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await emulator.fetch(input, init);
    const entry = emulator.journal.entries.at(-1);
    if (entry?.service && entry.operation) {
      const text = await response.clone().text();
      problems.push(...problemsOf(entry.service, entry.operation, response.status, text));
      if (entry.code === undefined && response.ok) answered.add(`${entry.service} ${entry.operation}`);
    }
    return response;
  };
  const shared = { fetch, now: clock.now, sleep: clock.sleep, projectId, retry: { attempts: 1 }, ...client };
  const keys = { ak, sk };
  return {
    emulator,
    clock,
    shared,
    problems,
    redis: connectRedis({ region: "ap-guangzhou", credentials: { secretId, secretKey }, ...shared }),
    dcs: connectDcs({ region: "eu-de", credentials: keys, ...shared }),
    gemini: connectGemini({ region: "cn-north-4", credentials: keys, ...shared }),
    rds: connectRds({ region: "cn-north-4", credentials: keys, ...shared }),
    identity: connectIdentity({ region: "cn-north-4", credentials: keys, ...shared }),
  };
}

export interface Cloud {
  emulator: Emulator;
  clock: VirtualClock;
  /** The options that all clients have in common. */
  shared: Omit<ClientOptions<never>, "credentials">;
  problems: string[];
  redis: TencentcloudRedis;
  dcs: OpentelekomcloudDcs;
  gemini: HuaweicloudGeminidb;
  rds: HuaweicloudRds;
  identity: Identity;
}

/** How a call ended, in a word: `done`, the code with its status, or how the transport failed. */
export async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    if (error instanceof ApiError) return `${error.status} ${error.code}`;
    if (error instanceof TransportError) return `${error.failure}, executed ${error.executed}`;
    throw error;
  }
}

/** The newest restorable point of the demo instance of GeminiDB. */
export async function newestPoint({ gemini, clock }: Cloud): Promise<string> {
  const text = (at: number) => `${new Date(at).toISOString().slice(0, 19)}+0000`;
  const found = await gemini.listRedisPitrRestoreTime({
    ...GEMINI,
    start_time: text(clock.now() - 3_600_000),
    end_time: text(clock.now()),
  });
  return found.restore_time.at(-1) as string;
}
