import { answered, readAnswer } from "./answer.js";
import { type Clock, orAborted } from "./clock.js";
import { cacheCredentials, type Provider } from "./credentials.js";
import { ApiError, CallError, type Executed, type Failure, TransportError } from "./errors.js";
import { type CallEvent, type Hooks, type ResponseEvent, tell } from "./hooks.js";
import type { Operation, Service } from "./operation.js";
import type { Limiter } from "./rate-limit.js";
import { scrub } from "./redact.js";
import { backoffMs, createBudget, DECISIONS, type Outcome, type RetryOptions } from "./retry.js";
import { type Incoming, type Outgoing, type Send, SendFailure } from "./send/types.js";
import { CredentialsError } from "./sign/credentials.js";
import type { Scheme } from "./sign/types.js";

/** What one transport is made of; every part has its default in `createClient`. */
export interface TransportParts<C extends object> {
  service: Service;
  scheme: Scheme<C>;
  credentials: C | Provider<C> | undefined;
  projectId: string | undefined;
  clock: Clock;
  random: () => number;
  limiter: Limiter;
  retry: RetryOptions;
  timeout: Timeout;
  hooks: readonly Hooks[];
  maxBytes: number;
  sendRead: Send;
  sendWrite: Send;
  /** Set where nothing here can send a write exactly once. */
  refuseWrites: boolean;
}

export interface Timeout {
  /** Milliseconds for one attempt. Default 60,000. */
  attempt?: number;
  /** Milliseconds for the whole call, waiting and retries included. Default 180,000. */
  overall?: number;
}

export interface CallOptions {
  /** Ends the call; a write that was sent may still run. */
  signal?: AbortSignal | undefined;
  timeout?: Timeout | undefined;
}

