import { type Emulator, phaseOf, type ServiceName } from "@restorekit/emulator";
import { type End, isIntent, type Outcome, RestoreError, StoreError } from "restorekit";
import type { Arrival, Executed } from "./restore-cloud.js";
import type { Plan } from "./restore-plan.js";
import type { Life } from "./restore-process.js";

/** What is counted; each must stay 0. */
export const RESTORE_RULES = [
  "duplicates",
  "lost",
  "hangs",
  "wrong adoptions",
  "wrong ends",
  "untyped",
  "undecided",
  "unreadable",
] as const;
export type RestoreRule = (typeof RESTORE_RULES)[number];

export interface RestoreViolation {
  rule: RestoreRule;
  detail: string;
}

/** What the façade said of an intent, and when. */
export type Report = { at: number; call: string; intent: string | undefined; by: Life } & (
  | { outcome: Outcome }
  | { end: End; deadline: number; aborted: boolean }
  | { error: unknown }
);

/** Only these name the caller in their records: there, no restore of another may ever be taken for ours. */
const MARKED: readonly ServiceName[] = ["opentelekomcloud-dcs"];

/** Holds everything that was said against what the cloud executed. */
export function* judgeSchedule(
  plan: Plan,
  reports: readonly Report[],
  executed: readonly Executed[],
  arrivals: readonly Arrival[],
  documents: ReadonlyMap<string, string>,
  emulator: Emulator,
  final: string | undefined,
): Generator<RestoreViolation> {
  const of = (intent: string | undefined) => executed.filter(({ sender }) => sender.intent === intent);
  const intents = new Set(executed.map(({ sender }) => sender.intent).filter((id) => id !== "rival"));

  for (const intent of intents) {
    const senders = new Set(of(intent).map(({ sender }) => sender));
    if (senders.size > 1) yield { rule: "duplicates", detail: `${intent} was executed ${senders.size} times` };
    if (!documents.has(intent)) yield { rule: "lost", detail: `${intent} runs, and no intent is stored` };
  }
  for (const id of new Set(arrivals.map(({ intent }) => intent))) {
    const all = arrivals.filter(({ intent }) => intent === id);
    if (all.slice(0, -1).some(({ neverRan }) => !neverRan)) {
      yield { rule: "duplicates", detail: `${id} was sent ${all.length} times` };
    }
  }
  for (const [id, document] of documents) {
    const intent = readable(document);
    if (!intent) yield { rule: "unreadable", detail: id };
    else if (["planned", "rejected", "notStarted"].includes(intent.state) && of(id).length > 0) {
      yield { rule: "lost", detail: `${id} was executed and is stored as ${intent.state}` };
    }
  }
  for (const report of reports) yield* judgeReport(report);
  yield* judgeFinal();

  function* judgeReport(report: Report): Generator<RestoreViolation> {
    const { call, intent } = report;
    if ("error" in report) {
      const { error } = report;
      if (!(error instanceof RestoreError || error instanceof StoreError) || error.next === "") {
        yield { rule: "untyped", detail: `${call}: ${error instanceof Error ? error.stack : error}` };
      }
      // It throws only if it has sent nothing; another process may have sent it, under the same key.
      if (call === "restore" && of(intent).some(({ sender }) => sender.by === report.by)) {
        yield { rule: "lost", detail: `${call} threw ${error}, and runs` };
      }
      return;
    }
    if ("outcome" in report) {
      const { outcome, task } = { task: undefined, ...report.outcome };
      const ran = of(report.outcome.intent.id);
      if ((outcome === "notStarted" || outcome === "rejected") && ran.length > 0) {
        yield { rule: "lost", detail: `${call} said ${outcome} of ${report.outcome.intent.id}, which was executed` };
      }
      if (task) yield* judgeTask(report.outcome.intent.id, task.id, call);
      return;
    }
    yield* judgeEnd(report);
  }

  /**
   * Whether a task is the intent's own. Where the records name nobody, and the submit was never executed, the only new
   * restore within its window cannot be told from it; as soon as it was executed, there are two, and that can be told.
   */
  function* judgeTask(intent: string, task: string, call: string): Generator<RestoreViolation> {
    const own = of(intent);
    if (own.some((one) => one.task.id === task)) return;
    const taken = executed.find((one) => one.task.id === task);
    const undecidable = !MARKED.includes(plan.service) && own.length === 0 && taken?.sender.intent === "rival";
    if (undecidable) return;
    yield { rule: "wrong adoptions", detail: `${call} took ${task} of ${taken?.sender.intent} for ${intent}` };
  }

  function* judgeEnd({ call, end, at, deadline, aborted }: Extract<Report, { end: End }>): Generator<RestoreViolation> {
    const task = emulator.state.task(end.intent.task?.id ?? "");
    const phase = task && phaseOf(task, at + plan.cloudAheadMs);
    const right =
      end.end === "timedOut"
        ? at > deadline - 1
        : end.end === "aborted"
          ? aborted
          : phase === (end.end === "unrecognised" ? "stuck" : end.end);
    if (!right) yield { rule: "wrong ends", detail: `${call} said ${end.end} of a task that is ${phase}` };
  }

  /** After everything went well again, only what the records cannot tell may be open. */
  function* judgeFinal(): Generator<RestoreViolation> {
    const intent = final === undefined ? undefined : readable(documents.get(final) ?? "");
    if (intent?.state !== "unknown" && intent?.state !== "submitting") return;
    if (executed.some(({ task }) => task.stuck !== undefined)) return;
    if (executed.length > of(final).length || of(final).length > 1) return;
    yield { rule: "undecided", detail: `${final} is ${intent.state}, and nobody else restores` };
  }
}

function readable(document: string) {
  try {
    const { intent } = JSON.parse(document);
    return isIntent(intent) ? intent : undefined;
  } catch {
    return undefined;
  }
}
