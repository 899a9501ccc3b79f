import { type CallOptions, paginate, waitForTask } from "@restorekit/core";
import { createClient, operations } from "@restorekit/huaweicloud-geminidb";
import type { TimedAdapter } from "../adapter.js";
import { all, check, fromTime, idOf, relationOf } from "../checks.js";
import { readZoned, withOffset } from "../instant.js";
import type { Backup, FromTime, RestorePoint } from "../model.js";

export type HuaweicloudGeminidbOptions = Parameters<typeof createClient>[0];

const API = "https://support.huaweicloud.com/intl/en-us/api-nosql";
const INSTANCES = `${API}/nosql_05_0016.html`;
const RESTORE = `${API}/nosql_04_0003.html`;
const POINTS = `${API}/nosql_04_0006.html`;
const POLICY = `${API}/nosql_04_0005.html`;
/** Codes of another operation, or of a state that allows none. */
const LOCKED = /^DBS\.(200011|200018|200019|200047|200076|201000|201014|201015|201202|201204|201319|280042)$/;
/** Documented kinds of jobs. None of them is a restore of the current instance; that has no documented name. */
const OTHER_JOBS = [
  ...["CreateInstance", "RestoreNewInstance", "DeleteInstance", "BackupInstance", "RestartInstance", "RestartNode"],
  ...["EnlargeInstance", "ReduceInstance", "ResizeInstance", "EnlargeInstanceVolume", "ReduceInstanceVolume"],
  ...["EnlargeInstanceColdVolume", "AddInstanceColdVolume", "UpgradeDbVersion", "BindPublicIP", "UnbindPublicIP"],
  ...["ModifySecurityGroup", "ModifyCcmCert", "ModifyPort", "ConstructDisasterRecovery"],
  ...["DeConstructDisasterRecovery", "SwitchOverDisasterRecovery", "BuildBiActiveInstance", "ReleaseBiActiveInstance"],
];
const LIKE_A_RESTORE = /restor|recover|pitr|roll.?back|flash.?back/i;

/**
 * Huawei Cloud GeminiDB Redis: restores listed points in time, in place.
 *
 * After a lost reply, the one new job of the instance that is called like a restore, and of no other documented kind, is
 * taken for ours.
 * @throws {EndpointError}
 */
export function huaweicloudGeminidb(options: HuaweicloudGeminidbOptions): TimedAdapter<FromTime> {
  const gemini = createClient(options);

  return {
    service: "huaweicloud-geminidb",
    scope: ["huaweicloud-geminidb", options.region ?? "", options.projectId ?? ""].join("/"),
    taskPage: `${API}/nosql_10_0100.html`,
    whereToLook: "ListJobs without id, by instance and start time, or the task centre of the console",
    source: fromTime,
    isLocked: (code) => LOCKED.test(code),

    async listBackups(instance, call) {
      const input = { instance_id: instance, datastore_type: "redis" as const };
      const backups = await all(paginate(operations.listBackups, gemini.listBackups, input, call));
      return backups.map(
        (raw): Backup => ({
          id: raw.id,
          instance: raw.instance_id,
          startedAt: readZoned(raw.begin_time),
          endedAt: readZoned(raw.end_time),
          expiresAt: undefined,
          sizeBytes: raw.size * 1024,
          // Onto a Redis instance that exists, no backup can be restored.
          usable: false,
          rawState: raw.status,
          raw,
        }),
      );
    },

    restorableTimes: points,

    async preflight({ instance, source }, _extra, call) {
      const { result, response } = await gemini.listInstances({ id: instance }, call).withResponse();
      const found = result.instances.find(({ id }) => id === instance);
      const serverTime = response.headers.get("date");
      const exists = check("instanceExists", found !== undefined, {
        found: found ? found.name : `no instance ${instance} in ${options.region}`,
        next: "Check id, region and project.",
        page: INSTANCES,
      });
      if (!found) return { checks: [exists], serverTime };
      const kind = check("instanceKind", found.mode === "Cluster" && found.datastore?.type === "redis", {
        found: `${found.datastore?.type}, mode ${found.mode}`,
        next: "Only GeminiDB Redis proxy clusters have points in time.",
        page: RESTORE,
      });
      const ready = check("instanceReady", isIdle(found), {
        found: [found.status, ...(found.actions ?? [])].join(", "),
        next: "Wait until the instance is normal and nothing is done to it.",
        page: INSTANCES,
      });
      if (kind.verdict === "failed") return { checks: [exists, ready, kind], serverTime };
      const { enabled } = await gemini.showRedisPitrPolicy({ instance_id: instance }, call);
      const policy = check("pitrEnabled", enabled, {
        found: enabled ? "on" : "off",
        next: "Switch point-in-time restore on; points exist from then on.",
        page: POLICY,
      });
      const point = enabled ? await pointAt(instance, source.at, call) : undefined;
      const listed = check("timeRestorable", point !== undefined, {
        found: point ? point.raw : `${source.at} is not among the listed points`,
        next: "Choose one of restorableTimes: only listed points can be restored.",
        page: POINTS,
      });
      return { checks: [exists, ready, kind, policy, listed], exact: point?.raw, serverTime };
    },

    async submit({ instance, source }, _extra, call) {
      const input = { instance_id: instance, restore_time: source.exact ?? withOffset(new Date(source.at ?? "")) };
      const { result, response } = await gemini.restoreRedisPitr(input, call).withResponse();
      return { task: idOf(result.job_id), requestId: response.headers.get("x-request-id") ?? undefined };
    },

    async sightings({ instance }, since, call) {
      const input = { start_time: withOffset(since), end_time: withOffset(new Date(Number(since) + 29 * 86_400_000)) };
      const jobs = await all(paginate(operations.listJobs, gemini.listJobs, input, call));
      return jobs.map((job) => ({
        id: idOf(job.id),
        startedAt: readZoned(job.start_time),
        running: (job.instance?.id ?? instance) === instance && job.status === "Running",
        relation: relationOf(instance, {
          instance: job.instance?.id,
          other: OTHER_JOBS.includes(job.name),
          like: LIKE_A_RESTORE.test(job.name),
        }),
      }));
    },

    follow: (task, _subject, wait) =>
      waitForTask(operations.listJobs, gemini.listJobs, { id: task }, { ...wait, id: task }),

    async condition(instance, call) {
      const { instances } = await gemini.listInstances({ id: instance }, call);
      const found = instances.find(({ id }) => id === instance);
      const rawState = found && [found.status, ...(found.actions ?? [])].join(", ");
      return { running: found !== undefined && isIdle(found), rawState };
    },
  };

  async function points(instance: string, { from, to }: { from: Date; to: Date }, call: CallOptions) {
    const input = { instance_id: instance, start_time: withOffset(from), end_time: withOffset(to) };
    const times = await all(
      paginate(operations.listRedisPitrRestoreTime, gemini.listRedisPitrRestoreTime, input, call),
    );
    return times.flatMap((raw): RestorePoint[] => {
      const at = readZoned(raw);
      return at ? [{ kind: "point", at, raw }] : [];
    });
  }

  /** The listed point that is the same moment. */
  async function pointAt(instance: string, at: string | undefined, call: CallOptions) {
    const wanted = Date.parse(at ?? "");
    const around = { from: new Date(wanted - 1000), to: new Date(wanted + 1000) };
    return (await points(instance, around, call)).find((point) => Number(point.at) === wanted);
  }
}

const isIdle = ({ status, actions = [] }: { status?: string; actions?: readonly string[] | null }) =>
  status === "normal" && (actions ?? []).length === 0;
