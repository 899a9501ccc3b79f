import { buildClient, type Client, type ClientOptions } from "@restorekit/core";
import { type AkSkCredentials, keysOrToken, sdkHmacScoped, type TokenCredentials } from "@restorekit/core/signing";
import { type Calls, operations, service } from "./generated/operations.js";
import type { paths } from "./generated/types.js";

export { operations, service };

export type OpentelekomcloudDcs = Client<Calls, paths>;

const scheme = keysOrToken(sdkHmacScoped);

/** A client for Open Telekom Cloud DCS, with an access key pair or a token. @throws {EndpointError} */
export function createClient(options: ClientOptions<AkSkCredentials | TokenCredentials>): OpentelekomcloudDcs {
  return buildClient(service, operations, scheme, options);
}
