import type { Received } from "../request.js";
import { verifySdkHmac } from "./sdk-hmac.js";
import { verifyTc3 } from "./tc3.js";
import type { Check, Credentials, Refused } from "./types.js";

export type { Check, Credentials, Refused, Tokens } from "./types.js";
export type { Received };

/** Verifies the signature or token of a request, whichever it carries. */
export async function verify(request: Received, credentials: Credentials, check: Check): Promise<Refused | undefined> {
  const { authorization, "x-auth-token": token } = request.headers;
  if (authorization?.startsWith("TC3-HMAC-SHA256 ")) return verifyTc3(request, credentials, check);
  if (authorization?.startsWith("SDK-HMAC-SHA256 ")) return verifySdkHmac(request, credentials, check);
  if (token === undefined) return { reason: "none", detail: "the request carries neither a signature nor a token" };
  if (token === credentials.token) return undefined;
  const issued = check.tokens?.get(token);
  if (!issued) return { reason: "token", detail: "no such token" };
  return issued.expiresAt > check.now ? undefined : { reason: "expired", detail: "the token has ended" };
}
