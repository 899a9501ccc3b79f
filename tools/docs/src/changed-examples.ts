// What changed in the samples of a page. A sample binds nobody: whatever changes in it is wording-only for consumers,
// and a sample more or less, or one that has moved, states nothing new.
import type { Page } from "./model.js";

type Told = (fact: string, place: string, before: string | null, after: string | null) => void;
type Leaves = Map<string, string>;

const deepest = 30;
/** More samples than this are not paired with each other. */
const most = 50;

export function compareExamples(before: Page, after: Page, tell: Told): void {
  compareLines(before, after, tell);
  compareBodies(before, after, tell);
}

/** What is called, without the host: that is a fact of its own. */
function linesOf({ examples, operation }: Page): string[] {
  const lines = examples.flatMap(({ url, method }) =>
    url === null ? [] : `${method ?? operation.method ?? ""} ${url.replace(/^https?:\/\/[^/?]*/, "") || "/"}`.trim(),
  );
  return [...new Set(lines)];
}

function compareLines(before: Page, after: Page, tell: Told): void {
  const [old, now] = [linesOf(before), linesOf(after)];
  const gone = old.filter((line) => !now.includes(line));
  const come = now.filter((line) => !old.includes(line));
  gone.forEach((line, i) => {
    if (come[i] !== undefined) tell("example line", "request example", line, come[i]);
  });
}

interface Body {
  place: string;
  leaves: Leaves;
}

function bodiesOf({ examples }: Page): Map<string, Body> {
  const found = new Map<string, Body>();
  for (const { body, parsed, kind, status } of examples.slice(0, most)) {
    if (body !== "json") continue;
    const leaves = leavesOf(parsed);
    const name = kind === "unknown" ? "example" : `${kind} ${status === null ? "" : `${status} `}example`;
    found.set(JSON.stringify([...leaves].sort()), { place: name, leaves });
  }
  return found;
}

/** Samples that stand on both pages are done with; of the others those that have most in common are one sample. */
function compareBodies(before: Page, after: Page, tell: Told): void {
  const [old, now] = [bodiesOf(before), bodiesOf(after)];
  const come = [...now].filter(([key]) => !old.has(key)).map(([, body]) => body);
  for (const [key, from] of old) {
    if (now.has(key)) continue;
    const likeness = come.map((to) => shared(from.leaves, to.leaves));
    const best = likeness.indexOf(Math.max(...likeness));
    const to = (likeness[best] ?? 0) >= 0.5 ? come.splice(best, 1)[0] : undefined;
    if (!to) continue;
    for (const path of new Set([...from.leaves.keys(), ...to.leaves.keys()])) {
      const [a, b] = [from.leaves.get(path) ?? null, to.leaves.get(path) ?? null];
      if (a !== b) tell("example value", `${to.place} ${path}`.trim(), a, b);
    }
  }
}

/** Of the names of both, how many both have. */
function shared(a: Leaves, b: Leaves): number {
  const both = [...a.keys()].filter((path) => b.has(path)).length;
  return both / Math.max(1, a.size + b.size - both);
}

function leavesOf(body: unknown): Leaves {
  const found: Leaves = new Map();
  const visit = (value: unknown, path: string, depth: number): void => {
    const isParent = typeof value === "object" && value !== null && Object.keys(value).length > 0;
    if (!isParent || depth > deepest) found.set(path, JSON.stringify(value));
    else
      for (const [name, member] of Object.entries(value))
        visit(member, Array.isArray(value) ? `${path}[${name}]` : path ? `${path}.${name}` : name, depth + 1);
  };
  visit(body, "", 0);
  return found;
}
