// What changed between two revisions of a page, fact by fact, seen from the consumer of the API.
import { type Change, type ChangeClass, type Comparison, placeOf, type Say } from "./change.js";
import { compareExamples } from "./changed-examples.js";
import { compareErrorCodes, compareMeanings, compareRateLimit, compareRestrictions } from "./changed-limits.js";
import { doubtsOf, hasOperation, unknownColumns } from "./doubts.js";
import { meaningsOf } from "./meanings.js";
import type { Condition, Page, Parameter, Structure } from "./model.js";
import { purposeOf } from "./purpose.js";
import { unitsIn } from "./units.js";

export function comparePages(before: Page, after: Page): Comparison {
  const changes: Change[] = [];
  const operation = nameOf(after) || nameOf(before);
  const unread = unknownColumns(after, before);
  const say: Say = (fact, place, from, to, kind) => {
    // What stands in a column that is not known is not gone, and may be anything.
    const isUnread = show(to) === null && unread.places.has(place) && columnFacts.has(fact);
    changes.push({ operation, fact, place, before: show(from), after: show(to), class: isUnread ? "breaking" : kind });
  };
  const doubts = [...doubtsOf("before", before, after), ...doubtsOf("after", after, before), ...unread.doubts];
  // Of a page that could not be read nothing is known, least of all what changed.
  if (before.dialect === null || after.dialect === null) return { changes, bump: "none", doubts };
  if (hasOperation(before) && isEmpty(after)) say("operation", "page", nameOf(before), null, "breaking");
  else if (hasOperation(after) && isEmpty(before)) say("operation", "page", null, nameOf(after), "additive");
  else {
    compareOperation(before, after, say);
    const statusMap = compareStatuses(before, after, say);
    compareParameters(before.parameters, after.parameters, statusMap, say);
    compareStructures(before, after, say);
    compareErrorCodes(before, after, say);
    compareRateLimit(before, after, say);
    compareRestrictions(before, after, say);
    compareExamples(before, after, (fact, place, from, to) => say(fact, place, from, to, "wording-only"));
  }
  for (const { fact, place } of changes)
    if (fact === "meaning")
      doubts.push(`${place} has the meaning of another one: was the page wrong before, or is it now?`);
  const rank = { breaking: 2, additive: 1, "wording-only": 0 };
  const worst = Math.max(-1, ...changes.map((change) => rank[change.class]));
  const bump = (["none", "patch", "minor", "major"] as const)[worst + 1] ?? "none";
  return { changes, bump, doubts };
}

const isEmpty = (page: Page): boolean => !hasOperation(page) && !page.parameters.length && !page.structures.length;

function nameOf({ operation, title }: Page): string {
  return operation.action ?? (operation.path ? `${operation.method ?? "?"} ${operation.path}` : title);
}

function show(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? value.join(", ") : String(value);
}

const columnFacts = new Set(["type", "required", "default", "range", "values"]);

function compareOperation(before: Page, after: Page, say: Say): void {
  for (const fact of ["method", "path", "action", "version", "host"] as const) {
    const from = before.operation[fact];
    const to = after.operation[fact];
    if (from === to) continue;
    // The host is in every client already; what is called is not, once the page has lost it.
    if (from === null) say(fact, "operation", from, to, "additive");
    else say(fact, "operation", from, to, to === null && fact === "host" ? "wording-only" : "breaking");
  }
  const from = purposeOf(before)?.verb ?? null;
  const to = purposeOf(after)?.verb ?? null;
  if (from !== null && to !== null && from !== to) say("purpose", "operation", from, to, "breaking");
}

const good = (status: number): boolean => status >= 200 && status < 300;

