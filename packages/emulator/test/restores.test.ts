import { waitForTask } from "@restorekit/core";
import { operations as gemini } from "@restorekit/huaweicloud-geminidb";
import { operations as rds } from "@restorekit/huaweicloud-rds";
import { operations as dcs } from "@restorekit/opentelekomcloud-dcs";
import { operations as redis } from "@restorekit/tencentcloud-redis";
import { describe, expect, test } from "vitest";
import type { Fault } from "../src/index.js";
import { type Cloud, cloud, DCS, DCS_INSTANCE, GEMINI, newestPoint, outcome, RDS, REDIS } from "./cloud.js";

/** One way to restore in place, from the submit to the end of the task. */
interface Way {
  name: string;
  instance: string;
  operation: string;
  submit(cloud: Cloud): Promise<string | number | undefined>;
  poll(cloud: Cloud, id: string | number, minutes: number): Promise<{ end: string; state: unknown; detail: unknown }>;
  /** The ids of all restores, from where the documents would have one look after a lost answer. */
  records(cloud: Cloud): Promise<unknown[]>;
  /** The raw status of the instance. */
  status(cloud: Cloud): Promise<unknown>;
  want: { during: unknown; after: unknown; state: unknown; second: string; failed: [state: unknown, detail: unknown] };
}

const until = ({ clock }: Cloud, minutes: number) => {
  const deadline = new Date(clock.now() + minutes * 60_000);
  return { deadline, clock: clock as never, random: () => 0.5 };
};

const dcsWay = (v1: boolean): Way => ({
  name: v1 ? "DCS v1.0" : "DCS v2",
  instance: DCS.instance_id,
  operation: v1 ? "restoreInstanceV1" : "restoreInstance",
  submit: async ({ dcs }) => (await dcs[v1 ? "restoreInstanceV1" : "restoreInstance"](DCS)).restore_id,
  poll: (cloud, id, minutes) =>
    v1
      ? waitForTask(dcs.listRestoreRecordsV1, cloud.dcs.listRestoreRecordsV1, DCS_INSTANCE, {
          id,
          ...until(cloud, minutes),
        })
      : waitForTask(dcs.listRestoreRecords, cloud.dcs.listRestoreRecords, DCS_INSTANCE, {
          id,
          ...until(cloud, minutes),
        }),
  async records({ dcs }) {
    const found = await dcs[v1 ? "listRestoreRecordsV1" : "listRestoreRecords"](DCS_INSTANCE);
    return found?.restore_record_response?.map(({ restore_id }) => restore_id) ?? [];
  },
  status: async ({ dcs }) => (await dcs[v1 ? "showInstanceV1" : "showInstance"](DCS_INSTANCE)).status,
  want: {
    during: "RESTORING",
    after: "RUNNING",
    state: "succeed",
    second: v1 ? "400 111400097" : "400 DCS.4097",
    failed: ["failed", "dcs.08.0007"],
  },
});

const rdsWay = (name: string, operation: "restoreExistInstance" | "restoreToExistingInstance", time: boolean): Way => ({
  name,
  instance: RDS.instance_id,
  operation,
  async submit({ rds, clock }) {
    const target = { instance_id: RDS.instance_id };
    const source = time
      ? { ...target, type: "timestamp" as const, restore_time: clock.now() - 3_600_000 }
      : { ...target, type: "backup" as const, backup_id: RDS.backup_id };
    return (await rds[operation]({ source, target })).job_id;
  },
  poll: (cloud, id, minutes) =>
    waitForTask(rds.listJobInfo, cloud.rds.listJobInfo, { id: String(id) }, until(cloud, minutes)),
  records: async ({ rds }) => (await rds.listTasks({ instance_id: RDS.instance_id })).tasks?.map(({ id }) => id) ?? [],
  status: async ({ rds }) => (await rds.listInstances({ id: RDS.instance_id })).instances[0]?.status,
  want: {
    during: "RESTORING",
    after: "ACTIVE",
    state: "Completed",
    second: "409 DBS.200019",
    failed: ["Failed", "The data could not be restored."],
  },
});

