import { buildClient, type Client, type ClientOptions } from "@restorekit/core";
import { type AkSkCredentials, keysOrToken, sdkHmac, type TokenCredentials } from "@restorekit/core/signing";
import { type Calls, operations, service } from "./generated/operations.js";
import type { paths } from "./generated/types.js";

export { operations, service };

export type HuaweicloudRds = Client<Calls, paths>;

const scheme = keysOrToken(sdkHmac);

/** A client for Huawei Cloud RDS, with an access key pair or a token. @throws {EndpointError} */
export function createClient(options: ClientOptions<AkSkCredentials | TokenCredentials>): HuaweicloudRds {
  return buildClient(service, operations, scheme, options);
}
