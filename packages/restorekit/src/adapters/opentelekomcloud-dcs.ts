import { ApiError, paginate, waitForTask } from "@restorekit/core";
import { createClient, operations } from "@restorekit/opentelekomcloud-dcs";
import type { Adapter } from "../adapter.js";
import { all, check, checkBackup, fromBackup, idOf } from "../checks.js";
import { readZoned } from "../instant.js";
import type { Backup, FromBackup } from "../model.js";

export type OpentelekomcloudDcsOptions = Parameters<typeof createClient>[0];

const API = "https://docs.otc.t-systems.com/distributed-cache-service/api-ref/apis_v2_recommended";
const RESTORE = `${API}/backup_and_restoration/restoring_a_dcs_instance.html`;
const BACKUPS = `${API}/backup_and_restoration/listing_dcs_instance_backup_records.html`;
const SHOW = `${API}/lifecycle_management/querying_a_dcs_instance.html`;
/** No such instance. */
const MISSING = ["DCS.3022", "111404022", "DCS.4061", "111400061"];
/** Another operation runs, or the instance is in no state for this one. */
const LOCKED = /^(DCS\.4|111400)(017|026|049|09[67]|104|108|11[1-8]|120)$/;

/**
 * Open Telekom Cloud DCS: restores backups, in place.
 *
 * The restore carries the id of its intent as remark, by which it is known again after a lost reply.
 * @throws {EndpointError}
 */
export function opentelekomcloudDcs(options: OpentelekomcloudDcsOptions): Adapter<FromBackup> {
  const dcs = createClient(options);

  return {
    service: "opentelekomcloud-dcs",
    scope: ["opentelekomcloud-dcs", options.region ?? "", options.projectId ?? ""].join("/"),
    taskPage: `${API}/backup_and_restoration/querying_dcs_instance_restoration_records.html`,
    whereToLook: "listRestoreRecords of the instance: the remark names the intent",
    source: fromBackup,
    isLocked: (code) => LOCKED.test(code),

    async listBackups(instance, call) {
      const input = { instance_id: instance };
      const records = await all(paginate(operations.listBackupRecords, dcs.listBackupRecords, input, call));
      return records.map(
        (raw): Backup => ({
          id: raw.backup_id ?? "",
          instance: raw.instance_id ?? instance,
          startedAt: readZoned(raw.execution_at ?? raw.created_at),
          endedAt: readZoned(raw.updated_at),
          expiresAt: undefined,
          sizeBytes: raw.size,
          usable: raw.status === "succeed" && raw.is_support_restore?.toUpperCase() === "TRUE",
          rawState: raw.is_support_restore?.toUpperCase() === "FALSE" ? `${raw.status}, not restorable` : raw.status,
          raw,
        }),
      );
    },

    async preflight({ instance, source }, _extra, call) {
      const shown = await dcs
        .showInstance({ instance_id: instance }, call)
        .withResponse()
        .catch((error: unknown) => {
          if (error instanceof ApiError && (error.status === 404 || MISSING.includes(error.code))) return undefined;
          throw error;
        });
      // A path may find an instance under another spelling, which would be another target.
      const same = shown !== undefined && (shown.result.instance_id ?? instance) === instance;
      const exists = check("instanceExists", same, {
        found: shown ? shown.result.name : `no instance ${instance} in ${options.region}`,
        next: "Check id, region and project.",
        page: SHOW,
      });
      if (!shown || !same) return { checks: [exists] };
      const { status, cache_mode, engine_version = "" } = shown.result;
      const backups = await this.listBackups(source.instance, call);
      const busy = backups.find(({ rawState }) => rawState === "waiting" || rawState === "backuping");
      const split = cache_mode === "ha_rw_split" ? /^[45]\./.test(engine_version) : true;
      return {
        serverTime: shown.response.headers.get("date"),
        checks: [
          exists,
          check("instanceReady", status === "RUNNING" && !busy, {
            found: busy ? `backup ${busy.id} is being made` : status,
            next: "Wait until the instance is RUNNING and no backup is made.",
            page: RESTORE,
          }),
          check("instanceKind", cache_mode === undefined ? undefined : cache_mode !== "single" && split, {
            found: `${cache_mode}, version ${engine_version}`,
            next: "Only master/standby and clusters can be restored, and read/write splitting of Redis 4.0 and 5.0.",
            page: RESTORE,
          }),
          checkBackup(backups, source, BACKUPS),
        ],
      };
    },

    async submit({ intent, instance, source }, _extra, call) {
      const input = { instance_id: instance, backup_id: String(source.backup), remark: remarkOf(intent) };
      const { result, response } = await dcs.restoreInstance(input, call).withResponse();
      return { task: idOf(result.restore_id), requestId: response.headers.get("x-request-id") ?? undefined };
    },

    async sightings({ intent, instance, source }, since, call) {
      const input = { instance_id: instance };
      const records = await all(paginate(operations.listRestoreRecords, dcs.listRestoreRecords, input, call));
      return records
        .map(({ restore_id, backup_id, restore_remark, created_at, status }) => ({
          id: idOf(restore_id),
          startedAt: readZoned(created_at),
          backup: textOf(backup_id) || undefined,
          running: operations.listRestoreRecords.task.running.some((state) => state === status),
          relation:
            restore_remark === remarkOf(intent)
              ? ("ours" as const)
              : (backup_id ?? source.backup) === source.backup && !textOf(restore_remark)
                ? ("doubtful" as const)
                : ("other" as const),
        }))
        .filter(
          ({ startedAt, running, relation }) => running || relation === "ours" || !startedAt || startedAt >= since,
        );
    },

    follow(task, { instance }, wait) {
      const input = { instance_id: instance };
      return waitForTask(operations.listRestoreRecords, dcs.listRestoreRecords, input, { ...wait, id: task });
    },

    async condition(instance, call) {
      const { status } = await dcs.showInstance({ instance_id: instance }, call);
      return { running: status === "RUNNING", rawState: status };
    },
  };
}

/** The documents show `{}` for texts that are not there. */
const textOf = (value: unknown) => (typeof value === "string" ? value : "");

/** At most 128 characters are allowed. */
const remarkOf = (intent: string) => `restorekit ${intent}`;
