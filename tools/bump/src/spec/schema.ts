// Schemas, seen from the consumer: what a request takes may only grow, what a response gives may only shrink.
import type { ChangeClass } from "../change.js";
import { isObject, type Json, listOf, type Objekt, objectOf, same } from "./json.js";
import { compareLimit, limits } from "./limits.js";
import { type Here, inside, inWords, type Place } from "./place.js";
import { always, byKey, byName, compareSets, type Rule, resolveBoth, whole } from "./walk.js";

export function compareSchema(place: Place, before: Json | undefined, after: Json | undefined): void {
  const { walk, spot, open = [] } = place;
  const here = inWords(place);
  const { id, wider, tighter, request } = here;
  if (!isObject(before) || !isObject(after)) {
    if (same(before, after)) return;
    // `items` or a map's values came or went: without them anything goes.
    const kind = after === undefined ? wider : before === undefined ? tighter : "breaking";
    walk.say(id("schema-changed"), spot, before, after, kind);
    return;
  }
  const { from, to } = resolveBoth(walk, before, after, spot);
  if (open.some(([a, b]) => same(a, from) && same(b, to))) return;
  const inner: Here = { ...here, open: [...open, [from, to]] };

  const rules: Record<string, Rule> = {
    type: () => compareTypes(here, from, to),
    format: (a, b) => compareFormat(here, a, b),
    properties: () => compareProperties(inner, from, to),
    required: () => compareRequired(here, from, to),
    items: (a, b) => compareSchema(inside(inner, `${spot.place}[]`), a, b),
    additionalProperties: (a, b) => {
      if (isObject(a) && isObject(b)) compareSchema({ ...inside(inner, `${spot.place}{}`), noun: "property" }, a, b);
      else if (!same(a, b)) walk.say(id("additional-properties-changed"), spot, a, b, judgeOthers(a, b, request));
    },
    enum: (a, b) => compareEnum(here, a, b),
    oneOf: (a, b) => compareBranches(inner, a, b),
    pattern: (a, b) => {
      if (same(a, b)) return;
      if (a === undefined) walk.say(id("pattern-added"), spot, a, b, tighter);
      else if (b === undefined) walk.say(id("pattern-removed"), spot, a, b, wider);
      // Whether one pattern takes all that the other takes is not decided here.
      else walk.say(id("pattern-changed"), spot, a, b, "breaking");
    },
    default: (a, b) => {
      if (same(a, b)) return;
      if (a === undefined) walk.say(id("default-value-added"), spot, a, b, "wording-only");
      else if (b === undefined) walk.say(id("default-value-removed"), spot, a, b, "wording-only");
      else walk.say(id("default-value-changed"), spot, a, b, request ? "breaking" : "wording-only");
    },
    deprecated: whole(walk, id("deprecation-changed"), always("additive")),
  };
  for (const limit of limits) rules[limit.key] = (a, b) => compareLimit(here, limit, a, b);
  byKey(walk, from, to, spot, rules);
}

/** Left out is not the same as `true`: the types then name no further property. */
function judgeOthers(from: Json | undefined, to: Json | undefined, request: boolean): ChangeClass {
  if (from === false) return "additive";
  if (to === true) return request || from === undefined ? "additive" : "breaking";
  if (request) return "breaking";
  return from === undefined || (from === true && isObject(to)) ? "additive" : "breaking";
}

function compareTypes({ walk, spot, id, request, wider, tighter }: Here, from: Objekt, to: Objekt): void {
  if (same(from.type, to.type)) return;
  const [old, now] = [typesOf(from.type), typesOf(to.type)];
  const nullable = (types: ReadonlySet<string>) => types.has("null") || types.has("any");
  if (nullable(old) !== nullable(now)) {
    const became = nullable(now);
    walk.say(
      id(became ? "became-nullable" : "became-not-nullable"),
      spot,
      from.type,
      to.type,
      became === request ? "additive" : "breaking",
    );
  }
  const grows = covers(now, old);
  const shrinks = covers(old, now);
  if (grows && shrinks) {
    if (nullable(old) === nullable(now)) walk.say("order-changed", spot, from.type, to.type, "wording-only");
  } else if (grows) walk.say(id("type-generalized"), spot, from.type, to.type, wider);
  else if (shrinks) walk.say(id("type-specialized"), spot, from.type, to.type, tighter);
  else walk.say(id("type-changed"), spot, from.type, to.type, "breaking");
}

function typesOf(type: Json | undefined): Set<string> {
  return new Set(type === undefined ? ["any"] : [type].flat().map(String));
}

/** Whether every value of the second, null aside, is one of the first. */
function covers(wide: ReadonlySet<string>, narrow: ReadonlySet<string>): boolean {
  if (wide.has("any")) return true;
  return [...narrow].every((type) => type === "null" || wide.has(type) || (type === "integer" && wide.has("number")));
}

/** The number formats from narrow to wide. */
const widths: readonly (readonly string[])[] = [
  ["int32", "int64"],
  ["float", "double"],
];

