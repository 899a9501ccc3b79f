/** The fake secrets that a rehearsal or contract run uses. */
export const SECRETS = {
  secretId: "AKIDrehearsal",
  secretKey: "rehearsal-secret-key",
  ak: "REHEARSALACCESSKEY",
  sk: "rehearsal-secret-access-key",
  token: "rehearsal-token",
};
