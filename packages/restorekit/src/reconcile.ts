import { type Adapter, type Sighting, subjectOf } from "./adapter.js";
import { type Context, type Done, record, SUBMIT_MS } from "./context.js";
import type { Intent } from "./intent.js";
import { judge, type Others, type Verdict, type Window } from "./judge.js";
import { LOOK_BACK_MS } from "./preflight.js";
import type { Lease, Stored } from "./store.js";

/**
 * Looks into the vendor's records until they say what became of a submit: found by its mark, it is `accepted`. Where the
 * records bear no mark, they must have had time to settle first, for a second candidate may come. Not found by then, with
 * the instance at rest, it is `notStarted`. Else it stays `unknown`. Nothing is ever sent again.
 */
export async function reconcileUnder<From, Extra extends object>(
  ctx: Context,
  adapter: Adapter<From, Extra>,
  stored: Stored,
  lease: Lease,
  signal: AbortSignal | undefined,
): Promise<Done> {
  const { intent } = stored;
  const { settled, end } = times(ctx, intent);

  for (;;) {
    if (signal?.aborted) return { intent, why: "the looking was aborted" };
    if (!(await lease.renew().catch(() => false))) return { intent, why: "another process has taken it over" };
    const verdict = await look();
    if (verdict.kind === "found") {
      const task = { id: verdict.id, found: "reconciled" as const };
      return record(ctx, stored, "accepted", { task }, "found in the vendor's records");
    }
    if (verdict.kind === "none") return gone();
    if (ctx.clock.now() >= end) return { intent, why: verdict.why };
    // Aborting shows at the top of the loop.
    await ctx.clock.sleep(ctx.lookMs, signal ?? new AbortController().signal).catch(() => {});
  }

  /** One look; `none` only once there has been time enough. */
  async function look(): Promise<Verdict> {
    try {
      const call = { signal };
      // Time first: what is listed after it counts for all that came before it.
      const waited = ctx.clock.now() >= settled;
      const sightings = await adapter.sightings(subjectOf(intent), sinceOf(intent), call);
      const verdict = judge(sightings, intent, windowOf(ctx, intent), await othersOf(ctx, intent));
      if (verdict.kind === "unclear" || (verdict.kind === "found" && verdict.marked)) return verdict;
      if (!waited) return { kind: "unclear", why: "the vendor's records may not have settled yet" };
      if (verdict.kind === "found") return verdict;
      if (ctx.clock.now() > sentUntil(intent.submit) + KEPT_MS)
        return { kind: "unclear", why: "the vendor's records of that time may be gone" };
      const { running, rawState } = await adapter.condition(intent.instance, call);
      if (running || sightings.some(explains)) return verdict;
      return { kind: "unclear", why: `no record of it, but the instance is in state ${rawState}` };
    } catch (error) {
      return {
        kind: "unclear",
        why: `the vendor's records could not be read (${error instanceof Error ? error.name : "error"})`,
      };
    }
  }

  function gone() {
    // A refusal as locked stands, once it is clear that no second delivery of the same request runs.
    if (intent.submit?.error?.locked) return record(ctx, stored, "rejected", {}, intent.submit.error.code);
    return record(ctx, stored, "notStarted", { proof: "notListed" }, "not in the vendor's records");
  }
}

/** Looks once more whether a restore that seemed not to have started is listed after all. */
export async function lookAgain<From, Extra extends object>(
  ctx: Context,
  adapter: Adapter<From, Extra>,
  stored: Stored,
  signal: AbortSignal | undefined,
): Promise<Done> {
  const { intent } = stored;
  const sightings = await adapter.sightings(subjectOf(intent), sinceOf(intent), { signal });
  const verdict = judge(sightings, intent, windowOf(ctx, intent), await othersOf(ctx, intent));
  if (verdict.kind !== "found") return { intent };
  const task = { id: verdict.id, found: "reconciled" as const };
  return record(ctx, stored, "accepted", { task }, "listed after all");
}

/** The services keep their records for thirty days, and one looks at most so many back. */
const KEPT_MS = 28 * 86_400_000;

/** A running record that is certainly another one tells why the instance is not at rest. */
const explains = ({ running, relation }: Sighting) => running && relation === "other";

/**
 * When the records have settled, and when to stop looking. The process that sent it may have had another clock; one that
 * was set back must not prolong it.
 */
function times({ clock, settleMs, skewMs, sent }: Context, { id, submit }: Intent) {
  const now = clock.now();
  const patience = settleMs + (sent.has(id) ? 0 : skewMs);
  const settled = Math.min(sentUntil(submit) + patience, now + SUBMIT_MS + patience);
  return { settled, end: Math.max(settled, now) + settleMs };
}

/** From when on records are looked at, by the service's clock as far as it is known. */
function sinceOf({ submit, createdAt, clockOffsetMs = 0 }: Intent) {
  return new Date(Date.parse(submit?.from ?? createdAt) + clockOffsetMs - LOOK_BACK_MS);
}

/** What the other intents of the target have got, or may have: none of that is this one's. */
async function othersOf(ctx: Context, { id, target, state: own }: Intent): Promise<Others> {
  const tasks = new Set<string>();
  const windows: Window[] = [];
  for await (const found of ctx.intents.list({ target })) {
    // What cannot be read may have begun at any time.
    if ("error" in found) windows.push({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY });
    else if (found.intent.id !== id) {
      const { task, state, submit, proof } = found.intent;
      if (task) tasks.add(task.id);
      // Who looks beyond the settle time must expect that of all, and second deliveries; before, they are what they seem.
      const beyond = own === "notStarted" && submit !== undefined && proof !== "neverSent";
      if (state === "submitting" || state === "unknown" || beyond) windows.push(windowOf(ctx, found.intent));
    }
  }
  return { tasks, windows };
}

/** In which the record must have begun, by our clock or by the service's as one answer told it. */
function windowOf({ skewMs }: Context, { submit, clockOffsetMs = 0 }: Intent): Window {
  return {
    from: Date.parse(submit?.from ?? "") + Math.min(0, clockOffsetMs) - skewMs,
    to: sentUntil(submit) + Math.max(0, clockOffsetMs) + skewMs,
  };
}

/** Without an end, the process died during the submit, which may have gone on for as long as one may take. */
const sentUntil = (submit: Intent["submit"]) =>
  submit?.to === undefined ? Date.parse(submit?.from ?? "") + SUBMIT_MS : Date.parse(submit.to);
