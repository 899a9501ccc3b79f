import { buildClient, type Limiter, type Operation, type Service } from "@restorekit/core";
import {
  type AkSkCredentials,
  authToken,
  type Scheme,
  sdkHmac,
  sdkHmacScoped,
  type Tc3Credentials,
  type TokenCredentials,
  tc3,
} from "@restorekit/core/signing";
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

export interface Way {
  /** The security scheme's name. */
  name: string;
  connect(generated: Generated, options: object): AnyClient;
}

/** The contract is about what is sent; a loopback server has no limits. */
const unlimited: Limiter = { take: async () => () => {} };

const tc3Keys: Tc3Credentials = { secretId: SECRETS.secretId, secretKey: SECRETS.secretKey };
const akSk: AkSkCredentials = { ak: SECRETS.ak, sk: SECRETS.sk };
const token: TokenCredentials = { token: SECRETS.token };

/** Every way in which the services take credentials. */
export const WAYS: Record<string, Way> = {
  tc3: way("tc3", { ...tc3, sign: (request, context) => tc3.sign(request, { ...context, service: "redis" }) }, tc3Keys),
  sdkHmac: way("sdkHmac", sdkHmac, akSk),
  sdkHmacScoped: way("sdkHmacScoped", sdkHmacScoped, akSk),
  authToken: way("authToken", authToken, token),
};

function way<C extends object>(name: string, scheme: Scheme<C>, credentials: C): Way {
  return {
    name,
    connect: ({ service, operations }, options) =>
      buildClient(service, operations, scheme, {
        credentials,
        retry: { attempts: 1 },
        limiter: unlimited,
        ...options,
      }) as unknown as AnyClient,
  };
}
