import { authToken } from "./token.js";
import type { AkSkCredentials, Scheme, TokenCredentials } from "./types.js";

/** Signs with the key pair, or sends the token, whichever the credentials are. */
export function keysOrToken(keys: Scheme<AkSkCredentials>): Scheme<AkSkCredentials | TokenCredentials> {
  return {
    id: keys.id,
    sign: (request, { credentials, ...context }) =>
      "token" in credentials
        ? authToken.sign(request, { ...context, credentials })
        : keys.sign(request, { ...context, credentials }),
  };
}
