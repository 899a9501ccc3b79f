// Where a spec and an SDK do not say the same.
import type { Call, Difference, Field } from "./model.js";

export interface Comparison {
  differences: Difference[];
  operations: number;
  fields: number;
}

export function compareCalls(specs: ReadonlyMap<string, Call>, sdk: readonly Call[]): Comparison {
  const differences: Difference[] = [];
  let fields = 0;
  let operations = 0;
  for (const [operation, spec] of specs) {
    const call = counterpart(spec, sdk);
    const say = (place: string, ours: string, theirs: string) =>
      differences.push({ place: `${operation} ${place}`, between: `${ours} / ${theirs}` });
    if (call === undefined) {
      say("call", spec.line, "absent");
      continue;
    }
    operations += 1;
    if (call.line !== spec.line) say("call", spec.line, call.line);
    for (const place of new Set([...spec.fields.keys(), ...call.fields.keys()])) {
      const ours = spec.fields.get(place);
      const theirs = call.fields.get(place);
      if (ours && theirs) {
        fields += 1;
        compareFields(place, ours, theirs, say);
      } else if (!isInside(place, spec.fields, call.fields))
        say(place, ours?.type ?? "absent", theirs?.type ?? "absent");
    }
  }
  return { differences, operations, fields };
}

/** The same method and path, or else the same name. */
function counterpart(spec: Call, sdk: readonly Call[]): Call | undefined {
  const plain = (name: string) => name.replaceAll("_", "").toLowerCase();
  return sdk.find(({ line }) => line === spec.line) ?? sdk.find(({ name }) => plain(name) === plain(spec.name));
}

/** The inside of what only one side has, or has as something else, goes without saying. */
function isInside(place: string, ours: ReadonlyMap<string, Field>, theirs: ReadonlyMap<string, Field>): boolean {
  const [, parent] = /^(.* .*)\.[^.]+$/.exec(place) ?? [];
  if (parent === undefined) return false;
  const above = parent.replace(/(?:\[\]|\{\})$/, "");
  return !ours.has(above) || !theirs.has(above);
}

function compareFields(
  place: string,
  ours: Field,
  theirs: Field,
  say: (place: string, ours: string, theirs: string) => void,
): void {
  if (!sameType(ours.type, theirs.type)) say(`${place} type`, ours.type, theirs.type);
  if (ours.required !== null && theirs.required !== null && ours.required !== theirs.required)
    say(`${place} required`, words(ours.required), words(theirs.required));
  if (ours.values && theirs.values) {
    const missing = ours.values.filter((value) => !theirs.values?.includes(value));
    const more = theirs.values.filter((value) => !ours.values?.includes(value));
    // Only what one side has and the other lacks: lists of sixty members cannot be read side by side.
    if (missing.length > 0 || more.length > 0)
      say(`${place} values`, missing.join(" ") || "none", more.join(" ") || "none");
  }
}

function words(required: boolean): string {
  return required ? "required" : "optional";
}

function sameType(ours: string, theirs: string): boolean {
  const loose = (type: string) => type.replace(/\b(?:integer|number)$/, "numeric");
  return ours === theirs || (theirs.endsWith("numeric") && loose(ours) === theirs);
}

/** What changed between two versions of an SDK, for the operations that have specs. */
export function compareVersions(
  specs: ReadonlyMap<string, Call>,
  before: readonly Call[],
  after: readonly Call[],
): string[] {
  const lines: string[] = [];
  for (const [operation, spec] of specs) {
    const old = counterpart(spec, before);
    const now = counterpart(spec, after);
    if (!old || !now) {
      if (old) lines.push(`${operation}: removed (${old.line})`);
      if (now) lines.push(`${operation}: added (${now.line})`);
      continue;
    }
    if (old.line !== now.line) lines.push(`${operation}: moved, ${old.line} → ${now.line}`);
    for (const place of new Set([...old.fields.keys(), ...now.fields.keys()])) {
      const from = old.fields.get(place);
      const to = now.fields.get(place);
      const at = `${operation} ${place}`;
      if (!from) lines.push(`${at}: added, ${to?.type}`);
      else if (!to) lines.push(`${at}: removed, ${from.type}`);
      else {
        if (from.type !== to.type) lines.push(`${at}: retyped, ${from.type} → ${to.type}`);
        if (from.required !== to.required)
          lines.push(`${at}: ${words(from.required ?? false)} → ${words(to.required ?? false)}`);
        const lists = [from, to].map(({ values }) => values?.join(" ") ?? "none");
        if (lists[0] !== lists[1]) lines.push(`${at}: values, ${lists[0]} → ${lists[1]}`);
      }
    }
  }
  return lines;
}