/** Says which statuses came and went; returns what each old success status is called now. */
function compareStatuses(before: Page, after: Page, say: Say): Map<number | null, number | null> {
  const old = before.responses.map(({ status }) => status);
  const now = after.responses.map(({ status }) => status);
  const map = new Map<number | null, number | null>();
  const gone = old.filter((status) => !now.includes(status));
  const come = now.filter((status) => !old.includes(status));
  const goneGood = gone.filter(good);
  const comeGood = come.filter(good);
  if (goneGood.length === 1 && comeGood.length === 1) {
    const [from] = goneGood as [number];
    const [to] = comeGood as [number];
    map.set(from, to);
    say("status", "responses", from, to, "breaking");
  }
  for (const status of gone)
    if (!map.has(status)) say("status", "responses", status, null, good(status) ? "breaking" : "wording-only");
  // An error that is documented now was possible before; a success status a client has not met is another matter.
  for (const status of come)
    if (![...map.values()].includes(status)) say("status", "responses", null, status, "additive");
  return map;
}

/** Response fields whose status is said on one side only are the same fields. */
function keysOf(
  parameters: Parameter[],
  statusMap: Map<number | null, number | null>,
  others: Parameter[],
): Map<string, Parameter> {
  const known = new Set(others.filter((parameter) => parameter.in === "response").map((parameter) => parameter.status));
  const single = known.size === 1 ? [...known][0] : undefined;
  const result = new Map<string, Parameter>();
  for (const parameter of parameters) {
    let status = statusMap.get(parameter.status) ?? parameter.status;
    if (parameter.in === "response" && (status === null || known.has(null)) && !known.has(status))
      status = single ?? [...known].find((one) => one === null || good(one)) ?? status;
    const key = `${parameter.in} ${parameter.header ? "header" : ""} ${status ?? ""} ${parameter.path}`;
    if (!result.has(key)) result.set(key, parameter);
  }
  return result;
}

function compareParameters(
  before: Parameter[],
  after: Parameter[],
  statusMap: Map<number | null, number | null>,
  say: Say,
): void {
  const old = keysOf(before, statusMap, after);
  const now = keysOf(after, new Map(), before);
  // Keys of both sides are aligned towards the other, so each may have moved; a plain look-up finds the rest.
  const plain = keysOf(after, new Map(), after);
  const matched = new Set<Parameter>();
  const gone: Parameter[] = [];
  for (const [key, from] of old) {
    const to = plain.get(key) ?? now.get(key);
    if (!to) {
      gone.push(from);
      continue;
    }
    matched.add(to);
    compareFacts(from, to, say);
  }
  const come = [...plain.values()].filter((parameter) => !matched.has(parameter));
  const renamed = pairRenames(gone, come);
  for (const [from, to] of renamed) {
    say("name", placeOf(to), from.path, to.path, "breaking");
    compareFacts(from, to, say);
  }
  const from = new Set([...renamed.values()]);
  for (const parameter of gone)
    if (!renamed.has(parameter)) {
      const known = parameter.in === "header" && protocolHeader.test(parameter.path);
      say("parameter", placeOf(parameter), describe(parameter), null, known ? "wording-only" : "breaking");
    }
  for (const parameter of come) {
    if (from.has(parameter)) continue;
    // Every request has always carried these; the page merely says so now.
    const known = parameter.in === "header" && protocolHeader.test(parameter.path);
    const breaking =
      !known && parameter.in !== "response" && parameter.required === true && !isInsideOf(parameter, come);
    say("parameter", placeOf(parameter), null, describe(parameter), breaking ? "breaking" : "additive");
  }
}

const protocolHeader =
  /^(?:x-auth-token|authorization|content-type|content-length|host|x-sdk-date|x-project-id|x-domain-id|accept|x-language)$/i;

/** A required field of a new optional object breaks nobody. */
function isInsideOf(parameter: Parameter, come: Parameter[]): boolean {
  return come.some(
    (other) =>
      other !== parameter &&
      other.in === parameter.in &&
      (parameter.path.startsWith(`${other.path}.`) || parameter.path.startsWith(`${other.path}[].`)),
  );
}

