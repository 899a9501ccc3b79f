import type { Complaints } from "./complain.js";
import type { Json, JsonObject, SourceDocument } from "./document.js";
import { besideReference, grammar, type Kind, type Rule } from "./grammar.js";
import { type Carrier, vocabulary } from "./vocabulary.js";

/** A `$ref` met on the way, and the group of components it must lead to. */
export interface FoundReference {
  readonly document: SourceDocument;
  readonly node: { $ref: string };
  readonly component: string;
}

/** Checks one document against the grammar and the vocabulary, and gathers its references. */
export function checkShape(document: SourceDocument, complaints: Complaints): FoundReference[] {
  const references: FoundReference[] = [];
  visit(document.value, document.name === "shared.yaml" ? "shared" : "document");
  return references;

  function visit(node: JsonObject, kind: Kind): void {
    const shape = grammar[kind];
    if (shape.component !== undefined && Object.hasOwn(node, "$ref")) {
      visitReference(node, shape.component);
      return;
    }
    for (const [key, value] of Object.entries(node)) {
      const rule = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
      if (rule !== undefined) follow(node, [key], value, rule);
      else if (shape.refused !== undefined && Object.hasOwn(shape.refused, key)) {
        complaints.at(node, [key], `is not used in specs: ${shape.refused[key]}`, true);
      } else if (shape.carrier === undefined || !vocabulary.keysOf(shape.carrier).has(key)) {
        const what = key.startsWith("x-") ? noKey(shape.carrier) : "is not a key used here";
        // An operation of another method would be overlooked by what follows.
        complaints.at(node, [key], what, kind === "pathItem");
      }
    }
    for (const key of shape.required) {
      if (!Object.hasOwn(node, key)) complaints.at(node, [key], "is missing", true);
    }
    if (shape.carrier !== undefined) {
      // A wrong value of an x- key would be used as if it were right by what follows.
      for (const { trail, message } of vocabulary.check(shape.carrier, node)) {
        complaints.at(node, trail, message, trail[0] !== "x-source");
      }
    }
  }

  function visitReference(node: JsonObject, component: string): void {
    if (typeof node.$ref !== "string") {
      complaints.at(node, ["$ref"], "must be a text", true);
      return;
    }
    for (const key of Object.keys(node)) {
      if (!besideReference.has(key)) complaints.at(node, [key], "may not stand beside a $ref");
    }
    references.push({ document, node: node as { $ref: string }, component });
  }

  function follow(node: object, trail: string[], value: unknown, rule: Rule): void {
    const expected = expectedOf(rule, value);
    if (expected !== undefined) complaints.at(node, trail, `must be ${expected}`, true);
    else if (rule === "schema or boolean") {
      if (isObject(value)) visit(value, "schema");
    } else if (typeof rule === "string" || "one" in rule) return;
    else if ("kind" in rule) visit(value as JsonObject, rule.kind);
    else if ("list" in rule) {
      for (const [index, item] of (value as Json[]).entries()) follow(node, [...trail, String(index)], item, rule.list);
    } else followMap(node, trail, value as JsonObject, rule);
  }

  function followMap(node: object, trail: string[], map: JsonObject, rule: Extract<Rule, { map: Rule }>): void {
    for (const [key, item] of Object.entries(map)) {
      if (key.startsWith("x-") && rule.names !== undefined) {
        complaints.at(map, [key], noKey());
      } else if (rule.names !== undefined && !rule.names.test(key)) {
        complaints.at(map, [key], `is a wrong name: expected ${rule.expected}`);
      }
      follow(node, [...trail, key], item, rule.map);
    }
  }
}

/** An unknown x- key, and those that were perhaps meant. */
function noKey(carrier?: Carrier): string {
  const no = "is no x- key of the vocabulary for this place";
  return carrier === undefined ? no : `${no}, which has ${[...vocabulary.keysOf(carrier)].join(", ")}`;
}

/** What a value should have been, where it is something else. */
function expectedOf(rule: Rule, value: unknown): string | undefined {
  if (typeof rule === "string") return leaf(rule, value);
  if ("one" in rule) return rule.one.includes(value as string) ? undefined : `one of ${rule.one.join(", ")}`;
  if ("list" in rule) return Array.isArray(value) ? undefined : "a list";
  return isObject(value) ? undefined : "an object";
}

function leaf(rule: Extract<Rule, string>, value: unknown): string | undefined {
  const texts = (list: unknown) => Array.isArray(list) && list.every((item) => typeof item === "string");
  switch (rule) {
    case "text":
      return typeof value === "string" && value.trim() !== "" ? undefined : "a text";
    case "boolean":
      return typeof value === "boolean" ? undefined : "true or false";
    case "number":
      return typeof value === "number" ? undefined : "a number";
    case "texts":
      return texts(value) ? undefined : "a list of texts";
    case "schema or boolean":
      return typeof value === "boolean" || isObject(value) ? undefined : "true, false or a schema";
    case "security":
      return Array.isArray(value) && value.every((item) => isObject(item) && Object.values(item).every(texts))
        ? undefined
        : "a list of security requirements";
    default:
      return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
