import type { Check } from "./model.js";

/** What kept a restore from being sent, or an intent from being carried on. */
export type RestoreProblem =
  /** The request itself is wrong. */
  | "input"
  /** `overwrite` does not repeat `instance`. */
  | "overwriteMismatch"
  /** A documented condition does not hold; `checks` has all of them. */
  | "preflight"
  /** The service refused the credentials. */
  | "credentials"
  /** The service could not be asked. */
  | "unreachable"
  /** Another process works on this instance right now. */
  | "busy"
  /** An earlier restore of this instance has not come to its end. */
  | "unfinished"
  /** No intent has this id. */
  | "noIntent"
  /** The intent belongs to another service, region or project than the adapter. */
  | "otherAdapter"
  /** Only an accepted restore can be waited for. */
  | "notAccepted"
  /** Aborted before anything was sent. */
  | "aborted";

/** Nothing was sent by this call. `problem` is for programs, the message for people, and `next` says what to do. */
export class RestoreError extends Error {
  override readonly name = "RestoreError";
  readonly problem: RestoreProblem;
  readonly next: string;
  /** The intent it is about, where there is one. */
  readonly intent: string | undefined;
  /** All checks, where the pre-flight is the problem. */
  readonly checks: readonly Check[];

  constructor(
    problem: RestoreProblem,
    message: string,
    more: { next: string; intent?: string | undefined; checks?: readonly Check[]; cause?: unknown },
  ) {
    super(`${message}. ${more.next}`, "cause" in more ? { cause: more.cause } : {});
    this.problem = problem;
    this.next = more.next;
    this.intent = more.intent;
    this.checks = more.checks ?? [];
  }
}

/** Why a store could not do what it was asked. */
export type StoreProblem =
  /** An intent with this id is there already. */
  | "exists"
  /** Somebody else changed the intent since it was read. */
  | "conflict"
  /** There is no such intent. */
  | "missing"
  /** What is stored is damaged. */
  | "corrupt"
  /** What is stored there was not written by this library. */
  | "foreign"
  /** No space is left. */
  | "full"
  /** The place cannot be written. */
  | "readOnly"
  /** Another process holds the store for too long. */
  | "locked"
  /** Anything else. */
  | "unavailable";

/** An intent store failed; what was stored before is untouched. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly problem: StoreProblem;
  readonly next: string;

  constructor(problem: StoreProblem, message: string, next: string, cause?: unknown) {
    super(`${message}. ${next}`, cause === undefined ? {} : { cause });
    this.problem = problem;
    this.next = next;
  }
}
