// Changes pages one fact at a time and asks the check each time.
import { checkPage, type World } from "../check/check.js";
import { loadSource } from "../load.js";
import { readPage } from "../page.js";
import { type Kind, kinds, type Mutation, mutationsOf } from "./mutations.js";

export interface Outcome {
  made: number;
  /** By a finding or a rotten entry at the fact itself. */
  noticed: number;
  /** Only by the digest: something changed, but not what. */
  digestOnly: number;
}

export interface MutationReport {
  pages: number;
  withoutSpec: number;
  /** Unchanged pages that the check complains about. */
  falseAlarms: string[];
  possible: number;
  all: Outcome;
  byKind: Record<Kind, Outcome>;
  missed: { file: string; line: number; kind: Kind; what: string; digest: boolean }[];
}

interface Case {
  file: string;
  mutation: Mutation;
}

/** `progress` is told after each change how many are done. */
export function mutate(
  files: string[],
  world: World,
  count: number,
  seed: number,
  progress: (done: number, all: number) => void = () => {},
): MutationReport {
  const none = (): Outcome => ({ made: 0, noticed: 0, digestOnly: 0 });
  const report: MutationReport = {
    pages: 0,
    withoutSpec: 0,
    falseAlarms: [],
    possible: 0,
    all: none(),
    byKind: Object.fromEntries(kinds.map((kind) => [kind, none()])) as Record<Kind, Outcome>,
    missed: [],
  };
  const cases: Case[] = [];
  for (const file of files) {
    const { page, source } = loadSource(file);
    const { held, match } = checkPage(page, source, world);
    if (match.spec === null) {
      report.withoutSpec += 1;
      continue;
    }
    report.pages += 1;
    if (!held || held.fresh.length || held.rotten.length || !held.accepted) report.falseAlarms.push(file);
    for (const mutation of mutationsOf(page, source)) cases.push({ file, mutation });
  }
  report.possible = cases.length;
  const picked = pick(cases, count, seed);
  for (const [i, one] of picked.entries()) {
    judge(one, world, report);
    progress(i + 1, picked.length);
  }
  return report;
}

function judge({ file, mutation }: Case, world: World, report: MutationReport): void {
  const source = mutation.lines.join("\n");
  const { held, match } = checkPage(readPage(file, source), source, world);
  // What a page says against itself once nobody knows it any more is not about the change.
  const specific = match.spec !== null && held !== null && (held.fresh.length > 0 || held.rotten.length > 0);
  const digest = match.spec !== null && held !== null && !held.accepted;
  for (const outcome of [report.all, report.byKind[mutation.kind]]) {
    outcome.made += 1;
    if (specific) outcome.noticed += 1;
    else if (digest) outcome.digestOnly += 1;
  }
  if (!specific) report.missed.push({ file, line: mutation.line, kind: mutation.kind, what: mutation.what, digest });
}

/** As many of each kind as there are, up to an equal share; then whatever is left, in the order of the seed. */
function pick(cases: Case[], count: number, seed: number): Case[] {
  const shuffled = shuffle(cases, seed);
  if (shuffled.length <= count) return shuffled;
  const share = Math.ceil(count / kinds.length);
  const chosen = kinds.flatMap((kind) => shuffled.filter(({ mutation }) => mutation.kind === kind).slice(0, share));
  const taken = new Set(chosen);
  return [...chosen, ...shuffled.filter((one) => !taken.has(one))].slice(0, count);
}

function shuffle<T>(list: T[], seed: number): T[] {
  const copy = [...list];
  let state = seed >>> 0 || 1;
  const random = (below: number): number => {
    // Mulberry32: small, and the same everywhere.
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = random(i + 1);
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}
