// Compares two objects key by key, so that no key can be forgotten: what no rule knows is reported as unclassified.
import type { ChangeClass, Say } from "../change.js";
import { expanded, follow, type Json, keysOf, listOf, type Objekt, own, type Side, same } from "./json.js";

export interface Spot {
  readonly operation: string | null;
  readonly place: string;
}

export interface Walk {
  readonly before: Side;
  readonly after: Side;
  readonly say: Say;
}

export type Rule = (from: Json | undefined, to: Json | undefined, spot: Spot) => void;

export function byKey(walk: Walk, from: Objekt, to: Objekt, spot: Spot, rules: Readonly<Record<string, Rule>>): void {
  for (const key of keysOf(from, to)) {
    const rule = own(rules, key) ?? own(wording, key)?.(walk) ?? unclassified(walk, key);
    rule(own(from, key), own(to, key), spot);
  }
}

function unclassified(walk: Walk, key: string): Rule {
  return (from, to, spot) => {
    if (!same(from, to)) walk.say("unclassified", { ...spot, place: `${spot.place} ${key}` }, from, to, "breaking");
  };
}

/** A rule for a key whose value counts as a whole. */
export function whole(
  walk: Walk,
  id: string,
  judge: (from: Json | undefined, to: Json | undefined) => ChangeClass,
): Rule {
  return (from, to, spot) => {
    if (!same(from, to)) walk.say(id, spot, from, to, judge(from, to));
  };
}

/** Breaking where it changes or goes, additive where it comes. */
export const promise = (from: Json | undefined): ChangeClass => (from === undefined ? "additive" : "breaking");
export const always =
  (kind: ChangeClass): (() => ChangeClass) =>
  () =>
    kind;

function words(id: string): (walk: Walk) => Rule {
  return (walk) => (from, to, spot) => {
    const [before, after] = [expanded(walk.before, from), expanded(walk.after, to)];
    if (!same(before, after)) walk.say(id, spot, before, after, "wording-only");
    else if (!same(from, to)) walk.say("reference-changed", spot, from, to, "wording-only");
  };
}

/** What people read. */
const wording: Readonly<Record<string, (walk: Walk) => Rule>> = {
  title: words("title-changed"),
  summary: words("summary-changed"),
  description: words("description-changed"),
  externalDocs: words("external-docs-changed"),
  tags: words("tags-changed"),
  example: words("example-changed"),
  examples: words("examples-changed"),
};

/** Follows a reference on either side and says where the two have other names. */
export function resolveBoth(
  walk: Walk,
  from: Json | undefined,
  to: Json | undefined,
  spot: Spot,
): { from: Objekt; to: Objekt } {
  const before = follow(walk.before, from);
  const after = follow(walk.after, to);
  if (before.name !== after.name) walk.say("reference-changed", spot, before.name, after.name, "wording-only");
  return { from: before.node, to: after.node };
}

/** What left and what joined a list whose order means nothing; another order alone is wording. */
export function compareSets(
  walk: Walk,
  from: Json | undefined,
  to: Json | undefined,
  spot: Spot,
  name: string,
): { gone: Json[]; come: Json[] } {
  const [old, now] = [listOf(from), listOf(to)];
  const gone = old.filter((item) => !now.some((other) => same(item, other)));
  const come = now.filter((item) => !old.some((other) => same(item, other)));
  if (gone.length + come.length === 0 && !same(from, to))
    walk.say("order-changed", { ...spot, place: `${spot.place} ${name}` }, from, to, "wording-only");
  return { gone, come };
}

/** Compares two maps entry by entry. */
export function byName(
  from: Json | undefined,
  to: Json | undefined,
  entry: (name: string, from: Json | undefined, to: Json | undefined) => void,
): void {
  const [old, now] = [from ?? {}, to ?? {}] as [Objekt, Objekt];
  for (const name of keysOf(old, now)) entry(name, own(old, name), own(now, name));
}
