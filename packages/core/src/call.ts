import { readAnswer } from "./answer.js";
import type { Clock } from "./clock.js";
import {
  ApiError,
  CallError,
  type Executed,
  type Failure,
  OwnError,
  type Place,
  TransportError,
  type Verdict,
} from "./errors.js";
import { quietly } from "./foreign.js";
import { type CallEvent, type Hooks, type ResponseEvent, tell } from "./hooks.js";
import type { Operation, Service } from "./operation.js";
import { type CallOptions, OVERALL_MS, type Timeout } from "./options.js";
import type { Limiter, TurnEnd } from "./rate-limit.js";
import { shownOf } from "./redact.js";
import { type Budget, backoffMs, classify, DECISIONS, type Outcome, type RetryOptions, retryAfterMs } from "./retry.js";
import { type Incoming, type Means, type Outgoing, SendFailure } from "./send/types.js";
import type { Signer } from "./signer.js";
import { Stop } from "./stop.js";

/** What the calls of a client share. */
export interface Shared<C extends object = object> {
  readonly service: Service;
  readonly means: Means;
  readonly clock: Clock;
  readonly signer: Signer<C>;
  readonly limiter: Limiter;
  readonly budget: Budget;
  readonly hooks: readonly Hooks[];
  readonly timeout: Timeout;
  readonly retry: RetryOptions;
  readonly random: () => number;
  readonly maxBytes: number;
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

/** What became of an attempt. */
type Attempt =
  | { outcome: "result"; answer: Answer; error?: undefined }
  | { outcome: Outcome; answer?: Incoming; error: CallError };

/** An attempt, or what ended its call afterwards. */
interface Reported {
  outcome: string;
  answer?: Incoming | undefined;
  error?: CallError | undefined;
}

/** The whole answers behind errors, for the raw client; an error itself shows nothing of them. */
export const answered = new WeakMap<Error, Incoming>();

export const UNSENT: Verdict = { executed: "no", why: "It ended while nothing was under way that can have run." };
const EARLIER: Verdict = { executed: "maybe", why: "An earlier attempt may have run." };

/** A send that does not heed its end is waited for this much longer; then the call ends without it. */
const GRACE_MS = 100;

/** Counts the calls of all clients, so that hooks which several share can tell calls apart. */
let calls = 0;

/** One call, from its first attempt to its result or error. */
export class RunningCall<C extends object> {
  readonly #shared: Shared<C>;
  readonly #operation: Operation;
  readonly #draft: Draft;
  readonly #url: URL;
  readonly #place: Place;
  readonly #read: boolean;
  readonly #number = ++calls;
  readonly #stop: Stop;
  readonly #attemptMs: number;
  /** What was put right already. */
  readonly #corrected = new Set<Outcome>();
  /** Whether an attempt before the present one may have run. */
  #earlier: Executed = "no";
  /** Whether the present one was sent, and what became of it is not known yet. */
  #underway = false;
  /** What hooks were told of the present one, until they hear how the call ended. */
  #open: CallEvent | undefined;
  #started = 0;

  constructor(shared: Shared<C>, operation: Operation, draft: Draft, { timeout, signal }: CallOptions) {
    this.#shared = shared;
    this.#operation = operation;
    this.#draft = draft;
    this.#url = new URL(draft.url);
    this.#place = { service: shared.service.name, operation: operation.id };
    this.#read = operation.effect === "read";
    this.#attemptMs = timeout?.attempt ?? shared.timeout.attempt ?? 60_000;
    const overallMs = timeout?.overall ?? shared.timeout.overall ?? OVERALL_MS;
    this.#stop = new Stop(shared.clock).after(overallMs, "deadline").with(signal, "aborted");
  }

  async run(): Promise<Answer> {
    try {
      for (let attempt = 1; ; attempt++) {
        const made = await this.#attemptInTurn(attempt);
        if (made.error) this.#earlier = made.error.executed;
        this.#underway = false;
        const waitMs = made.error && this.#again(made, attempt);
        if (waitMs === undefined) return this.#ended(made);
        this.#tell("onRetry", made, { waitMs });
        await this.#stop.orEnd(this.#shared.clock.sleep(waitMs, this.#stop.signal));
      }
    } catch (error) {
      throw this.#failed(error);
    } finally {
      this.#stop.clear();
    }
  }

