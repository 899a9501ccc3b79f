export { CredentialsError } from "./credentials.js";
export { keysOrToken } from "./keys-or-token.js";
export { sdkHmac } from "./sdk-hmac.js";
export { sdkHmacScoped } from "./sdk-hmac-scoped.js";
export { tc3 } from "./tc3.js";
export { tencentV1 } from "./tencent-v1.js";
export { authToken, headerToken } from "./token.js";
export type {
  AkSkCredentials,
  HeaderBag,
  Scheme,
  SignContext,
  Tc3Credentials,
  TokenCredentials,
  Unsigned,
} from "./types.js";
