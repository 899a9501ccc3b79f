// Bounds of numbers, texts and lists. A tighter bound takes less of a request and promises more of a response.
import { type Json, same } from "./json.js";
import type { Here } from "./place.js";

interface Limit {
  readonly key: string;
  readonly name: string;
  /** Whether the second is tighter than the first; undefined where neither covers the other. */
  readonly tightens: (from: Json, to: Json) => boolean | undefined;
}

const lower = (from: Json, to: Json): boolean => Number(to) > Number(from);
const upper = (from: Json, to: Json): boolean => Number(to) < Number(from);

export const limits: readonly Limit[] = [
  { key: "minimum", name: "min", tightens: lower },
  { key: "exclusiveMinimum", name: "exclusive-min", tightens: lower },
  { key: "maximum", name: "max", tightens: upper },
  { key: "exclusiveMaximum", name: "exclusive-max", tightens: upper },
  { key: "minLength", name: "min-length", tightens: lower },
  { key: "maxLength", name: "max-length", tightens: upper },
  { key: "minItems", name: "min-items", tightens: lower },
  { key: "maxItems", name: "max-items", tightens: upper },
  { key: "minProperties", name: "min-properties", tightens: lower },
  { key: "maxProperties", name: "max-properties", tightens: upper },
  { key: "multipleOf", name: "multiple-of", tightens: () => undefined },
  { key: "uniqueItems", name: "unique-items", tightens: (_, to) => to === true },
];

export function compareLimit(
  { walk, spot, id, wider, tighter }: Here,
  { name, tightens }: Limit,
  from: Json | undefined,
  to: Json | undefined,
): void {
  if (same(from, to)) return;
  const how =
    from === undefined ? "set" : to === undefined ? "unset" : Number(to) > Number(from) ? "increased" : "decreased";
  const tight = from === undefined ? true : to === undefined ? false : tightens(from, to);
  // Where neither covers the other it breaks on either side.
  const kind = tight === undefined ? "breaking" : tight ? tighter : wider;
  walk.say(id(`${name}-${how}`), spot, from, to, kind);
}
