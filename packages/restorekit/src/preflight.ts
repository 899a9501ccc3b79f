import { ApiError, CallError, type CallOptions, DECISIONS, InputError, TransportError } from "@restorekit/core";
import type { Adapter, Sighting, Subject } from "./adapter.js";
import { check } from "./checks.js";
import { RestoreError } from "./errors.js";
import type { Intent } from "./intent.js";
import { snapshot } from "./judge.js";
import type { Check, CheckName, Preflight } from "./model.js";

/** Checks that a caller may take upon himself, by name, where he knows better. */
export type Waivable = Exclude<CheckName, "instanceExists" | "taskListReadable">;

export interface Ready extends Preflight {
  readonly exact: string | undefined;
  readonly known: NonNullable<Intent["known"]>;
  readonly clockOffsetMs: number;
  /** The restore of this very intent: begun, although the store knows nothing of it. */
  readonly begun: Sighting | undefined;
}

/** Records from so long before are looked through, so that no difference of clocks or zones hides one. */
export const LOOK_BACK_MS = 86_400_000;

/** Checks everything documented, by read-only calls. @throws {RestoreError} `credentials`, `unreachable`, `aborted` */
export async function examine<From, Extra extends object>(
  adapter: Adapter<From, Extra>,
  subject: Subject,
  extra: Extra,
  { now, waive = [], ...call }: { now: () => number; waive?: readonly Waivable[] } & CallOptions,
): Promise<Ready> {
  const found = await asking(adapter, call, () => adapter.preflight(subject, extra, call));
  const clockOffsetMs = offset(found.serverTime, now());
  const exists = found.checks.every(({ name, verdict }) => name !== "instanceExists" || verdict !== "failed");
  const since = new Date(now() + clockOffsetMs - LOOK_BACK_MS);
  const seen = exists ? await readTasks(adapter, subject, since, call) : { sightings: [], checks: [] };
  const checks = [...found.checks, ...seen.checks];
  const failed = checks.filter((one) => stops(one, waive));
  const begun = seen.sightings.find(({ relation }) => relation === "ours");
  return { ok: failed.length === 0, checks, exact: found.exact, known: snapshot(seen.sightings), clockOffsetMs, begun };
}

/** @throws {RestoreError} `preflight`, which names the checks that failed */
export function refuse(checks: readonly Check[], waive: readonly string[], intent: string): never {
  const failed = checks.filter((one) => stops(one, waive));
  throw new RestoreError(
    "preflight",
    `not restored: ${failed.map(({ name, found }) => `${name} (${found})`).join("; ")}`,
    {
      next: failed.map(({ next }) => next).join(" "),
      intent,
      checks,
    },
  );
}

/** Types do not keep everybody from waiving what cannot be waived. */
const stops = ({ name, verdict }: Check, waive: readonly string[]) =>
  verdict === "failed" && !(waive.includes(name) && name !== "instanceExists" && name !== "taskListReadable");

/** Without a readable task list, nobody could tell afterwards what became of a lost reply. */
async function readTasks(adapter: Adapter<never, never>, subject: Subject, since: Date, call: CallOptions) {
  const page = adapter.taskPage;
  let sightings: Sighting[] = [];
  let problem: string | undefined;
  try {
    sightings = await adapter.sightings(subject, since, call);
  } catch (error) {
    if (!(error instanceof ApiError)) throw explain(error, adapter.service, call.signal);
    problem = error.code;
  }
  const running = sightings.find((sighting) => sighting.running);
  return {
    sightings,
    checks: [
      check("taskListReadable", problem === undefined, {
        found: problem ?? "readable",
        next: "Let these credentials list tasks, or try again later: without the list, a lost reply could not be resolved.",
        page,
      }),
      check("noTaskRunning", problem === undefined ? running === undefined : undefined, {
        found: running ? `task ${running.id}` : "none",
        next: "Wait until the running task ends.",
        page,
      }),
    ],
  };
}

/**
 * Asks the service something; what goes wrong comes as a RestoreError.
 * @param next what to do where the service could not be asked; without it, nothing was ever sent
 */
export async function asking<T>(
  adapter: { service: string },
  call: CallOptions,
  question: () => Promise<T>,
  next?: string,
): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw explain(error, adapter.service, call.signal, next);
  }
}

function explain(error: unknown, service: string, signal: AbortSignal | undefined, next?: string): unknown {
  if (error instanceof RestoreError) return error;
  if (signal?.aborted) {
    return new RestoreError("aborted", next ? "aborted while looking" : "aborted before anything was sent", {
      next: next ?? "Restore again when you like.",
      cause: error,
    });
  }
  const denied =
    error instanceof ApiError
      ? error.status === 401 || error.status === 403 || /^(AuthFailure|UnauthorizedOperation)\b/.test(error.code)
      : error instanceof TransportError && error.failure === "refusedHere";
  if (denied) {
    const cause = error as CallError;
    return new RestoreError("credentials", `${service} refuses the credentials: ${cause.message}`, {
      next: "Check keys or token, account or project, region, permissions, and the clock of this machine.",
      cause,
    });
  }
  // Asked again as it is, it would be refused again.
  const wrong = error instanceof InputError || (error instanceof ApiError && error.why === DECISIONS.rejected.why);
  if (wrong && next === undefined) {
    return new RestoreError("input", `${service} was asked for what it refuses: ${(error as CallError).message}`, {
      next: "Nothing was sent. Check instance, region and project.",
      cause: error,
    });
  }
  if (error instanceof CallError || error instanceof RangeError) {
    return new RestoreError("unreachable", `${service} could not be asked: ${error.message}`, {
      next: next ?? "Nothing was sent. Try again later.",
      cause: error,
    });
  }
  return error;
}

function offset(serverTime: string | null | undefined, now: number) {
  const at = Date.parse(serverTime ?? "");
  return Number.isNaN(at) ? 0 : at - now;
}
