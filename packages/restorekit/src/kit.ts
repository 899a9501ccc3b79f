import { type CallOptions, type Clock, systemClock } from "@restorekit/core";
import type { Adapter, TimedAdapter } from "./adapter.js";
import { type AuditLine, type Context, type Done, mustRead, record, underLease } from "./context.js";
import { RestoreError } from "./errors.js";
import { toDate } from "./instant.js";
import type { Intent } from "./intent.js";
import type { Backup, End, Instant, Outcome, Preflight, RestorableWindow, RestorePoint, WaitOptions } from "./model.js";
import { asking, examine, type Waivable } from "./preflight.js";
import { lookAgain, reconcileUnder } from "./reconcile.js";
import type { IntentStore } from "./store.js";
import { type Order, restore, sourceOf } from "./submit.js";
import { wait } from "./wait.js";

export interface RestorekitOptions {
  /** Where intents are kept: `memoryIntents()`, `fileIntents()` of `restorekit/file`, or your own store. */
  intents: IntentStore;
  /** Who asks for the restores; kept in intents and audit. */
  by?: string;
  /** Gets a line per change of state, after it was stored. It must not throw; if it does, nothing happens. */
  audit?: (line: AuditLine) => void;
  clock?: Clock;
  random?: () => number;
  /** How long the vendor's records may take to show a restore, in milliseconds. Default 300,000. */
  settleMs?: number;
  /**
   * How far the clocks may differ beyond what the answers tell, and those of two processes, in milliseconds. Default
   * 300,000.
   */
  skewMs?: number;
  /** Milliseconds between two looks while reconciling. Default 10,000. */
  lookMs?: number;
}

export interface Stoppable {
  signal?: AbortSignal | undefined;
}

/** Restores exactly once. Methods that read throw {@link RestoreError} `credentials`, `unreachable` and `aborted`. */
export interface Restorekit {
  /** All backups of an instance, usable or not, the newest first; those without a known start come last. */
  listBackups(adapter: Adapter<never, never>, instance: string, options?: Stoppable): Promise<Backup[]>;
  /** What can be restored between two moments: points, of which only these work, or windows. */
  restorableTimes(
    adapter: TimedAdapter<never, never>,
    instance: string,
    range: { from: Instant; to: Instant },
    options?: Stoppable,
  ): Promise<(RestorePoint | RestorableWindow)[]>;
  /** Checks the documented conditions of a restore. Changes nothing. */
  preflight<const I extends string, From, Extra extends object>(
    adapter: Adapter<From, Extra>,
    order: Pick<Order<I, NoInfer<From>>, "instance" | "from" | "waive"> &
      Partial<Order<I, NoInfer<From>>> &
      NoInfer<Extra>,
    options?: Stoppable,
  ): Promise<Preflight>;
  /**
   * Restores an instance in place, once: stores the intent, checks, submits, and looks into the vendor's records where
   * the reply is lost. It throws only if nothing was sent; everything later is an outcome.
   * @throws {RestoreError} `input`, `overwriteMismatch`, `preflight`, `busy`, `unfinished`, `credentials`, `unreachable`, `aborted`
   * @throws {StoreError} when the intent could not be stored
   */
  restore<const I extends string, From, Extra extends object>(
    adapter: Adapter<From, Extra>,
    order: Order<I, NoInfer<From>> & NoInfer<Extra>,
    options?: Stoppable,
  ): Promise<Outcome>;
  /**
   * Carries an intent on in another process, from any state. It never submits: what was not sent is `notStarted`, what
   * may have been is reconciled.
   * @throws {RestoreError} `noIntent`, `otherAdapter`, `busy`
   * @throws {StoreError}
   */
  resume(adapter: Adapter<never, never>, intent: string, options?: Stoppable): Promise<Outcome>;
  /** As `resume`; and looks once more for a restore that seemed not to have started. */
  reconcile(adapter: Adapter<never, never>, intent: string, options?: Stoppable): Promise<Outcome>;
  /**
   * Waits for an accepted restore.
   * @throws {RestoreError} `notAccepted`, `noIntent`, `otherAdapter`, `credentials`, `input` for a deadline that is no time
   */
  wait(adapter: Adapter<never, never>, intent: string, options: WaitOptions): Promise<End>;
}

/** @throws {RestoreError} `input` for what would be waited for without end, or not at all */
export function checkNumber(name: string, value: number) {
  if (Number.isFinite(value) && value >= 0) return;
  throw new RestoreError("input", `${name} is no number of milliseconds`, { next: "Give 0 or more." });
}

function newestFirst(backups: readonly Backup[]): Backup[] {
  const begun = ({ startedAt }: Backup) => startedAt?.getTime() ?? 0;
  return [...backups].sort((a, b) => begun(b) - begun(a));
}

