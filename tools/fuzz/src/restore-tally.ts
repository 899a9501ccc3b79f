import type { RestoreResult } from "./restore-schedule.js";
import { RESTORE_RULES, type RestoreRule, type RestoreViolation } from "./restore-verdicts.js";

/** Sums over schedules; plain data, so that workers can hand it over. */
export interface RestoreTally {
  schedules: number;
  restores: number;
  executed: number;
  deaths: number;
  broken: Map<RestoreRule, number>;
  met: Map<string, number>;
  /** Schedules that broke a rule. */
  failed: { index: number; violations: RestoreViolation[] }[];
}

export function createRestoreTally(): RestoreTally {
  return {
    schedules: 0,
    restores: 0,
    executed: 0,
    deaths: 0,
    broken: new Map(RESTORE_RULES.map((rule) => [rule, 0])),
    met: new Map(),
    failed: [],
  };
}

export function addResult(tally: RestoreTally, index: number, result: RestoreResult) {
  const { violations } = result;
  const broken = new Map<RestoreRule, number>();
  // What one mistake leads to may be seen at several places: a schedule breaks each rule once.
  for (const { rule } of violations) broken.set(rule, 1);
  const failed = violations.length > 0 ? [{ index, violations }] : [];
  merge(tally, { ...result, schedules: 1, broken, failed });
}

export function merge(tally: RestoreTally, other: RestoreTally) {
  tally.schedules += other.schedules;
  tally.restores += other.restores;
  tally.executed += other.executed;
  tally.deaths += other.deaths;
  for (const [rule, count] of other.broken) tally.broken.set(rule, (tally.broken.get(rule) ?? 0) + count);
  for (const [name, count] of other.met) tally.met.set(name, (tally.met.get(name) ?? 0) + count);
  tally.failed.push(...other.failed);
}
