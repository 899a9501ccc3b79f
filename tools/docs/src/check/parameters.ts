// Every parameter row against the spec: whether both have it, under which name and where.
import type { Parameter } from "../model.js";
import { columnRole } from "../vocabulary.js";
import { compareFacts } from "./facts.js";
import type { Count, Say } from "./finding.js";
import { edits } from "./match.js";
import type { SpecField } from "./spec.js";
import { type Placed, placeOf, quoteOf, type View } from "./view.js";

/** Covered by security schemes and media types, not by parameters of the spec. */
const covered = /^header (?:X-Auth-Token|Authorization|Content-Type|X-Sdk-Date|Host)$/i;

export function compareParameters(view: View, say: Say, count: Count): void {
  const { page, spec, fields, parameters, success } = view;
  const matched = new Set<SpecField>();
  const seen = new Map<string, Parameter>();
  const unknown: Placed[] = [];
  for (const placed of parameters) {
    const { parameter, place } = placed;
    count.compared += 1;
    const quote = quoteOf(view, parameter);
    const before = seen.get(place);
    // A table may describe a structure that several fields share: the same row is no second row.
    if (before) {
      if (before.table !== parameter.table || before.row !== parameter.row)
        say(place, "duplicate", parameter.typeText, before.typeText, quote, "the parameter has two rows");
      continue;
    }
    seen.set(place, parameter);
    if (parameter.path !== placed.path)
      say(place, "name", parameter.path, placed.path, quote, "the name is not the one on the wire");
    const field = fields.get(place) ?? outsideOf(view, placed);
    // What the action and the version are is compared with the operation.
    if (field && /^header X-TC-(?:Action|Version)$/.test(place)) field.enum = parameter.values;
    if (field) {
      matched.add(field);
      count.compared += 6;
      compareFacts({
        parameter,
        field,
        differs: (fact, is, want, message) => say(place, fact, is, want, quote, message),
      });
    } else if (!covered.test(place)) unknown.push(placed);
    else {
      if (parameter.type !== "string") say(place, "type", parameter.typeText, "string", quote, "a header is a string");
      if (parameter.required === false || (parameter.required === null && parameter.requiredText !== null))
        say(place, "required", "no", "yes", quote, "every request needs it");
    }
  }
  const missing = spec.fields.filter(
    (field) =>
      !matched.has(field) &&
      !seen.has(placeOf(field.in, field.status, field.path, success)) &&
      isDescribed(view, field) &&
      !/^X-TC-(?:Action|Version)$/.test(field.path),
  );
  for (const placed of unknown) {
    const { parameter, place } = placed;
    const quote = quoteOf(view, parameter);
    if (isInside(place, unknown)) continue;
    const other = elsewhere(placed, missing, success);
    say(
      place,
      "parameter",
      parameter.typeText ?? "present",
      other ?? null,
      quote,
      other ? `the spec has no such parameter; it has ${other}` : "the spec has no such parameter",
    );
  }
  for (const field of missing) {
    const place = placeOf(field.in, field.status, field.path, success);
    if (missing.some((one) => one !== field && one.in === field.in && isBelow(field.path, one.path))) continue;
    count.compared += 1;
    say(
      place,
      "parameter",
      null,
      `${field.types.join(" or ") || "any"}${field.required ? ", required" : ""}`,
      { line: tableLine(view, field) },
      "the spec has it, no table of the page does",
    );
  }
  comparePresence(view, say);
  compareTables(view, say);
  if (!page.parameters.length && spec.fields.length)
    say("operation", "parameters", null, spec.fields.length, { line: 1 }, "the page has no parameters");
}

/** What is always answered has no column of its own on any page: one finding, not one for every field. */
function comparePresence({ fields, parameters }: View, say: Say): void {
  const answered = parameters.filter(({ parameter }) => parameter.in === "response" && !parameter.header);
  const always = answered.filter(({ place }) => fields.get(place)?.required);
  const [first] = always;
  if (!first || answered.some(({ parameter }) => parameter.requiredText !== null)) return;
  say(
    "response",
    "presence",
    null,
    always.map(({ place }) => place.replace(/^response /, "")),
    { line: first.parameter.line },
    `the page does not say what is always answered; in the spec ${always.length} of its fields are`,
  );
}