const ways: Way[] = [
  {
    name: "Tencent",
    instance: REDIS.InstanceId,
    operation: "restoreInstance",
    submit: async ({ redis }) => (await redis.restoreInstance(REDIS)).TaskId,
    poll: (cloud, id, minutes) =>
      waitForTask(redis.describeTaskInfo, cloud.redis.describeTaskInfo, { TaskId: Number(id) }, until(cloud, minutes)),
    async records({ redis }) {
      const { Tasks } = await redis.describeTaskList({ InstanceId: REDIS.InstanceId, TaskTypes: ["010"] });
      return Tasks.map(({ TaskId }) => TaskId);
    },
    status: async ({ redis }) =>
      (await redis.describeInstances({ InstanceId: REDIS.InstanceId })).InstanceSet[0]?.Status,
    want: {
      during: 1,
      after: 2,
      state: "succeed",
      second: "200 ResourceUnavailable.InstanceLockedError",
      failed: ["failed", "the data could not be loaded"],
    },
  },
  dcsWay(true),
  dcsWay(false),
  {
    name: "GeminiDB",
    instance: GEMINI.instance_id,
    operation: "restoreRedisPitr",
    submit: async (cloud) =>
      (await cloud.gemini.restoreRedisPitr({ ...GEMINI, restore_time: await newestPoint(cloud) })).job_id,
    poll: (cloud, id, minutes) =>
      waitForTask(gemini.listJobs, cloud.gemini.listJobs, { id: String(id) }, { id, ...until(cloud, minutes) }),
    records: async ({ gemini }) =>
      (await gemini.listJobs({})).jobs.filter(({ instance }) => instance.id === GEMINI.instance_id).map(({ id }) => id),
    status: async ({ gemini }) =>
      (await gemini.listInstances({ id: GEMINI.instance_id })).instances[0]?.actions?.join() ?? "",
    want: {
      during: "RESTORE",
      after: "",
      state: "Completed",
      second: "403 DBS.200019",
      failed: ["Failed", "The data could not be restored."],
    },
  },
  rdsWay("RDS v3.1, backup", "restoreExistInstance", false),
  rdsWay("RDS v3, backup", "restoreToExistingInstance", false),
  rdsWay("RDS v3.1, point in time", "restoreExistInstance", true),
];

describe.each(ways)("$name", (way) => {
  const { instance, operation, want } = way;
  const start = async (cloud: Cloud, fault?: Fault | Fault[]) => {
    if (fault) cloud.emulator.faults.next(operation, fault);
    return (await way.submit(cloud)) as string | number;
  };

  test("runs a whole restore, once", async () => {
    const made = cloud();
    expect(await way.status(made)).toBe(want.after);
    const id = await start(made);
    expect(await way.status(made)).toBe(want.during);
    expect(await way.poll(made, id, 10)).toMatchObject({ end: "succeeded", state: want.state });
    expect(await way.status(made)).toBe(want.after);
    expect(made.emulator.state.instance(instance).restores).toHaveLength(1);
    expect(made.emulator.journal.count(operation).executed).toBe(1);
  });

  test("refuses a second restore while the first runs, and takes it afterwards", async () => {
    const made = cloud();
    const id = await start(made);
    expect(await outcome(way.submit(made))).toBe(want.second);
    await way.poll(made, id, 10);
    await made.clock.sleep(60_000);
    expect(await outcome(way.submit(made))).toBe("done");
    expect(made.emulator.state.instance(instance).restores).toHaveLength(2);
  });

  test("fails with what the documents have for it", async () => {
    const made = cloud();
    const id = await start(made, { kind: "fail" });
    const [state, detail] = want.failed;
    expect(await way.poll(made, id, 10)).toMatchObject({ end: "failed", state, detail });
    expect(await way.status(made)).toBe(want.after);
  });

  test("shows a state that nobody documents", async () => {
    const made = cloud();
    const id = await start(made, { kind: "undocumented", state: "paused" });
    expect(await way.poll(made, id, 10)).toMatchObject({ end: "unrecognised", state: "paused" });
    expect(await way.status(made)).toBe(want.during);
    // The one answer that may not be as specified.
    expect(made.problems.splice(0)).not.toEqual([]);
  });

  test("shows a late record only later", async () => {
    const made = cloud();
    const id = await start(made, { kind: "late", ms: 90_000 });
    expect(await way.poll(made, id, 1)).toMatchObject({ end: "timedOut", state: undefined });
    expect(await way.poll(made, id, 2)).toMatchObject({ end: "succeeded" });
  });

  test("leaves a lost restore to be found in the lists", async () => {
    const made = cloud();
    made.emulator.faults.next(operation, { kind: "dropAfter" });
    expect(await outcome(way.submit(made))).toBe("connectionLost, executed maybe");
    expect(made.emulator.state.instance(instance).restores).toHaveLength(1);
    await made.clock.sleep(5_000);
    const found = await way.records(made);
    expect(found).toHaveLength(1);
    expect(await way.poll(made, found[0] as string, 10)).toMatchObject({ end: "succeeded" });
  });
});
