import { readAnswer } from "./answer.js";
import { type Clock, onAbort, orAborted, systemClock } from "./clock.js";
import { cacheCredentials } from "./credentials.js";
import {
  ApiError,
  CallError,
  type Executed,
  type Failure,
  InputError,
  OwnError,
  TransportError,
  type Verdict,
} from "./errors.js";
import { quietly } from "./foreign.js";
import { type CallEvent, type ResponseEvent, tell } from "./hooks.js";
import type { Operation, Service } from "./operation.js";
import { type CallOptions, type ClientOptions, checkTimeout, OVERALL_MS } from "./options.js";
import { createLimiter, type TurnEnd } from "./rate-limit.js";
import { shownOf } from "./redact.js";
import { backoffMs, classify, createBudget, DECISIONS, type Outcome, retryAfterMs } from "./retry.js";
import { type Incoming, type Outgoing, type Send, SendFailure } from "./send/types.js";
import { CredentialsError } from "./sign/credentials.js";
import type { Scheme } from "./sign/types.js";

/** How requests leave. */
export interface Means {
  readonly sendRead: Send;
  readonly sendWrite: Send;
  /** Set where nothing here can send a write exactly once. */
  readonly refuseWrites: boolean;
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

/** What became of one attempt. */
type Attempt =
  | { outcome: "result"; answer: Answer; error?: undefined }
  | { outcome: Outcome; answer?: Incoming; error: CallError };

/** An attempt, or what ended its call afterwards. */
interface Reported {
  outcome: string;
  answer?: Incoming | undefined;
  error?: CallError | undefined;
}

/** What ends a call or an attempt, and says why. */
interface Stop {
  readonly signal: AbortSignal;
  why(): Failure | undefined;
  /** Leaves no timer behind. */
  clear(): void;
}

/** The whole answers behind errors, for the raw client; an error itself shows nothing of them. */
export const answered = new WeakMap<Error, Incoming>();

/** A send that does not heed its signal is waited for this much longer; then the call ends without it. */
const GRACE_MS = 100;
/** End of what a date can be signed with: the year 10000. */
const LAST_MS = 253_402_300_800_000;
const EARLIER: Verdict = { executed: "maybe", why: "An earlier attempt may have run." };
export const UNSENT: Verdict = { executed: "no", why: "It ended while nothing was under way that can have run." };
const TWICE: Verdict = {
  executed: "no",
  why: "This runtime's fetch may send a write twice: send it from a server, or set allowBrowserWrites.",
};

/** Ends a timer that is no longer needed. Without a reason each end would make an error with its stack: slow. */
const OVER = "over";

/** Counts the calls of all clients, so that hooks which several share can tell calls apart. */
let calls = 0;

export function createTransport<C extends object>(
  service: Service,
  scheme: Scheme<C> | undefined,
  options: ClientOptions<C>,
  means: Means,
): Transport {
  const { projectId, retry = {}, random = Math.random, maxBytes = 8 * 1024 * 1024 } = options;
  const hooks = [options.hooks ?? []].flat();
  const clock = clockOf(options);
  // A clock that only tells the time is a wall clock, which may be set; windows are counted on a steady one.
  const limiter = options.limiter ?? createLimiter(options.sleep ? clock : undefined);
  const credentials = options.credentials && cacheCredentials(options.credentials, clock);
  const host = new URL(service.endpoints[0]?.url.replace("{region}", "region") ?? "https://localhost").hostname;
  const budget = createBudget();
  let skewMs = 0;

  return async function run(operation, draft, call) {
    const place = { service: service.name, operation: operation.id };
    const read = operation.effect === "read";
    if (!read && means.refuseWrites) throw new TransportError(place, "refusedHere", TWICE);
    const url = new URL(draft.url);
    const { effect, method, path } = operation;
    const port = Number(url.port) || (url.protocol === "http:" ? 80 : 443);
    const event = { ...place, effect, method, host: url.host, port, path, call: ++calls };
    checkTimeout(call.timeout, (name, problem) => new InputError(place, name, problem));
    const attemptMs = call.timeout?.attempt ?? options.timeout?.attempt ?? 60_000;
    const overallMs = call.timeout?.overall ?? options.timeout?.overall ?? OVERALL_MS;
    const overall = stopAfter(overallMs, "deadline", call.signal, "aborted");
    const corrected = new Set<Outcome>();
    // Whether an attempt before the present one may have run, and whether the present one may.
    let earlier: Executed = "no";
    let underway = false;
    // What hooks were told of the present attempt, until they hear how the call ended.
    let open: CallEvent | undefined;
    let started = 0;

    try {
      for (let attempt = 1; ; attempt++) {
        const made = await attemptInTurn(attempt);
        if (made.error) earlier = made.error.executed;
        underway = false;
        const waitMs = made.error && again(made, attempt);
        if (waitMs !== undefined) {
          tell(hooks, "onRetry", { ...reportOf(made), waitMs });
          await clock.sleep(waitMs, overall.signal);
          continue;
        }
        tell(hooks, "onEnd", reportOf(made));
        open = undefined;
        if (made.error) throw made.error;
        budget.refund();
        return made.answer;
      }
    } catch (error) {
      if (underway) earlier = "maybe";
      const stopped = overall.why();
      const end =
        error instanceof CallError ? error : stopped ? stopError(stopped, true) : refused(`failed: ${nameOf(error)}`);
      if (open && end instanceof TransportError) tell(hooks, "onEnd", reportOf({ outcome: end.failure, error: end }));
      throw end;
    } finally {
      overall.clear();
    }

    /** One attempt, as soon as the limit allows it. A turn that is never given back would be missing for ever. */
    async function attemptInTurn(attempt: number): Promise<Attempt> {
      const turn = operation.rateLimit && takeTurn(operation.rateLimit);
      let made: Attempt | undefined;
      try {
        if (turn) await orAborted(turn, overall.signal);
        started = clock.now();
        open = { ...event, attempt };
        tell(hooks, "onRequest", open);
        made = await attemptOnce();
        tell(hooks, "onResponse", reportOf(made));
        return made;
      } finally {
        const sent = underway && made?.outcome !== "notConnected";
        const end: TurnEnd = made?.answer ? "answered" : sent ? "unanswered" : "unsent";
        turn?.then((given) => quietly(() => given?.(end))).catch(() => {});
      }
    }

    async function takeTurn(limit: NonNullable<Operation["rateLimit"]>) {
      // A limit per user may count all calls together: the text does not say, so the stricter reading holds.
      const key = limit.per === "user" ? service.name : `${service.name} ${operation.id}`;
      return limiter.take(key, limit, overall.signal);
    }

    async function attemptOnce(): Promise<Attempt> {
      const limit = stopAfter(attemptMs, "attemptTimeout", overall.signal);
      try {
        const keys = operation.anonymous || !scheme ? undefined : await orAborted(keysOf(), limit.signal);
        const outgoing = await signed(keys, limit.signal);
        limit.signal.throwIfAborted();
        underway = true;
        const incoming = await heeded((read ? means.sendRead : means.sendWrite)(outgoing), limit.signal);
        return judge(incoming, keys, outgoing);
      } catch (error) {
        const stopped = overall.why() ?? limit.why();
        const unsent = !underway || (error instanceof SendFailure && error.stage === "notConnected");
        if (stopped) return { outcome: unsent ? "notConnected" : "attemptTimeout", error: stopError(stopped, unsent) };
        if (!underway) throw refused(`the request could not be signed: ${nameOf(error)}`);
        // Whatever else went wrong came after the request was sent, and must not hide that.
        const { stage, code } = error instanceof SendFailure ? error : new SendFailure("malformed", nameOf(error));
        return {
          outcome: stage,
          error: new TransportError(place, stage, verdict(DECISIONS[stage]), { code: oneWord(code) }),
        };
      } finally {
        limit.clear();
      }
    }

    async function keysOf() {
      const keys = await credentials?.get();
      if (!keys) throw new CredentialsError("missing", "credentials");
      return keys;
    }

    async function signed(keys: C | undefined, signal: AbortSignal): Promise<Outgoing> {
      const { body } = draft;
      const headers = new Map(Object.entries(draft.headers));
      const now = new Date(clock.now() + skewMs);
      if (keys) await scheme?.sign({ method, url, headers, body }, { credentials: keys, now, projectId, host });
      // The fragment of an RPC operation names it for us only.
      const sent = url.href.replace(/#.*/, "");
      return { method, url: sent, headers: Object.fromEntries(headers), body, signal, maxBytes };
    }

    function judge(answer: Incoming, keys: C | undefined, outgoing: Outgoing): Attempt {
      const reading = readAnswer(service, operation, answer);
      if (reading.kind === "result") return { outcome: "result", answer: { ...answer, value: reading.value } };
      const shown = shownOf({ ...keys }, outgoing, { secrets: operation.secrets, codes: operation.throttled });
      if (reading.kind !== "error") {
        const { kind } = reading;
        const message = `${kind}: ${shown.text(reading.problem)}`;
        return { outcome: kind, answer, error: new TransportError(place, kind, verdict(DECISIONS[kind]), { message }) };
      }
      const { status, headers } = answer;
      let outcome = classify(operation, status, reading.code, reading.sure);
      if (outcome === "skewed") learnSkew(headers.get("date"));
      const refusal = {
        code: shown.name(reading.code) ?? "…",
        status,
        requestId: shown.name(reading.requestId),
        detail: shown.text(reading.detail),
        retryAfter: retryAfterMs(headers.get("retry-after"), clock.now() + skewMs),
      };
      const error = new ApiError(place, refusal, verdict(DECISIONS[outcome]));
      answered.set(error, answer);
      // Keys that cannot be replaced are simply refused.
      const final = outcome === "expired" ? "rejected" : outcome === "unauthorized" ? "failed" : undefined;
      if (final && !(keys && credentials?.expire(keys))) outcome = final;
      return { outcome, answer, error };
    }

    /** How long to wait before the next attempt; undefined where there is none. */
    function again({ outcome, error }: Attempt & { error: CallError }, attempt: number) {
      const { again } = DECISIONS[outcome];
      if (again === "none" || (again === "reads" && !read) || overall.why()) return undefined;
      if (attempt >= (retry.attempts ?? 4)) return undefined;
      // One correction of clock or token; a second refusal means that it did not help.
      if (outcome === "skewed" || outcome === "expired" || outcome === "unauthorized") {
        return corrected.size < corrected.add(outcome).size ? 0 : undefined;
      }
      if (!budget.take(outcome === "attemptTimeout" ? 10 : 5)) return undefined;
      return backoffMs(attempt, retry, random, error instanceof ApiError ? error.retryAfter : undefined);
    }

    /** A row of the policy, for the whole call: an earlier attempt of a read may have run. */
    function verdict(row: Verdict) {
      return earlier === "maybe" && row.executed === "no" ? EARLIER : row;
    }

    function stopError(failure: Failure, unsent: boolean) {
      return new TransportError(place, failure, unsent ? verdict(UNSENT) : DECISIONS.attemptTimeout);
    }

    function refused(message: string) {
      return new TransportError(place, "refusedHere", verdict(UNSENT), { message });
    }

    function reportOf({ outcome, answer, error }: Reported): ResponseEvent {
      const { code, requestId, executed } = (error ?? {}) as Partial<ApiError>;
      const milliseconds = elapsed();
      return { ...(open as CallEvent), milliseconds, outcome, status: answer?.status, code, requestId, executed };
    }

    /** A clock of the caller's own may fail. */
    function elapsed() {
      try {
        return clock.now() - started;
      } catch {
        return 0;
      }
    }
  };

  /** However far off: a machine without a clock battery begins in 1970. A date that is wrong itself costs a refusal. */
  function learnSkew(date: string | null) {
    const server = Date.parse(date ?? "");
    if (server >= 0 && server < LAST_MS) skewMs = server - clock.now();
  }

  /** What a send comes to. One that does not heed its signal is given up a little later. */
  function heeded<T>(sending: Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(signal.reason);
      let grace: Stop | undefined;
      const forget = onAbort(signal, () => {
        grace = stopAfter(GRACE_MS, "aborted");
        onAbort(grace.signal, giveUp);
      });
      sending.then(resolve, reject).finally(() => {
        forget();
        grace?.clear();
      });
    });
  }

