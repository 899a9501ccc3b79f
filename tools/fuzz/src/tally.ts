import type { Outcome } from "./schedule.js";
import { RULES, type Rule } from "./verdicts.js";

/** Sums over schedules. */
export interface Tally {
  schedules: number;
  calls: number;
  writes: number;
  attempts: number;
  broken: Map<Rule, number>;
  met: Map<string, number>;
}

export function createTally(): Tally {
  return {
    schedules: 0,
    calls: 0,
    writes: 0,
    attempts: 0,
    broken: new Map(RULES.map((rule) => [rule, 0])),
    met: new Map(),
  };
}

export function add(tally: Tally, outcome: Outcome) {
  tally.schedules++;
  tally.calls += outcome.calls;
  tally.writes += outcome.writes;
  tally.attempts += outcome.attempts;
  for (const { rule } of outcome.violations) tally.broken.set(rule, (tally.broken.get(rule) ?? 0) + 1);
  for (const [name, count] of outcome.met) tally.met.set(name, (tally.met.get(name) ?? 0) + count);
}

export function violationsOf({ broken }: { broken: ReadonlyMap<string, number> }) {
  return [...broken.values()].reduce((sum, count) => sum + count, 0);
}

export function rulesLine({ broken }: { broken: ReadonlyMap<string, number> }) {
  return [...broken].map(([rule, count]) => `${count} ${rule}`).join(", ");
}

/** How calls and restores ended, the most frequent first. */
export function metLine({ met }: { met: ReadonlyMap<string, number> }) {
  const sorted = [...met].sort(([, a], [, b]) => b - a);
  return `met: ${sorted.map(([name, count]) => `${name} ${count}`).join(", ")}`;
}
