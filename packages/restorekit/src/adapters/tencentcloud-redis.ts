import { paginate, systemClock, waitForTask } from "@restorekit/core";
import { createClient, operations } from "@restorekit/tencentcloud-redis";
import type { Adapter } from "../adapter.js";
import { all, check, checkBackup, fromBackup, idOf, relationOf } from "../checks.js";
import { RestoreError } from "../errors.js";
import { eastOf, readLocal } from "../instant.js";
import type { Backup, FromBackup } from "../model.js";
import { looksOf, RESTORE_A_BACKUP, RESTORES, TASK } from "./tencentcloud-redis-looks.js";

export type TencentcloudRedisOptions = Parameters<typeof createClient>[0] & {
  /** Offset of the zone in which the service prints times. None is documented; `+08:00`, Beijing time, is assumed. */
  utcOffset?: string;
  /**
   * For fleets: looks at instances and tasks are gathered for so many milliseconds into one call, as their limits allow
   * fewer calls than restores. Default 0: each looks for itself.
   */
  gatherMs?: number;
};

export interface TencentcloudRedisExtra {
  /** Password of the instance, unless it needs none. It is sent, and kept nowhere. */
  password?: string;
}

const RESTORE = "https://www.tencentcloud.com/document/product/239/32053";
const BACKUPS = "https://www.tencentcloud.com/document/product/239/32074";
const INSTANCES = "https://www.tencentcloud.com/document/product/239/32065";
/** Left out, the newest text lists usable backups only. */
const ALL_STATES = [1, 2, 3, 4, -1];
const RUNNING = 2;
/** Something else has the instance or the backup, or they are in no state for a restore. */
const LOCKED = /^(ResourceInUse|ResourceUnavailable\.(Instance|Backup)(Locked|State|Status))/;

/**
 * TencentDB for Redis: restores backups, in place.
 *
 * The task list names neither the backup nor the caller. After a lost reply, the one new restore of the instance is taken
 * for ours; two stay unknown.
 * @throws {EndpointError}
 * @throws {RestoreError} `input` for a `utcOffset` that is none
 */
export function tencentcloudRedis(options: TencentcloudRedisOptions): Adapter<FromBackup, TencentcloudRedisExtra> {
  const { utcOffset = "+08:00", gatherMs = 0, ...rest } = options;
  if (eastOf(utcOffset) === undefined) {
    throw new RestoreError("input", "utcOffset is not an offset", { next: "Give one such as +08:00." });
  }
  const redis = createClient(rest);
  const looks = looksOf(redis, { gatherMs, sleep: options.sleep ?? systemClock.sleep });

  return {
    service: "tencentcloud-redis",
    // Without the site: both reach the same instances.
    scope: ["tencentcloud-redis", options.region ?? ""].join("/"),
    taskPage: "https://www.tencentcloud.com/document/product/239/33293",
    whereToLook: "DescribeTaskList with TaskTypes 010, or the task list of the console",
    source: fromBackup,
    isLocked: (code) => LOCKED.test(code),

    async listBackups(instance, call) {
      const input = { InstanceId: instance, Status: ALL_STATES };
      const sets = await all(paginate(operations.describeInstanceBackups, redis.describeInstanceBackups, input, call));
      return sets.map(
        (raw): Backup => ({
          id: raw.BackupId,
          instance: raw.InstanceId ?? instance,
          startedAt: readLocal(raw.StartTime, utcOffset),
          endedAt: readLocal(raw.EndTime, utcOffset),
          expiresAt: readLocal(raw.ExpireTime, utcOffset),
          sizeBytes: undefined,
          usable: raw.Status === 2 && raw.Locked !== 1,
          rawState: raw.Locked === 1 ? `${raw.Status}, locked` : raw.Status,
          raw,
        }),
      );
    },

    async preflight({ instance, source }, { password }, call) {
      const { found, serverTime } = await looks.instance(instance, call);
      const exists = check("instanceExists", found !== undefined, {
        found: found ? found.InstanceName : `no instance ${instance} in ${options.region}`,
        next: "Check id, region and account.",
        page: INSTANCES,
      });
      if (!found) return { checks: [exists], serverTime };
      const backups = await this.listBackups(source.instance, call);
      return {
        serverTime,
        checks: [
          exists,
          check("instanceReady", found.Status === RUNNING, {
            found: `Status ${found.Status}`,
            next: "Wait until the instance runs (2).",
            page: INSTANCES,
          }),
          check("instanceKind", /2\.8|CKV/i.test(found.Engine) || found.Type <= 5 ? true : undefined, {
            found: `${found.Engine}, type ${found.Type}`,
            next: "The console restores only Redis 2.8 and CKV in place; clone others if the service refuses.",
            page: "https://www.tencentcloud.com/document/product/239/56000",
          }),
          check("passwordGiven", found.NoAuth || password !== undefined, {
            found: found.NoAuth ? "needs none" : password === undefined ? "none" : "given",
            next: "Give the password of the instance as `password`.",
            page: RESTORE,
          }),
          checkBackup(backups, source, BACKUPS),
          check("storageFits", undefined, {
            found: `${found.Size} MB`,
            next: "The restore fails if the data do not fit; compare with the size at the time of the backup.",
            page: "https://www.tencentcloud.com/document/product/239/56000",
          }),
        ],
      };
    },

    async submit({ instance, source }, { password }, call) {
      const secret = password === undefined ? {} : { Password: password };
      const input = { InstanceId: instance, BackupId: String(source.backup), ...secret };
      const { TaskId, RequestId } = await redis.restoreInstance(input, call);
      return { task: idOf(TaskId), requestId: RequestId };
    },

    async sightings({ instance }, since, call) {
      const input = { InstanceId: instance, ...RESTORES };
      const tasks = await all(paginate(operations.describeTaskList, redis.describeTaskList, input, call));
      return tasks
        .map((task) => ({ ...task, startedAt: readLocal(task.StartTime, utcOffset) }))
        .map(({ TaskId, TaskType, InstanceId, Result, startedAt }) => ({
          id: idOf(TaskId),
          startedAt,
          running:
            (InstanceId ?? instance) === instance &&
            operations.describeTaskList.task.running.some((state) => state === Result),
          relation: relationOf(instance, {
            instance: InstanceId,
            other: (TaskType ?? RESTORE_A_BACKUP) !== RESTORE_A_BACKUP,
            like: Boolean(TaskType),
          }),
        }))
        .filter(({ startedAt, running }) => running || startedAt === undefined || startedAt >= since);
    },

    follow: (task, _subject, wait) => waitForTask(TASK, looks.task, { TaskId: Number(task) }, wait),

    async condition(instance, call) {
      const rawState = (await looks.instance(instance, call)).found?.Status;
      return { running: rawState === RUNNING, rawState };
    },
  };
}
