// What a page says differently from the other operations of its service.
import { edits } from "./match.js";
import type { Say } from "./finding.js";
import type { SpecOperation } from "./spec.js";
import { leavesOf, quoteOf, samplesOf, type View } from "./view.js";

export function compareSiblings(view: View, say: Say, specs: SpecOperation[]): void {
  const siblings = specs.filter(({ service }) => service === view.spec.service);
  versions(view, say, siblings);
  names(view, say, siblings);
  sampleForms(view, say, siblings);
}

const tail = (path: string): string => path.replace(/^\/v[\d.]+/, "");
const versionOf = (path: string): number => Number(/^\/v(\d+(?:\.\d+)?)/.exec(path)?.[1] ?? 0);
const last = (path: string): string => path.replace(/\[\]$/, "").slice(path.replace(/\[\]$/, "").lastIndexOf(".") + 1);

/** The same operation in a newer version, and value lists that differ between the versions. */
function versions(view: View, say: Say, siblings: SpecOperation[]): void {
  const { spec, page } = view;
  if (spec.action !== null) return;
  const other = siblings.find((one) => one !== spec && one.method === spec.method && tail(one.path) === tail(spec.path));
  if (!other) return;
  const text = page.prose.map((one) => one.text).join(" ");
  if (versionOf(other.path) > versionOf(spec.path) && !/\b(?:outdated|deprecated|historical|no longer maintained)\b/i.test(text))
    say(
      "operation",
      "newer version",
      "not mentioned",
      other.path,
      { line: page.operation.line ?? 1, quote: spec.path },
      "the operation exists in a newer version, and the page does not say so",
    );
  for (const { parameter, place } of view.parameters) {
    if (!parameter.values || parameter.type === "boolean") continue;
    const same = other.fields.find((field) => field.in === parameter.in && last(field.path) === parameter.name && field.enum);
    if (same?.enum && [...same.enum].sort().join() !== [...parameter.values].sort().join())
      say(place, "other version", parameter.values, same.enum, quoteOf(view, parameter), `${other.operationId} has other values`);
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
  const mine = new Set(view.spec.fields.map(({ path }) => last(path)));
  const theirs = new Map<string, string>();
  for (const sibling of siblings)
    if (sibling !== view.spec && versionOf(sibling.path) === version)
      for (const { path } of sibling.fields) if (!theirs.has(last(path))) theirs.set(last(path), sibling.operationId);
  for (const { parameter, place } of view.parameters) {
    const { name } = parameter;
    if (name.length < 8 || theirs.has(name) || parameter.in !== "response") continue;
    for (const [known, operation] of theirs)
      if (!mine.has(known) && known[0] === name[0] && edits(known, name, 1) === 1 && `${known}s` !== name && `${name}s` !== known && plain(known) !== plain(name))
        say(place, "sister's spelling", name, known, quoteOf(view, parameter), `${operation} calls it ${known}`);
  }
}

/** The make of an id: digits, hexadecimal digits, a UUID, an ending. */
export function formOf(value: string): string | null {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return "uuid";
  const ending = /^[0-9a-f]{32}([a-z]{2}\d\d)?$/i.exec(value);
  if (ending) return ending[1] ? `32 hex and ${ending[1]}` : "32 hex";
  if (/^\d+$/.test(value)) return `${value.length} digits`;
  const prefix = /^([a-z]+)-[a-z0-9]+$/.exec(value);
  if (prefix) return `${prefix[1]}-`;
  if (/^\d+(?:-\d+)+$/.test(value)) return "numbers and hyphens";
  return null;
}

/** Samples of one id in two forms: it is opaque, and no pattern may be made of it. */
function sampleForms(view: View, say: Say, siblings: SpecOperation[]): void {
  const forms = new Map<string, Set<string>>();
  const add = (name: string, value: unknown): void => {
    const form = typeof value === "string" ? formOf(value) : null;
    if (form) forms.set(name.toLowerCase(), (forms.get(name.toLowerCase()) ?? new Set()).add(form));
  };
  for (const { fields, requests, answers } of siblings) {
    for (const field of fields) for (const sample of field.samples) add(last(field.path), sample);
    for (const body of [...requests, ...[...answers.values()].flat()])
      for (const { path, value } of leavesOf(body)) add(last(path), value);
  }
  const seen = new Set<string>();
  const check = (name: string, value: unknown, line: number): void => {
    if (typeof value !== "string" || !/id$/i.test(name) || /^(?:request|project)_?id$/i.test(name)) return;
    const form = formOf(value);
    const others = [...(forms.get(name.toLowerCase()) ?? [])].filter((one) => one !== form).sort();
    if (!form || !others.length || seen.has(`${name} ${form}`)) return;
    seen.add(`${name} ${form}`);
    say(`sampled ${name}`, "form", form, others, { line, quote: `${name}: ${value.slice(0, 60)}` }, `other samples have ${others.join(", ")}`);
  };
  for (const sample of samplesOf(view)) {
    for (const { path, value } of leavesOf(sample.body)) check(last(path), value, sample.example.line);
    const url = sample.example.url ?? "";
    const known = view.spec.path.split("/");
    const parts = url.replace(/^https?:\/\/[^/]*/, "").split("?")[0]?.split("/") ?? [];
    if (parts.length === known.length)
      known.forEach((segment, i) => {
        if (segment.startsWith("{")) check(segment.slice(1, -1), parts[i], sample.example.line);
      });
    for (const pair of url.split("?")[1]?.split("&") ?? []) check(pair.split("=")[0] ?? "", pair.split("=")[1], sample.example.line);
  }
}
