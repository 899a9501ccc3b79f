import { type Call, page, type Reply } from "../call.js";
import type { Instance } from "../state.js";
import { active } from "../tasks.js";
import { withOffset } from "../times.js";
import { ofProject, refuse } from "./common.js";

export function listInstances(call: Call): Reply {
  const {
    id,
    name,
    type,
    datastore_type,
    offset = 0,
    limit = 100,
  } = call.parameters as {
    [key: string]: string;
  } & { offset?: number; limit?: number };
  if (name === "*") throw refuse(400, "DBS.280001", "Parameter error: name.");
  const all = ofProject(call)
    .filter((instance) => (id ?? instance.id) === instance.id && (type ?? instance.mode) === instance.mode)
    .filter((instance) => (datastore_type ?? instance.engine) === instance.engine)
    .filter((instance) => {
      if (name === undefined) return true;
      return name.startsWith("*") ? instance.name.includes(name.slice(1)) : instance.name === name;
    });
  const instances = page(all, offset, limit).map((instance) => describe(instance, call.now));
  return { status: 200, body: { instances, total_count: all.length } };
}

export function statusOf(instance: Instance, now: number): string {
  if (instance.status !== undefined) return String(instance.status);
  const task = active(instance, now);
  return task ? (task.kind === "restore" ? "RESTORING" : "BACKING UP") : "ACTIVE";
}

function describe(instance: Instance, now: number) {
  return {
    id: instance.id,
    name: instance.name,
    status: statusOf(instance, now),
    type: instance.mode,
    private_ips: ["192.168.0.10"],
    public_ips: [],
    port: 3306,
    enable_ssl: false,
    region: instance.region,
    datastore: { type: instance.engine, version: instance.version },
    created: withOffset(instance.createdAt),
    updated: withOffset(instance.createdAt),
    db_user_name: "root",
    vpc_id: "00000000-0000-4000-8000-000000000001",
    subnet_id: "00000000-0000-4000-8000-000000000002",
    security_group_id: "00000000-0000-4000-8000-000000000003",
    flavor_ref: "rds.mysql.n1.large.4.ha",
    volume: { type: "CLOUDSSD", size: Math.floor(instance.sizeMb / 1024) },
    switch_strategy: "reliability",
    backup_strategy: { start_time: "19:00-20:00", keep_days: instance.keepDays },
    maintenance_window: "02:00-06:00",
    nodes: [
      {
        id: `${instance.id.slice(0, 32)}no01`,
        name: `${instance.name}_node0`,
        role: "master",
        status: "ACTIVE",
        availability_zone: `${instance.region}a`,
      },
    ],
    related_instance: [],
    disk_encryption_id: "",
    enterprise_project_id: "0",
    time_zone: "UTC",
    charge_info: { charge_mode: "postPaid" },
    tags: [],
  };
}
