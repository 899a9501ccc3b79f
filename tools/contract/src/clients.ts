import { buildClient, type Limiter, type Operation, type Service } from "@restorekit/core";
import { authToken, type Scheme, sdkHmac, sdkHmacScoped, tc3 } from "@restorekit/core/signing";
import { createClient as geminidb } from "@restorekit/huaweicloud-geminidb";
import { createClient as rds } from "@restorekit/huaweicloud-rds";
import { createClient as identity } from "@restorekit/identity";
import { createClient as dcs } from "@restorekit/opentelekomcloud-dcs";
import { createClient as redis } from "@restorekit/tencentcloud-redis";
import { SECRETS } from "./secrets.js";

/** What codegen wrote for a service, loaded. */
export interface Generated {
  service: Service;
  operations: Record<string, Operation>;
}

/** Anything that calls operations by name. */
export type AnyClient = Record<
  string,
  (input: object) => Promise<unknown> & { withResponse(): Promise<{ response: Response }> }
>;

/** Makes a client that proves itself by a security scheme of the bundle. */
export type Connect = (scheme: string, options: object) => AnyClient;

const { secretId, secretKey, ak, sk, token } = SECRETS;
const CREDENTIALS: Record<string, object> = {
  tc3: { secretId, secretKey },
  sdkHmac: { ak, sk },
  sdkHmacScoped: { ak, sk },
  authToken: { token },
};

const CREATE: Record<string, (options: never) => unknown> = {
  "tencentcloud-redis": redis,
  "opentelekomcloud-dcs": dcs,
  "huaweicloud-geminidb": geminidb,
  "huaweicloud-rds": rds,
  identity,
};

/** The contract is about what is sent; a loopback server has no limits. */
const unlimited: Limiter = { take: async () => () => {} };

function optionsFor(scheme: string, options: object) {
  const credentials = CREDENTIALS[scheme];
  if (!credentials) throw new Error(`no client speaks the security scheme ${scheme}`);
  return { credentials, retry: { attempts: 1 }, limiter: unlimited, ...options };
}

/** Clients as a package's users get them. */
export function packaged(service: string): Connect {
  const create = CREATE[service];
  if (!create) throw new Error(`${service} has no package`);
  return (scheme, options) => create(optionsFor(scheme, options) as never) as AnyClient;
}

const SCHEMES: Record<string, Scheme<never>> = {
  tc3: { ...tc3, sign: (request, context) => tc3.sign(request, { ...(context as object), service: "redis" } as never) },
  sdkHmac,
  sdkHmacScoped,
  authToken,
};

/** Clients of code that was generated just now and is in no package. */
export function unpackaged({ service, operations }: Generated): Connect {
  return (scheme, options) =>
    buildClient(
      service,
      operations,
      SCHEMES[scheme] as Scheme<object>,
      optionsFor(scheme, options),
    ) as unknown as AnyClient;
}
