import { ApiError, type CallOptions, paginate, waitForTask } from "@restorekit/core";
import { createClient, operations } from "@restorekit/huaweicloud-rds";
import type { TimedAdapter } from "../adapter.js";
import { all, check, checkBackup, fromBackup, fromTime, idOf, relationOf } from "../checks.js";
import { readZoned } from "../instant.js";
import type { Source } from "../intent.js";
import type { Backup, Check, FromBackup, FromTime, RestorableWindow } from "../model.js";
import { checkPair, INSTANCES, RESTORE } from "./huaweicloud-rds-pair.js";

export type HuaweicloudRdsOptions = Parameters<typeof createClient>[0];

/** A backup or a moment, of the target itself unless `instance` names another one. */
export type FromRds = (FromBackup | FromTime) & { readonly instance?: string };

export interface HuaweicloudRdsExtra {
  /** SQL Server only, and needed there: all databases, or old names with their new ones (`""` keeps a name). */
  databases?: "all" | Readonly<Record<string, string>>;
}

const V3 = "https://docs.otc.t-systems.com/relational-database-service/api-ref/api_v3_recommended";
const BACKUPS = `${V3}/backup_and_restoration/obtaining_details_about_backups.html`;
const WINDOWS = `${V3}/backup_and_restoration/querying_the_restoration_time_range.html`;
/** Codes of another operation, or of a state that allows none. */
const LOCKED = /^DBS\.(200011|200018|200019|200047|200076|200086|201014|201015|201202|201205|212006)$/;
const NO_SUCH_JOB = "DBS.200543";

/**
 * Huawei Cloud RDS, and Open Telekom Cloud RDS with `site: "otc"`: restores backups and moments, in place.
 *
 * After a lost reply, the one new restore task of the instance is taken for ours. All calls share 60 a minute and user.
 * @throws {EndpointError}
 */
