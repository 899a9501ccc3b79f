// The page with itself: its tables against its samples.
import type { Parameter } from "../model.js";
import { type Count, type Say, short } from "./finding.js";
import { unwrap } from "./spec.js";
import { jsonType, leavesOf, misnamed, placeOf, quoteOf, type Sample, samplesOf, type View } from "./view.js";

export function compareSamples(view: View, say: Say, count: Count): void {
  for (const sample of samplesOf(view)) {
    if (sample.example.body !== "json") continue;
    const leaves = leavesOf(sample.body);
    const once = new Set<string>();
    const strangers: string[] = [];
    const sayOnce: Say = (place, fact, page, spec, where, message) => {
      const key = `${place} ${fact} ${page}`;
      if (!once.has(key)) say(place, fact, page, spec, where, message);
      once.add(key);
    };
    for (const { path, value } of leaves) {
      count.compared += 1;
      const place = placeOf(sample.side === "request" ? "body" : "response", sample.status, path, view.success);
      // Below a name that nobody knows nothing can be known.
      if (strangers.some((known) => place.startsWith(`${known}.`) || place.startsWith(`${known}[]`))) continue;
      if (checkValue(view, sample, place.replace(/\[\]$/, ""), path, value, sayOnce)) strangers.push(place);
    }
    const inner =
      sample.side === "response" && view.spec.action
        ? unwrap(sample.example.parsed, "Response")
        : sample.example.parsed;
    const slip = sample.side === "response" ? misnamed(view.page, inner) : null;
    if (slip)
      say(
        `response ${slip.meant}`,
        "sampled name",
        slip.sampled,
        slip.meant,
        lineIn(sample, slip.sampled),
        "the sample has another name than the table",
      );
    times(sample, sayOnce);
    twins(sample, sayOnce);
  }
  absent(view, say, count);
}

function lineIn(sample: Sample, name: string): { line: number; quote: string } {
  const lines = sample.example.raw.split("\n");
  const at = lines.findIndex((text) => text.includes(`"${name}"`));
  return { line: sample.example.line + Math.max(0, at), quote: lines[Math.max(0, at)]?.trim().slice(0, 80) ?? "" };
}

const nameOf = (path: string): string =>
  path.replace(/\[\]$/, "").slice(path.replace(/\[\]$/, "").lastIndexOf(".") + 1);

/** Whether the name is known to neither the tables nor the spec. */
function checkValue(view: View, sample: Sample, place: string, path: string, value: unknown, say: Say): boolean {
  const isItem = path.endsWith("[]");
  const row = view.byPlace.get(place)?.parameter;
  const field = view.fields.get(place);
  const where = lineIn(sample, nameOf(path));
  if (!row && !isItem && !isMapValue(view, place)) {
    if (!isDescribed(view, place)) {
      // Nor can a page that leaves the inside of something to another page contradict itself there.
      if (!field && !view.alone)
        say(place, "sampled name", nameOf(path), null, where, "the sample has a name the spec does not know");
    } else
      say(
        place,
        "sampled name",
        nameOf(path),
        field ? "known to the spec" : null,
        where,
        "the sample has a name that no table has",
      );
  }
  const declared = row?.type ? (isItem ? row.items : row.type) : null;
  const types = declared ? [declared] : isItem ? (field?.items ?? []) : (field?.types ?? []);
  const is = jsonType(value);
  const fits = (type: string): boolean =>
    type === is || type === "any" || (type === "number" && is === "integer") || is === "null";
  if (types.length && !types.some(fits))
    say(
      place,
      "sampled type",
      `${is} ${short(value)}`,
      types.join(" or "),
      where,
      `the table says ${types.join(" or ")}, the sample has ${is}`,
    );
  if (!row && field?.enum && typeof value === "string" && !field.enum.includes(value))
    say(place, "sampled value", short(value), field.enum, where, "the sample's value is not in the list of the spec");
  if (row || field) forms(view, place, row ?? null, value, types[0] ?? null, where, say);
  return !row && !field && !isItem;
}

