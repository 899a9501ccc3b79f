import type { CallError, WaitEnd } from "@restorekit/core";
import type { Intent } from "./intent.js";

/** A moment whose zone is known: a Date, or text that ends in `Z` or an offset, such as `2026-01-05T10:00:00+08:00`. */
export type Instant = Date | string;

/** A backup, in the words of no vendor. */
export interface Backup {
  readonly id: string;
  /** The instance it was made of. */
  readonly instance: string;
  /** When it began; undefined where the vendor's text is no time. */
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly expiresAt: Date | undefined;
  /** Undefined where the unit is not documented. */
  readonly sizeBytes: number | undefined;
  /** Whether the vendor's state lets it be restored now. */
  readonly usable: boolean;
  /** The vendor's own state. */
  readonly rawState: string | number | undefined;
  /** The record as it came. */
  readonly raw: unknown;
}

/** A single moment that can be restored, and no other near it. */
export interface RestorePoint {
  readonly kind: "point";
  readonly at: Date;
  /** The vendor's own text for it. */
  readonly raw: string;
}

/** Every moment between the two can be restored. */
export interface RestorableWindow {
  readonly kind: "window";
  readonly from: Date;
  readonly to: Date;
}

/** What a restore reads: the backup, or the moment, of an instance. */
export type FromBackup = { readonly backup: string | Backup; readonly at?: never };
export type FromTime = { readonly at: Instant; readonly backup?: never };

/** One documented condition, and what was found. `unproven`: nothing the services tell could settle it; it stops nothing. */
export interface Check {
  readonly name: CheckName;
  readonly verdict: "passed" | "failed" | "unproven";
  readonly found: string;
  /** What to do where it failed. */
  readonly next: string;
  /** The page that documents the condition. */
  readonly page: string;
}

export type CheckName =
  | "instanceExists"
  | "instanceReady"
  | "instanceKind"
  | "passwordGiven"
  | "backupUsable"
  | "timeRestorable"
  | "pitrEnabled"
  | "sourceMatches"
  | "storageFits"
  | "databasesChosen"
  | "taskListReadable"
  | "noTaskRunning";

export interface Preflight {
  /** No check failed. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** A restore that the vendor has accepted. */
export interface RestoreTask {
  /** The vendor's id of it. */
  readonly id: string;
  readonly intent: string;
  /** @see Restorekit.wait */
  wait(options: WaitOptions): Promise<End>;
}

/**
 * What became of a restore. Nothing here is ever followed by another submit.
 *
 * `unrecorded` is the failure of the store to keep what had just become known: the outcome holds, and another process
 * will find it again by reconciliation.
 */
export type Outcome = { readonly intent: Intent; readonly unrecorded?: Error } & (
  | { readonly outcome: "accepted"; readonly task: RestoreTask }
  /** The service refused it: it did not run. */
  | { readonly outcome: "rejected"; readonly error: CallError | undefined }
  /** It may run, and the vendor's records did not tell yet. Reconcile again, or look yourself: `next` says where. */
  | { readonly outcome: "unknown"; readonly error: CallError | undefined; readonly next: string }
  /** It did not run: it was never sent, or the vendor's records do not have it. */
  | { readonly outcome: "notStarted"; readonly error: CallError | undefined }
  /** It has ended already; only `resume` and `reconcile` tell this. */
  | { readonly outcome: "succeeded" | "failed" }
);

export interface WaitOptions {
  /** When to give up waiting; the restore goes on. */
  deadline: Instant;
  /** Milliseconds between polls, give or take a fifth; at least 10. Default 10,000. */
  intervalMs?: number | undefined;
  /** Ends the waiting; the restore goes on. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Progress {
  /** The vendor's own state of the task; undefined while the task is not listed yet. */
  readonly rawState: string | number | undefined;
  /** As the vendor tells it, with its own unit. */
  readonly progress: string | number | undefined;
  /** What is waited for: the task, or afterwards the instance. */
  readonly waitingFor: "task" | "instance";
}

/**
 * How waiting ended. `succeeded`: the task did, and the instance runs again. `failed`: the vendor says so. The other
 * three end the waiting alone: the restore goes on, and can be waited for again.
 */
export interface End extends Progress {
  readonly end: "succeeded" | "failed" | "timedOut" | "aborted" | "unrecognised";
  /** The vendor's words on a failure. */
  readonly detail: string | undefined;
  /** The last poll that failed; that says nothing about the restore. */
  readonly lastError: WaitEnd["lastError"];
  readonly intent: Intent;
  /** The failure of the store to keep the end. */
  readonly unrecorded?: Error;
}
