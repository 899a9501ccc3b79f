import { ApiError, CallError, InputError, TransportError } from "@restorekit/core";
import { type Adapter, type Sighting, subjectOf } from "./adapter.js";
import { busy, type Change, type Context, type Done, move, record, SUBMIT_MS, tell, underLease } from "./context.js";
import { RestoreError } from "./errors.js";
import {
  FORMAT,
  type Intent,
  isOpen,
  keyedId,
  type Source,
  type State,
  type SubmitError,
  targetKey,
} from "./intent.js";
import { examine, refuse, type Waivable } from "./preflight.js";
import { reconcileUnder } from "./reconcile.js";
import type { Lease, Stored } from "./store.js";

/** What to restore. `overwrite` repeats the instance whose data will be lost. */
export interface Order<I extends string, From> {
  /** The instance that is restored in place. */
  readonly instance: I;
  readonly from: From;
  readonly overwrite: NoInfer<I>;
  /** Makes the intent's id: the same key for the same instance is the same restore, and is never begun twice. */
  readonly key?: string;
  /** Checks that you take upon yourself, where you know better than the documents. */
  readonly waive?: readonly Waivable[];
}

/** Writes the intent, checks, submits once, and looks where the reply is lost. Throws only if nothing was sent. */
export async function restore<From, Extra extends object>(
  ctx: Context,
  adapter: Adapter<From, Extra>,
  order: Order<string, From> & Extra,
  signal: AbortSignal | undefined,
): Promise<Done> {
  const { instance, overwrite, from, key, waive = [], ...rest } = order;
  const intent = plan(ctx, adapter, { instance, overwrite, from, key, waive });
  return underLease(ctx, intent.target, intent.id, async (lease) => {
    await refuseUnfinished(ctx, intent);
    const planned = await ctx.intents.create(intent);
    tell(ctx, intent, undefined);
    let stored: Stored | Begun;
    try {
      stored = await prepare(ctx, adapter, planned, rest as unknown as Extra, waive, lease, signal);
    } catch (error) {
      // Also where the store failed only after it had stored `submitting`: nothing was sent.
      const why = error instanceof RestoreError ? error.problem : "not stored";
      await record(ctx, planned, "notStarted", { proof: "neverSent" }, why);
      throw error;
    }
    if ("begun" in stored) return adopt(ctx, planned, stored.begun);
    return submit(ctx, adapter, stored, rest as unknown as Extra, lease, signal);
  });
}

/** @throws {RestoreError} `input`, `overwriteMismatch` */
function plan<From, Extra extends object>(
  ctx: Context,
  adapter: Adapter<From, Extra>,
  { instance, overwrite, from, key, waive }: Omit<Order<string, From>, "key"> & { key: string | undefined },
): Intent {
  const source = sourceOf(adapter, instance, from);
  if (overwrite !== instance) {
    throw new RestoreError("overwriteMismatch", `overwrite names ${overwrite}, but ${instance} would be overwritten`, {
      next: "Repeat in `overwrite` the instance whose data will be lost.",
    });
  }
  const target = `${adapter.scope}/${instance}`;
  const now = new Date(ctx.clock.now()).toISOString();
  const unkeyed = () => `${targetKey(target)}-${Math.floor(ctx.clock.now()).toString(36)}${chars(ctx.random)}`;
  return {
    format: FORMAT,
    id: key === undefined ? unkeyed() : keyedId(target, key),
    state: "planned",
    service: adapter.service,
    target,
    instance,
    source,
    ...(ctx.by === undefined ? {} : { by: ctx.by }),
    createdAt: now,
    ...(waive?.length ? { waived: [...waive] } : {}),
    history: [{ at: now, to: "planned" }],
  };
}

/** @throws {RestoreError} `input` */
export function sourceOf<From, Extra extends object>(adapter: Adapter<From, Extra>, instance: unknown, from: From) {
  if (typeof instance !== "string" || instance === "") {
    throw new RestoreError("input", "instance is missing", { next: "Give the id of the instance." });
  }
  if (typeof from !== "object" || from === null) {
    throw new RestoreError("input", "from is missing", { next: "Say what to restore: { backup } or { at }." });
  }
  return adapter.source(from, instance);
}

/** One open restore per target: an earlier one must come to its end first. @throws {RestoreError} @throws {StoreError} */
async function refuseUnfinished(ctx: Context, { target, id, source }: Intent) {
  const same = await ctx.intents.read(id);
  if (same && !sameSource(same.intent.source, source)) throw otherSource(id);
  if (same) throw unfinished(same.intent);
  for await (const found of ctx.intents.list({ target, open: true })) {
    if ("error" in found) throw found.error;
    if (isOpen(found.intent)) throw unfinished(found.intent);
  }
}

function otherSource(id: string) {
  return new RestoreError("input", `the key belongs to intent ${id}, which restores something else`, {
    next: "Give each restore a key of its own.",
    intent: id,
  });
}

function unfinished(intent: Intent) {
  const { id, state, instance } = intent;
  const next = isOpen(intent)
    ? state === "accepted"
      ? "Resume it, and wait for its end."
      : "Resume it."
    : "It has ended, and is never begun again: another restore needs another key.";
  return new RestoreError("unfinished", `intent ${id} (${state}) is there already for ${instance}`, {
    next,
    intent: id,
  });
}

/** The vendor's own spelling of a moment is known only after the pre-flight. */
const sameSource = (one: Source, other: Source) =>
  one.instance === other.instance && one.backup === other.backup && one.at === other.at;

