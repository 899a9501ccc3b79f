import {
  buildClient,
  type Call,
  type CallOptions,
  type ClientOptions,
  type Operation,
  type Service,
} from "@restorekit/core";
import { type AkSkCredentials, type Scheme, sdkHmac } from "@restorekit/core/signing";

/** A small made-up service, REST in the manner of Huawei. */
export const service: Service = {
  name: "demo",
  version: "1",
  endpoints: [{ url: "https://demo.{region}.example.com", regions: ["north-1", "north-2", "south-1"] }],
  errors: "huawei",
};

const path = ["project_id", "instance_id"];
const client = { project_id: "projectId" } as const;

export const operations = {
  restore: {
    id: "restore",
    method: "POST",
    path: "/v1/{project_id}/instances/{instance_id}/restores",
    effect: "overwrites",
    input: { path, body: ["backup_id", "remark", "password"] },
    required: ["instance_id", "backup_id"],
    client,
    secrets: ["password"],
    success: [200],
    result: ["id"],
    throttled: ["APIGW.0308"],
  },
  setPolicy: {
    id: "setPolicy",
    method: "PUT",
    path: "/v1/{project_id}/instances/{instance_id}/policy",
    effect: "changes",
    input: { path, body: ["enabled"] },
    required: ["instance_id", "enabled"],
    client,
    success: [200],
    empty: [200],
    throttled: ["APIGW.0308"],
  },
  removeBackup: {
    id: "removeBackup",
    method: "DELETE",
    path: "/v1/{project_id}/backups/{backup_id}",
    effect: "deletes",
    input: { path: ["project_id", "backup_id"] },
    required: ["backup_id"],
    client,
    success: [204],
    empty: [204],
    throttled: ["APIGW.0308"],
  },
  listRestores: {
    id: "listRestores",
    method: "GET",
    path: "/v1/{project_id}/instances/{instance_id}/restores",
    effect: "read",
    input: { path, query: ["offset", "limit"] },
    required: ["instance_id"],
    client,
    success: [200, 204],
    empty: [204],
    throttled: ["APIGW.0308"],
    pagination: { style: "offset", position: "offset", size: "limit", first: 0, items: "restores", total: "total" },
    task: {
      record: "restores[]",
      id: "id",
      state: "status",
      running: ["waiting", "restoring"],
      succeeded: ["succeed"],
      failed: ["failed"],
      detail: "error",
    },
  },
} as const satisfies Record<string, Operation>;

export interface Restore {
  id: string;
  status: string;
  error?: string;
}

export interface DemoCalls {
  restore(
    input: { instance_id: string; backup_id: string; remark?: string; password?: string; project_id?: string },
    options?: CallOptions,
  ): Call<{ id: string }>;
  setPolicy(input: { instance_id: string; enabled: boolean }, options?: CallOptions): Call<undefined>;
  removeBackup(input: { backup_id: string }, options?: CallOptions): Call<undefined>;
  listRestores(
    input: { instance_id: string; offset?: number; limit?: number },
    options?: CallOptions,
  ): Call<{ restores: Restore[]; total: number } | undefined>;
}

export const keys: AkSkCredentials = { ak: "DEMOACCESSKEY", sk: "demo-secret-key" };

/** Backoff without waiting: the tests look at what is sent, not at when. */
export function connect(
  options: Partial<ClientOptions<AkSkCredentials>> = {},
  scheme: Scheme<AkSkCredentials> = sdkHmac,
  table: Record<string, Operation> = operations,
) {
  return buildClient<DemoCalls, object, AkSkCredentials>(service, table, scheme, {
    region: "north-1",
    projectId: "project-1",
    credentials: keys,
    random: () => 0,
    ...options,
  });
}
