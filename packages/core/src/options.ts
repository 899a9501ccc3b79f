import type { Clock } from "./clock.js";
import type { Provider } from "./credentials.js";
import { OptionError } from "./errors.js";
import type { Hooks } from "./hooks.js";
import type { Limiter } from "./rate-limit.js";
import type { RetryOptions } from "./retry.js";
import type { Send } from "./send/types.js";

export interface ClientOptions<C extends object> {
  /** Region of the service, such as `ap-guangzhou`; decides the endpoint. */
  region?: string | undefined;
  /** Another site of the vendor, where the service has one, such as `intl`. */
  site?: string | undefined;
  /** Project for all calls that name one in their path. */
  projectId?: string | undefined;
  /** Keys or a token, or a function that fetches them when they are needed. */
  credentials?: C | Provider<C> | undefined;
  /** Base URL instead of the region's: https, or plain http to loopback. */
  endpoint?: string | undefined;
  /** Lets credentials go to an `endpoint` outside the vendor's own domains. */
  trustEndpoint?: boolean | undefined;
  /** Lets a request go unencrypted to a host other than loopback. */
  allowInsecure?: boolean | undefined;
  /** Replaces the transport, for reads and writes. It must not send a write twice. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Replaces the transport by one that tells how far a request got, such as `undiciTransport()`; goes before `fetch`. */
  transport?: { readonly sendRead: Send; readonly sendWrite: Send } | undefined;
  /** The clock: milliseconds since 1970, or a Date. */
  now?: (() => number | Date) | undefined;
  /** Waiting, for simulations; goes with `now`. */
  sleep?: Clock["sleep"] | undefined;
  /** Random numbers in [0, 1) for the backoff. */
  random?: (() => number) | undefined;
  retry?: RetryOptions | undefined;
  timeout?: Timeout | undefined;
  /** Share one among clients of one account, so that together they keep its limits. */
  limiter?: Limiter | undefined;
  hooks?: Hooks | readonly Hooks[] | undefined;
  /** Longest answer that is read, in bytes. Default 8 MiB. */
  maxBytes?: number | undefined;
  /** Sends writes from a browser, whose `fetch` may send them twice. */
  allowBrowserWrites?: boolean | undefined;
}

export interface Timeout {
  /** Milliseconds for one attempt. Default 60,000. */
  attempt?: number | undefined;
  /** Milliseconds for the whole call, waiting and retries included. Default 180,000. */
  overall?: number | undefined;
}

export interface CallOptions {
  /** Ends the call; a write that was sent may still run. */
  signal?: AbortSignal | undefined;
  timeout?: Timeout | undefined;
}

/** Of `timeout.overall`. */
export const OVERALL_MS = 180_000;

/** @throws {OptionError} for numbers that would end calls at once, or never, or leave retrying to chance */
export function checkOptions({ timeout, retry = {}, maxBytes, fetch, limiter }: ClientOptions<object>) {
  const problem = (option: string, text: string) => new OptionError(option, text);
  if (fetch !== undefined && typeof fetch !== "function") throw problem("fetch", "must be a function");
  if (limiter !== undefined && typeof limiter.take !== "function")
    throw problem("limiter", "must be one of createLimiter()");
  if (timeout !== undefined && typeof timeout !== "object") throw problem("timeout", "must be { attempt, overall }");
  checkTimeout(timeout, problem);
  const { attempts } = retry;
  if (
    attempts !== undefined &&
    !(attempts >= 1 && (Number.isInteger(attempts) || attempts === Number.POSITIVE_INFINITY))
  )
    throw problem("retry.attempts", "must be a whole number from 1");
  for (const name of ["baseMs", "capMs"] as const) checkNumber(retry[name], `retry.${name}`, problem);
  checkNumber(maxBytes, "maxBytes", problem);
}

type Problem = (name: string, text: string) => Error;

/** Infinity is a limit too: none. */
export function checkTimeout(timeout: Timeout | undefined, problem: Problem) {
  for (const name of ["attempt", "overall"] as const) checkNumber(timeout?.[name], `timeout.${name}`, problem);
}

function checkNumber(value: unknown, name: string, problem: Problem) {
  if (value !== undefined && !(typeof value === "number" && value >= 0)) throw problem(name, "must be a number from 0");
}
