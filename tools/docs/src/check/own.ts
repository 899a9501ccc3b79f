// A page that has no spec, against itself: its own tables stand in for one.
import type { Page, Parameter } from "../model.js";
import { compareExamples } from "./examples.js";
import type { Count, Say } from "./finding.js";
import { compareOperation } from "./operation.js";
import { compareParameters } from "./parameters.js";
import { compareProse } from "./prose.js";
import { compareSamples } from "./samples.js";
import type { SpecField, SpecOperation } from "./spec.js";
import { viewOf } from "./view.js";

/** What findings call an operation that has no id: its action, or its method and path. */
export function nameOf({ operation, title, file }: Page): string {
  if (operation.action) return operation.action;
  return operation.path ? `${operation.method ?? "?"} ${operation.path}` : title || file;
}

export function comparePageWithItself(page: Page, source: string, say: Say, count: Count): void {
  const view = { ...viewOf(page, specOf(page), source), alone: true };
  const told = new Set<string>();
  const own: Say = (place, fact, is, want, where, message) => {
    if (!isContradiction(place, fact, is)) return;
    // A list whose every item has another type than its table is one contradiction.
    if (fact === "sampled type" && told.has(place)) return;
    if (fact === "sampled type") told.add(place);
    say(place, fact, is, want, where, message);
  };
  compareOperation(view, "exact", own, count);
  compareParameters(view, own, count);
  compareExamples(view, own, count);
  compareSamples(view, own, count);
  compareProse(view, own, null);
  if (!saysAnswer(page))
    say("operation", "answer", null, "an answer", { line: 1 }, "the page describes no answer: is it whole?");
}

function saysAnswer({ responses, parameters, examples, headings, prose }: Page): boolean {
  return (
    responses.length > 0 ||
    parameters.some(({ in: place }) => place === "response") ||
    examples.some(({ kind }) => kind === "response") ||
    prose.some(({ section }) => section === "response" || section === "statuses") ||
    headings.some(({ text }) => /\b(?:respon|output|return|status)/i.test(text))
  );
}

const contradictions = new Set([
  "content",
  "default of a required one",
  "duplicate",
  "encoding",
  "format",
  "format letters",
  "interval",
  "json",
  "meaning",
  "order",
  "required in words",
  "rule",
  "sampled id",
  "sampled name",
  "sampled type",
  "sampled value",
  "subject",
  "target",
  "time",
  "value in the text",
]);

/** What two places of the page say against each other; what it merely leaves out is for a spec to know. */
function isContradiction(place: string, fact: string, is: unknown): boolean {
  if (contradictions.has(fact) || fact.startsWith("spelling of ") || fact.startsWith("subject of ")) return true;
  // A request line against the URI above it.
  if (/ example(?: \d+)? line/.test(place)) return /^(?:method|path|action|parameter)$/.test(fact);
  if (fact === "purpose") return is !== null;
  if (fact === "sample") return place.startsWith("body ");
  if (fact === "absence") return String(is).startsWith("all ");
  return (
    (fact === "table" && place.startsWith("status ")) ||
    (fact === "host" && place === "links") ||
    (fact === "version" && place === "section trail")
  );
}

function specOf(page: Page): SpecOperation {
  const { operation } = page;
  const { method, path, action } = operation;
  const isRead = action === null ? method === "GET" : /^(?:Describe|List|Query|Get|Inquir)/.test(action);
  const statuses = page.responses.map(({ status }) => String(status));
  return {
    service: "",
    operationId: nameOf(page),
    method: method ?? "",
    path: path ?? "/",
    action,
    version: operation.version,
    hosts: [],
    effect: isRead ? "read" : "changes",
    polledBy: null,
    rate: null,
    statuses: statuses.length ? statuses : ["200"],
    errors: new Map(),
    serviceErrors: new Set(),
    signed: false,
    fields: page.parameters.map(fieldOf),
    requests: [],
    answers: new Map(),
  };
}

function fieldOf(parameter: Parameter): SpecField {
  const { in: place, status, path, type, items, required } = parameter;
  return {
    in: place,
    status: status === null ? null : String(status),
    path: path.replace(/\.N(?=\.|$)/g, type === "array" ? "" : "[]"),
    types: type === null ? [] : [type],
    nullable: false,
    items: items === null ? [] : [items],
    required: required === true,
    enum: parameter.values,
    default: parameter.default,
    range: parameter.range,
    unit: parameter.unit,
    zone: parameter.zone,
    samples: [],
    secret: false,
  };
}
