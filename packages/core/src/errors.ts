/** Whether a failed call may have run at the service: only `no` makes sending it again safe. */
export type Executed = "no" | "maybe";

/** What kept a call from a usable answer. */
export type Failure =
  | "notConnected"
  | "connectionLost"
  | "attemptTimeout"
  | "deadline"
  | "aborted"
  | "redirected"
  | "tooLarge"
  | "malformed"
  | "unsafeInteger"
  | "refusedHere";

/** An error of this project: its message names places and fields, and quotes nothing that may be secret. */
export abstract class OwnError extends Error {}

/** Which call it is about. */
export interface Place {
  readonly service: string;
  readonly operation: string;
}

/** Whether something may have run, and how that is known. */
export interface Verdict {
  readonly executed: Executed;
  readonly why: string;
}

/** A call that did not give a result; `executed` says whether it may have run, `why` how that is known. */
export abstract class CallError extends OwnError {
  readonly service: string;
  readonly operation: string;
  readonly executed: Executed;
  /** Why `executed` is what it is, in one sentence. */
  readonly why: string;

  constructor({ service, operation }: Place, message: string, { executed, why }: Verdict) {
    super(`${service} ${operation}: ${message}`);
    this.service = service;
    this.operation = operation;
    this.executed = executed;
    this.why = why;
  }
}

/** What an error answer says. */
interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly requestId?: string | undefined;
  readonly detail?: string;
  readonly retryAfter?: number | undefined;
}

/** The service answered with an error. `code` is the vendor's; `detail` the part of its text that is safe to show. */
export class ApiError<Code extends string = string> extends CallError {
  override readonly name = "ApiError";
  readonly code: Code | (string & {});
  readonly status: number;
  readonly requestId: string | undefined;
  readonly detail: string;
  /** Milliseconds the service asked to wait (Retry-After). */
  readonly retryAfter: number | undefined;

  constructor(place: Place, { code, status, requestId, detail = "", retryAfter }: Refusal, verdict: Verdict) {
    // Where the answer has no code, its status stands for it.
    const facts = [code !== `HTTP ${status}` && `HTTP ${status}`, requestId && `request ${requestId}`].filter(Boolean);
    super(place, facts.length > 0 ? `${code} (${facts.join(", ")})` : code, verdict);
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

/** No usable answer came: `failure` says what happened, `code` is the runtime's own error code where it has one. */
export class TransportError extends CallError {
  override readonly name = "TransportError";
  readonly failure: Failure;
  readonly code: string | undefined;

  constructor(
    place: Place,
    failure: Failure,
    verdict: Verdict,
    more: { message?: string; code?: string | undefined } = {},
  ) {
    super(place, more.message ?? `${failure}${more.code ? ` (${more.code})` : ""}: ${verdict.why}`, verdict);
    this.failure = failure;
    this.code = more.code;
  }
}

/** An option of the client that cannot work; `option` names it. Thrown before there is a client. */
export class OptionError extends OwnError {
  override readonly name = "OptionError";
  readonly option: string;

  constructor(option: string, problem: string) {
    super(`${option} ${problem}`);
    this.option = option;
  }
}

/** The input cannot be sent as it is; `field` names what is wrong. Nothing was sent. */
export class InputError extends CallError {
  override readonly name = "InputError";
  declare readonly executed: "no";
  readonly field: string;

  constructor(place: Place, field: string, problem: string) {
    super(place, `${field} ${problem}`, { executed: "no", why: "The input was refused before anything was sent." });
    this.field = field;
  }
}
