// What a page says differently from the other operations of its service.

import type { Say } from "./finding.js";
import { edits } from "./match.js";
import type { SpecOperation } from "./spec.js";
import { leavesOf, quoteOf, samplesOf, type View } from "./view.js";

export function compareSiblings(view: View, say: Say, specs: SpecOperation[]): void {
  const siblings = specs.filter(({ service }) => service === view.spec.service);
  versions(view, say, siblings);
  names(view, say, siblings);
  sampledCase(view, say, siblings);
  sampleForms(view, say, siblings);
}

const tail = (path: string): string => path.replace(/^\/v[\d.]+/, "");
const versionOf = (path: string): number => Number(/^\/v(\d+(?:\.\d+)?)/.exec(path)?.[1] ?? 0);
const last = (path: string): string => path.replace(/\[\]$/, "").slice(path.replace(/\[\]$/, "").lastIndexOf(".") + 1);

/** The same operation in a newer version, and value lists that differ between the versions. */
function versions(view: View, say: Say, siblings: SpecOperation[]): void {
  const { spec, page } = view;
  if (spec.action !== null) return;
  const other = siblings.find(
    (one) => one !== spec && one.method === spec.method && tail(one.path) === tail(spec.path),
  );
  if (!other) return;
  const text = page.prose.map((one) => one.text).join(" ");
  if (
    versionOf(other.path) > versionOf(spec.path) &&
    !/\b(?:outdated|deprecated|historical|no longer maintained)\b/i.test(text)
  )
    say(
      "operation",
      "newer version",
      "not mentioned",
      other.path,
      { line: page.operation.line ?? 1, quote: spec.path },
      "the operation exists in a newer version, and the page does not say so",
    );
  const good = (one: SpecOperation): string | undefined => one.statuses.find((status) => /^2/.test(status));
  const [status, theirs] = [good(spec), good(other)];
  if (status && status !== theirs && page.responses.length)
    say(
      `status ${status}`,
      "other version",
      page.responses.map((response) => response.status).filter((one) => one < 300),
      theirs,
      { line: page.responses[0]?.line ?? 1 },
      `${other.operationId} answers ${theirs}`,
    );
  for (const { parameter, place } of view.parameters) {
    const twin = other.fields.find(
      (field) => field.in === "response" && parameter.in === "response" && field.path === parameter.path,
    );
    const types = twin?.types.length ? twin.types.join(" or ") : "any";
    if (twin && types !== parameter.type && !(types === "number" && parameter.type === "integer"))
      say(
        place,
        "type in the other version",
        parameter.type,
        types,
        quoteOf(view, parameter),
        `${other.operationId} has ${types}`,
      );
    if (!parameter.values || parameter.type === "boolean") continue;
    const same = other.fields.find(
      (field) => field.in === parameter.in && last(field.path) === parameter.name && field.enum,
    );
    if (same?.enum && [...same.enum].sort().join() !== [...parameter.values].sort().join())
      say(
        place,
        "other version",
        parameter.values,
        same.enum,
        quoteOf(view, parameter),
        `${other.operationId} has other values`,
      );
  }
}

const plain = (name: string): string => name.toLowerCase().replace(/_/g, "");

/** One thing under two spellings: within the operation, or against a sister operation. */
function names(view: View, say: Say, siblings: SpecOperation[]): void {
  const own = new Map<string, string>();
  for (const { parameter, place } of view.parameters) {
    const key = `${place.slice(0, place.length - parameter.name.length)}${plain(parameter.name)}`;
    const before = own.get(key);
    if (before !== undefined && before !== parameter.name)
      say(place, "other spelling", parameter.name, before, quoteOf(view, parameter), `stands beside ${before}`);
    own.set(key, parameter.name);
  }
  const version = versionOf(view.spec.path);
  for (const [prefix, mine] of recordsOf(view.spec))
    for (const sibling of siblings)
      if (sibling !== view.spec && versionOf(sibling.path) === version)
        for (const [, theirs] of recordsOf(sibling)) compareNames(view, say, prefix, mine, theirs, sibling.operationId);
}

/** The names of each object of the answer, by where it stands. */
function recordsOf(operation: SpecOperation): Map<string, Set<string>> {
  const known = ofOperations.get(operation);
  if (known) return known;
  const records = new Map<string, Set<string>>();
  ofOperations.set(operation, records);
  for (const { in: place, status, path } of operation.fields) {
    if (place !== "response" || !/^2/.test(status ?? "")) continue;
    const dot = path.lastIndexOf(".");
    const prefix = path.slice(0, dot + 1);
    records.set(prefix, (records.get(prefix) ?? new Set()).add(path.slice(dot + 1)));
  }
  return records;
}

/** The same for every page that is held against the service. */
const ofOperations = new WeakMap<SpecOperation, Map<string, Set<string>>>();

