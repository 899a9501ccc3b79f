import { parametersOf } from "./facts.js";
import type { OpenApi, Schema } from "./openapi.js";
import { type BundledOperation, operationsOf } from "./reach.js";
import { resolve } from "./resolve.js";

/** Two operations of one method, where values turn the path of the first into the second's. */
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
      return values ? [{ operation, reached, values }] : [];
    }),
  );
}

/** Whether the values are documented ones, each in the list of its parameter. */
export function areListed(bundle: OpenApi, { operation, values }: Siblings): boolean {
  const parameters = parametersOf(bundle, operation.operation);
  return [...values].every(([name, value]) => {
    const parameter = parameters.find((one) => one.in === "path" && one.name === name);
    return parameter !== undefined && resolve<Schema>(bundle, parameter.schema).enum?.map(String).includes(value);
  });
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

/** What a caller would give: the client escapes it. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
