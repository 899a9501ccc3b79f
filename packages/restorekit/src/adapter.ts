import type { CallOptions, WaitEnd, WaitOptions } from "@restorekit/core";
import type { Intent, Source } from "./intent.js";
import type { Backup, Check, RestorableWindow, RestorePoint } from "./model.js";

/** What is restored, as an adapter sees it. */
export interface Subject {
  /** Id of the intent. */
  readonly intent: string;
  readonly instance: string;
  readonly source: Source;
}

export const subjectOf = ({ id, instance, source }: Intent): Subject => ({ intent: id, instance, source });

/** What the pre-flight of a service found. */
export interface Findings {
  readonly checks: readonly Check[];
  /** The vendor's own text for the point in time, where it takes no other. */
  readonly exact?: string | undefined;
  /** The `Date` header of an answer. */
  readonly serverTime?: string | null | undefined;
}

/** A record of the vendor that may be the restore. */
export interface Sighting {
  readonly id: string;
  readonly startedAt: Date | undefined;
  readonly running: boolean;
  /**
   * `ours`: it carries the id of the intent. `likely`: a restore of this instance, and nothing says whose. `doubtful`:
   * nothing says that it is not. `other`: certainly something else.
   */
  readonly relation: "ours" | "likely" | "doubtful" | "other";
  /** What it restores from, where the record says so. */
  readonly backup?: string | undefined;
}

/** One service, in the terms of the façade. `From` says what it restores from, `Extra` what else a submit takes. */
export interface Adapter<From = unknown, Extra extends object = object> {
  readonly service: string;
  /** Service, region and project: where an instance id means one instance. */
  readonly scope: string;
  /** The page that documents the list of tasks. */
  readonly taskPage: string;
  /** What to look at when the records do not settle what became of a submit. */
  readonly whereToLook: string;
  listBackups(instance: string, call: CallOptions): Promise<Backup[]>;
  /** @throws {RestoreError} `input` for what this service cannot restore from */
  source(from: From, instance: string): Source;
  /** Checks everything that the service documents, with read-only calls. */
  preflight(subject: Subject, extra: Extra, call: CallOptions): Promise<Findings>;
  /** Submits once. Undefined when it was accepted without an id. */
  submit(
    subject: Subject,
    extra: Extra,
    call: CallOptions,
  ): Promise<{ task: string | undefined; requestId?: string | undefined }>;
  /** Whether a refusal says that something else runs on the instance. */
  isLocked(code: string): boolean;
  /** The vendor's records from `since` on. */
  sightings(subject: Subject, since: Date, call: CallOptions): Promise<Sighting[]>;
  /** Polls the task to its end. */
  follow(task: string, subject: Subject, options: WaitOptions): Promise<WaitEnd>;
  /** Whether the instance is in its running state, and idle. */
  condition(instance: string, call: CallOptions): Promise<{ running: boolean; rawState: string | number | undefined }>;
}

/** A service that restores moments. */
export interface TimedAdapter<From = unknown, Extra extends object = object> extends Adapter<From, Extra> {
  restorableTimes(
    instance: string,
    range: { from: Date; to: Date },
    call: CallOptions,
  ): Promise<(RestorePoint | RestorableWindow)[]>;
}
