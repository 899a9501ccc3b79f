import type { Provider } from "@restorekit/core";
import type { TokenCredentials } from "@restorekit/core/signing";
import type { Identity } from "./generated/client.js";
import type { CreateTokenInput } from "./generated/operations.js";

export { createClient, type Identity, operations, service } from "./generated/client.js";

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
