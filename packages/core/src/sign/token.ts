import { need } from "./credentials.js";
import type { Scheme, TokenCredentials } from "./types.js";

/** A token that is sent in a header of this name, after a prefix such as `Bearer `. */
export function headerToken(name: string, prefix = ""): Scheme<TokenCredentials> {
  return {
    id: name,
    async sign({ headers }, { credentials: { token } }) {
      need({ token });
      headers.set(name.toLowerCase(), prefix + token);
    },
  };
}

/** A token of the identity service (Huawei Cloud, Open Telekom Cloud). */
export const authToken = headerToken("X-Auth-Token");
