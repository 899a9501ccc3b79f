import { exact } from "./data.js";
import { InputError, type Place } from "./errors.js";
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

  const take = <T>(names: readonly string[] = [], read: (place: Place, name: string, value: unknown) => T) => {
    const taken: Record<string, T> = {};
    for (const name of names) {
      if (given.has(name)) taken[name] = read(place, name, given.get(name));
      given.delete(name);
    }
    return taken;
  };
  const { path, query, header, body } = operation.input;
  const parts = {
    path: take(path, pathText),
    query: take(query, queryValue),
    header: take(header, headerText),
    body: body && take<unknown>(body, plain),
  };
  const [unknown] = given.keys();
  if (unknown !== undefined) throw new InputError(place, unknown, "is not an input of this operation");
  return parts;
}

/** Fills a path template; a segment can never become another path, nor all of it another operation's. @throws {InputError} */
export function fillPath(
  service: string,
  operation: Operation,
  template: string,
  given: Record<string, unknown>,
  values: ClientValues,
) {
  const place = { service, operation: operation.id };
  const fill = (path: string) =>
    path.replace(PARAMETER, (all) => {
      const name = all.slice(1, -1);
      const option = operation.client?.[name];
      const value = given[name] ?? (option && values[option]);
      return encodeURIComponent(pathText(place, name, value));
    });
  const sibling = operation.siblings?.find((other) => fits(fill(operation.path), other));
  if (sibling) throw new InputError(place, "the path", `would be that of another operation: ${sibling}`);
  return fill(template);
}

const PARAMETER = /\{[^}]+\}/g;

/** Whether a path can be one of a template; a service may take small letters for large ones. */
function fits(path: string, template: string) {
  return new RegExp(`^${patternOf(template, "[^/]+")}$`, "i").test(path);
}

/** A path template as a regular expression, with `gap` for each parameter. */
export function patternOf(template: string, gap: string) {
  return template
    .split(PARAMETER)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\#]/g, "\\$&"))
    .join(gap);
}

function pathText(place: Place, name: string, value: unknown) {
  if (typeof value !== "string" && !Number.isSafeInteger(value)) throw new InputError(place, name, "must be a string");
  const text = String(value);
  // URL parsers drop "." and ".." segments even when they are percent-encoded, which would address another resource.
  if (text === "" || text === "." || text === "..") throw new InputError(place, name, "must name one path segment");
  if (!text.isWellFormed()) throw new InputError(place, name, "is not well-formed text");
  return text;
}

function headerText(place: Place, name: string, value: unknown) {
  const text = String(scalar(place, name, value));
  if (!/^[\x20-\x7e]+$/.test(text) || text.trim() !== text) {
    throw new InputError(place, name, "must be visible ASCII without leading or trailing spaces");
  }
  return text;
}

/** A query cannot say "nothing" or hold an object; leaving it out would ask for more than was asked for. */
function queryValue(place: Place, name: string, value: unknown) {
  if (!Array.isArray(value)) return scalar(place, name, value);
  if (value.length === 0) throw new InputError(place, name, "is empty");
  return Array.from(value, (each) => scalar(place, name, each));
}

function scalar(place: Place, name: string, value: unknown) {
  if (!["string", "number", "boolean"].includes(typeof value))
    throw new InputError(place, name, "must be text, a number or a boolean");
  return plain(place, name, value);
}

/**
 * A copy, so that what was checked is what goes out, whatever getters or a toJSON would say next.
 * Refuses what JSON or a query would change without a word: NaN becomes null, a large integer is rounded already.
 */
function plain(place: Place, name: string, value: unknown, depth = 0): unknown {
  if (depth > 32) throw new InputError(place, name, "is nested too deeply");
  if (typeof value === "string" && !value.isWellFormed()) throw new InputError(place, name, "is not well-formed text");
  if (typeof value === "number" && !exact(value))
    throw new InputError(place, name, "is not a number that can be sent exactly");
  if (["bigint", "function", "symbol"].includes(typeof value))
    throw new InputError(place, name, `cannot be a ${typeof value}`);
  if (typeof value !== "object" || value === null) return value;
  const copy = (inner: unknown, key: string | number) => plain(place, `${name}.${key}`, inner, depth + 1);
  if (Array.isArray(value)) {
    if (value.includes(undefined)) throw new InputError(place, name, "has a gap");
    return Array.from(value, copy);
  }
  const parent = Object.getPrototypeOf(value);
  // Any realm's plain object; a Map, a Date or a class instance would become something else.
  if (parent !== null && Object.getPrototypeOf(parent) !== null)
    throw new InputError(place, name, "must be plain data");
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner, key)]));
}
