import type { CallError, Clock } from "@restorekit/core";
import { RestoreError, StoreError } from "./errors.js";
import { type Intent, type State, TRANSITIONS } from "./intent.js";
import { quietly } from "./quietly.js";
import type { IntentStore, Lease, Stored } from "./store.js";

/** One change of state, as JSON without secrets. */
export interface AuditLine {
  readonly at: string;
  readonly intent: string;
  readonly service: string;
  readonly instance: string;
  readonly by: string | undefined;
  /** Undefined for a new intent. */
  readonly from: State | undefined;
  readonly to: State;
  readonly why: string | undefined;
  readonly task: string | undefined;
  readonly requestId: string | undefined;
}

export interface Context {
  readonly intents: IntentStore;
  readonly clock: Clock;
  readonly random: () => number;
  readonly by: string | undefined;
  readonly audit: (line: AuditLine) => void;
  readonly settleMs: number;
  readonly skewMs: number;
  readonly lookMs: number;
  /** Intents that this process has sent, by its own clock. */
  readonly sent: Set<string>;
}

/** The right to a target is asked for this long at a time. */
const LEASE_MS = 600_000;
const MOST_CONFLICTS = 5;
const MOST_RELEASES = 3;
const RELEASE_MS = 200;

/** What a change of state adds to an intent. */
export type Change = Partial<
  Pick<Intent, "source" | "known" | "clockOffsetMs" | "submit" | "task" | "requestId" | "proof" | "rawState">
>;

/** The longest that a submit takes, its turn in the limiter included. */
export const SUBMIT_MS = 180_000;

/** Stores the next state, and tells it to the audit once it is stored. @throws {StoreError} */
export async function move(
  ctx: Context,
  stored: Stored,
  to: State,
  change: Change = {},
  why?: string,
): Promise<Stored> {
  const { intent, version } = stored;
  const next = nextOf(ctx, intent, to, change, why);
  const moved = await ctx.intents.update(next, version);
  tell(ctx, next, intent.state, why);
  return moved;
}

/** What became of recording: the intent as it now is, and why the store does not have it. */
export interface Recorded {
  readonly intent: Intent;
  readonly unrecorded?: Error;
}

/** What a step of the flow came to. */
export interface Done extends Recorded {
  readonly error?: CallError | undefined;
  /** Why it stays unknown. */
  readonly why?: string | undefined;
}

/**
 * Keeps what has become known after the submit; never throws, for what is known must reach the caller. If another
 * process moved the intent on meanwhile, its state stands unless this one follows from it.
 * @param answered the service itself said so: that outweighs what another process took from the records
 */
export async function record(
  ctx: Context,
  stored: Stored,
  to: State,
  change: Change = {},
  why?: string,
  answered = false,
): Promise<Recorded> {
  let latest = stored;
  for (let tries = 1; ; tries++) {
    const { state, task } = latest.intent;
    const guessed = answered && task?.found === "reconciled" && task.id !== change.task?.id;
    if (!TRANSITIONS[state].includes(to) && !guessed) return { intent: latest.intent };
    try {
      return { intent: (await move(ctx, latest, to, change, why)).intent };
    } catch (error) {
      const lost = { intent: nextOf(ctx, latest.intent, to, change, why), unrecorded: asError(error) };
      if (!(error instanceof StoreError && error.problem === "conflict") || tries === MOST_CONFLICTS) return lost;
      const read = await ctx.intents.read(stored.intent.id).catch(() => undefined);
      if (!read) return lost;
      latest = read;
    }
  }
}

/** Tells the audit. It sees only what is stored, and cannot stop a restore: the intent's own history is the record. */
export function tell(ctx: Context, intent: Intent, from: State | undefined, why?: string) {
  const { id, service, instance, by, state, task, requestId } = intent;
  const at = new Date(ctx.clock.now()).toISOString();
  const line = { at, intent: id, service, instance, by: ctx.by ?? by, from, to: state, why, task: task?.id, requestId };
  quietly(() => ctx.audit(line));
}

/** Works on a target while nobody else does. @throws {RestoreError} `busy` */
export async function underLease<T>(ctx: Context, target: string, intent: string, work: (lease: Lease) => Promise<T>) {
  const lease = await ctx.intents.lease(target, LEASE_MS);
  if (!lease) throw busy(intent);
  try {
    return await work(lease);
  } finally {
    await giveBack(ctx, lease);
  }
}

/** A lease that cannot be given back keeps the target busy for as long as this process lives. */
async function giveBack({ clock }: Context, lease: Lease) {
  for (let tries = 1; tries <= MOST_RELEASES; tries++) {
    if (tries > 1) await clock.sleep(RELEASE_MS, new AbortController().signal).catch(() => {});
    if (
      await lease.release().then(
        () => true,
        () => false,
      )
    )
      return;
  }
}

export function busy(intent: string) {
  return new RestoreError("busy", "another process works on this instance", {
    next: "Wait for it; then resume or restore. If it is gone for good, let the store know, or wait until its lease ends.",
    intent,
  });
}

/** @throws {RestoreError} `noIntent` @throws {StoreError} */
export async function mustRead(ctx: Context, id: string): Promise<Stored> {
  const stored = await ctx.intents.read(id);
  if (stored) return stored;
  throw new RestoreError("noIntent", `there is no intent ${id}`, { next: "Check the id and the store.", intent: id });
}

function nextOf(ctx: Context, intent: Intent, to: State, change: Change, why: string | undefined): Intent {
  const at = new Date(ctx.clock.now()).toISOString();
  const step = why === undefined ? { at, to } : { at, to, why };
  const { task, ...rest } = intent;
  const kept = to === "succeeded" || to === "failed" ? { ...rest, ...(task && { task }) } : rest;
  return { ...kept, ...change, state: to, history: [...intent.history, step] };
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
