import { parametersOf } from "./facts.js";
import type { OpenApi, Parameter, Schema } from "./openapi.js";
import { type BundledOperation, operationsOf } from "./reach.js";
import { resolve, typesOf } from "./resolve.js";

/** Two operations of one method, where values that a schema allows turn the path of the first into the second's. */
export interface Siblings {
  readonly operation: BundledOperation;
  readonly reached: BundledOperation;
  /** The values that do, by parameter. */
  readonly values: ReadonlyMap<string, string>;
}

/** `/instances/{id}` and `/instances/status`: who calls the first with `status` means it and gets the second. */
export function siblingsOf(bundle: OpenApi): Siblings[] {
  const all = operationsOf(bundle);
  return all.flatMap((operation) =>
    all.flatMap((reached) => {
      if (operation === reached || operation.method !== reached.method) return [];
      const values = valuesThatReach(operation.path, reached.path);
      return values && allowed(bundle, operation, values) ? [{ operation, reached, values }] : [];
    }),
  );
}

/** What makes a template fit another one where that is more written out; undefined where nothing does. */
function valuesThatReach(template: string, other: string): Map<string, string> | undefined {
  const [segments, others] = [template.split("/"), other.split("/")];
  if (segments.length !== others.length) return undefined;
  const values = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const there = others[index] ?? "";
    const [open, openThere] = [segment.includes("{"), there.includes("{")];
    if (open && !openThere) {
      const found = patternOf(segment).exec(there);
      if (!found) return undefined;
      for (const [at, name] of namesIn(segment).entries()) values.set(name, decoded(found[at + 1] ?? ""));
    } else if (!open && openThere ? !patternOf(there).test(segment) : !open && segment !== there) return undefined;
  }
  return values.size > 0 ? values : undefined;
}

function namesIn(segment: string): string[] {
  return [...segment.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name);
}

function patternOf(segment: string): RegExp {
  const literals = segment.split(/\{[^}]*\}/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literals.join("(.+)")}$`);
}

function allowed(bundle: OpenApi, { operation }: BundledOperation, values: ReadonlyMap<string, string>): boolean {
  const parameters = parametersOf(bundle, operation).filter((parameter) => parameter.in === "path");
  return [...values].every(([name, value]) => {
    const parameter = parameters.find((one) => one.name === name);
    return parameter === undefined || allows(bundle, parameter, value);
  });
}

function allows(bundle: OpenApi, { schema }: Parameter, value: string): boolean {
  const { enum: list, pattern, ...rest } = resolve<Schema>(bundle, schema);
  if (list !== undefined) return list.map(String).includes(value);
  const types = typesOf(rest);
  if (types.length > 0 && !types.includes("string")) return /^-?\d+$/.test(value);
  return pattern === undefined || !excludes(pattern, value);
}

/** One that is no regular expression is told elsewhere. */
function excludes(pattern: string, value: string): boolean {
  try {
    return !new RegExp(pattern, "u").test(value);
  } catch {
    return false;
  }
}

/** What a caller would give: the client escapes it. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
