import type { Progress } from "../model.js";
import type { PlanEntry } from "./plan.js";

/**
 * How one restore of a fleet ended.
 *
 * - `succeeded`, `failed`, `timedOut`, `unrecognised`: as waiting for it ended.
 * - `rejected`, `notStarted`: it did not run.
 * - `unknown`: it may run; the vendor's records did not tell yet.
 * - `stopped`: the fleet was stopped before it was begun, or while it runs.
 * - `error`: it could not be begun or carried on; `error` says why. Nothing was sent.
 *
 * Run the plan again to carry on with all but `succeeded`, `failed` and `rejected`.
 */
export type FleetEnd = (typeof FLEET_ENDS)[number];

export const FLEET_ENDS = [
  "succeeded",
  "failed",
  "timedOut",
  "unrecognised",
  "rejected",
  "notStarted",
  "unknown",
  "stopped",
  "error",
] as const;

/** What became of one restore. */
export interface FleetItem {
  readonly entry: PlanEntry;
  readonly end: FleetEnd;
  /** Id of its intent; undefined where none was made. */
  readonly intent: string | undefined;
  /** The vendor's id of it. */
  readonly task: string | undefined;
  /** Why, and what to do, where it did not succeed. */
  readonly why: string | undefined;
  readonly error: Error | undefined;
}

/** How many restores are where. */
export interface FleetTally {
  /** In the plan. */
  readonly planned: number;
  /** Begun by this run, and not ended. */
  readonly underWay: number;
  readonly ends: Readonly<Record<FleetEnd, number>>;
}

/** Something has happened to one restore. */
export type FleetEvent = { readonly entry: PlanEntry; readonly tally: FleetTally } & (
  | { readonly kind: "begun" }
  | { readonly kind: "accepted"; readonly intent: string; readonly task: string }
  | { readonly kind: "progress"; readonly intent: string; readonly progress: Progress }
  | { readonly kind: "ended"; readonly item: FleetItem }
);

export interface FleetReport {
  /** Name of the plan. */
  readonly plan: string;
  /** Times are ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** In the order of the plan. */
  readonly items: readonly FleetItem[];
  readonly ends: Readonly<Record<FleetEnd, number>>;
}

export const noEnds = () => Object.fromEntries(FLEET_ENDS.map((end) => [end, 0])) as Record<FleetEnd, number>;
