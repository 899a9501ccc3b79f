import type { Change } from "./change.js";

const order = ["breaking", "additive", "wording-only"];

/** One line for each change; one that happened to several operations alike is one line. */
export function lines(changes: readonly Change[]): string[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.id, change.place, change.before, change.after]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  const sorted = [...groups.values()].sort((a, b) => rank(a) - rank(b));
  return sorted.map((group) => {
    const [{ id, place, before, after, class: kind }] = group as [Change];
    return `${kind.padEnd(12)} ${id}: ${where(group)}${place}: ${short(before)} → ${short(after)}`;
  });
}

const rank = (group: readonly Change[]): number => order.indexOf(group[0]?.class ?? "");

function where(group: readonly Change[]): string {
  const names = group.flatMap(({ operation }) => (operation === null ? [] : [operation]));
  if (names.length === 0) return "";
  return names.length > 3 ? `${names.length} operations, ` : `${names.join(" and ")} `;
}

function short(value: string | null): string {
  if (value === null) return "(none)";
  const line = value.replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 77)}…` : line;
}