/** Two operations that answer the same thing, as their names show, and spell one of its names in two ways. */
function compareNames(view: View, say: Say, prefix: string, mine: Set<string>, theirs: Set<string>, by: string): void {
  const shared = [...mine].filter((name) => theirs.has(name)).length;
  if (shared < 8 || shared < Math.min(mine.size, theirs.size) / 2) return;
  for (const name of mine) {
    const placed = view.byPlace.get(`response ${prefix}${name}`);
    if (!placed || name.length < 8 || theirs.has(name)) continue;
    const other = [...theirs].find(
      (known) => !mine.has(known) && edits(known, name, 1) === 1 && `${known}s` !== name && `${name}s` !== known,
    );
    if (other)
      say(placed.place, "sister's spelling", name, other, quoteOf(view, placed.parameter), `${by} calls it ${other}`);
  }
}

/** A sample that differs by its case alone from a value that a sister operation lists. */
function sampledCase(view: View, say: Say, siblings: SpecOperation[]): void {
  const listed = new Map<string, Set<string>>();
  for (const { fields } of siblings)
    for (const field of fields)
      if (field.enum && field.in === "response")
        listed.set(last(field.path), new Set([...(listed.get(last(field.path)) ?? []), ...field.enum]));
  for (const { example, side, body } of samplesOf(view))
    for (const { path, value } of side === "response" ? leavesOf(body) : []) {
      const values = listed.get(last(path));
      if (typeof value !== "string" || !values || values.has(value)) continue;
      const meant = [...values].find((one) => one.toLowerCase() === value.toLowerCase());
      if (meant)
        say(
          `sampled ${last(path)}`,
          "case",
          value,
          meant,
          { line: example.line, quote: `${last(path)}: ${value}` },
          `other operations have ${meant}`,
        );
    }
}

/** The make of an id: digits, hexadecimal digits, a UUID, an ending. */
export function formOf(value: string): string | null {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return "uuid";
  const ending = /^[0-9a-f]{32}([a-z]{2}\d\d)?$/i.exec(value);
  if (ending) return ending[1] ? `32 hex and ${ending[1]}` : "32 hex";
  if (/^\d+$/.test(value)) return `${value.length} digits`;
  if (/^[A-Z][\w]* [\w ]+$/i.test(value)) return "words";
  const prefix = /^([a-z]+)-[a-z0-9]+$/.exec(value);
  if (prefix) return `${prefix[1]}-`;
  if (/^\d+(?:-\d+)+$/.test(value)) return "numbers and hyphens";
  if (/^[a-z]{2}-[a-z]+-\d+[a-z]?$/.test(value)) return "region and number";
  return null;
}

/** Every sample of the spec by its name: the same for every page. */
function sampledIn(operation: SpecOperation): [string, unknown][] {
  const { fields, requests, answers } = operation;
  const found =
    sampled.get(operation) ??
    [
      ...fields.flatMap(({ path, samples }) => samples.map((sample) => ({ path, value: sample }))),
      ...[...requests, ...[...answers.values()].flat()].flatMap((body) => [...leavesOf(body)]),
    ].map(({ path, value }): [string, unknown] => [last(path), value]);
  sampled.set(operation, found);
  return found;
}
const sampled = new WeakMap<SpecOperation, [string, unknown][]>();

/** Samples of one id in two forms: it is opaque, and no pattern may be made of it. */
function sampleForms(view: View, say: Say, siblings: SpecOperation[]): void {
  const forms = new Map<string, Set<string>>();
  const add = (name: string, value: unknown): void => {
    const form = typeof value === "string" ? formOf(value) : null;
    if (form) forms.set(name.toLowerCase(), (forms.get(name.toLowerCase()) ?? new Set()).add(form));
  };
  for (const sibling of siblings) for (const [name, value] of sampledIn(sibling)) add(name, value);
  const seen = new Set<string>();
  // Names that say id, and those of which the text says so.
  const called = new Set(
    view.parameters
      .filter(({ parameter }) => /\bIDs?\b/.test(parameter.description))
      .map(({ parameter }) => parameter.name),
  );
  const check = (name: string, value: unknown, line: number): void => {
    if (typeof value !== "string" || /^(?:request|project)_?id$/i.test(name)) return;
    if (!/(?:id|tasktype)$/i.test(name) && !called.has(name)) return;
    const form = formOf(value);
    const others = [...(forms.get(name.toLowerCase()) ?? [])].filter((one) => one !== form).sort();
    if (!form || !others.length || seen.has(`${name} ${form}`)) return;
    seen.add(`${name} ${form}`);
    say(
      `sampled ${name}`,
      "form",
      form,
      others,
      { line, quote: `${name}: ${value.slice(0, 60)}` },
      `other samples have ${others.join(", ")}`,
    );
  };
  for (const sample of samplesOf(view)) {
    for (const { path, value } of leavesOf(sample.body)) check(last(path), value, sample.example.line);
    const url = sample.example.url ?? "";
    const known = view.spec.path.split("/");
    const parts =
      url
        .replace(/^https?:\/\/[^/]*/, "")
        .split("?")[0]
        ?.split("/") ?? [];
    if (parts.length === known.length)
      known.forEach((segment, i) => {
        if (segment.startsWith("{")) check(segment.slice(1, -1), parts[i], sample.example.line);
      });
    for (const pair of url.split("?")[1]?.split("&") ?? [])
      check(pair.split("=")[0] ?? "", pair.split("=")[1], sample.example.line);
  }
}
