import { type Call, page, type Reply } from "../call.js";
import type { Instance } from "../state.js";
import { active } from "../tasks.js";
import { ofProject } from "./common.js";

export function listInstances(call: Call): Reply {
  const {
    id,
    name,
    datastore_type,
    mode,
    offset = 0,
    limit = 100,
  } = call.parameters as {
    [key: string]: string;
  } & { offset?: number; limit?: number };
  const all = ofProject(call)
    .filter((instance) => like(instance.id, id) && like(instance.name, name))
    .filter(({ engine }) => datastore_type === undefined || engine === datastore_type)
    // Without a kind of database the mode does not count.
    .filter((instance) => mode === undefined || datastore_type === undefined || instance.mode === mode);
  const instances = page(all, offset, limit).map((instance) => describe(instance, call.now));
  return { status: 200, body: { instances, total_count: all.length } };
}

/** A leading star makes it a search. */
function like(text: string, wanted: string | undefined) {
  if (wanted === undefined) return true;
  return wanted.startsWith("*") ? text.includes(wanted.slice(1)) : text === wanted;
}

function describe(instance: Instance, now: number) {
  const restoring = active(instance, now)?.kind === "restore";
  const created = new Date(instance.createdAt).toISOString().slice(0, 19);
  return {
    id: instance.id,
    name: instance.name,
    status: instance.status === undefined ? "normal" : String(instance.status),
    port: "6379",
    mode: instance.mode,
    region: instance.region,
    datastore: { type: instance.engine, version: instance.version, patch_available: false },
    engine: "rocksDB",
    created,
    updated: created,
    db_user_name: "rwuser",
    ssl: "0",
    vpc_id: "00000000-0000-4000-8000-000000000001",
    subnet_id: "00000000-0000-4000-8000-000000000002",
    security_group_id: "00000000-0000-4000-8000-000000000003",
    backup_strategy: { start_time: "16:00-17:00", keep_days: instance.keepDays },
    pay_mode: "0",
    maintenance_window: "02:00-06:00",
    groups: [
      {
        id: `${instance.id.slice(0, 32)}gr12`,
        status: "normal",
        volume: { size: String(instance.sizeMb / 1024), used: "0.33" },
        nodes: [
          {
            id: `${instance.id.slice(0, 32)}no12`,
            name: `${instance.name}_node_1`,
            status: "normal",
            subnet_id: "00000000-0000-4000-8000-000000000002",
            private_ip: "192.168.0.10",
            spec_code: "geminidb.redis.xlarge.4",
            availability_zone: `${instance.region}a`,
            support_reduce: false,
          },
        ],
      },
    ],
    enterprise_project_id: "0",
    time_zone: "",
    actions: restoring ? ["RESTORE"] : [],
  };
}
