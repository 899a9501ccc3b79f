import { InputError } from "./errors.js";
import type { Operation } from "./operation.js";

export interface Parts {
  path: Record<string, string>;
  query: Record<string, unknown>;
  header: Record<string, string>;
  body: Record<string, unknown> | undefined;
}

/** Values set once on the client that an operation may fall back to. */
export interface ClientValues {
  region?: string | undefined;
  projectId?: string | undefined;
}

/** Sorts one flat input into the places of the request. @throws {InputError} */
export function splitInput(service: string, operation: Operation, input: object, values: ClientValues): Parts {
  const place = { service, operation: operation.id };
  if (typeof input !== "object" || input === null) throw new InputError(place, "the input", "must be an object");
  const given = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  for (const [name, option] of Object.entries(operation.client ?? {})) {
    if (given.has(name)) continue;
    const value = values[option];
    if (value === undefined) throw new InputError(place, name, `is missing: give it here or as the client's ${option}`);
    given.set(name, value);
  }
  for (const name of operation.required ?? []) {
    if (!given.has(name)) throw new InputError(place, name, "is required");
  }

  const take = (names: readonly string[] = []) => {
    const taken: Record<string, unknown> = {};
    for (const name of names) {
      if (given.has(name)) taken[name] = given.get(name);
      given.delete(name);
    }
    return taken;
  };
  const { path, query, header, body } = operation.input;
  const parts = { path: take(path), query: take(query), header: take(header), body: body && take(body) };
  const [unknown] = given.keys();
  if (unknown !== undefined) throw new InputError(place, unknown, "is not an input of this operation");

  for (const [name, value] of Object.entries(parts.path)) parts.path[name] = pathText(place, name, value);
  for (const [name, value] of Object.entries(parts.query)) checkQuery(place, name, value);
  for (const [name, value] of Object.entries(parts.body ?? {})) checkValue(place, name, value);
  for (const [name, value] of Object.entries(parts.header)) parts.header[name] = headerText(place, name, value);
  return parts as Parts;
}

/** Fills a path template; a segment can never become another path. @throws {InputError} */
export function fillPath(
  service: string,
  operation: Operation,
  template: string,
  given: Record<string, unknown>,
  values: ClientValues,
) {
  return template.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const option = operation.client?.[name];
    const value = given[name] ?? (option && values[option]);
    return encodeURIComponent(pathText({ service, operation: operation.id }, name, value));
  });
}

type Place = { service: string; operation: string };

function pathText(place: Place, name: string, value: unknown) {
  if (typeof value !== "string" && !Number.isSafeInteger(value)) throw new InputError(place, name, "must be a string");
  const text = String(value);
  // URL parsers drop "." and ".." segments even when they are percent-encoded, which would address another resource.
  if (text === "" || text === "." || text === "..") throw new InputError(place, name, "must name one path segment");
  if (!text.isWellFormed()) throw new InputError(place, name, "is not well-formed text");
  return text;
}

function headerText(place: Place, name: string, value: unknown) {
  checkScalar(place, name, value);
  const text = String(value);
  if (!/^[\x20-\x7e]+$/.test(text) || text.trim() !== text) {
    throw new InputError(place, name, "must be visible ASCII without leading or trailing spaces");
  }
  return text;
}

/** A query cannot say "nothing" or hold an object; leaving it out would ask for more than was asked for. */
function checkQuery(place: Place, name: string, value: unknown) {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw new InputError(place, name, "is empty");
  for (const each of values) checkScalar(place, name, each);
}

function checkScalar(place: Place, name: string, value: unknown) {
  if (!["string", "number", "boolean"].includes(typeof value))
    throw new InputError(place, name, "must be text, a number or a boolean");
  checkValue(place, name, value);
}

/** Refuses what JSON or a query would change without a word: NaN becomes null, a large integer is rounded already. */
function checkValue(place: Place, name: string, value: unknown, depth = 0): void {
  if (depth > 32) throw new InputError(place, name, "is nested too deeply");
  if (typeof value === "string" && !value.isWellFormed()) throw new InputError(place, name, "is not well-formed text");
  if (
    typeof value === "number" &&
    (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
  ) {
    throw new InputError(place, name, "is not a number that can be sent exactly");
  }
  if (["bigint", "function", "symbol"].includes(typeof value))
    throw new InputError(place, name, `cannot be a ${typeof value}`);
  if (typeof value !== "object" || value === null) return;
  const parent = Object.getPrototypeOf(value);
  // Any realm's plain object; a Map, a Date or a class instance would become something else.
  if (!Array.isArray(value) && parent !== null && Object.getPrototypeOf(parent) !== null)
    throw new InputError(place, name, "must be plain data");
  if (Array.isArray(value) && value.includes(undefined)) throw new InputError(place, name, "has a gap");
  for (const [key, inner] of Object.entries(value)) checkValue(place, `${name}.${key}`, inner, depth + 1);
}
