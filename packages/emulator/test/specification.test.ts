import { describe, expect, test } from "vitest";
import { type EndpointName, OPERATIONS } from "../src/bundle.js";
import { readInput } from "../src/validate.js";
import { bodyValidator, operationsOf, SERVICES } from "./answers.js";
import { answered, cloud, DCS, DCS_INSTANCE, GEMINI, newestPoint, outcome, RDS, REDIS } from "./cloud.js";

const RDS_INSTANCE = { instance_id: RDS.instance_id };

test("every operation of every service is answered, and each answer is as specified", async () => {
  const made = cloud();
  const { redis, dcs, gemini, rds, identity, emulator, clock } = made;
  const { projectId } = emulator.credentials;

  await redis.describeInstances({});
  await redis.describeInstanceBackups({ Status: [] });
  await redis.describeBackupDetail(REDIS);
  await redis.describeAutoBackupConfig({ InstanceId: REDIS.InstanceId });
  await redis.cloneInstances({
    ...REDIS,
    GoodsNum: 1,
    ZoneId: 1,
    BillingMode: 0,
    Period: 1,
    SecurityGroupIdList: [],
    Password: "12345678aA",
  });
  const { TaskId } = await redis.restoreInstance(REDIS);
  await redis.describeTaskInfo({ TaskId });
  await redis.describeTaskList({});
  await clock.sleep(60_000);
  await redis.manualBackupInstance({ InstanceId: REDIS.InstanceId });

  for (const version of ["", "V1"] as const) {
    await dcs[`listInstances${version}`]({});
    await dcs[`showInstance${version}`](DCS_INSTANCE);
    const { backup_id = "" } = await dcs[`copyInstance${version}`](DCS_INSTANCE);
    await dcs[`listBackupRecords${version}`](DCS_INSTANCE);
    await clock.sleep(60_000);
    await dcs[`restoreInstance${version}`](DCS);
    await dcs[`listRestoreRecords${version}`](DCS_INSTANCE);
    await clock.sleep(60_000);
    await dcs[`deleteBackupFile${version}`]({ ...DCS_INSTANCE, backup_id });
  }

  await gemini.listInstances({ datastore_type: "redis" });
  await gemini.listBackups({});
  await gemini.listBackupsV3({ offset: 1, limit: 10 });
  await gemini.setRedisPitrPolicy({ ...GEMINI, enabled: true });
  await gemini.showRedisPitrPolicy(GEMINI);
  await gemini.restoreRedisPitr({ ...GEMINI, restore_time: await newestPoint(made) });
  await gemini.listJobs({});

  await rds.listInstances({});
  await rds.listRestoreTimes(RDS_INSTANCE);
  const { backup } = await rds.createManualBackup({ ...RDS_INSTANCE, name: "before" });
  await rds.listBackups(RDS_INSTANCE);
  await clock.sleep(60_000);
  const restore = { source: { ...RDS_INSTANCE, backup_id: RDS.backup_id }, target: RDS_INSTANCE };
  const { job_id = "" } = await rds.restoreExistInstance(restore);
  await clock.sleep(10_000);
  await rds.listJobInfo({ id: job_id });
  await rds.listTasks({});
  await clock.sleep(60_000);
  await rds.restoreToExistingInstance(restore);
  await clock.sleep(60_000);
  await rds.deleteManualBackup({ backup_id: backup.id });

  await identity.listProjects({});
  await identity.listAuthProjects({});
  const { user, password, domain } = emulator.credentials;
  await identity.createToken({
    auth: {
      identity: { methods: ["password"], password: { user: { name: user, password, domain: { name: domain } } } },
      scope: { project: { id: projectId } },
    },
  });

  const all = SERVICES.flatMap((service) => operationsOf(service).map((operation) => `${service} ${operation}`));
  expect(all.filter((operation) => !answered.has(operation))).toEqual([]);
});

const TASK_INFO = "/#Action=DescribeTaskInfo";

/** Calls that the types forbid, and what the documents have for them. */
const wrong: [name: string, call: (made: ReturnType<typeof cloud>) => Promise<unknown>, want: string][] = [
  [
    "Tencent, missing",
    ({ redis }) => redis.http.POST(TASK_INFO, { body: {} as never } as never),
    "200 MissingParameter",
  ],
  [
    "Tencent, unknown",
    ({ redis }) => redis.http.POST(TASK_INFO, { body: { Id: 1 } as never } as never),
    "200 UnknownParameter",
  ],
  ["Tencent, type", ({ redis }) => redis.describeTaskInfo({ TaskId: "x" } as never), "200 InvalidParameter"],
  ["Tencent, value", ({ redis }) => redis.describeInstances({ Limit: 1001 }), "200 InvalidParameterValue"],
  ["Tencent, pattern", ({ redis }) => redis.describeTaskList({ BeginTime: "yesterday" }), "200 InvalidParameterValue"],
  ["DCS, value", ({ dcs }) => dcs.listInstances({ limit: 0 }), "400 DCS.4800"],
  ["DCS v1.0, value", ({ dcs }) => dcs.listInstancesV1({ limit: 0 }), "400 111400800"],
  ["DCS, format", ({ dcs }) => dcs.copyInstance({ ...DCS_INSTANCE, backup_format: "zip" as never }), "400 DCS.4062"],
  ["GeminiDB, limit", ({ gemini }) => gemini.listJobs({ limit: 11 as never }), "400 DBS.280439"],
  ["GeminiDB, page", ({ gemini }) => gemini.listBackupsV3({ offset: 0, limit: 10 }), "400 DBS.280440"],
  [
    "GeminiDB, time",
    ({ gemini }) => gemini.restoreRedisPitr({ ...GEMINI, restore_time: "2026-01-05T08:00:00Z" }),
    "400 DBS.201215",
  ],
  ["RDS, name", ({ rds }) => rds.createManualBackup({ ...RDS_INSTANCE, name: "1x" }), "400 DBS.280001"],
  [
    "RDS, source",
    ({ rds }) => rds.restoreExistInstance({ source: RDS_INSTANCE as never, target: RDS_INSTANCE }),
    "400 DBS.280001",
  ],
  ["identity, page", ({ identity }) => identity.listProjects({ page: 0, per_page: 1 }), "400 IAM.0007"],
];