  /** One attempt, as soon as the limit allows it. A turn that is never given back would be missing for ever. */
  async #attemptInTurn(attempt: number): Promise<Attempt> {
    const { rateLimit } = this.#operation;
    const turn = rateLimit && this.#takeTurn(rateLimit);
    let made: Attempt | undefined;
    try {
      if (turn) await this.#stop.orEnd(turn);
      this.#begin(attempt);
      made = await this.#attempt();
      this.#tell("onResponse", made);
      return made;
    } finally {
      const sent = this.#underway && made?.outcome !== "notConnected";
      const end: TurnEnd = made?.answer ? "answered" : sent ? "unanswered" : "unsent";
      turn?.then((given) => quietly(() => given?.(end))).catch(() => {});
    }
  }

  async #takeTurn(limit: NonNullable<Operation["rateLimit"]>) {
    const { service, operation } = this.#place;
    // A limit per user may count all calls together: the text does not say, so the stricter reading holds.
    const key = limit.per === "user" ? service : `${service} ${operation}`;
    return this.#shared.limiter.take(key, limit, this.#stop.signal);
  }

  async #attempt(): Promise<Attempt> {
    const { signer, means, maxBytes } = this.#shared;
    const { method } = this.#operation;
    const { body } = this.#draft;
    const stop = this.#stop.part().after(this.#attemptMs, "attemptTimeout");
    try {
      const keys = await stop.orEnd(signer.keysFor(this.#operation));
      const headers = new Map(Object.entries(this.#draft.headers));
      await stop.orEnd(signer.sign({ method, url: this.#url, headers, body }, keys));
      if (stop.why) throw stop.why;
      const { href: url } = this.#url;
      const outgoing = { method, url, headers: Object.fromEntries(headers), body, signal: stop.signal, maxBytes };
      this.#underway = true;
      const send = this.#read ? means.sendRead : means.sendWrite;
      const answer = await stop.orEnd(send(outgoing), GRACE_MS);
      return this.#judge(answer, keys, outgoing);
    } catch (error) {
      return this.#unanswered(error, this.#stop.why ?? stop.why);
    } finally {
      stop.clear();
    }
  }

  #unanswered(error: unknown, stopped: Failure | undefined): Attempt {
    const unsent = !this.#underway || (error instanceof SendFailure && error.stage === "notConnected");
    if (stopped) {
      return { outcome: unsent ? "notConnected" : "attemptTimeout", error: this.#stopError(stopped, unsent) };
    }
    if (!this.#underway) throw this.#refused(`the request could not be signed: ${nameOf(error)}`);
    // Whatever else went wrong came after the request was sent, and must not hide that.
    const { stage, code } = error instanceof SendFailure ? error : new SendFailure("malformed", nameOf(error));
    const shown = { code: oneWord(code) };
    return { outcome: stage, error: new TransportError(this.#place, stage, this.#verdict(DECISIONS[stage]), shown) };
  }

  #judge(answer: Incoming, keys: C | undefined, outgoing: Outgoing): Attempt {
    const { service, signer } = this.#shared;
    const { secrets, throttled } = this.#operation;
    const reading = readAnswer(service, this.#operation, answer);
    if (reading.kind === "result") return { outcome: "result", answer: { ...answer, value: reading.value } };
    const shown = shownOf({ ...keys }, outgoing, { secrets, codes: throttled });
    if (reading.kind !== "error") {
      const { kind } = reading;
      const message = `${kind}: ${shown.text(reading.problem)}`;
      const error = new TransportError(this.#place, kind, this.#verdict(DECISIONS[kind]), { message });
      return { outcome: kind, answer, error };
    }
    const { status, headers } = answer;
    const outcome = classify(this.#operation, status, reading.code, reading.sure);
    if (outcome === "skewed") signer.learn(headers.get("date"));
    const refusal = {
      code: shown.name(reading.code) ?? "…",
      status,
      requestId: shown.name(reading.requestId),
      detail: shown.text(reading.detail),
      retryAfter: retryAfterMs(headers.get("retry-after"), signer.now()),
    };
    const error = new ApiError(this.#place, refusal, this.#verdict(DECISIONS[outcome]));
    answered.set(error, answer);
    // Keys that cannot be replaced are simply refused.
    const final = outcome === "expired" ? "rejected" : outcome === "unauthorized" ? "failed" : undefined;
    return { outcome: final && !signer.refused(keys) ? final : outcome, answer, error };
  }

  /** How long to wait before the next attempt; undefined where there is none. */
  #again({ outcome, error }: Attempt & { error: CallError }, attempt: number): number | undefined {
    const { budget, retry, random } = this.#shared;
    const { again } = DECISIONS[outcome];
    if (again === "none" || (again === "reads" && !this.#read) || this.#stop.why) return undefined;
    if (attempt >= (retry.attempts ?? 4)) return undefined;
    // One correction of clock or token; a second refusal means that it did not help.
    if (outcome === "skewed" || outcome === "expired" || outcome === "unauthorized") {
      return this.#corrected.size < this.#corrected.add(outcome).size ? 0 : undefined;
    }
    if (!budget.take(outcome === "attemptTimeout" ? 10 : 5)) return undefined;
    return backoffMs(attempt, retry, random, error instanceof ApiError ? error.retryAfter : undefined);
  }

  #ended(made: Attempt): Answer {
    this.#tell("onEnd", made);
    this.#open = undefined;
    if (made.error) throw made.error;
    this.#shared.budget.refund();
    return made.answer;
  }

  /** The error of the call, whatever went wrong. */
  #failed(error: unknown): CallError {
    if (this.#underway) this.#earlier = "maybe";
    const stopped = this.#stop.why;
    const other = () => (stopped ? this.#stopError(stopped, true) : this.#refused(`failed: ${nameOf(error)}`));
    // A limiter may fail with the error of a call of its own, which says nothing of this one.
    const { service, operation } = this.#place;
    const own = error instanceof CallError && error.service === service && error.operation === operation;
    const end = own ? error : other();
    if (this.#open && end instanceof TransportError) this.#tell("onEnd", { outcome: end.failure, error: end });
    return end;
  }

  /** A row of the policy, for the whole call: an earlier attempt of a read may have run. */
  #verdict(row: Verdict) {
    return this.#earlier === "maybe" && row.executed === "no" ? EARLIER : row;
  }

  #stopError(failure: Failure, unsent: boolean) {
    return new TransportError(this.#place, failure, unsent ? this.#verdict(UNSENT) : DECISIONS.attemptTimeout);
  }

  #refused(message: string) {
    return new TransportError(this.#place, "refusedHere", this.#verdict(UNSENT), { message });
  }

  #begin(attempt: number) {
    const { effect, method, path } = this.#operation;
    const { host, port, protocol } = this.#url;
    this.#started = this.#shared.clock.now();
    this.#open = {
      ...{ ...this.#place, effect, method, host, path, attempt, call: this.#number },
      port: Number(port) || (protocol === "http:" ? 80 : 443),
    };
    tell(this.#shared.hooks, "onRequest", this.#open);
  }

  #tell(name: Exclude<keyof Hooks, "onRequest">, { outcome, answer, error }: Reported, more?: { waitMs: number }) {
    if (this.#shared.hooks.length === 0) return;
    const { code, requestId, executed } = (error ?? {}) as Partial<ApiError>;
    const milliseconds = this.#elapsed();
    const event = {
      ...(this.#open as CallEvent),
      milliseconds,
      outcome,
      status: answer?.status,
      code,
      requestId,
      executed,
    };
    tell<ResponseEvent>(this.#shared.hooks, name, { ...event, ...more });
  }

  /** A clock of the caller's own may fail. */
  #elapsed() {
    try {
      return this.#shared.clock.now() - this.#started;
    } catch {
      return 0;
    }
  }
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