/** What the vendor's records have under the id of an intent that is new to the store: the store was lost, or is another. */
interface Begun {
  readonly begun: Sighting;
}

/** Follows it instead of sending it once more. @throws {RestoreError} `input`, `unfinished` where it cannot be followed */
async function adopt(ctx: Context, planned: Stored, { id: task, backup }: Sighting): Promise<Done> {
  const { id, source } = planned.intent;
  const same = (backup ?? source.backup) === source.backup;
  const why = "in the vendor's records already";
  if (same && task !== "")
    return record(ctx, planned, "accepted", { task: { id: task, found: "reconciled" as const } }, why);
  // Without a proof: this process has sent nothing, but the restore may have run.
  await record(ctx, planned, "notStarted", {}, why);
  if (!same) throw otherSource(id);
  throw new RestoreError("unfinished", `a record of the vendor carries the id of intent ${id}, but none of its own`, {
    next: "Look at it there. Another restore needs another key.",
    intent: id,
  });
}

/** Everything up to the last write before the first byte. */
async function prepare<From, Extra extends object>(
  ctx: Context,
  adapter: Adapter<From, Extra>,
  planned: Stored,
  extra: Extra,
  waive: readonly Waivable[],
  lease: Lease,
  signal: AbortSignal | undefined,
): Promise<Stored | Begun> {
  const { intent } = planned;
  const found = await examine(adapter, subjectOf(intent), extra, { now: ctx.clock.now, waive, signal });
  if (found.begun) return { begun: found.begun };
  if (!found.ok) refuse(found.checks, waive, intent.id);
  if (signal?.aborted) {
    throw new RestoreError("aborted", "aborted before anything was sent", { next: "Restore again when you like." });
  }
  if (!(await lease.renew())) throw busy(intent.id);
  return move(ctx, planned, "submitting", {
    known: found.known,
    clockOffsetMs: found.clockOffsetMs,
    source: found.exact === undefined ? intent.source : { ...intent.source, exact: found.exact },
    submit: { from: new Date(ctx.clock.now()).toISOString() },
  });
}

async function submit<From, Extra extends object>(
  ctx: Context,
  adapter: Adapter<From, Extra>,
  stored: Stored,
  extra: Extra,
  lease: Lease,
  signal: AbortSignal | undefined,
): Promise<Done> {
  const from = stored.intent.submit?.from ?? "";
  const ended = () => ({ from, to: new Date(ctx.clock.now()).toISOString() });
  // Others conclude that it has ended so long after `from`: what a slow store or a halted machine has used up is gone.
  const left = Date.parse(from) + SUBMIT_MS - ctx.clock.now();
  if (left <= 0)
    return record(ctx, stored, "notStarted", { submit: ended(), proof: "neverSent" }, "too late to send it");
  ctx.sent.add(stored.intent.id);
  let error: unknown;
  try {
    const call = { signal, timeout: { overall: Math.min(left, SUBMIT_MS) } };
    const { task, requestId } = await adapter.submit(subjectOf(stored.intent), extra, call);
    const submit = ended();
    if (task !== undefined && task !== "") {
      return record(
        ctx,
        stored,
        "accepted",
        { submit, task: { id: task, found: "answered" }, ...told(requestId) },
        undefined,
        true,
      );
    }
    const unnamed = { code: "answerWithoutId", executed: "maybe" as const };
    return resolve("unknown", { submit: { ...submit, error: unnamed }, ...told(requestId) }, unnamed.code);
  } catch (thrown) {
    error = thrown;
  }
  const problem = describe(error, adapter);
  const change = {
    submit: { ...ended(), error: problem },
    ...told(error instanceof ApiError ? error.requestId : undefined),
  };
  if (problem.executed === "maybe" || problem.locked) return resolve("unknown", change, problem.code);
  if (error instanceof ApiError || error instanceof InputError) return resolve("rejected", change, problem.code);
  return resolve("notStarted", { ...change, proof: "neverSent" }, problem.code);

  async function resolve(to: State, change: Change, why: string): Promise<Done> {
    const cause = error instanceof CallError ? error : undefined;
    const recorded = await record(ctx, stored, to, change, why, to !== "unknown");
    if (recorded.intent.state !== "unknown" || recorded.unrecorded) return { ...recorded, error: cause };
    const read = await ctx.intents.read(stored.intent.id).catch(() => undefined);
    if (!read) return { ...recorded, error: cause };
    return { error: cause, ...(await reconcileUnder(ctx, adapter, read, lease, signal)) };
  }
}

/** Codes alone: a message may quote what was sent. */
function describe(error: unknown, adapter: Adapter<never, never>): SubmitError {
  if (error instanceof ApiError) {
    const { code, status, executed } = error;
    return { code, status, executed, ...(executed === "no" && adapter.isLocked(code) ? { locked: true } : {}) };
  }
  if (error instanceof TransportError) return { code: error.failure, executed: error.executed };
  if (error instanceof InputError) return { code: "input", executed: "no" };
  // What nobody foresaw may have happened after the request was sent.
  return { code: error instanceof Error ? error.name : "unknown", executed: "maybe" };
}

const told = (requestId: string | undefined) => (requestId === undefined ? {} : { requestId });

const chars = (random: () => number) =>
  Math.floor(random() * 36 ** 6)
    .toString(36)
    .padStart(6, "0");
