import { spawn } from "node:child_process";
import { createClient as connectGemini } from "@restorekit/huaweicloud-geminidb";
import { createClient as connectRds } from "@restorekit/huaweicloud-rds";
import { createClient as connectDcs } from "@restorekit/opentelekomcloud-dcs";
import { createClient as connectRedis } from "@restorekit/tencentcloud-redis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createEmulator, type Fault, type Listener, realClock } from "../src/index.js";
import { DCS, DCS_INSTANCE, GEMINI, outcome, RDS, REDIS } from "./cloud.js";

const emulator = createEmulator({ pace: { waitMs: 10, restoreMs: 40, rdsVisibleMs: 0 } });
const { secretId, secretKey, ak, sk, token, projectId } = emulator.credentials;
let listener: Listener;

beforeAll(async () => {
  listener = await emulator.listen();
});
afterAll(() => listener.close());

const connect = () => {
  const shared = { projectId, retry: { attempts: 1 } };
  const redis = { endpoint: listener.endpoint("tencentcloud-redis"), region: "ap-guangzhou" };
  return {
    redis: connectRedis({ ...shared, ...redis, credentials: { secretId, secretKey } }),
    dcs: connectDcs({ ...shared, endpoint: listener.endpoint("opentelekomcloud-dcs"), credentials: { ak, sk } }),
    gemini: connectGemini({ ...shared, endpoint: listener.endpoint("huaweicloud-geminidb"), credentials: { ak, sk } }),
    rds: connectRds({ ...shared, endpoint: listener.endpoint("huaweicloud-rds"), credentials: { token } }),
  };
};

test("one port serves all services, by a base path that is signed along", async () => {
  const { redis, dcs, gemini, rds } = connect();
  expect((await redis.describeInstances({})).TotalCount).toBe(1);
  expect((await dcs.listInstances({})).instance_num).toBe(1);
  expect((await gemini.listInstances({ id: GEMINI.instance_id })).total_count).toBe(1);
  expect((await rds.listInstances({ id: RDS.instance_id })).total_count).toBe(1);
});

test("a restore runs by the real clock", async () => {
  const { dcs } = connect();
  const state = async () => (await dcs.listRestoreRecords(DCS_INSTANCE))?.restore_record_response?.[0]?.status;
  await dcs.restoreInstance(DCS);
  expect(["waiting", "restoring"]).toContain(await state());
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(await state()).toBe("succeed");
});

const table: [fault: Fault, want: string, executed: number][] = [
  [{ kind: "dropBefore" }, "connectionLost, executed maybe", 0],
  [{ kind: "dropAfter" }, "connectionLost, executed maybe", 1],
  [{ kind: "errorAfter", status: 502 }, "502 HTTP 502", 1],
];
describe.each(table)("%o", (fault, want, executed) => {
  test("over the wire", async () => {
    await new Promise((resolve) => setTimeout(resolve, 80));
    emulator.journal.clear();
    emulator.faults.next("restoreInstance", fault, { service: "tencentcloud-redis" });
    expect(await outcome(connect().redis.restoreInstance(REDIS))).toBe(want);
    expect(emulator.journal.count("restoreInstance")).toEqual({ received: 1, executed });
  });
});

test("an answer that takes its time keeps no process once its sender has gone", async () => {
  let asleep = 0;
  const sleep = async (ms: number, signal?: AbortSignal) => {
    asleep++;
    await realClock.sleep(ms, signal).finally(() => asleep--);
  };
  const slow = createEmulator({ clock: { now: realClock.now, sleep } });
  const port = await slow.listen();
  slow.faults.next("*", { kind: "slow", ms: 60_000 });
  const { token, projectId } = slow.credentials;
  const endpoint = port.endpoint("huaweicloud-rds");
  const rds = connectRds({ endpoint, projectId, credentials: { token }, retry: { attempts: 1 } });
  const signal = AbortSignal.timeout(200);
  await expect(rds.listInstances({}, { signal })).rejects.toThrow();
  await vi.waitFor(() => expect(asleep).toBe(0));
  await port.close();
});

test("a service that there is not has no endpoint", () => {
  expect(() => listener.endpoint("dcs" as "identity")).toThrow("no service dcs; there are ");
});

test("a port that is taken is told", async () => {
  await expect(emulator.listen({ port: listener.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

describe("restorekit-emulator", () => {
  const main = new URL("../dist/main.js", import.meta.url).pathname;
  const start = (...args: string[]) => {
    const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const told = new Promise<string>((resolve) => {
      const hear = (chunk: Buffer) => {
        output += chunk;
        if (output.includes("Ctrl+C") || output.includes("--port N")) resolve(output);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.on("close", () => resolve(output));
    });
    return { child, told, ended };
  };

  test("prints where it is and with what, and answers", async () => {
    const { child, told, ended } = start("--seed", "5");
    const output = await told;
    const read = (name: string) => output.match(new RegExp(`^${name} +(\\S+)`, "m"))?.[1] as string;
    const dcs = connectDcs({
      endpoint: read("opentelekomcloud-dcs"),
      credentials: { token: read("token") },
      projectId: read("projectId"),
    });
    expect((await dcs.showInstance(DCS_INSTANCE)).status).toBe("RUNNING");
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });

  test.each([
    ["--port x", '--port takes a whole number from 0 to 65535, not "x"'],
    ["--port 65536", '--port takes a whole number from 0 to 65535, not "65536"'],
    ["--seed 1.5", '--seed takes a whole number from 0 to 9007199254740991, not "1.5"'],
    ["--colour", "Unknown option '--colour'"],
    ["here", "Unexpected argument 'here'"],
  ])("says what is wrong with %s, and how it is used", async (line, wrong) => {
    const { told, ended } = start(...line.split(" "));
    expect(await told).toContain(`restorekit-emulator: ${wrong}`);
    expect(await told).toContain("--port N");
    expect(await ended).toBe(2);
  });

  test("says how it is used when asked", async () => {
    const { told, ended } = start("--help");
    expect(await told).toMatch(/^restorekit-emulator \[--port N\]/);
    expect(await ended).toBe(0);
  });

  test("names a port that is taken", async () => {
    const { told, ended } = start("--port", String(listener.port));
    expect(await told).toContain("EADDRINUSE");
    expect(await ended).toBe(1);
  });
});
