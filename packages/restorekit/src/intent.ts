/**
 * Where a restore stands.
 *
 * - `planned`: written down; nothing was sent.
 * - `submitting`: about to be sent, or sent. Found by another process, it means `unknown`.
 * - `unknown`: it may run.
 * - `accepted`: the vendor runs it as `task`.
 * - `rejected`: the vendor refused it; it did not run.
 * - `notStarted`: it did not run; `proof` says how that is known.
 * - `succeeded`, `failed`: the vendor's task has ended.
 */
export type State =
  | "planned"
  | "submitting"
  | "unknown"
  | "accepted"
  | "rejected"
  | "notStarted"
  | "succeeded"
  | "failed";

/** Every change of state there is. What an answer says outweighs what a list did not show. */
export const TRANSITIONS: Readonly<Record<State, readonly State[]>> = {
  planned: ["submitting", "notStarted", "accepted"],
  submitting: ["accepted", "rejected", "unknown", "notStarted"],
  unknown: ["accepted", "rejected", "notStarted"],
  notStarted: ["accepted"],
  accepted: ["succeeded", "failed"],
  rejected: [],
  succeeded: [],
  failed: [],
};

/** Whether something may still come of it; only one such intent may exist per target. */
export const isOpen = ({ state }: Pick<Intent, "state">) =>
  state === "planned" || state === "submitting" || state === "unknown" || state === "accepted";

/** What a restore reads. */
export interface Source {
  /** The instance whose backup or past is restored; mostly the target itself. */
  readonly instance: string;
  readonly backup?: string;
  /** ISO 8601, UTC. */
  readonly at?: string;
  /** The vendor's own text for `at`, where it takes no other. */
  readonly exact?: string;
}

/** A restore as it is kept: JSON, without any secret. Times are ISO 8601, UTC, of the writing process. */
export interface Intent {
  readonly format: typeof FORMAT;
  /** Begins with the key of its target: a store finds the intents of a target by it. */
  readonly id: string;
  readonly state: State;
  readonly service: string;
  /** Service, region, project and instance: what is overwritten. */
  readonly target: string;
  readonly instance: string;
  readonly source: Source;
  /** Who asked for it. */
  readonly by?: string;
  readonly createdAt: string;
  /** Checks that the caller took upon himself. */
  readonly waived?: readonly string[];
  /** Records the vendor listed before the submit; `before`: of older ones, only that they are older. */
  readonly known?: { readonly ids: readonly string[]; readonly before?: string };
  /** How far the service's clock is ahead of ours. */
  readonly clockOffsetMs?: number;
  readonly submit?: {
    /** The submit happened between the two; no `to` means that the process ended meanwhile. */
    readonly from: string;
    readonly to?: string;
    readonly error?: SubmitError;
  };
  readonly task?: { readonly id: string; readonly found: "answered" | "reconciled" };
  readonly requestId?: string;
  /** How a `notStarted` is known. */
  readonly proof?: "neverSent" | "notListed";
  /** The vendor's last state of the task. */
  readonly rawState?: string | number;
  readonly history: readonly { readonly at: string; readonly to: State; readonly why?: string }[];
}

/** What is kept of a failed submit: codes alone, for messages may quote anything. */
export interface SubmitError {
  readonly code: string;
  readonly status?: number;
  readonly executed: "no" | "maybe";
  /** The refusal says that something else runs on the instance, which may be this restore, delivered twice. */
  readonly locked?: true;
}

export const FORMAT = "restorekit-intent/1";

/** Short and the same for the same target; two targets may share one. */
export function targetKey(target: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(target)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, "0").slice(0, 12);
}

/** The id of the intent that a restore of this target has under a key. */
export const keyedId = (target: string, key: string) => `${targetKey(target)}-${targetKey(`${target} ${key}`)}`;

const STATES = Object.keys(TRANSITIONS);

/** Whether a parsed document is an intent of this format; a reader that trusts less must not go on. */
export function isIntent(value: unknown): value is Intent {
  const intent = value as Intent | null;
  return (
    typeof intent === "object" &&
    intent !== null &&
    intent.format === FORMAT &&
    [intent.id, intent.service, intent.target, intent.instance, intent.createdAt].every(isText) &&
    intent.id.startsWith(`${targetKey(intent.target)}-`) &&
    STATES.includes(intent.state) &&
    isText(intent.source?.instance) &&
    Array.isArray(intent.history) &&
    (!["accepted", "succeeded", "failed"].includes(intent.state) || isText(intent.task?.id)) &&
    (!["submitting", "unknown"].includes(intent.state) || isTime(intent.submit?.from)) &&
    [intent.submit?.from, intent.submit?.to].every((time) => time === undefined || isTime(time)) &&
    (intent.known === undefined || Array.isArray(intent.known.ids)) &&
    (intent.clockOffsetMs === undefined || Number.isFinite(intent.clockOffsetMs))
  );
}

/** What is no time would be waited for without end. */
const isTime = (value: unknown) => isText(value) && !Number.isNaN(Date.parse(String(value)));
const isText = (value: unknown) => typeof value === "string" && value !== "";
