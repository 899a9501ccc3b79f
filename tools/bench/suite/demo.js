// A small made-up service in the manner of Huawei, and one call in the manner of Tencent.
import { buildClient } from "@restorekit/core";
import { sdkHmac, tc3 } from "@restorekit/core/signing";

const service = {
  name: "demo",
  version: "1",
  endpoints: [{ url: "https://demo.{region}.example.com", regions: ["north-1"] }],
  errors: "huawei",
};

const path = ["project_id", "instance_id"];
const shared = { client: { project_id: "projectId" }, throttled: ["APIGW.0308"] };
const restores = "/v1/{project_id}/instances/{instance_id}/restores";

const operations = {
  restore: {
    ...shared,
    id: "restore",
    method: "POST",
    path: restores,
    effect: "overwrites",
    input: { path, body: ["backup_id", "remark"] },
    required: ["instance_id", "backup_id"],
    success: [200],
  },
  setPolicy: {
    ...shared,
    id: "setPolicy",
    method: "PUT",
    path: "/v1/{project_id}/instances/{instance_id}/policy",
    effect: "changes",
    input: { path, body: ["enabled"] },
    required: ["instance_id"],
    success: [200],
    empty: [200],
  },
  lockBackup: {
    ...shared,
    id: "lockBackup",
    method: "PUT",
    path: "/v1/{project_id}/backups/{backup_id}/lock",
    effect: "changes",
    input: { path: ["project_id", "backup_id"] },
    required: ["backup_id"],
    success: [200],
    empty: [200],
  },
  removeBackup: {
    ...shared,
    id: "removeBackup",
    method: "DELETE",
    path: "/v1/{project_id}/backups/{backup_id}",
    effect: "deletes",
    input: { path: ["project_id", "backup_id"] },
    required: ["backup_id"],
    success: [204],
    empty: [204],
  },
  listRestores: {
    ...shared,
    id: "listRestores",
    method: "GET",
    path: restores,
    effect: "read",
    input: { path, query: ["filter", "limit"] },
    required: ["instance_id"],
    success: [200],
  },
  listLimited: {
    ...shared,
    id: "listLimited",
    method: "GET",
    path: "/v1/{project_id}/limited",
    effect: "read",
    input: { path: ["project_id"] },
    success: [200],
    rateLimit: { requests: 5, seconds: 0.5, per: "account" },
  },
};

/** Backoff without waiting: the suite looks at what is sent, not at when. */
const common = { region: "north-1", projectId: "project-1", random: () => 0 };

export const connect = (endpoint, options = {}) =>
  buildClient(service, operations, sdkHmac, {
    ...common,
    credentials: { ak: "DEMOACCESSKEY", sk: "demo-secret-key" },
    endpoint,
    ...options,
  });

/** One write with each method, and without a body where some runtimes treat that otherwise. */
export const WRITES = {
  POST: (client, options) => client.restore({ instance_id: "i-1", backup_id: "b-1", remark: "恢复 – ünï" }, options),
  PUT: (client, options) => client.setPolicy({ instance_id: "i-1", enabled: true }, options),
  "PUT without a body": (client, options) => client.lockBackup({ backup_id: "b-1" }, options),
  DELETE: (client, options) => client.removeBackup({ backup_id: "b-1" }, options),
};

export const read = (client, options) => client.listRestores({ instance_id: "i-1" }, options);

const rpc = {
  name: "redis",
  version: "2018-04-12",
  endpoints: [{ url: "https://redis.example.com" }],
  envelope: "Response",
  errors: "tencent",
};
const restoreInstance = {
  id: "restoreInstance",
  method: "POST",
  path: "/#Action=RestoreInstance",
  effect: "overwrites",
  input: { header: ["X-TC-Region"], body: ["InstanceId", "BackupId"] },
  required: ["InstanceId", "BackupId"],
  client: { "X-TC-Region": "region" },
  headers: { "X-TC-Action": "RestoreInstance", "X-TC-Version": "2018-04-12" },
  success: [200],
};

/** As the package of the service has it: the scope names the service also at a loopback endpoint. */
const redis = { ...tc3, sign: (request, context) => tc3.sign(request, { ...context, service: "redis" }) };

export const connectRpc = (endpoint, options = {}) =>
  buildClient(rpc, { restoreInstance }, redis, {
    ...common,
    credentials: { secretId: "DEMOACCESSKEY", secretKey: "demo-secret-key" },
    endpoint,
    ...options,
  });