function describe(parameter: Parameter): string {
  const required = parameter.required === null ? "" : parameter.required ? ", required" : ", optional";
  const standard = parameter.default === null ? "" : `, default ${parameter.default}`;
  return `${parameter.typeText ?? parameter.type ?? "?"}${required}${standard}`;
}

/** One gone and one come in the same place, spelled alike or described alike: renamed. */
function pairRenames(gone: Parameter[], come: Parameter[]): Map<Parameter, Parameter> {
  const pairs = new Map<Parameter, Parameter>();
  const taken = new Set<Parameter>();
  const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const sameSpot = (a: Parameter, b: Parameter): boolean =>
    a.in === b.in && a.status === b.status && a.type === b.type && parentOf(a.path) === parentOf(b.path);
  for (const from of gone) {
    const fits = come.filter((to) => !taken.has(to) && sameSpot(from, to));
    const to =
      fits.find((one) => plainName(one.name) === plainName(from.name)) ??
      fits.find((one) => from.description.length > 15 && one.description === from.description);
    if (!to) continue;
    taken.add(to);
    pairs.set(from, to);
  }
  return pairs;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}

type Facts = Pick<
  Parameter,
  | "type"
  | "items"
  | "typeText"
  | "required"
  | "default"
  | "range"
  | "values"
  | "valuesStated"
  | "unit"
  | "zone"
  | "conditions"
  | "description"
> & { path: string };

function compareFacts(from: Parameter, to: Parameter, say: Say): void {
  compareFields(from, to, placeOf(to), to.in !== "response", say);
}

function compareConditions(from: Condition[], to: Condition[], place: string, request: boolean, say: Say): void {
  const keyed = (list: Condition[]): Map<string, boolean> =>
    new Map(list.map(({ when, name, required }) => [`${name} with ${when}`, required]));
  const old = keyed(from);
  const now = keyed(to);
  const words = (required: boolean | undefined): string | null =>
    required === undefined ? null : required ? "mandatory" : "not mandatory";
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const a = old.get(key);
    const b = now.get(key);
    if (a === b) continue;
    const stricter = request && b === true && a === false;
    say(
      "condition",
      `${place}: ${key}`,
      words(a),
      words(b),
      stricter ? "breaking" : a === undefined || b === undefined ? "wording-only" : "additive",
    );
  }
}

function compareFields(from: Facts, to: Facts, place: string, request: boolean, say: Say): void {
  const type = (one: Facts): string | null =>
    one.type === null ? one.typeText : one.items ? `${one.type} of ${one.items}` : one.type;
  if (type(from) !== type(to)) {
    // "Array" and "Array of objects" do not contradict each other.
    const vaguer = from.type === to.type && (from.items === null || to.items === null);
    say(
      "type",
      place,
      from.typeText ?? from.type,
      to.typeText ?? to.type,
      vaguer || from.typeText === null || to.typeText === null ? "wording-only" : "breaking",
    );
  }
  if (from.required !== to.required) {
    // What nobody said was required may have been left out until now.
    const kind: ChangeClass =
      to.required === null || (from.required === null && !(request && to.required))
        ? "wording-only"
        : request === to.required
          ? "breaking"
          : "additive";
    say("required", place, from.required, to.required, kind);
  }
  if (from.default !== to.default)
    say(
      "default",
      place,
      from.default,
      to.default,
      from.default !== null && to.default !== null && request ? "breaking" : "wording-only",
    );
  compareValues(from, to, place, request, say);
  // A number that means another time or amount is wrong wherever it is sent or read.
  for (const fact of ["unit", "zone"] as const)
    if (from[fact] !== to[fact])
      say(fact, place, from[fact], to[fact], from[fact] === null || to[fact] === null ? "wording-only" : "breaking");
  // "Valid for 6 hours" that becomes "for 6 minutes": the unit of no value, and yet another time.
  const [was, is] = [unitsIn(from.description), unitsIn(to.description)];
  if (from.unit === to.unit && was.length === is.length && was.join() !== is.join())
    say("unit in words", place, was, is, "breaking");
  compareMeanings(
    meaningsOf(from.values, from.description),
    meaningsOf(to.values, to.description),
    (value) => `${place}: ${value}`,
    say,
  );
  const both = (condition: Condition): boolean =>
    [from, to].every(({ values }) => values?.includes(condition.when) ?? false);
  compareConditions(from.conditions.filter(both), to.conditions.filter(both), place, request, say);
  if (from.range !== to.range)
    say(
      "range",
      place,
      from.range,
      to.range,
      from.range === null || to.range === null
        ? limitKind(from.range, to.range, request)
        : `${from.range}${to.range}`.includes(",") || narrower(from.range, to.range) === request
          ? "breaking"
          : "additive",
    );
}

