import type { Received } from "../request.js";
import { verifySdkHmac } from "./sdk-hmac.js";
import { verifyTc3 } from "./tc3.js";

export type { Received };

/** The keys and tokens that count as good. */
export interface Credentials {
  secretId: string;
  secretKey: string;
  /** Set where the Tencent keys are temporary: it must come along. */
  sessionToken?: string;
  ak: string;
  sk: string;
  /** Set where the access keys are temporary: it must come along. */
  securityToken?: string;
  /** A token that never ends. */
  token: string;
}

export interface Check {
  /** Milliseconds since 1970, by the clock of the cloud. */
  now: number;
  /** Takes TC3 signatures over a host without its port, and for any service: what Tencent's Node SDK signs at a loopback endpoint. */
  lenientHost?: boolean;
  /** Tokens besides the configured one. */
  tokens?: Tokens;
}

export type Tokens = ReadonlyMap<string, { expiresAt: number }>;

/** Why a request is not let in. */
export interface Refused {
  reason: "none" | "malformed" | "unknownKey" | "skew" | "mismatch" | "token" | "expired";
  detail: string;
}

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
