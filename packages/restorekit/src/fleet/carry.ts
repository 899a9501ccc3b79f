import type { TurnEnd } from "@restorekit/core";
import type { Adapter } from "../adapter.js";
import { RestoreError } from "../errors.js";
import { type Intent, keyedId, type SubmitError } from "../intent.js";
import type { Outcome } from "../model.js";
import type { Pace } from "./pace.js";
import type { PlanEntry } from "./plan.js";
import type { FleetEnd, FleetItem } from "./report.js";
import type { Fleet } from "./run.js";

/**
 * An end after which a later run may begin the restore once more. `notListed`: the vendor's records did not have it
 * after the settle time, nor when they were looked at once more.
 */
export type Again = "notListed" | "rejected" | "failed";

// biome-ignore lint/suspicious/noExplicitAny: a plan's services have different kinds of orders, which it has checked
type Any = Adapter<any, any>;

/** Carries one restore from where it stands to its end. Never rejects. `begun` is called once its submit has ended. */
export async function carry(fleet: Fleet, entry: PlanEntry, pace: Pace, begun: () => void): Promise<FleetItem> {
  const { kit, options, plan, tell } = fleet;
  const { signal } = options;
  const adapter = options.adapters[entry.service] as Any;
  const target = `${adapter.scope}/${entry.instance}`;
  let intent: string | undefined;
  try {
    if (signal?.aborted) return item("stopped", { why: "It was not begun." });
    const outcome = await stand();
    intent = outcome.intent.id;
    if (outcome.outcome !== "accepted") return ended(outcome);
    begun();
    return await wait(outcome);
  } catch (error) {
    return thrown(error);
  }

  /** Where it stands after what earlier runs and this one did to begin it. */
  async function stand(): Promise<Outcome> {
    for (let attempt = 1, last: Intent | undefined; ; attempt++) {
      const key = keyOf(plan.name, attempt);
      const found = await options.intents.read(keyedId(target, key));
      if (found) {
        last = found.intent;
        continue;
      }
      if (!last) return begin(key);
      // A look into the records may take minutes, and sends nothing: others may begin meanwhile.
      begun();
      intent = last.id;
      mustBeSame(last);
      const outcome = await kit.reconcile(adapter, last.id, { signal });
      return mayBegin(outcome) ? begin(key) : outcome;
    }
  }

  async function begin(key: string): Promise<Outcome> {
    if (signal?.aborted) throw aborted();
    intent = keyedId(target, key);
    tell({ kind: "begun", entry });
    const { line: _, service: __, ...order } = entry;
    // The plan comes last: nothing else says what is overwritten.
    const whole = { ...(await options.extra?.(entry)), ...order, key };
    const turn = withTurn();
    try {
      return await kit.restore(turn.adapter, whole, { signal });
    } finally {
      turn.end();
    }
  }

  /**
   * An adapter that waits for its turn before the restore is `submitting`: what queues in that state, where a process
   * dies, may have been sent for all that the next process knows.
   */
  function withTurn() {
    let end: ((how: TurnEnd) => void) | undefined;
    let how: TurnEnd = "unsent";
    let had = false;
    const over = () => {
      end?.(how);
      begun();
    };
    const turned: Any = {
      ...adapter,
      async sightings(...args) {
        const seen = await adapter.sightings(...args);
        if (had || !pace.submits) return seen;
        had = true;
        end = (await fleet.turns.take(adapter.service, pace.submits, signal ?? NEVER)) ?? undefined;
        return seen;
      },
      async submit(...args) {
        how = "unanswered";
        try {
          const submitted = await adapter.submit(...args);
          how = "answered";
          return submitted;
        } finally {
          over();
        }
      },
    };
    return { adapter: turned, end: over };
  }

  function mayBegin({ outcome, intent: { proof, submit } }: Outcome) {
    if (outcome === "notStarted") return proof === "neverSent" || may("notListed");
    if (outcome === "rejected" && isThrottled(submit?.error)) return true;
    return (outcome === "rejected" || outcome === "failed") && may(outcome);
  }

  function may(end: Again) {
    return options.again?.includes(end) ?? false;
  }

  /** @throws {RestoreError} where the plan was changed after it had begun this restore */
  function mustBeSame({ id, source }: Intent) {
    const wanted = adapter.source(entry.from, entry.instance);
    if (source.instance === wanted.instance && source.backup === wanted.backup && source.at === wanted.at) return;
    throw new RestoreError("input", `under the plan's name, ${entry.instance} was restored from something else`, {
      next: "Give the plan a new name for another restore of this instance.",
      intent: id,
    });
  }

  async function wait({ intent: { id }, task, unrecorded }: Extract<Outcome, { outcome: "accepted" }>) {
    tell({ kind: "accepted", entry, intent: id, task: task.id });
    const end = await task.wait({
      deadline: new Date(fleet.now() + options.deadlineMs),
      intervalMs: pace.intervalMs,
      signal,
      ...(options.onProgress && { onProgress: (progress) => tell({ kind: "progress", entry, intent: id, progress }) }),
    });
    const error = end.unrecorded ?? unrecorded ?? (end.end === "succeeded" ? undefined : end.lastError);
    const why = end.end === "succeeded" ? undefined : (end.detail ?? WHY[end.end]);
    return item(end.end === "aborted" ? "stopped" : end.end, { why, error, task: task.id });
  }

  function ended(outcome: Exclude<Outcome, { outcome: "accepted" }>): FleetItem {
    const { proof, task } = outcome.intent;
    // Stopped while it waited for its turn.
    if (outcome.outcome === "notStarted" && proof === "neverSent" && signal?.aborted) throw aborted();
    const error = outcome.unrecorded ?? ("error" in outcome ? outcome.error : undefined);
    const why =
      "next" in outcome ? outcome.next : outcome.outcome === "succeeded" ? undefined : (proof ?? error?.message);
    return item(outcome.outcome, { why, error, task: task?.id });
  }

  /** Whatever throws, this run has sent nothing of it, or only waited. */
  function thrown(thrown: unknown): FleetItem {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const problem = error instanceof RestoreError ? error.problem : undefined;
    const more = { why: error.message, error };
    if (problem === "aborted") return item("stopped", more);
    return item(problem === "preflight" ? "notStarted" : "error", more);
  }

  function item(end: FleetEnd, more: Partial<Pick<FleetItem, "task" | "why" | "error">>): FleetItem {
    return { entry, end, intent, task: more.task, why: more.why, error: more.error };
  }
}

/** The key of an attempt. The number comes first, so that no name makes the key of another plan. */
export const keyOf = (plan: string, attempt: number) => `${attempt}/${plan}`;

/** Refused for nothing but the rate. */
const isThrottled = (error: SubmitError | undefined) =>
  error?.executed === "no" && (error.status === 429 || error.code.startsWith("RequestLimitExceeded"));

/** For what wants a signal where nobody gave one. */
export const NEVER = new AbortController().signal;

const WHY: Readonly<Record<string, string>> = {
  failed: "The vendor says that it failed. See the vendor's console.",
  timedOut: "The deadline came; the restore goes on. Run the plan again to wait on.",
  aborted: "The fleet was stopped; the restore goes on. Run the plan again to wait on.",
  unrecognised: "The task is in a state that no document names. Look at the vendor's console.",
};

function aborted() {
  return new RestoreError("aborted", "the fleet was stopped before it was sent", { next: "Run the plan again." });
}
