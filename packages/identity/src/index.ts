import { buildClient, type Client, type ClientOptions, type Provider } from "@restorekit/core";
import { type AkSkCredentials, keysOrToken, sdkHmac, type TokenCredentials } from "@restorekit/core/signing";
import { type Calls, type CreateTokenInput, operations, service } from "./generated/operations.js";
import type { paths } from "./generated/types.js";

export { operations, service };

export type Identity = Client<Calls, paths>;

const scheme = keysOrToken(sdkHmac);

/** A client for the identity service. Issuing a token needs no credentials. @throws {EndpointError} */
export function createClient(options: ClientOptions<AkSkCredentials | TokenCredentials>): Identity {
  return buildClient(service, operations, scheme, options);
}

/**
 * Credentials for the other clients from a login: a token is fetched when one is needed, kept, and replaced before it ends.
 * @throws {ApiError} from the calls that need it, when the login is refused
 */
export function loginToken(identity: Identity, login: CreateTokenInput): Provider<TokenCredentials> {
  const provide: Provider<TokenCredentials> = async () => {
    // Without the catalog the answer is small.
    const { "X-Subject-Token": token, token: issued } = await identity.createToken({ nocatalog: "true", ...login });
    return issued?.expires_at === undefined ? { token } : { token, expiresAt: new Date(issued.expires_at) };
  };
  return provide;
}