/** The façade over one intent store. @throws {RestoreError} `input` for times that are no numbers */
export function restorekit(options: RestorekitOptions): Restorekit {
  const { intents, by, audit = () => {}, clock = systemClock, random = Math.random } = options;
  const { settleMs = 300_000, skewMs = 300_000, lookMs = 10_000 } = options;
  for (const [name, value] of Object.entries({ settleMs, skewMs, lookMs })) checkNumber(name, value);
  const ctx: Context = { intents, by, audit, clock, random, settleMs, skewMs, lookMs, sent: new Set() };

  return {
    listBackups: (adapter, instance, { signal } = {}) =>
      asking(adapter, { signal }, async () => newestFirst(await adapter.listBackups(instance, { signal }))),

    restorableTimes(adapter, instance, { from, to }, { signal } = {}) {
      const range = { from: toDate(from, "from"), to: toDate(to, "to") };
      return asking(adapter, { signal }, () => adapter.restorableTimes(instance, range, { signal }));
    },

    async preflight(adapter, order, { signal } = {}) {
      const { instance, from, waive, overwrite: _, key: __, ...extra } = order;
      const subject = { intent: "preflight", instance, source: sourceOf(adapter, instance, from) };
      const call: CallOptions & { waive?: readonly Waivable[] } = { signal, ...(waive ? { waive } : {}) };
      const { ok, checks } = await examine(adapter, subject, extra as never, { now: clock.now, ...call });
      return { ok, checks };
    },

    async restore(adapter, order, { signal } = {}) {
      return outcomeOf(adapter, await restore(ctx, adapter, order as never, signal));
    },

    async resume(adapter, id, { signal } = {}) {
      return outcomeOf(adapter, await carryOn(adapter, id, signal));
    },

    async reconcile(adapter, id, { signal } = {}) {
      const stored = await mustRead(ctx, id);
      const { state, proof } = stored.intent;
      if (state !== "notStarted" || proof !== "notListed")
        return outcomeOf(adapter, await carryOn(adapter, id, signal));
      sameScope(adapter, stored.intent);
      const again = () => lookAgain(ctx, adapter, stored, signal);
      return outcomeOf(adapter, await asking(adapter, { signal }, again, "Reconcile again later."));
    },

    async wait(adapter, id, waiting) {
      sameScope(adapter, (await mustRead(ctx, id)).intent);
      return wait(ctx, adapter, id, waiting);
    },
  };

  async function carryOn(adapter: Adapter<never, never>, id: string, signal: AbortSignal | undefined): Promise<Done> {
    const { intent } = await mustRead(ctx, id);
    sameScope(adapter, intent);
    if (intent.state === "accepted" || TERMINAL.includes(intent.state)) return { intent };
    return underLease(ctx, intent.target, id, async (lease) => {
      // What the former holder of the lease did last is known only now.
      const stored = await mustRead(ctx, id);
      if (stored.intent.state === "planned") {
        return record(ctx, stored, "notStarted", { proof: "neverSent" }, "found planned: nothing was sent");
      }
      if (stored.intent.state === "submitting") {
        const { unrecorded } = await record(ctx, stored, "unknown", {}, "found submitting: it may have been sent");
        if (unrecorded) throw unrecorded;
      }
      const found = await mustRead(ctx, id);
      return found.intent.state === "unknown" ? reconcileUnder(ctx, adapter, found, lease, signal) : found;
    });
  }

  function outcomeOf(adapter: Adapter<never, never>, { intent, error, why, unrecorded }: Done): Outcome {
    const base = { intent, ...(unrecorded ? { unrecorded } : {}) };
    const { id, state, task } = intent;
    if (state === "accepted" && task) {
      const waiting = (options: WaitOptions) => wait(ctx, adapter, id, options, intent);
      return { ...base, outcome: "accepted", task: { id: task.id, intent: id, wait: waiting } };
    }
    if (state === "rejected" || state === "notStarted") return { ...base, outcome: state, error };
    if (state === "succeeded" || state === "failed") return { ...base, outcome: state };
    const next = `Reconcile intent ${id} later, or look at ${adapter.whereToLook}. Do not restore again before.`;
    return { ...base, outcome: "unknown", error, next: why ? `It is unknown because ${why}. ${next}` : next };
  }
}

const TERMINAL = ["rejected", "notStarted", "succeeded", "failed"];

/** @throws {RestoreError} `otherAdapter` */
function sameScope(adapter: Adapter<never, never>, { id, target, instance }: Intent) {
  if (target === `${adapter.scope}/${instance}`) return;
  throw new RestoreError("otherAdapter", `intent ${id} belongs to ${target}, the adapter to ${adapter.scope}`, {
    next: "Use the adapter of the same service, region and project.",
    intent: id,
  });
}