/**
 * A list that disappears from the page says nothing about the API; a value that leaves a list does, and a list that a
 * request has to keep to from now on. In an answer a value is another one where one goes and one comes.
 */
function compareValues(before: Facts, after: Facts, place: string, request: boolean, say: Say): void {
  const from = listedValues(before);
  const to = listedValues(after);
  if (from === null || to === null) {
    if (from !== to) say("values", place, from, to, limitKind(from, to, request));
    return;
  }
  const gone = from.filter((value) => !to.includes(value));
  const come = to.filter((value) => !from.includes(value));
  if (gone.length || come.length)
    say("values", place, from, to, gone.length && (request || come.length) ? "breaking" : "additive");
  // The page still names the values, but no longer says that these are all.
  else if (before.valuesStated && !after.valuesStated) say("values", place, from, null, "wording-only");
}

/** That a boolean is true or false limits nothing. */
const listedValues = ({ type, values }: Facts): string[] | null =>
  type === "boolean" && values?.every((value) => /^(?:true|false)$/i.test(value)) ? null : values;

/** A limit that the page did not have, or has no more. */
const limitKind = (from: unknown, to: unknown, request: boolean): ChangeClass =>
  request && from === null && to !== null ? "breaking" : "wording-only";

/** Whether the second range leaves out something of the first. */
function narrower(from: string, to: string): boolean {
  const ends = (range: string): [number, number] => {
    const [low, high] = range.split("..");
    return [low ? Number(low) : Number.NEGATIVE_INFINITY, high ? Number(high) : Number.POSITIVE_INFINITY];
  };
  const [low, high] = ends(from);
  const [newLow, newHigh] = ends(to);
  // That nothing is less than nothing is no news.
  const isLow = newLow > low && (low !== Number.NEGATIVE_INFINITY || newLow !== 0);
  return isLow || newHigh < high;
}

function compareStructures(before: Page, after: Page, say: Say): void {
  // A page may list a structure or a field twice; the first counts.
  const byName = ({ structures }: Page): Map<string, Structure> =>
    new Map([...structures].reverse().map((structure) => [structure.name, structure]));
  const byPath = (structure: Structure): Map<string, Structure["fields"][number]> =>
    new Map([...structure.fields].reverse().map((field) => [field.path, field]));
  const old = byName(before);
  const now = byName(after);
  for (const [name, structure] of old) {
    const next = now.get(name);
    if (!next) {
      say("structure", name, `${structure.fields.length} fields`, null, "breaking");
      continue;
    }
    const from = byPath(structure);
    const to = byPath(next);
    for (const [path, field] of from) {
      const other = to.get(path);
      if (other) compareFields(field, other, `${name} ${path}`, true, say);
      else say("field", `${name} ${path}`, field.typeText, null, "breaking");
    }
    for (const [path, field] of to) {
      if (!from.has(path))
        say("field", `${name} ${path}`, null, field.typeText, field.required ? "breaking" : "additive");
    }
  }
  for (const [name, structure] of now) {
    if (!old.has(name)) say("structure", name, null, `${structure.fields.length} fields`, "additive");
  }
}