/** A request before it is signed. */
export interface Draft {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

export interface Answer extends Incoming {
  readonly value: unknown;
}

export type Transport = (operation: Operation, draft: Draft, call: CallOptions) => Promise<Answer>;

type Attempt = {
  incoming?: Incoming;
  value?: unknown;
  outcome: Outcome | "result";
  error?: CallError;
  retryAfter?: number;
};

/** Vendors' codes for "your clock is off" and for a token that has ended. */
const SKEWED = ["AuthFailure.SignatureExpire", "APIGW.0303"];
const EXPIRED = ["AuthFailure.TokenFailure"];

/** A send that does not heed its signal is waited for this much longer; then the call ends without it. */
const GRACE_MS = 100;
/** End of what a date can be signed with: the year 10000. */
const LAST_MS = 253_402_300_800_000;
const EARLIER = { executed: "maybe", why: "An earlier attempt may have run." } as const;
const UNSENT = { executed: "no", why: "It ended while nothing was under way that can have run." } as const;

/** Ends a timer that is no longer needed. Without a reason each end would make an error with its stack: slow. */
const OVER = "over";

/** Counts the calls of all clients, so that hooks which several share can tell calls apart. */
let calls = 0;

export function createTransport<C extends object>(parts: TransportParts<C>): Transport {
  const { service, scheme, clock, hooks, retry } = parts;
  const credentials = parts.credentials && cacheCredentials(parts.credentials, clock);
  const budget = createBudget();
  let skewMs = 0;

  return async function run(operation, draft, call) {
    const place = { service: service.name, operation: operation.id };
    const read = operation.effect === "read";
    if (!read && parts.refuseWrites) {
      throw new TransportError(place, "refusedHere", {
        executed: "no",
        why: "This runtime's fetch may send a write twice.",
      });
    }
    const url = new URL(draft.url);
    const event = {
      ...place,
      effect: operation.effect,
      method: operation.method,
      host: url.host,
      path: operation.path,
      call: ++calls,
    };
    const timeout = {
      attempt: call.timeout?.attempt ?? parts.timeout.attempt ?? 60_000,
      overall: call.timeout?.overall ?? parts.timeout.overall ?? 180_000,
    };
    const overall = stopAfter(timeout.overall, "deadline", call.signal);
    const corrected = new Set<string>();
    let executed: Executed = "no";
    let started = 0;
    // Set from the moment an attempt is sent until it is proven that it did not run.
    let unresolved = false;
    // The attempt that hooks were told of, until they hear how the call ended.
    let open: CallEvent | undefined;

    try {
      for (let attempt = 1; ; attempt++) {
        const turnEnded = operation.rateLimit && (await takeTurn(operation.rateLimit));
        started = clock.now();
        open = { ...event, attempt };
        tell(hooks, "onRequest", open);
        // A turn that is never given back would be missing for ever.
        const made = await attemptOnce().finally(() => endTurn(turnEnded));
        unresolved = unresolved && made.error?.executed !== "no";
        const told = report(made, open, elapsed());
        tell(hooks, "onResponse", told);
        if (made.outcome === "result" && made.incoming) {
          budget.refund();
          open = undefined;
          tell(hooks, "onEnd", told);
          return { ...made.incoming, value: made.value };
        }
        const error = made.error as CallError;
        if (error.executed === "maybe") executed = "maybe";
        const waitMs = again(made, attempt);
        if (waitMs === undefined) {
          open = undefined;
          tell(hooks, "onEnd", told);
          throw error;
        }
        tell(hooks, "onRetry", { ...told, waitMs });
        await clock.sleep(waitMs, overall.signal);
      }
    } catch (error) {
      const stopped = overall.stopped();
      if (unresolved) executed = "maybe";
      const end = error instanceof CallError ? error : stopped ? stopError(stopped, "no") : refused(nameOf(error));
      if (open && end instanceof TransportError) {
        tell(hooks, "onEnd", report({ outcome: end.failure, error: end }, open, elapsed()));
      }
      throw end;
    } finally {
      overall.clear();
    }

    function takeTurn(limit: NonNullable<Operation["rateLimit"]>) {
      // A limit per user may count all calls together: the text does not say, so the stricter reading holds.
      const key = limit.per === "user" ? service.name : `${service.name} ${operation.id}`;
      return orAborted(Promise.resolve(parts.limiter.take(key, limit, overall.signal)), overall.signal);
    }

    function elapsed() {
      try {
        return clock.now() - started;
      } catch {
        return 0;
      }
    }

    /** How long to wait before the next attempt; undefined where there is none. */
    function again(made: Attempt, attempt: number) {
      const { again } = DECISIONS[made.outcome as Outcome];
      if (again === "none" || (again === "reads" && !read) || overall.stopped()) return undefined;
      if (attempt >= (retry.attempts ?? 4)) return undefined;
      // One correction of clock or token; a second refusal means that it did not help.
      if (made.outcome === "skewed" || made.outcome === "expired") {
        return corrected.size < corrected.add(made.outcome).size ? 0 : undefined;
      }
      if (!budget.take(made.outcome === "attemptTimeout" ? 10 : 5)) return undefined;
      return backoffMs(attempt, retry, parts.random, made.retryAfter);
    }

    async function attemptOnce(): Promise<Attempt> {
      const limit = stopAfter(timeout.attempt, "attemptTimeout", overall.signal);
      let sending = false;
      try {
        const keys = operation.anonymous ? undefined : await orAborted(keysOf(), limit.signal);
        const outgoing = await signed(keys, limit.signal);
        limit.signal.throwIfAborted();
        sending = true;
        unresolved = true;
        const incoming = await heeded((read ? parts.sendRead : parts.sendWrite)(outgoing), limit.signal);
        return judge(incoming, keys, outgoing);
      } catch (error) {
        const stopped = overall.stopped() ?? limit.stopped();
        const unsent = !sending || (error instanceof SendFailure && error.stage === "notConnected");
        if (stopped)
          return {
            outcome: unsent ? "notConnected" : "attemptTimeout",
            error: stopError(stopped, unsent ? "no" : "maybe"),
          };
        if (!sending) throw refused(`the request could not be signed: ${nameOf(error)}`);
        // Whatever else went wrong came after the request was sent, and must not hide that.
        const { stage, code } = error instanceof SendFailure ? error : new SendFailure("malformed", nameOf(error));
        return { outcome: stage, error: new TransportError(place, stage, verdict(stage), { code: codeOnly(code) }) };
      } finally {
        limit.clear();
      }
    }

    /** The row of the policy, for the whole call: an earlier attempt of a read may have run. */
    function verdict(outcome: Outcome) {
      const row = DECISIONS[outcome];
      return executed === "maybe" && row.executed === "no" ? EARLIER : row;
    }

    async function keysOf() {
      const keys = await credentials?.get();
      if (!keys) throw new CredentialsError("missing", "credentials");
      return keys;
    }

    async function signed(keys: C | undefined, signal: AbortSignal): Promise<Outgoing> {
      const { method } = operation;
      const { body } = draft;
      const headers = new Map(Object.entries(draft.headers));
      const now = new Date(clock.now() + skewMs);
      if (keys)
        await scheme.sign({ method, url, headers, body }, { credentials: keys, now, projectId: parts.projectId });
      // The fragment of an RPC operation names it for us only.
      const sent = url.href.replace(/#.*/, "");
      return { method, url: sent, headers: Object.fromEntries(headers), body, signal, maxBytes: parts.maxBytes };
    }

    function judge(incoming: Incoming, keys: C | undefined, outgoing: Outgoing): Attempt {
      const clean = (text: string) => scrub(text, { ...keys }, outgoing, operation.secrets);
      const reading = readAnswer(service, operation, incoming);
      if (reading.kind === "result") return { incoming, value: reading.value, outcome: "result" };
      if (reading.kind !== "error") {
        const problem = "problem" in reading ? { message: `${reading.kind}: ${clean(reading.problem)}` } : {};
        return {
          incoming,
          outcome: reading.kind,
          error: new TransportError(place, reading.kind, verdict(reading.kind), problem),
        };
      }
      const { code, requestId } = reading;
      const outcome = classify(operation, incoming.status, code);
      if (outcome === "skewed") learnSkew(incoming.headers.get("date"));
      const helps = outcome === "expired" && keys !== undefined && credentials?.expire(keys) === true;
      const retryAfter = retryAfterMs(incoming.headers.get("retry-after"), clock.now() + skewMs);
      const error = new ApiError(
        place,
        {
          code: clean(code),
          status: incoming.status,
          requestId: requestId && clean(requestId),
          detail: clean(reading.detail),
          retryAfter,
        },
        verdict(outcome),
      );
      answered.set(error, incoming);
      return {
        incoming,
        error,
        outcome: outcome === "expired" && !helps ? "rejected" : outcome,
        ...(retryAfter === undefined ? {} : { retryAfter }),
      };
    }

    function stopError(failure: Failure, ran: Executed) {
      const unsent = executed === "maybe" ? EARLIER : UNSENT;
      return new TransportError(place, failure, ran === "no" ? unsent : DECISIONS.attemptTimeout);
    }

    function refused(problem: string) {
      return new TransportError(place, "refusedHere", executed === "maybe" ? EARLIER : UNSENT, { message: problem });
    }
  };

  function learnSkew(date: string | null) {
    const server = Date.parse(date ?? "");
    if (server >= 0 && server < LAST_MS) skewMs = server - clock.now();
  }

  async function heeded<T>(sending: Promise<T>, signal: AbortSignal): Promise<T> {
    const ended = new AbortController();
    let giveUp = () => {};
    const late = new Promise<never>((_, reject) => {
      giveUp = () =>
        void clock.sleep(GRACE_MS, ended.signal).then(
          () => reject(signal.reason),
          () => {},
        );
      signal.addEventListener("abort", giveUp);
    });
    try {
      return await Promise.race([sending, late]);
    } finally {
      signal.removeEventListener("abort", giveUp);
      ended.abort(OVER);
    }
  }

  /** A signal that ends after `ms` or with its parent, and says which it was. */
  function stopAfter(ms: number, reason: Failure, parent: AbortSignal | undefined) {
    const controller = new AbortController();
    const timer = new AbortController();
    let stopped: Failure | undefined;
    const stop = (why: Failure) => {
      stopped ??= why;
      controller.abort(why);
    };
    const follow = () => stop(reason === "deadline" ? "aborted" : (parent?.reason as Failure));
    if (parent?.aborted) follow();
    parent?.addEventListener("abort", follow);
    clock.sleep(ms, timer.signal).then(
      () => stop(reason),
      () => {},
    );
    return {
      signal: controller.signal,
      stopped: () => stopped,
      clear() {
        timer.abort(OVER);
        parent?.removeEventListener("abort", follow);
      },
    };
  }
}

/** The messages of this project's own errors are safe to repeat; another's may hold what it was given. */
function nameOf(error: unknown) {
  if (!(error instanceof Error)) return typeof error;
  return ["CredentialsError", "SourceError"].includes(error.name) ? error.message : error.name;
}

/** A code is one word; anything else may be a quotation. */
function codeOnly(code: string | undefined) {
  return code !== undefined && /^\w{1,40}$/.test(code) ? code : undefined;
}

/** A limiter of the caller's own may fail; the call has ended all the same. */
function endTurn(end: unknown) {
  try {
    if (typeof end === "function") end();
  } catch {}
}

/** Codes with which a service says that it failed, whatever the status; "Unknown" is an error without a code. */
const FAILED =
  /^(InternalError|InternalServerError|FailedOperation|ServiceUnavailable|ServiceError)\b|^Unknown$|time.?(d.)?out/i;

/** Which row of the policy an error answer falls under. */
function classify(operation: Operation, status: number, code: string): Outcome {
  if (status < 500 && operation.throttled?.includes(code)) return "throttled";
  if (SKEWED.includes(code)) return "skewed";
  if (status === 401 || EXPIRED.includes(code)) return "expired";
  if (status === 429) return "tooMany";
  if ([408, 500, 502, 503, 504].includes(status)) return "unavailable";
  // A refusal without a code may be anybody's on the way.
  if (status >= 500 || FAILED.test(code) || code === `HTTP ${status}`) return "failed";
  return "rejected";
}

function retryAfterMs(header: string | null, now: number) {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function report(
  made: Pick<Attempt, "incoming" | "error"> & { outcome: string },
  event: CallEvent,
  milliseconds: number,
): ResponseEvent {
  const error = made.error;
  return {
    ...event,
    milliseconds,
    outcome: made.outcome,
    status: made.incoming?.status,
    code: error instanceof ApiError || error instanceof TransportError ? error.code : undefined,
    requestId: error instanceof ApiError ? error.requestId : undefined,
    executed: error?.executed,
  };
}