const isBelow = (path: string, parent: string): boolean =>
  path.startsWith(`${parent}.`) || path.startsWith(`${parent}[].`);

function isInside(place: string, unknown: Placed[]): boolean {
  return unknown.some((other) => isBelow(place, other.place));
}

/** A field whose parent's inside the page leaves to another page is not missing here. */
function isDescribed({ page, byPlace, parameters, success }: View, field: SpecField): boolean {
  if (field.in === "response" && field.status !== success) {
    const { status } = field;
    // What any error looks like stands on the page of all errors, unless this page has the body of this status.
    return parameters.some(({ parameter }) => parameter.in === "response" && String(parameter.status) === status);
  }
  const parts = field.path.split(".");
  const parents = parts.slice(1).map((_, i) =>
    placeOf(
      field.in,
      field.status,
      parts
        .slice(0, i + 1)
        .join(".")
        .replace(/(?:\[\]|\{\})$/, ""),
      success,
    ),
  );
  return !parents.some((place) => isElsewhere(page, byPlace.get(place)));
}

/** Whether the inside of a parameter is left to another page. */
function isElsewhere(page: View["page"], known: Placed | undefined): boolean {
  if (!known) return false;
  const elsewhere = page.issues.some(
    ({ code, table, row, line }) =>
      code === "structure_elsewhere" &&
      (table === undefined
        ? line === known.parameter.line
        : table === known.parameter.table && row === known.parameter.row),
  );
  return elsewhere;
}

/** Answers whose status the page leaves out, and headers of an answer. */
function outsideOf({ fields, spec }: View, { parameter, path }: Placed): SpecField | undefined {
  if (parameter.in === "response" && parameter.status !== null) {
    const fallback = spec.statuses.includes(String(parameter.status))
      ? undefined
      : fields.get(`response default ${path}`);
    return fallback;
  }
  return undefined;
}

/** The same thing under another name or in another place. */
function elsewhere({ parameter, path }: Placed, missing: SpecField[], success: string): string | null {
  const name = (text: string): string => text.slice(text.lastIndexOf(".") + 1);
  const found =
    missing.find((field) => field.path === path) ??
    missing.find((field) => field.in === parameter.in && name(field.path) === name(path)) ??
    missing.find((field) => field.in === parameter.in && edits(name(field.path), name(path), 2) <= 2);
  return found ? placeOf(found.in, found.status, found.path, success) : null;
}

function tableLine({ page }: View, field: SpecField): number {
  const near = page.parameters.find((parameter) => parameter.in === field.in);
  return (near ? page.tables[near.table]?.line : page.operation.line) ?? 1;
}

/** Tables as such: columns, captions, and the reader's doubts about cells. */
function compareTables({ page }: View, say: Say): void {
  const captions = new Map<string, number>();
  let nameColumn: string | null = null;
  page.tables.forEach((table, index) => {
    const headers = (table.headers[0] ?? []).map((header) => header.toLowerCase());
    const where = { line: table.line, quote: [table.caption, headers.join(" | ")].filter(Boolean).join(": ") };
    const place = `table ${index + 1}`;
    if (table.kind === "parameters" || table.kind === "structure") {
      const roles = headers.map(columnRole);
      const type = roles.indexOf("type");
      const required = roles.findIndex((role) => role === "required" || role === "optional");
      if (type !== -1 && required !== -1 && type < required)
        say(
          place,
          "columns",
          "type before required",
          "required before type",
          where,
          "other pages have these columns the other way round",
        );
      const first = headers[0] ?? "";
      if (nameColumn !== null && first !== nameColumn && /^(?:parameter|name|field)$/.test(first))
        say(
          place,
          "name column",
          first,
          nameColumn,
          where,
          `the first column is called ${first} here and ${nameColumn} above`,
        );
      nameColumn ??= first;
    }
    const caption = table.caption.replace(/^Table \d+\s*/, "").trim();
    // Tencent's Markdown knows no captions.
    if (!caption && page.dialect !== "tencent-markdown" && table.kind === "other")
      say(place, "caption", null, "a caption", where, "the table has no caption");
    const before = captions.get(caption);
    if (caption && before !== undefined && /\bresponse\b/i.test(caption))
      say(place, "caption", `as table ${before + 1}`, "a caption of its own", where, "two tables have one caption");
    if (caption && !captions.has(caption)) captions.set(caption, index);
  });
}