/** Maps have names of the caller's own. */
function isMapValue(view: View, place: string): boolean {
  const parent = place.slice(0, place.lastIndexOf("."));
  const parameter = view.byPlace.get(parent)?.parameter;
  return /^map\b/i.test(parameter?.typeText ?? "") || view.fields.has(`${parent}{}`);
}

/** Whether the page describes the inside of the parent at all. */
function isDescribed(view: View, place: string): boolean {
  const parent = place.slice(0, Math.max(place.lastIndexOf("."), place.lastIndexOf(" ")));
  return [...view.byPlace.keys()].some(
    (known) =>
      known !== place &&
      known.startsWith(parent) &&
      known.slice(parent.length + 1).indexOf(".") === -1 &&
      known[parent.length] !== "[" &&
      known.length > parent.length,
  );
}

const booleanText = /^(?:true|false|yes|no)$/i;
const clock = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?)?(.*)$/;

function forms(
  view: View,
  place: string,
  row: Parameter | null,
  value: unknown,
  type: string | null,
  where: { line: number; quote: string },
  say: Say,
): void {
  if (
    typeof value === "number" &&
    type === "integer" &&
    Math.abs(value) > 2 ** 31 - 1 &&
    !/long|int64/i.test(row?.typeText ?? "")
  )
    say(place, "width", "Integer", "64 bits", where, "the sample does not fit 32 bits");
  if (typeof value === "string" && type === "string") {
    if (booleanText.test(value)) say(place, "reads as", "boolean", "string", where, "a string that reads as a boolean");
    else if (/^-?\d+(?:\.\d+)?$/.test(value))
      say(
        place,
        "reads as",
        value.length > 15 ? "number beyond a double" : "number",
        "string",
        where,
        "a string that reads as a number",
      );
  }
  if (
    row?.values &&
    (typeof value === "string" || typeof value === "number") &&
    !row.values.includes(String(value)) &&
    row.type !== "array"
  )
    say(place, "sampled value", short(value), row.values, where, "the sample's value is not in the list of the table");
  if (typeof value !== "string") return;
  const time = clock.exec(value);
  const said = row ? formatOf(row.description) : null;
  if (time && (Number(time[2]) === 0 || Number(time[3]) === 0))
    say(place, "time", "all zeros", "a time", where, "the sample is no time");
  if (said?.offset && time && !/^Z$/.test(time[7] ?? "") && said.offset === "Z" && /\d/.test(time[7] ?? ""))
    say(
      place,
      "format",
      said.text,
      `offset ${time[7]}`,
      { ...where, ...quoteOf(view, row as Parameter) },
      "the format has a letter where the sample has an offset",
    );
  if (said && time && !said.offset && time[7])
    say(place, "format", said.text, value, where, "the sample has an offset, the format none");
  if (said?.offset && time?.[4] && !time[7])
    say(place, "format", "no offset", said.text, where, "the sample lacks the offset of the format");
}

/** A format such as yyyy-mm-ddThh:mm:ssZ, or one shown by an example. */
export function formatOf(description: string): { text: string; offset: string | null; doubled: boolean } | null {
  const text =
    /\by{4}[-/ ]?m{2}[-/ ]?d{2}(?:(?:'?T'?| )?h{2}:?m{2}:?s{2}(?:\.S+)?(Z|[+-]\S+)?)?/i.exec(description)?.[0] ?? null;
  if (text === null) return null;
  const offset = /s(Z|[+-]\S*)$/.exec(text)?.[1] ?? null;
  const months = text.match(/m{2}/g) ?? [];
  return { text, offset, doubled: months.length === 2 };
}

