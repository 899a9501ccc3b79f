// The page's side of a comparison: parameters under the names and places the spec has for them.
import type { Example, Page, Parameter } from "../model.js";
import { type SpecField, type SpecOperation, unwrap } from "./spec.js";

export interface View {
  page: Page;
  spec: SpecOperation;
  /** The page's source, line by line. */
  lines: string[];
  /** The spec's success status, which a page may leave out. */
  success: string;
  parameters: Placed[];
  /** By place. */
  byPlace: Map<string, Placed>;
  fields: Map<string, SpecField>;
  /** There is no spec: what the page's own tables say stands in for it. */
  alone?: boolean;
}

export interface Placed {
  parameter: Parameter;
  place: string;
  /** The path on the wire: "Status" for "Status.N". */
  path: string;
}

/** Of a line or a description; the words of a page are shorter, and patterns are not linear in what is longer. */
const longest = 2000;

const rpcHeaders = /^(?:Action|Version|Region)$/;

export function viewOf(page: Page, spec: SpecOperation, source: string): View {
  const success = spec.statuses.find((status) => /^2/.test(status)) ?? "200";
  const fields = new Map<string, SpecField>();
  for (const field of spec.fields) {
    const place = placeOf(field.in, field.status, field.path, success);
    if (!fields.has(place)) fields.set(place, field);
  }
  const parameters = page.parameters.map((given): Placed => {
    const cut =
      given.description.length > longest ? { ...given, description: given.description.slice(0, longest) } : given;
    const parameter = withCodes(page, cut, spec, success);
    const path = parameter.path.replace(/\.N(?=\.|$)/g, parameter.type === "array" ? "" : "[]");
    if (spec.action && parameter.in === "body" && rpcHeaders.test(path))
      return { parameter, path, place: `header X-TC-${path}` };
    const status = parameter.status === null ? null : String(parameter.status);
    return { parameter, path, place: placeOf(parameter.in, status, path, success) };
  });
  const byPlace = new Map<string, Placed>();
  for (const placed of parameters) if (!byPlace.has(placed.place)) byPlace.set(placed.place, placed);
  return {
    page,
    spec,
    lines: source.split("\n").map((line) => line.slice(0, longest)),
    success,
    parameters,
    byPlace,
    fields,
  };
}

/** The values of a field may stand in a table of codes of their own. */
function withCodes(page: Page, parameter: Parameter, spec: SpecOperation, success: string): Parameter {
  if (parameter.values || parameter.in !== "response" || !/code$/i.test(parameter.name)) return parameter;
  const codes = recordCodes(page, spec, success);
  return codes.length ? { ...parameter, values: codes } : parameter;
}

/** Codes of the page that are values of a field of the answer, rather than errors of the call. */
export function recordCodes(page: Page, spec: SpecOperation, success: string): string[] {
  if (!page.errorCodes.length) return [];
  const known = new Set(
    spec.fields.flatMap((field) => (field.in === "response" && field.status === success ? (field.enum ?? []) : [])),
  );
  const codes = [...new Set(page.errorCodes.map(({ code }) => code))];
  return codes.filter((code) => known.has(code)).length >= codes.length / 2 ? codes : [];
}

export function placeOf(where: string, status: string | null, path: string, success: string): string {
  if (where !== "response" || status === null || status === success) return `${where} ${path}`;
  return `response ${status} ${path}`;
}

export function quoteOf(
  view: View,
  parameter: Pick<Parameter, "table" | "row" | "line">,
): {
  line: number;
  quote: string;
} {
  const table = view.page.tables[parameter.table];
  return {
    line: parameter.line,
    quote: table?.rows[parameter.row]?.map((cell) => cell.slice(0, 60)).join(" | ") ?? "",
  };
}

/** A sample and what it is of: the request, or the answer of a status. */
export interface Sample {
  example: Example;
  /** "request", or "response" with the status. */
  side: "request" | "response";
  status: string;
  /** "request example", "response example 2". */
  name: string;
  body: unknown;
}

export function samplesOf({ page, spec, success }: View): Sample[] {
  const seen = { request: 0, response: 0 };
  return page.examples
    .filter(({ kind }) => kind !== "unknown")
    .map((example) => {
      const side = example.kind as "request" | "response";
      seen[side] += 1;
      const status = example.status === null ? success : String(example.status);
      const inner = spec.action && side === "response" ? unwrap(example.parsed, "Response") : example.parsed;
      const body = side === "response" ? underTableNames(page, inner) : inner;
      const number = seen[side] > 1 ? ` ${seen[side]}` : "";
      return { example, side, status, name: `${side} example${number}`, body };
    });
}

/**
 * A sample that has the name of a list's structure where the table has the name of the list: what is inside belongs to
 * the list all the same.
 */
export function misnamed(page: Page, body: unknown): { sampled: string; meant: string } | null {
  if (!body || typeof body !== "object" || Array.isArray(body)) return null;
  const found = page.parameters.find(
    ({ in: place, structure, path }) =>
      place === "response" && structure !== null && !Object.hasOwn(body, path) && Object.hasOwn(body, structure),
  );
  return found?.structure ? { sampled: found.structure, meant: found.path } : null;
}

function underTableNames(page: Page, body: unknown): unknown {
  const slip = misnamed(page, body);
  if (!slip) return body;
  return Object.fromEntries(
    Object.entries(body as object).map(([name, value]) => [name === slip.sampled ? slip.meant : name, value]),
  );
}

export interface Leaf {
  path: string;
  value: unknown;
}

const most = 5000;

/** Every value inside a body, objects and lists included, with `[]` for any item. */
export function leavesOf(body: unknown): Leaf[] {
  const found: Leaf[] = [];
  const walk = (value: unknown, path: string, depth: number): void => {
    if (found.length >= most || depth > 30) return;
    if (path) found.push({ path, value });
    if (Array.isArray(value)) for (const item of value) walk(item, path.endsWith("[]") ? path : `${path}[]`, depth + 1);
    else if (value && typeof value === "object")
      for (const [name, member] of Object.entries(value)) walk(member, path ? `${path}.${name}` : name, depth + 1);
  };
  walk(body, "", 0);
  return found;
}

export const jsonType = (value: unknown): string =>
  value === null
    ? "null"
    : Array.isArray(value)
      ? "array"
      : typeof value === "number"
        ? Number.isInteger(value)
          ? "integer"
          : "number"
        : typeof value;
