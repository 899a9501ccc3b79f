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
}

export interface Placed {
  parameter: Parameter;
  place: string;
  /** The path on the wire: "Status" for "Status.N". */
  path: string;
}

const rpcHeaders = /^(?:Action|Version|Region)$/;

export function viewOf(page: Page, spec: SpecOperation, source: string): View {
  const success = spec.statuses.find((status) => /^2/.test(status)) ?? "200";
  const fields = new Map<string, SpecField>();
  for (const field of spec.fields) {
    const place = placeOf(field.in, field.status, field.path, success);
    if (!fields.has(place)) fields.set(place, field);
  }
  const parameters = page.parameters.map((parameter): Placed => {
    const path = parameter.path.replace(/\.N(?=\.|$)/g, parameter.type === "array" ? "" : "[]");
    if (spec.action && parameter.in === "body" && rpcHeaders.test(path))
      return { parameter, path, place: `header X-TC-${path}` };
    const status = parameter.status === null ? null : String(parameter.status);
    return { parameter, path, place: placeOf(parameter.in, status, path, success) };
  });
  const byPlace = new Map<string, Placed>();
  for (const placed of parameters) if (!byPlace.has(placed.place)) byPlace.set(placed.place, placed);
  return { page, spec, lines: source.split("\n"), success, parameters, byPlace, fields };
}

export function placeOf(where: string, status: string | null, path: string, success: string): string {
  if (where !== "response" || status === null || status === success) return `${where} ${path}`;
  return `response ${status} ${path}`;
}

export function quoteOf(view: View, parameter: Pick<Parameter, "table" | "row" | "line">): {
  line: number;
  quote: string;
} {
  const table = view.page.tables[parameter.table];
  return { line: parameter.line, quote: table?.rows[parameter.row]?.map((cell) => cell.slice(0, 60)).join(" | ") ?? "" };
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
      const body = spec.action && side === "response" ? unwrap(example.parsed, "Response") : example.parsed;
      const number = seen[side] > 1 ? ` ${seen[side]}` : "";
      return { example, side, status, name: `${side} example${number}`, body };
    });
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
