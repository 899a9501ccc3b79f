import { need } from "./credentials.js";
import type { Scheme, TokenCredentials } from "./types.js";

/** A token of the identity service in X-Auth-Token (Huawei Cloud, Open Telekom Cloud). */
export const authToken: Scheme<TokenCredentials> = {
  id: "X-Auth-Token",
  async sign({ headers }, { credentials: { token } }) {
    need({ token });
    headers.set("x-auth-token", token);
  },
};