export function huaweicloudRds(options: HuaweicloudRdsOptions): TimedAdapter<FromRds, HuaweicloudRdsExtra> {
  const rds = createClient(options);

  return {
    service: "huaweicloud-rds",
    scope: ["huaweicloud-rds", options.region ?? "", options.projectId ?? ""].join("/"),
    taskPage: `${V3}/obtaining_task_information/querying_instant_tasks.html`,
    whereToLook: "listTasks with the instance, or the task centre of the console",
    isLocked: (code) => LOCKED.test(code),

    source(from, target): Source {
      const instance = from.instance ?? target;
      return from.at === undefined ? fromBackup(from, instance) : fromTime(from, instance);
    },

    async listBackups(instance, call) {
      const backups = await all(paginate(operations.listBackups, rds.listBackups, { instance_id: instance }, call));
      return backups.map(
        (raw): Backup => ({
          id: raw.id,
          instance: raw.instance_id,
          startedAt: readZoned(raw.begin_time),
          endedAt: readZoned(raw.end_time),
          expiresAt: undefined,
          sizeBytes: raw.size * 1024,
          usable: raw.status === "COMPLETED",
          rawState: raw.status,
          raw,
        }),
      );
    },

    restorableTimes: (instance, { from, to }, call) => windows(instance, from, to, call),

    async preflight({ instance, source }, { databases }, call) {
      const { result, response } = await rds.listInstances({ id: instance }, call).withResponse();
      const target = result.instances.find(({ id }) => id === instance);
      const serverTime = response.headers.get("date");
      const exists = check("instanceExists", target !== undefined, {
        found: target ? target.name : `no instance ${instance} in ${options.region}`,
        next: "Check id, region and project.",
        page: INSTANCES,
      });
      if (!target) return { checks: [exists], serverTime };
      const ready = check("instanceReady", target.status === "ACTIVE", {
        found: target.status,
        next: "Wait until the instance is ACTIVE: it takes one operation at a time.",
        page: RESTORE,
      });
      const original = source.instance === instance ? target : await find(source.instance, call);
      const pair = checkPair(original, target, databases);
      if (!original) return { checks: [exists, ready, ...pair], serverTime };
      return { checks: [exists, ready, ...pair, await checkSource(source, call)], serverTime };
    },

    async submit({ instance, source }, { databases }, call) {
      const chosen =
        databases === undefined
          ? {}
          : databases === "all"
            ? { restore_all_database: true }
            : { database_name: { ...databases } };
      const from = { instance_id: source.instance, ...chosen };
      const { result, response } = await rds
        .restoreExistInstance(
          {
            source:
              source.at === undefined
                ? { ...from, type: "backup", backup_id: String(source.backup) }
                : { ...from, type: "timestamp", restore_time: Date.parse(source.at) },
            target: { instance_id: instance },
          },
          call,
        )
        .withResponse();
      return { task: idOf(result.job_id), requestId: response.headers.get("x-request-id") ?? undefined };
    },

    async sightings({ instance }, since, call) {
      const window = { start_time: String(Number(since)), end_time: String(Number(since) + 29 * 86_400_000) };
      const tasks = await all(
        paginate(operations.listTasks, rds.listTasks, { instance_id: instance, ...window }, call),
      );
      return tasks.map(({ id, name = "", instance_id, create_time, status }) => ({
        id: idOf(id),
        startedAt: readZoned(create_time),
        running: (instance_id ?? instance) === instance && status === "Running",
        relation: relationOf(instance, { instance: instance_id, other: false, like: /restor|recover/i.test(name) }),
      }));
    },

    follow(task, { instance }, wait) {
      // Whether a restore in place is among the jobs is not documented; the task list has it either way.
      const look = async (input: { id: string }, call?: CallOptions) => {
        try {
          return await rds.listJobInfo(input, call);
        } catch (error) {
          if (!(error instanceof ApiError) || error.code !== NO_SUCH_JOB) throw error;
          const { tasks = [] } = await rds.listTasks({ id: task, instance_id: instance }, call);
          return { job: tasks.find(({ id }) => id === task) };
        }
      };
      return waitForTask(operations.listJobInfo, look, { id: task }, { ...wait, id: task });
    },

    async condition(instance, call) {
      const rawState = (await find(instance, call))?.status;
      return { running: rawState === "ACTIVE", rawState };
    },
  };

  async function find(instance: string, call: CallOptions) {
    const { instances } = await rds.listInstances({ id: instance }, call);
    return instances.find(({ id }) => id === instance);
  }

  async function checkSource(source: Source, call: CallOptions): Promise<Check> {
    if (source.at === undefined) {
      const input = { instance_id: source.instance, backup_id: String(source.backup) };
      const { backups } = await rds.listBackups(input, call);
      const states = backups.map(({ id, instance_id, status }) => {
        return { id, instance: instance_id, usable: status === "COMPLETED", rawState: status };
      });
      return checkBackup(states, source, BACKUPS);
    }
    const at = new Date(source.at);
    const found = await windows(source.instance, at, at, call);
    return check("timeRestorable", found.length > 0, {
      found: found[0] ? `${found[0].from.toISOString()} to ${found[0].to.toISOString()}` : `no window has ${source.at}`,
      next: "Choose a moment inside one of restorableTimes.",
      page: WINDOWS,
    });
  }

  /** The windows that touch the range. Without a date, the service may leave old ones out. */
  async function windows(instance: string, from: Date, to: Date, call: CallOptions): Promise<RestorableWindow[]> {
    const touching = async (date: { date?: string }) => {
      const { restore_time } = await rds.listRestoreTimes({ instance_id: instance, ...date }, call);
      return restore_time
        .map((range) => ({ kind: "window" as const, from: new Date(range.start_time), to: new Date(range.end_time) }))
        .filter((window) => window.from <= to && window.to >= from);
    };
    const found = await touching({});
    return found.length > 0 ? found : touching({ date: from.toISOString().slice(0, 10) });
  }
}
