import { createHash, createHmac } from "node:crypto";
import { createClient as createGeminidb } from "@restorekit/huaweicloud-geminidb";
import { createClient as createRedis } from "@restorekit/tencentcloud-redis";
import { peer } from "./report-peers.js";

/** Sends one signed call and gives its decoded answer. */
export type Caller = () => Promise<unknown>;

const secretId = "AKIDEXAMPLE";
const secretKey = "benchmark-secret-key";
const read = { InstanceId: "crs-ifmymj41", Limit: 10, Offset: 0 };
const write = { InstanceId: "crs-ifmymj41", BackupId: "678962411-4134634-9453424", Password: "Redis-password-1" };
/** The documented limits would hold every client to the same 20 or 50 calls a second. */
const limiter = { take: async () => {} };

/** All that are compared, by the names of the report. */
export const callers: Record<string, (origin: string) => Caller | Promise<Caller>> = {
  "minimal signed fetch, read": (origin) => () => minimal(origin, "DescribeInstanceBackups", read),
  "minimal signed fetch, write": (origin) => () => minimal(origin, "RestoreInstance", write),
  "restorekit, read": (origin) => {
    const client = redis(origin);
    return () => client.describeInstanceBackups(read);
  },
  "restorekit, write": (origin) => {
    const client = redis(origin);
    return () => client.restoreInstance(write);
  },
  "restorekit over undici, read": async (origin) => {
    const client = redis(origin, { transport: await overUndici() });
    return () => client.describeInstanceBackups(read);
  },
  "restorekit over undici, write": async (origin) => {
    const client = redis(origin, { transport: await overUndici() });
    return () => client.restoreInstance(write);
  },
  "tencentcloud-sdk-nodejs, read": (origin) => {
    const client = tencent(origin);
    return () => client.DescribeInstanceBackups(read);
  },
  "tencentcloud-sdk-nodejs, write": (origin) => {
    const client = tencent(origin);
    return () => client.RestoreInstance(write);
  },
  "restorekit GeminiDB, read": (origin) => {
    const client = createGeminidb({
      endpoint: origin,
      projectId: "0123456789abcdef",
      credentials: { ak: secretId, sk: secretKey },
      limiter,
    });
    return () => client.listInstances({ limit: 10, offset: 0 });
  },
  "Huawei SDK GeminiDB, read": (origin) => {
    const { BasicCredentials } = peer("@huaweicloud/huaweicloud-sdk-core");
    const { GaussDBforNoSQLClient, ListInstancesRequest } = peer("@huaweicloud/huaweicloud-sdk-gaussdbfornosql");
    const credential = new BasicCredentials().withAk(secretId).withSk(secretKey).withProjectId("0123456789abcdef");
    const client = GaussDBforNoSQLClient.newBuilder().withCredential(credential).withEndpoint(origin).build();
    return () => client.listInstances(new ListInstancesRequest().withLimit(10).withOffset(0));
  },
};

/** Loaded by who uses it only: once loaded, undici also serves every plain `fetch` of the process. */
async function overUndici() {
  const { undiciTransport } = await import("@restorekit/core/undici");
  return undiciTransport();
}

function redis(endpoint: string, more: Partial<Parameters<typeof createRedis>[0]> = {}) {
  return createRedis({ endpoint, region: "ap-guangzhou", credentials: { secretId, secretKey }, limiter, ...more });
}

function tencent(origin: string) {
  const { redis } = peer("tencentcloud-sdk-nodejs/tencentcloud/services/redis");
  const { protocol, host } = new URL(origin);
  return new redis.v20180412.Client({
    credential: { secretId, secretKey },
    region: "ap-guangzhou",
    profile: { httpProfile: { endpoint: host, protocol: `${protocol}//` } },
  });
}

/** The least that calls the API rightly: TC3 as the page writes it down, and `fetch`. */
async function minimal(origin: string, action: string, input: object) {
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const body = JSON.stringify(input);
  const now = new Date();
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const date = now.toISOString().slice(0, 10);
  const scope = `${date}/redis/tc3_request`;
  const lines = `content-type:application/json\nhost:${new URL(origin).host}\n`;
  const canonical = ["POST", "/", "", lines, "content-type;host", sha256(body)].join("\n");
  const text = ["TC3-HMAC-SHA256", timestamp, scope, sha256(canonical)].join("\n");
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), "redis"), "tc3_request");
  const signed = hmac(key, text).toString("hex");
  const response = await fetch(`${origin}/`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-tc-action": action,
      "x-tc-version": "2018-04-12",
      "x-tc-region": "ap-guangzhou",
      "x-tc-timestamp": timestamp,
      authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signed}`,
    },
    body,
  });
  const answer = (await response.json()) as { Response: { Error?: unknown } };
  if (answer.Response.Error) throw new Error("the service refused the call");
  return answer.Response;
}