/** What began cannot have ended before. */
function times(sample: Sample, say: Say): void {
  const check = (value: unknown, path: string, depth: number): void => {
    if (!value || typeof value !== "object" || depth > 20) return;
    if (Array.isArray(value)) {
      for (const item of value) check(item, `${path}[]`, depth + 1);
      return;
    }
    const entries = Object.entries(value);
    const at = (words: RegExp): [string, number] | undefined =>
      entries
        .filter(([name, text]) => words.test(name) && typeof text === "string" && clock.test(text))
        .map(([name, text]): [string, number] => [name, Date.parse(text as string)])
        .find(([, time]) => !Number.isNaN(time));
    const begin = entries.filter(([name]) =>
      /^(?:execution_at|begin_time|start_time|created?_at|createtime)$/i.test(name),
    );
    const end = at(/^(?:updated?_at|end_time)$/i);
    for (const [name] of begin) {
      const start = at(new RegExp(`^${name}$`));
      if (start && end && start[1] > end[1])
        say(
          `response ${path ? `${path}.` : ""}${name}`,
          "order",
          `after ${end[0]}`,
          `before ${end[0]}`,
          lineIn(sample, name),
          "the sample begins after it has ended",
        );
    }
    for (const [name, member] of entries) check(member, path ? `${path}.${name}` : name, depth + 1);
  };
  if (sample.side === "response") check(sample.body, "", 0);
}

/** Two ids of a request that have to name two things, and name one. */
function twins(sample: Sample, say: Say): void {
  if (sample.side !== "request") return;
  const ids = new Map<string, string>();
  for (const { path, value } of leavesOf(sample.body)) {
    if (typeof value !== "string" || !/id$/i.test(path)) continue;
    const other = ids.get(value);
    if (other && other !== path)
      say(
        `body ${path}`,
        "sampled id",
        `same as ${other}`,
        "another",
        lineIn(sample, nameOf(path)),
        `the sample has one id for ${other} and ${path}`,
      );
    ids.set(value, path);
  }
}

/** Rows that no sample shows. Only the topmost of a missing branch is named. */
function absent(view: View, say: Say, count: Count): void {
  const samples = samplesOf(view).filter(
    ({ example, side }) => example.body === "json" || (side === "request" && example.url),
  );
  const statuses = new Set(samples.filter(({ side }) => side === "response").map(({ status }) => status));
  absentFrom(
    view,
    samples.filter(({ side, example }) => side === "request" && (example.body === "json" || view.spec.action !== null)),
    null,
    say,
    count,
  );
  for (const status of statuses)
    absentFrom(
      view,
      samples.filter((sample) => sample.side === "response" && sample.status === status),
      status,
      say,
      count,
    );
}

/** With a status: of an answer; without one: of the request. */
function absentFrom(view: View, samples: Sample[], status: string | null, say: Say, count: Count): void {
  if (!samples.length) return;
  const where = status === null ? "body" : "response";
  const places = new Set<string>();
  for (const sample of samples) {
    for (const { path } of leavesOf(sample.body)) {
      const place = placeOf(where, sample.status, path, view.success);
      places.add(place);
      places.add(place.replace(/\[\]$/, ""));
    }
    if (status === null)
      for (const pair of (sample.example.url ?? "").split("?")[1]?.split("&") ?? [])
        places.add(`body ${pair.split("=")[0]?.replace(/\.\d+(?:\..*)?$/, "")}`);
  }
  // The inside of a list that is empty in the sample, or of an object that it lacks.
  const isHidden = (place: string): boolean => {
    const parent = place.replace(/(?:\[\]|\{\})?\.[^.]*$/, "");
    if (parent === place || /^response(?: \d+)?$/.test(parent)) return false;
    return !places.has(parent) || (/\[\]\.[^.]*$/.test(place) && !places.has(`${parent}[]`));
  };
  for (const { parameter, place } of view.parameters) {
    const mine =
      status === null
        ? parameter.in === "body" && parameter.required === true && /^body /.test(place)
        : parameter.in === "response" && !parameter.header && String(parameter.status ?? view.success) === status;
    if (!mine || places.has(place) || isHidden(place)) continue;
    count.compared += 1;
    say(place, "sample", null, "a value", quoteOf(view, parameter), "no sample has it");
  }
  if (status !== view.success) return;
  for (const field of view.spec.fields) {
    if (field.in !== "response" || field.status !== status || !field.required) continue;
    const place = placeOf(field.in, field.status, field.path, view.success);
    if (places.has(place) || view.byPlace.has(place) || isHidden(place)) continue;
    say(
      place,
      "sample",
      null,
      "required",
      { line: samples[0]?.example.line ?? 1 },
      "the spec has it always present, no sample has it",
    );
  }
}
