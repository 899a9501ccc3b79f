import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Listener, virtualClock } from "../src/index.js";
import { GEMINI, REDIS } from "./cloud.js";
import { officialSdks } from "./official-sdks.js";

// The SDKs sign with this machine's time, so the clock begins now and is moved on by hand.

const clock = virtualClock({ start: Date.now() });
const emulator = createEmulator({ clock, lenientHost: true });
const { secretId, secretKey, ak, sk, projectId } = emulator.credentials;
let sdks: Awaited<ReturnType<typeof officialSdks>>;
let whole: Listener;
let gemini: Listener;

beforeAll(async () => {
  sdks = await officialSdks();
  whole = await emulator.listen();
  gemini = await emulator.listen({ service: "huaweicloud-geminidb" });
}, 240_000);

afterAll(async () => {
  await whole.close();
  await gemini.close();
});

describe("tencentcloud-sdk-nodejs", () => {
  test("restores from a backup", async (context) => {
    if ("missing" in sdks) return context.skip(sdks.missing);
    const { redis } = sdks.load("tencentcloud-sdk-nodejs/tencentcloud/services/redis") as Tencent;
    const client = new redis.v20180412.Client({
      credential: { secretId, secretKey },
      region: "ap-guangzhou",
      profile: { httpProfile: { endpoint: `127.0.0.1:${whole.port}`, protocol: "http://" } },
    });
    const { BackupSet } = await client.DescribeInstanceBackups({ InstanceId: REDIS.InstanceId });
    const BackupId = BackupSet[0]?.BackupId as string;
    const { TaskId } = await client.RestoreInstance({ InstanceId: REDIS.InstanceId, BackupId });
    const again = client.RestoreInstance({ InstanceId: REDIS.InstanceId, BackupId });
    await expect(again).rejects.toMatchObject({ code: "ResourceUnavailable.InstanceLockedError" });
    const states = [];
    for (const seconds of [0, 10, 60]) {
      await clock.advance(seconds * 1000);
      states.push((await client.DescribeTaskInfo({ TaskId })).Status);
    }
    expect(states).toEqual(["preparing", "running", "succeed"]);
    expect(emulator.state.instance(REDIS.InstanceId).restores).toHaveLength(1);
  });

  test("is refused with a wrong key", async (context) => {
    if ("missing" in sdks) return context.skip(sdks.missing);
    const { redis } = sdks.load("tencentcloud-sdk-nodejs/tencentcloud/services/redis") as Tencent;
    const client = new redis.v20180412.Client({
      credential: { secretId, secretKey: "wrong" },
      region: "ap-guangzhou",
      profile: { httpProfile: { endpoint: `127.0.0.1:${whole.port}`, protocol: "http://" } },
    });
    await expect(client.DescribeInstances({})).rejects.toMatchObject({ code: "AuthFailure.SignatureFailure" });
  });
});

describe("huaweicloud-sdk-gaussdbfornosql", () => {
  const connect = (load: (name: string) => unknown, endpoint: string, secret = sk) => {
    const core = load("@huaweicloud/huaweicloud-sdk-core") as Core;
    const sdk = load("@huaweicloud/huaweicloud-sdk-gaussdbfornosql/v3/public-api") as Gemini;
    const credentials = new core.BasicCredentials().withAk(ak).withSk(secret).withProjectId(projectId);
    const client = sdk.GaussDBforNoSQLClient.newBuilder().withCredential(credentials).withEndpoint(endpoint).build();
    // It prints every refusal, with its headers.
    (load("log4js") as { getLogger(): { level: string } }).getLogger().level = "off";
    return { sdk, client };
  };

  test.for(["a listener of its own", "a base path"])("restores to a point in time, at %s", async (where, context) => {
    if ("missing" in sdks) return context.skip(sdks.missing);
    const endpoint = (where === "a base path" ? whole : gemini).endpoint("huaweicloud-geminidb");
    const { sdk, client } = connect(sdks.load, endpoint);
    const before = emulator.state.instance(GEMINI.instance_id).restores.length;
    const zoned = (at: number) => `${new Date(at).toISOString().slice(0, 19)}+0000`;
    const points = new sdk.ListRedisPitrRestoreTimeRequest(GEMINI.instance_id);
    points.startTime = zoned(clock.now() - 3_600_000);
    points.endTime = zoned(clock.now());
    const { restore_time } = await client.listRedisPitrRestoreTime(points);
    const restore = new sdk.RestoreRedisPitrRequest(GEMINI.instance_id);
    restore.body = new sdk.RestoreRedisPitrRequestBody(restore_time[0] as string);
    const { job_id } = await client.restoreRedisPitr(restore);
    await expect(client.restoreRedisPitr(restore)).rejects.toMatchObject({
      errorCode: "DBS.200019",
      httpStatusCode: 403,
    });
    const jobs = new sdk.ListJobsRequest();
    jobs.id = job_id;
    const states = [];
    for (const seconds of [10, 60]) {
      await clock.advance(seconds * 1000);
      states.push((await client.listJobs(jobs)).jobs[0]?.status);
    }
    expect(states).toEqual(["Running", "Completed"]);
    expect(emulator.state.instance(GEMINI.instance_id).restores).toHaveLength(before + 1);
  });

  test("is refused with a wrong key", async (context) => {
    if ("missing" in sdks) return context.skip(sdks.missing);
    const { sdk, client } = connect(sdks.load, gemini.endpoint("huaweicloud-geminidb"), "wrong");
    await expect(client.listInstances(new sdk.ListInstancesRequest())).rejects.toMatchObject({
      errorCode: "APIGW.0301",
    });
  });
});

/** The little that is used of them. */
interface Tencent {
  redis: {
    v20180412: { Client: new (options: object) => Record<string, (input: object) => Promise<never>> & TencentCalls };
  };
}
interface TencentCalls {
  DescribeInstanceBackups(input: object): Promise<{ BackupSet: { BackupId: string }[] }>;
  RestoreInstance(input: object): Promise<{ TaskId: number }>;
  DescribeTaskInfo(input: object): Promise<{ Status: string }>;
  DescribeInstances(input: object): Promise<unknown>;
}
interface Core {
  BasicCredentials: new () => Credentials;
}
interface Credentials {
  withAk(ak: string): Credentials;
  withSk(sk: string): Credentials;
  withProjectId(id: string): Credentials;
}
interface Gemini {
  GaussDBforNoSQLClient: { newBuilder(): Builder };
  ListRedisPitrRestoreTimeRequest: new (id: string) => { startTime?: string; endTime?: string };
  RestoreRedisPitrRequest: new (id: string) => { body?: object };
  RestoreRedisPitrRequestBody: new (time: string) => object;
  ListJobsRequest: new () => { id?: string };
  ListInstancesRequest: new () => object;
}
interface Builder {
  withCredential(credentials: Credentials): Builder;
  withEndpoint(endpoint: string): Builder;
  build(): {
    listRedisPitrRestoreTime(request: object): Promise<{ restore_time: string[] }>;
    restoreRedisPitr(request: object): Promise<{ job_id: string }>;
    listJobs(request: object): Promise<{ jobs: { status: string }[] }>;
    listInstances(request: object): Promise<unknown>;
  };
}
