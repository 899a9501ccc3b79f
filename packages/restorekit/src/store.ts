import type { StoreError } from "./errors.js";
import type { Intent } from "./intent.js";

/** An intent and the version it has in the store; the version changes with every update. */
export interface Stored {
  readonly intent: Intent;
  readonly version: number;
}

/** Something in the store that should be an intent and cannot be read. It is never deleted or overwritten. */
export interface Unreadable {
  readonly id: string;
  readonly error: StoreError;
}

export interface IntentFilter {
  /** Only intents of this target, and what cannot be read and may be one of them. */
  readonly target?: string;
  /** Only intents that have not come to their end, and what cannot be read. */
  readonly open?: boolean;
}

/** The right to work on a target, for one holder at a time. */
export interface Lease {
  /** Prolongs it. False when it was lost: somebody else may hold it. */
  renew(): Promise<boolean>;
  /** Gives it back. Harmless when it was lost. */
  release(): Promise<void>;
}

/**
 * Keeps intents. When a promise of `create` or `update` is fulfilled, the intent survives the death of process and
 * machine; when it is rejected, the stored intent is whole: the old one, or (when the failure came after the fact) the new.
 *
 * A table with the columns id, target, version, open and document implements it, with `update … where version = ?`, and
 * another one with target, holder and expiry. `restorekit/conformance` is the suite that every store has to pass.
 */
export interface IntentStore {
  /** Stores a new intent as its first version. @throws {StoreError} `exists` */
  create(intent: Intent): Promise<Stored>;
  /** Undefined where there is none. @throws {StoreError} `corrupt`, `foreign` */
  read(id: string): Promise<Stored | undefined>;
  /** Replaces an intent if it still has the version. @throws {StoreError} `conflict`, `missing`, `corrupt`, `foreign` */
  update(intent: Intent, version: number): Promise<Stored>;
  list(filter?: IntentFilter): AsyncIterable<Stored | Unreadable>;
  /**
   * Undefined while somebody else holds the target. A lease ends with `release`, with its holder's death where the
   * store can tell, or else `ttlMs` after the last `renew`; it never ends sooner.
   */
  lease(target: string, ttlMs: number): Promise<Lease | undefined>;
}
