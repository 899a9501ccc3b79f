import {
  buildClient,
  type Call,
  type CallOptions,
  type Client,
  type ClientOptions,
  type Operation,
  type Service,
} from "@restorekit/core";
import {
  type AkSkCredentials,
  keysOrToken,
  sdkHmac,
  type Tc3Credentials,
  type TokenCredentials,
  tc3,
} from "@restorekit/core/signing";

/** Two made-up services, one in the manner of each vendor; every call names an instance of its own, so that it can be told. */
const rest: Service = {
  name: "rest",
  version: "1",
  endpoints: [{ url: "https://rest.{region}.example.com", regions: ["north-1"] }],
  errors: "huawei",
};
const rpc: Service = {
  name: "rpc",
  version: "1",
  endpoints: [{ url: "https://rpc.example.com" }],
  envelope: "Response",
  errors: "tencent",
};

export const RATE = { requests: 5, seconds: 1, per: "account" } as const;
const path = ["project_id", "instance_id"];
const restCommon = { client: { project_id: "projectId" }, throttled: ["APIGW.0308"], success: [200] } as const;
const rpcCommon = { path: "/", throttled: ["RequestLimitExceeded"], success: [200] } as const;

export const restOperations: Readonly<Record<string, Operation>> = {
  restore: {
    ...restCommon,
    id: "restore",
    method: "POST",
    path: "/v1/{project_id}/instances/{instance_id}/restores",
    effect: "overwrites",
    input: { path, body: ["backup_id", "password"] },
    result: ["id", "run"],
    secrets: ["password"],
  },
  setPolicy: {
    ...restCommon,
    id: "setPolicy",
    method: "PUT",
    path: "/v1/{project_id}/instances/{instance_id}/policy",
    effect: "changes",
    input: { path, body: ["backup_id"] },
    empty: [200],
  },
  remove: {
    ...restCommon,
    id: "remove",
    method: "DELETE",
    path: "/v1/{project_id}/instances/{instance_id}",
    effect: "deletes",
    input: { path },
    success: [204],
    empty: [204],
  },
  list: {
    ...restCommon,
    id: "list",
    method: "GET",
    path: "/v1/{project_id}/instances/{instance_id}/restores",
    effect: "read",
    input: { path, query: ["limit"] },
    rateLimit: RATE,
  },
};

export const rpcOperations: Readonly<Record<string, Operation>> = {
  restore: {
    ...rpcCommon,
    id: "restore",
    method: "POST",
    path: "/#Action=Restore",
    effect: "overwrites",
    headers: { "X-TC-Action": "Restore" },
    input: { body: ["instance_id", "backup_id", "password"] },
    result: ["id", "run"],
    secrets: ["password"],
    rateLimit: RATE,
  },
  list: {
    ...rpcCommon,
    id: "list",
    method: "POST",
    path: "/#Action=List",
    effect: "read",
    headers: { "X-TC-Action": "List" },
    input: { body: ["instance_id", "limit"] },
  },
};

type Perform = (input: object, options?: CallOptions) => Call<unknown>;
export type Kind = "rest" | "rpc";
export type Keys = AkSkCredentials | TokenCredentials | Tc3Credentials;
/** What is common to the options of both clients. */
export type Options = Omit<ClientOptions<object>, "credentials"> & {
  credentials: () => Promise<Keys & { expiresAt?: Date }>;
};
type Calls = Record<string, Perform>;

export function connect(kind: Kind, options: Options): Calls & Pick<Client<object, object>, "http"> {
  const { credentials, ...others } = options;
  if (kind === "rpc") {
    return buildClient<Calls, object, Tc3Credentials>(rpc, rpcOperations, tc3, {
      ...others,
      credentials: credentials as () => Promise<Tc3Credentials>,
    });
  }
  return buildClient<Calls, object, AkSkCredentials | TokenCredentials>(rest, restOperations, keysOrToken(sdkHmac), {
    region: "north-1",
    projectId: "project-1",
    ...others,
    credentials: credentials as () => Promise<AkSkCredentials>,
  });
}

export function operationOf(kind: Kind, name: string): Operation {
  return (kind === "rest" ? restOperations : rpcOperations)[name] as Operation;
}

/** Credentials of a generation, so that the service can tell old from new. */
export function keysOf(kind: Kind, token: boolean, generation: number): Keys {
  if (kind === "rpc") return { secretId: `AKID${generation}X`, secretKey: "rpc-secret-key" };
  return token ? { token: `TOKEN${generation}X` } : { ak: `ACCESS${generation}X`, sk: "rest-secret-key" };
}

/** What the service sees of a request. */
export interface Seen {
  instance: string;
  generation: number;
  /** When it was signed, in milliseconds; undefined for a token. */
  signedAt: number | undefined;
}

export function readRequest(url: string, headers: Headers, body: string | undefined): Seen {
  const instance = /\/instances\/([^/?]+)/.exec(url)?.[1] ?? /"instance_id":"([^"]+)"/.exec(body ?? "")?.[1] ?? "";
  const shown = headers.get("x-auth-token") ?? headers.get("authorization") ?? "";
  const generation = Number(/(?:TOKEN|ACCESS|AKID)(\d+)X/.exec(shown)?.[1] ?? -1);
  const seconds = headers.get("x-tc-timestamp");
  const date = headers.get("x-sdk-date")?.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5");
  return { instance, generation, signedAt: seconds ? Number(seconds) * 1000 : date ? Date.parse(date) : undefined };
}
