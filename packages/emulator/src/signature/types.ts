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
