import type { Verdict } from "./errors.js";
import type { Operation } from "./operation.js";

/** What can become of one attempt, short of a result. */
export type Outcome = keyof typeof DECISIONS;

/** What the outcome says about the attempt. */
export interface Decision extends Verdict {
  /** Which calls may be sent again. */
  readonly again: "any" | "reads" | "none";
}

/** The whole policy. A call that is not a read is sent again only where the row proves that it never ran. */
export const DECISIONS = {
  notConnected: { again: "any", executed: "no", why: "No connection came about, so no byte of the request was sent." },
  throttled: { again: "any", executed: "no", why: "The service refused it with a documented throttling code." },
  tooMany: { again: "reads", executed: "maybe", why: "HTTP 429 without a documented throttling code proves nothing." },
  connectionLost: { again: "reads", executed: "maybe", why: "The connection broke after the request was sent." },
  attemptTimeout: { again: "reads", executed: "maybe", why: "No whole answer came in time." },
  unavailable: { again: "reads", executed: "maybe", why: "A gateway or server failed; the request may have run." },
  failed: { again: "none", executed: "maybe", why: "It failed, and the answer does not prove how far it came." },
  skewed: { again: "reads", executed: "no", why: "The signature was refused because this clock is off." },
  expired: { again: "reads", executed: "no", why: "The credentials were refused." },
  unauthorized: { again: "reads", executed: "maybe", why: "A 401 without the service's code may be anybody's." },
  rejected: { again: "none", executed: "no", why: "The service refused it." },
  redirected: { again: "none", executed: "maybe", why: "A redirect is never followed with a signed request." },
  malformed: { again: "none", executed: "maybe", why: "The answer is not what the service documents." },
  tooLarge: { again: "none", executed: "maybe", why: "The answer is longer than the limit." },
  unsafeInteger: { again: "none", executed: "maybe", why: "The answer holds an integer that a number cannot hold." },
} as const satisfies Record<string, Decision>;

/** Vendors' codes for "your clock is off" and for a token that has ended. */
const SKEWED = ["AuthFailure.SignatureExpire", "APIGW.0303"];
const EXPIRED = ["AuthFailure.TokenFailure"];
/**
 * Codes with which a service or its gateway says, whatever the status, that it failed or waited in vain, or that the
 * request came twice: the other one may have run. "Unknown" is an error without a code.
 */
const FAILED =
  /^(internal|failedoperation|unknown(.?error)?$|(server|system|service).?(error|failure|busy|unavailable)|apigw\.0(201|6)|dcs\.5|1115)|time.?(d.)?out|duplicate|idempoten|in.?progress/i;

/** Which row of the policy an error answer falls under. Only a code that is `sure` is the service's own word. */
export function classify(operation: Operation, status: number, code: string, sure: boolean): Outcome {
  if ([408, 500, 502, 503, 504].includes(status)) return "unavailable";
  if (status >= 500) return "failed";
  const refused = sure && !FAILED.test(code) && (status >= 400 || operation.success.includes(status));
  if (refused && operation.throttled?.includes(code)) return "throttled";
  if (refused && SKEWED.includes(code)) return "skewed";
  if (refused && (status === 401 || EXPIRED.includes(code))) return "expired";
  if (status === 401) return "unauthorized";
  if (status === 429) return "tooMany";
  // A refusal without a code may be anybody's on the way.
  return refused ? "rejected" : "failed";
}

export interface RetryOptions {
  /** Most attempts of one call, the first included. Default 4; 1 turns retrying off. */
  attempts?: number | undefined;
  /** Base of the backoff in milliseconds. Default 100; doubled each time, never above `capMs`. */
  baseMs?: number | undefined;
  /** Longest wait between attempts in milliseconds, also for Retry-After. Default 20,000. */
  capMs?: number | undefined;
}

/** Shared by all calls of a client: when much fails, retries stop before they add to the load. */
export interface Budget {
  take(cost: number): boolean;
  refund(): void;
}

const CAPACITY = 100;

export function createBudget(): Budget {
  let tokens = CAPACITY;
  return {
    take(cost) {
      if (tokens < cost) return false;
      tokens -= cost;
      return true;
    },
    refund() {
      tokens = Math.min(CAPACITY, tokens + 1);
    },
  };
}

/** Full jitter: anywhere between nothing and the doubled base; a server's Retry-After is the least, clamped. */
export function backoffMs(attempt: number, options: RetryOptions, random: () => number, retryAfter?: number) {
  const { baseMs = 100, capMs = 20_000 } = options;
  const jittered = random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
  return Math.max(jittered, Math.min(retryAfter ?? 0, capMs));
}

/** A Retry-After in milliseconds: seconds, or a date by the service's clock. */
export function retryAfterMs(header: string | null, serverNow: number) {
  if (!header) return undefined;
  // A date begins with its weekday; Date.parse takes far more than that for one.
  const date = /^[a-z]{3,9},? /i.test(header) ? Date.parse(header) : Number.NaN;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : date - serverNow;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
