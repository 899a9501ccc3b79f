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

interface Place {
  service: string;
  operation: string;
}

/** A call that did not give a result; `executed` says whether it may have run, `why` how that is known. */
export abstract class CallError extends Error {
  readonly service: string;
  readonly operation: string;
  abstract readonly executed: Executed;
  /** Why `executed` is what it is, in one sentence. */
  abstract readonly why: string;

  constructor(place: Place, message: string) {
    super(`${place.service} ${place.operation}: ${message}`);
    this.service = place.service;
    this.operation = place.operation;
  }
}

/** The service answered with an error. `code` is the vendor's; `detail` its text, with this call's secrets removed. */
export class ApiError<Code extends string = string> extends CallError {
  override readonly name = "ApiError";
  readonly code: Code | (string & {});
  readonly status: number;
  readonly requestId: string | undefined;
  readonly detail: string;
  readonly executed: Executed;
  readonly why: string;
  /** Milliseconds the service asked to wait (Retry-After). */
  readonly retryAfter: number | undefined;

  constructor(
    place: Place,
    answer: {
      code: string;
      status: number;
      requestId?: string | undefined;
      detail?: string;
      retryAfter?: number | undefined;
    },
    verdict: { executed: Executed; why: string },
  ) {
    const status = `HTTP ${answer.status}`;
    // Where the answer has no code, its status stands for it.
    const facts = [answer.code === status ? "" : status, answer.requestId && `request ${answer.requestId}`].filter(
      Boolean,
    );
    super(place, facts.length > 0 ? `${answer.code} (${facts.join(", ")})` : answer.code);
    this.code = answer.code as Code;
    this.status = answer.status;
    this.requestId = answer.requestId;
    this.detail = answer.detail ?? "";
    this.retryAfter = answer.retryAfter;
    this.executed = verdict.executed;
    this.why = verdict.why;
  }
}

/** No usable answer came: `failure` says what happened, `code` is the runtime's own error code where it has one. */
export class TransportError extends CallError {
  override readonly name = "TransportError";
  readonly failure: Failure;
  readonly code: string | undefined;
  readonly executed: Executed;
  readonly why: string;

  constructor(
    place: Place,
    failure: Failure,
    verdict: { executed: Executed; why: string },
    more: { message?: string; code?: string | undefined } = {},
  ) {
    super(place, more.message ?? `${failure}${more.code ? ` (${more.code})` : ""}: ${verdict.why}`);
    this.failure = failure;
    this.code = more.code;
    this.executed = verdict.executed;
    this.why = verdict.why;
  }
}

/** The input cannot be sent as it is; `field` names what is wrong. Nothing was sent. */
export class InputError extends CallError {
  override readonly name = "InputError";
  readonly field: string;
  readonly executed = "no";
  readonly why = "The input was refused before anything was sent.";

  constructor(place: Place, field: string, problem: string) {
    super(place, `${field} ${problem}`);
    this.field = field;
  }
}