  /** Ends after `ms`, or with its parent: for its own reason, for `follows`, or for its parent's. */
  function stopAfter(ms: number, reason: Failure, parent?: AbortSignal, follows?: Failure): Stop {
    const controller = new AbortController();
    const timer = new AbortController();
    const { signal } = controller;
    const forget = parent && onAbort(parent, () => controller.abort(follows ?? parent.reason));
    clock.sleep(ms, timer.signal).then(
      () => controller.abort(reason),
      () => {},
    );
    return {
      signal,
      why: () => (signal.aborted ? (signal.reason as Failure) : undefined),
      clear() {
        timer.abort(OVER);
        forget?.();
      },
    };
  }
}

function clockOf({ now, sleep = systemClock.sleep }: ClientOptions<object>): Clock {
  return { now: now ? () => Number(now()) : systemClock.now, sleep };
}

/** Names that errors of the runtimes have; any other may be a text of somebody's. */
const NAMES = [
  ...["TypeError", "RangeError", "SyntaxError", "ReferenceError", "AggregateError", "DOMException"],
  ...["AbortError", "TimeoutError", "NetworkError", "DataError", "OperationError", "NotSupportedError"],
];

/** Messages of this project's own errors are safe to repeat; another's may hold what it was given. */
function nameOf(error: unknown) {
  if (error instanceof OwnError) return error.message;
  return error instanceof Error ? (NAMES.find((name) => name === error.name) ?? "Error") : typeof error;
}

/** A name or a code is one word; anything else may be a quotation. */
function oneWord(text: string | undefined) {
  return text !== undefined && /^\w{1,40}$/.test(text) ? text : undefined;
}