test.each(wrong)("a wrong request is refused: %s", async (_, call, want) => {
  const made = cloud();
  expect(await outcome(call(made))).toBe(want);
  expect(made.emulator.journal.entries.at(-1)?.executed).toBe(0);
});

describe("routes", () => {
  const names = async (url: string, init?: RequestInit) => {
    const { emulator } = cloud({ checkSignatures: false });
    await emulator.fetch(url.replace("{p}", emulator.credentials.projectId), init);
    const entry = emulator.journal.entries.at(-1);
    return `${entry?.service} ${entry?.operation} ${entry?.status}`;
  };
  test.each([
    ["http://127.0.0.1:1/huaweicloud-rds/v3/{p}/instances", "huaweicloud-rds listInstances 200"],
    ["http://127.0.0.1:1/huaweicloud-geminidb/v3/{p}/instances", "huaweicloud-geminidb listInstances 200"],
    ["https://rds.cn-north-4.myhuaweicloud.com/v3/{p}/instances", "huaweicloud-rds listInstances 200"],
    ["https://gaussdb-nosql.cn-north-4.myhuaweicloud.com/v3/{p}/jobs", "huaweicloud-geminidb listJobs 200"],
    ["http://127.0.0.1:1/v2/{p}/instances", "opentelekomcloud-dcs listInstances 200"],
    ["http://127.0.0.1:1/v3/{p}/instances", "undefined undefined 404"],
    ["http://127.0.0.1:1/huaweicloud-rds/v9/nothing", "huaweicloud-rds undefined 404"],
  ])("%s", async (url, want) => {
    expect(await names(url)).toBe(want);
  });
  test("Tencent by its header", async () => {
    const headers = { "x-tc-action": "DescribeInstances", "x-tc-version": "2018-04-12", "x-tc-region": "ap-guangzhou" };
    const init = { method: "POST", headers, body: "{}" };
    expect(await names("http://127.0.0.1:1/", init)).toBe("tencentcloud-redis describeInstances 200");
    const other = { ...init, headers: { ...headers, "x-tc-action": "Other" } };
    expect(await names("http://127.0.0.1:1/", other)).toBe("tencentcloud-redis undefined 200");
  });
});

describe("the emulator and ajv agree about bodies", () => {
  const bodies = SERVICES.flatMap((service) =>
    operationsOf(service).flatMap((operation) => {
      const validate = bodyValidator(service, operation);
      return validate ? [{ service, operation, validate }] : [];
    }),
  );
  /** Wrong and right values of all kinds, put in everywhere. */
  const VALUES = [null, "", "x", "2026-01-05 08:00:00", 0, 1, -1, 1.5, 1e9, true, [], ["x"], [1], {}, { a: "b" }];

  test.each(bodies)("$service $operation", ({ service, operation, validate }) => {
    const described = OPERATIONS[service as EndpointName].find(({ id }) => id === operation);
    if (!described?.body) throw new Error("no body");
    const bare = { ...described, parameters: [] };
    const disagreements: unknown[] = [];
    const compare = (body: unknown) => {
      const request = { method: "POST", target: "/", headers: {}, body: JSON.stringify(body) };
      const good = !("kind" in readInput(bare, request, {}));
      if (good !== validate(body)) disagreements.push(body);
    };
    const example = exampleOf(service, operation);
    compare(example);
    for (const value of VALUES) {
      compare(value);
      for (const name of [...Object.keys(example), "Unknown"]) {
        compare({ ...example, [name]: value });
        const { [name]: _, ...less } = example;
        compare(less);
      }
    }
    expect(disagreements).toEqual([]);
  });

  function exampleOf(service: string, operation: string): Record<string, unknown> {
    const by: Record<string, Record<string, unknown>> = {
      "tencentcloud-redis": { ...REDIS },
      "opentelekomcloud-dcs": { backup_id: DCS.backup_id, remark: "r" },
      "huaweicloud-geminidb":
        operation === "setRedisPitrPolicy"
          ? { enabled: true, interval: 20 }
          : { restore_time: "2026-01-05T16:00:00+0800" },
      "huaweicloud-rds":
        operation === "createManualBackup"
          ? { ...RDS_INSTANCE, name: "before" }
          : { source: { ...RDS_INSTANCE, backup_id: RDS.backup_id }, target: RDS_INSTANCE },
      identity: { auth: {} },
    };
    return by[service] ?? {};
  }
});
