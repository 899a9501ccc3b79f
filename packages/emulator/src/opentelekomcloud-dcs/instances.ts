import { type Call, page, type Reply } from "../call.js";
import type { Instance } from "../state.js";
import { active } from "../tasks.js";
import { findInstance, iso, isV1 } from "./common.js";

export function listInstances(call: Call): Reply {
  const v1 = isV1(call.operation);
  const { project_id, name, name_equal, id, instance_id = id, status, start = 1, offset = 0, ip } = call.parameters;
  const limit = (call.parameters.limit as number | undefined) ?? (v1 ? 1000 : 10);
  const all = call.state
    .instances("opentelekomcloud-dcs")
    .filter((instance) => instance.projectId === project_id)
    .filter((instance) => instance_id === undefined || instance.id === instance_id)
    .filter((instance) => {
      if (name === undefined) return true;
      return name_equal === "true" ? instance.name === name : instance.name.includes(name as string);
    })
    .filter((instance) => status === undefined || statusOf(instance, call.now) === status)
    .filter(() => ip === undefined || ip === "192.168.0.10");
  const from = v1 ? (start as number) - 1 : (offset as number);
  const items = page(all, from, limit).map((instance) => (v1 ? itemV1 : item)(instance, call.now));
  return { status: 200, body: { instances: items, instance_num: all.length } };
}

export function showInstance(call: Call): Reply {
  const instance = findInstance(call);
  return { status: 200, body: (isV1(call.operation) ? wholeV1 : whole)(instance, call.now) };
}

export function statusOf(instance: Instance, now: number): string {
  if (instance.status !== undefined) return String(instance.status);
  // A backup leaves the instance running.
  return active(instance, now)?.kind === "restore" ? "RESTORING" : "RUNNING";
}

function shared(instance: Instance, now: number) {
  return {
    instance_id: instance.id,
    name: instance.name,
    status: statusOf(instance, now),
    engine: instance.engine,
    engine_version: instance.version,
    spec_code: `redis.${instance.mode}.xu1.large.r2.2`,
    charging_mode: 0,
    capacity: Math.floor(instance.sizeMb / 1024),
    max_memory: instance.sizeMb,
    used_memory: 2,
    ip: "192.168.0.10",
    port: 6379,
    domain_name: `redis-${instance.id}.dcs.example.com`,
    vpc_id: "00000000-0000-4000-8000-000000000001",
    vpc_name: "vpc-emulated",
    subnet_id: "00000000-0000-4000-8000-000000000002",
    security_group_id: "00000000-0000-4000-8000-000000000003",
    enable_publicip: false,
    publicip_id: null,
    publicip_address: null,
    enable_ssl: false,
    no_password_access: instance.password === undefined ? "true" : "false",
    access_user: null,
    user_id: "00000000000000000000000000000001",
    user_name: "emulator",
    maintain_begin: "18:00:00",
    maintain_end: "19:00:00",
    service_upgrade: false,
    service_task_id: "",
    created_at: iso(instance.createdAt),
    tags: [],
  };
}

function item(instance: Instance, now: number) {
  return {
    ...shared(instance, now),
    description: null,
    sub_status: "normal",
    cpu_type: "x86_64",
    order_id: null,
    capacity_minor: `${instance.sizeMb / 1024}`,
    readonly_domain_name: "",
    az_codes: [`${instance.region}-01`],
    enterprise_project_id: "0",
    features: { support_acl: true, support_transparent_client_ip: true, support_ssl: false, support_audit_log: false },
    updated_at: iso(instance.createdAt),
  };
}

function whole(instance: Instance, now: number) {
  const { updated_at, ...rest } = item(instance, now);
  return {
    ...rest,
    update_at: updated_at,
    launched_at: updated_at,
    cache_mode: instance.mode,
    product_type: "generic",
    storage_type: "DRAM",
    replica_count: 2,
    sharding_count: 1,
    db_number: 256,
    available_zones: [`${instance.region}-01`],
    task: active(instance, now)?.kind === "backup" ? "BACKUPING" : null,
    crr_role: null,
  };
}

function itemV1(instance: Instance, now: number) {
  const item = shared(instance, now);
  return {
    ...item,
    error_code: null,
    freeze_scene: null,
    internal_version: null,
    resource_spec_code: item.spec_code,
    capacity_minor: null,
    domainName: item.domain_name,
    readonly_domain_name: null,
    readonlyDomainName: null,
    update_at: item.created_at,
  };
}

function wholeV1(instance: Instance, now: number) {
  return {
    ...itemV1(instance, now),
    description: "",
    product_type: "generic",
    cpu_type: "x86_64",
    storage_type: "DRAM",
    cache_mode: instance.mode,
    available_zones: [`${instance.region}-01`],
    az_codes: [`${instance.region}-01`],
    task_status: null,
  };
}
