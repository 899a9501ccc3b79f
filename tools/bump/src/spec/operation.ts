// One operation on both sides: parameters, body, answers, and what our vocabulary says of it.
import { type Json, listOf, type Objekt, objectOf, same } from "./json.js";
import { isWrite, type Located, operationsOf } from "./located.js";
import { compareSchema } from "./schema.js";
import { compareSecurity } from "./service.js";
import { compareErrors, compareVocabulary } from "./vocabulary.js";
import { always, byKey, byName, promise, type Rule, resolveBoth, type Spot, type Walk, whole } from "./walk.js";

/** Pairs operations by their ids, and what is left by method and path: those were renamed. */
export function compareOperations(walk: Walk): void {
  const [old, now] = [operationsOf(walk.before.document), operationsOf(walk.after.document)];
  const idOf = ({ operation }: Located): Json | undefined => operation.operationId;
  const pairs = new Map<Located, Located>();
  const pair = (fits: (a: Located, b: Located) => boolean) => {
    for (const from of old) {
      if (pairs.has(from)) continue;
      const to = now.find((other) => ![...pairs.values()].includes(other) && fits(from, other));
      if (to !== undefined) pairs.set(from, to);
    }
  };
  pair((a, b) => idOf(a) !== undefined && idOf(a) === idOf(b));
  pair((a, b) => a.path === b.path && a.method === b.method);
  for (const from of old) {
    const to = pairs.get(from);
    if (to === undefined) walk.say("operation-removed", spotOf(from), address(from), null, "breaking");
    else compareOperation(walk, from, to);
  }
  for (const to of now)
    if (![...pairs.values()].includes(to)) walk.say("operation-added", spotOf(to), null, address(to), "additive");
}

const address = ({ method, path }: Located): string => `${method.toUpperCase()} ${path}`;
const spotOf = (located: Located): Spot => ({
  operation: String(located.operation.operationId ?? address(located)),
  place: "operation",
});

function compareOperation(walk: Walk, from: Located, to: Located): void {
  const spot = spotOf(from);
  if (from.path !== to.path) walk.say("operation-path-changed", spot, from.path, to.path, "breaking");
  if (from.method !== to.method) walk.say("operation-method-changed", spot, from.method, to.method, "breaking");
  const parameters = (side: Located): Json[] => [...side.shared, ...listOf(side.operation.parameters)];
  compareParameters(walk, parameters(from), parameters(to), spot);
  byKey(walk, from.operation, to.operation, spot, {
    operationId: whole(walk, "operation-renamed", always("breaking")),
    deprecated: whole(walk, "operation-deprecation-changed", always("additive")),
    parameters: () => {},
    requestBody: (a, b) => compareBody(walk, a, b, spot),
    responses: (a, b) => byName(a, b, (status, old, now) => compareResponse(walk, status, old, now, spot)),
    security: (a, b) => compareSecurity(walk, a, b, spot),
    "x-errors": (a, b) => compareErrors(walk, a, b, spot, isWrite(to.operation)),
    ...compareVocabulary(walk),
  });
}

function compareParameters(walk: Walk, from: Json[], to: Json[], spot: Spot): void {
  const keyed = (list: Json[], side: Walk["before"]) =>
    new Map(
      list.map((entry) => {
        const { to: node } = resolveBoth({ ...walk, before: side, after: side }, entry, entry, spot);
        return [`${node.in} ${node.name}`, { entry, node }];
      }),
    );
  const [old, now] = [keyed(from, walk.before), keyed(to, walk.after)];
  for (const [place, { entry, node }] of old) {
    const other = now.get(place);
    const here = { ...spot, place };
    if (other !== undefined) compareParameter(walk, entry, other.entry, here);
    else walk.say("request-parameter-removed", here, need(node), null, "breaking");
  }
  for (const [place, { node }] of now) {
    if (old.has(place)) continue;
    const here = { ...spot, place };
    // A header with one possible value is sent by the transport: no caller gives it.
    if (isConstant(node)) walk.say("new-constant-request-header", here, null, need(node), "additive");
    else if (node.required === true) walk.say("new-required-request-parameter", here, null, "required", "breaking");
    else walk.say("new-optional-request-parameter", here, null, "optional", "additive");
  }
  const order = (keys: Map<string, unknown>, others: Map<string, unknown>) =>
    [...keys.keys()].filter((key) => others.has(key));
  if (!same(order(old, now), order(now, old)))
    walk.say("order-changed", { ...spot, place: "parameters" }, order(old, now), order(now, old), "wording-only");
  // Of two with one name the last counts; what becomes of the other no rule says.
  if ((old.size !== from.length || now.size !== to.length) && !same(from, to))
    walk.say("unclassified", { ...spot, place: "parameters" }, from.length, to.length, "breaking");
}

/** What was optional becomes required, or the other way round; `false` written out changes nothing. */
function becomes(walk: Walk, id: string, request: boolean): Rule {
  return (from, to, spot) => {
    const [was, is] = [from === true, to === true];
    const word = (required: boolean) => (required ? "required" : "optional");
    if (was !== is)
      walk.say(`${id}-became-${word(is)}`, spot, word(was), word(is), is === request ? "breaking" : "additive");
    else if (!same(from, to))
      walk.say("default-written-out", { ...spot, place: `${spot.place} required` }, from, to, "wording-only");
  };
}