function compareFormat(here: Here, from: Json | undefined, to: Json | undefined): void {
  const { walk, spot, id, request, wider, tighter } = here;
  if (same(from, to)) return;
  if (to === "password") walk.say(id("became-secret"), spot, from, to, "additive");
  // What was kept out of logs no longer is.
  else if (from === "password") walk.say(id("became-not-secret"), spot, from, to, "breaking");
  else if (from === undefined) walk.say(id("format-set"), spot, from, to, tighter);
  else if (to === undefined) walk.say(id("format-unset"), spot, from, to, wider);
  else {
    const width = widths.find((line) => line.includes(String(from)) && line.includes(String(to)));
    const grows = width !== undefined && width.indexOf(String(to)) > width.indexOf(String(from));
    walk.say(id("format-changed"), spot, from, to, width !== undefined && grows === request ? "additive" : "breaking");
  }
}

function compareProperties(schema: Place, from: Objekt, to: Objekt): void {
  const { walk, spot, request } = schema;
  const isRequired = (schema: Objekt, name: string) => listOf(schema.required).includes(name);
  byName(from.properties, to.properties, (name, old, now) => {
    const here = { ...spot, place: inPlace(spot.place, name) };
    if (old !== undefined && now !== undefined) {
      compareSchema({ ...schema, spot: here, noun: "property" }, old, now);
      return;
    }
    const required = isRequired(old === undefined ? to : from, name) ? "required" : "optional";
    if (request) {
      if (now === undefined) walk.say("request-property-removed", here, required, null, "breaking");
      else if (required === "required") walk.say("new-required-request-property", here, null, required, "breaking");
      else walk.say("new-optional-request-property", here, null, required, "additive");
    } else {
      const what = `response-${required}-property-${now === undefined ? "removed" : "added"}`;
      const [was, is] = now === undefined ? [required, null] : [null, required];
      walk.say(what, here, was, is, now === undefined ? "breaking" : "additive");
    }
  });
}

/** "body" holds "body source", and that "body source.type". */
function inPlace(place: string, name: string): string {
  return /^(?:body|response \w+)$/.test(place) ? `${place} ${name}` : `${place}.${name}`;
}

/** Of properties that were there and are there; new and removed ones are told with their names. */
function compareRequired({ walk, spot, request, wider, tighter }: Here, from: Objekt, to: Objekt): void {
  const { gone, come } = compareSets(walk, from.required, to.required, spot, "required");
  const [old, now] = [objectOf(from.properties), objectOf(to.properties)];
  const prefix = request ? "request-property" : "response-property";
  for (const name of gone.map(String)) {
    if (Object.hasOwn(old, name) && !Object.hasOwn(now, name)) continue;
    const here = { ...spot, place: inPlace(spot.place, name) };
    walk.say(`${prefix}-became-optional`, here, "required", "optional", wider);
  }
  for (const name of come.map(String)) {
    if (Object.hasOwn(now, name) && !Object.hasOwn(old, name)) continue;
    const here = { ...spot, place: inPlace(spot.place, name) };
    walk.say(`${prefix}-became-required`, here, "optional", "required", tighter);
  }
}

/** Value lists are closed in requests and open in responses. */
function compareEnum({ walk, spot, id, tighter }: Here, from: Json | undefined, to: Json | undefined): void {
  if (from === undefined && to === undefined) return;
  if (from === undefined) walk.say(id("became-enum"), spot, from, to, tighter);
  else if (to === undefined) walk.say(id("became-not-enum"), spot, from, to, "additive");
  else {
    const { gone, come } = compareSets(walk, from, to, spot, "enum");
    for (const value of gone) walk.say(id("enum-value-removed"), spot, value, null, tighter);
    for (const value of come) walk.say(id("enum-value-added"), spot, null, value, "additive");
  }
}

/** Branches are known by their names, and the one that is left on both sides is one that was renamed. */
function compareBranches(here: Here, from: Json | undefined, to: Json | undefined): void {
  const { walk, spot, id, wider, tighter } = here;
  if (from === undefined || to === undefined) {
    if (!same(from, to)) walk.say(id("wrapped-in-one-of"), spot, from, to, "breaking");
    return;
  }
  const name = (branch: Json): string => String(objectOf(branch).$ref ?? JSON.stringify(branch));
  const [old, now] = [listOf(from), listOf(to)];
  const { gone, come } = compareSets(walk, old.map(name), now.map(name), spot, "oneOf");
  const pair = (a: Json | undefined, b: Json | undefined) =>
    compareSchema(
      inside(
        here,
        `${spot.place}|${name(b ?? a ?? null)
          .split("/")
          .at(-1)}`,
      ),
      a,
      b,
    );
  for (const branch of old) {
    const twin = now.find((other) => name(other) === name(branch));
    if (twin !== undefined) pair(branch, twin);
  }
  if (gone.length === 1 && come.length === 1) {
    pair(
      old.find((branch) => name(branch) === gone[0]),
      now.find((branch) => name(branch) === come[0]),
    );
    return;
  }
  for (const branch of gone) walk.say(id("one-of-removed"), spot, branch, null, tighter);
  for (const branch of come) walk.say(id("one-of-added"), spot, null, branch, wider);
}
