import { CallError, type WaitEnd } from "@restorekit/core";
import { type Adapter, subjectOf } from "./adapter.js";
import { type Context, mustRead, record } from "./context.js";
import { RestoreError } from "./errors.js";
import { toDate } from "./instant.js";
import type { Intent } from "./intent.js";
import type { End, Progress, WaitOptions } from "./model.js";
import { asking } from "./preflight.js";
import { quietly } from "./quietly.js";

/** A shorter interval would only keep the service busy. */
const SHORTEST_MS = 10;

/** Waits for an accepted restore: for its task, and then for its instance. Ends at the deadline at the latest. */
export async function wait<From, Extra extends object>(
  ctx: Context,
  adapter: Adapter<From, Extra>,
  id: string,
  options: WaitOptions,
  known?: Intent,
): Promise<End> {
  const { intervalMs = 10_000, onProgress, signal = new AbortController().signal } = options;
  const deadline = toDate(options.deadline, "deadline");
  if (!(intervalMs >= 0))
    throw new RestoreError("input", "intervalMs is not a number of milliseconds", { next: "Give 0 or more." });
  const stored = await mustRead(ctx, id);
  // Where the store failed after the submit, the caller knows more than it; what is known is kept now.
  const behind = known?.state === "accepted" && known.task?.id !== stored.intent.task?.id;
  const intent = behind ? await catchUp(known) : stored.intent;
  if (intent.state === "succeeded" || intent.state === "failed") return ended(intent);
  const task = intent.task;
  if (intent.state !== "accepted" || !task) throw notAccepted(intent);

  const poll = () =>
    adapter.follow(task.id, subjectOf(intent), {
      deadline,
      intervalMs,
      signal,
      clock: ctx.clock,
      random: ctx.random,
      onProgress: ({ state, progress }) => show({ rawState: state, progress, waitingFor: "task" }),
    });
  const seen = await asking(adapter, {}, poll, "The restore goes on: wait for it again.");
  if (seen.end === "failed") return keep("failed");
  if (seen.end !== "succeeded") return endOf(seen.end, intent, seen, "task");
  return untilRunning();

  async function catchUp({ submit, task, requestId }: Intent) {
    const change = { ...(submit && { submit }), ...(task && { task }), ...(requestId && { requestId }) };
    return (await record(ctx, stored, "accepted", change, "kept late", task?.found === "answered")).intent;
  }

  /** The task is done; the restore is when the instance runs. */
  async function untilRunning(): Promise<End> {
    let { lastError } = seen;
    let rawState: string | number | undefined;
    for (;;) {
      const left = deadline.getTime() - ctx.clock.now();
      const stopped = signal.aborted ? "aborted" : left <= 0 ? "timedOut" : undefined;
      if (stopped) return { ...endOf(stopped, intent, seen, "instance"), rawState, lastError };
      try {
        const condition = await adapter.condition(intent.instance, { signal, timeout: { overall: left } });
        if (condition.running) return keep("succeeded");
        rawState = condition.rawState;
        show({ rawState, progress: undefined, waitingFor: "instance" });
      } catch (error) {
        // A list that cannot be walked is a failed poll too.
        if (!(error instanceof CallError || error instanceof RangeError)) throw error;
        lastError = error;
      }
      const wanted = Math.max(SHORTEST_MS, intervalMs * (0.8 + 0.4 * ctx.random()));
      const pause = Math.min(wanted, deadline.getTime() - ctx.clock.now());
      await ctx.clock.sleep(Math.max(0, pause), signal).catch(() => {});
    }
  }

  async function keep(end: "succeeded" | "failed"): Promise<End> {
    const latest = await ctx.intents.read(id).catch(() => undefined);
    // What was waited for was taken from the records, and the answer has come after all.
    if (latest?.intent.task && latest.intent.task.id !== task?.id) return wait(ctx, adapter, id, options);
    const kept = await record(ctx, latest ?? stored, end, seen.state === undefined ? {} : { rawState: seen.state });
    return { ...endOf(end, kept.intent, seen, "task"), ...(kept.unrecorded ? { unrecorded: kept.unrecorded } : {}) };
  }

  /** A listener that throws must not end the waiting. */
  function show(progress: Progress) {
    quietly(() => onProgress?.(progress));
  }
}

function endOf(end: End["end"], intent: Intent, seen: WaitEnd, waitingFor: Progress["waitingFor"]): End {
  const { state, progress, detail, lastError } = seen;
  return { end, rawState: state, progress, waitingFor, detail, lastError, intent };
}

/** An end that is known already. */
function ended(intent: Intent): End {
  const end = intent.state as "succeeded" | "failed";
  const nothing = { progress: undefined, detail: undefined, lastError: undefined };
  return { end, rawState: intent.rawState, waitingFor: "task", ...nothing, intent };
}

function notAccepted(intent: Intent) {
  return new RestoreError("notAccepted", `intent ${intent.id} is ${intent.state}: there is no task to wait for`, {
    next: intent.state === "unknown" || intent.state === "submitting" ? "Reconcile it first." : "Begin a new restore.",
    intent: intent.id,
  });
}