const need = (node: Objekt): string => (node.required === true ? "required" : "optional");
const isConstant = (node: Objekt): boolean => node.in === "header" && listOf(objectOf(node.schema).enum).length === 1;

function compareParameter(walk: Walk, before: Json, after: Json, spot: Spot): void {
  const { from, to } = resolveBoth(walk, before, after, spot);
  const schema: Rule = (a, b) => compareSchema({ walk, spot, request: true, noun: "parameter" }, a, b);
  // What the transport sent by itself callers have to give, or the other way round.
  if (isConstant(from) !== isConstant(to))
    walk.say(
      isConstant(from) ? "request-constant-became-input" : "request-input-became-constant",
      spot,
      objectOf(from.schema).enum,
      objectOf(to.schema).enum,
      "breaking",
    );
  byKey(walk, from, to, spot, {
    schema:
      isConstant(from) && isConstant(to)
        ? (a, b) => {
            const [was, is] = [objectOf(a).enum, objectOf(b).enum];
            if (!same(was, is)) walk.say("request-constant-changed", spot, was, is, "breaking");
            schema({ ...objectOf(a), enum: [] }, { ...objectOf(b), enum: [] }, spot);
          }
        : schema,
    required: becomes(walk, "request-parameter", true),
    deprecated: whole(walk, "request-parameter-deprecation-changed", always("additive")),
    "x-client": whole(walk, "request-parameter-client-value-changed", promise),
  });
}

function compareBody(walk: Walk, before: Json | undefined, after: Json | undefined, spot: Spot): void {
  const here = { ...spot, place: "body" };
  if (before === undefined || after === undefined) {
    const required = objectOf(after ?? before).required === true;
    if (after === undefined)
      walk.say("request-body-removed", here, required ? "required" : "optional", null, "breaking");
    else if (required) walk.say("request-body-added-required", here, null, "required", "breaking");
    else walk.say("request-body-added-optional", here, null, "optional", "additive");
    return;
  }
  const { from, to } = resolveBoth(walk, before, after, here);
  byKey(walk, from, to, here, {
    required: becomes(walk, "request-body", true),
    content: (a, b) => compareContent(walk, a, b, here, true),
  });
}

function compareContent(walk: Walk, from: Json | undefined, to: Json | undefined, spot: Spot, request: boolean): void {
  byName(from, to, (type, old, now) => {
    const here = { ...spot, place: `${spot.place} ${type}` };
    const prefix = request ? "request-body-media-type" : "response-media-type";
    if (old === undefined) walk.say(`${prefix}-added`, here, null, type, "additive");
    else if (now === undefined) walk.say(`${prefix}-removed`, here, type, null, "breaking");
    else
      byKey(walk, objectOf(old), objectOf(now), spot, {
        schema: (a, b) => compareSchema({ walk, spot, request, noun: "body" }, a, b),
      });
  });
}

function compareResponse(
  walk: Walk,
  status: string,
  before: Json | undefined,
  after: Json | undefined,
  spot: Spot,
): void {
  const here = { ...spot, place: `response ${status}` };
  const good = status.startsWith("2");
  const kind = good ? "success" : "non-success";
  // An error that is documented now was possible before; a success status that is gone is another matter.
  if (before === undefined) walk.say(`response-${kind}-status-added`, here, null, status, "additive");
  else if (after === undefined)
    walk.say(`response-${kind}-status-removed`, here, status, null, good ? "breaking" : "wording-only");
  else {
    const { from, to } = resolveBoth(walk, before, after, here);
    byKey(walk, from, to, here, {
      content: (a, b) => compareContent(walk, a, b, here, false),
      headers: (a, b) => byName(a, b, (name, old, now) => compareHeader(walk, name, old, now, here)),
      links: (a, b) => byName(a, b, (name, old, now) => compareLink(walk, name, old, now, here)),
    });
  }
}

function compareHeader(walk: Walk, name: string, before: Json | undefined, after: Json | undefined, spot: Spot): void {
  const here = { ...spot, place: `${spot.place} header ${name}` };
  if (before === undefined) walk.say("response-header-added", here, null, name, "additive");
  else if (after === undefined) walk.say("response-header-removed", here, name, null, "breaking");
  else {
    const { from, to } = resolveBoth(walk, before, after, here);
    byKey(walk, from, to, here, {
      required: becomes(walk, "response-header", false),
      schema: (a, b) => compareSchema({ walk, spot: here, request: false, noun: "header" }, a, b),
    });
  }
}

/** A link tells where a task is polled: whoever follows it from the bundle goes elsewhere, or nowhere. */
function compareLink(walk: Walk, name: string, before: Json | undefined, after: Json | undefined, spot: Spot): void {
  const here = { ...spot, place: `${spot.place} link ${name}` };
  if (before === undefined) walk.say("response-link-added", here, null, name, "additive");
  else if (after === undefined) walk.say("response-link-removed", here, name, null, "breaking");
  else {
    const { from, to } = resolveBoth(walk, before, after, here);
    byKey(walk, from, to, here, {
      operationId: whole(walk, "response-link-changed", always("breaking")),
      parameters: whole(walk, "response-link-changed", always("breaking")),
      requestBody: whole(walk, "response-link-changed", always("breaking")),
    });
  }
}
