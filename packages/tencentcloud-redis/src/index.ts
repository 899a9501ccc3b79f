import { buildClient, type Client, type ClientOptions } from "@restorekit/core";
import { type Scheme, type Tc3Credentials, tc3 } from "@restorekit/core/signing";
import { type Calls, operations, service } from "./generated/operations.js";
import type { paths } from "./generated/types.js";

export { operations, service };

export type TencentcloudRedis = Client<Calls, paths>;

/** The signature's scope names the service also where the host does not, such as at a loopback endpoint. */
const scheme: Scheme<Tc3Credentials> = {
  ...tc3,
  sign: (request, context) => tc3.sign(request, { ...context, service: "redis" }),
};

/** A client for Tencent Cloud Redis. @throws {EndpointError} */
export function createClient(options: ClientOptions<Tc3Credentials>): TencentcloudRedis {
  return buildClient(service, operations, scheme, options);
}
