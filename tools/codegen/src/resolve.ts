import type { MediaType, OpenApi, OrReference, Response, Schema } from "./openapi.js";

/** Follows a `$ref` of the bundle to what it stands for. Loading has made sure that it leads somewhere. */
export function resolve<T extends object>(bundle: OpenApi, node: T | { $ref: string }): T {
  let current: unknown = node;
  while (typeof current === "object" && current !== null && "$ref" in current && typeof current.$ref === "string") {
    const [, , group = "", name = ""] = current.$ref.split("/");
    current = (bundle.components as Record<string, Record<string, unknown>> | undefined)?.[group]?.[name];
  }
  return current as T;
}

export function jsonOf(body: { content?: Record<string, MediaType> }): MediaType | undefined {
  return body.content?.["application/json"];
}

export function typesOf(schema: Schema): string[] {
  return schema.type === undefined ? [] : [schema.type].flat();
}

/** The forms a schema may take: the branches of a union, or itself. */
export function formsOf(bundle: OpenApi, schema: Schema): Schema[] {
  const resolved = resolve<Schema>(bundle, schema);
  return resolved.oneOf === undefined ? [resolved] : resolved.oneOf.flatMap((branch) => formsOf(bundle, branch));
}

export interface Success {
  readonly status: number;
  readonly response: Response;
}

/** Documented success answers in the order of their statuses. */
export function successesOf(bundle: OpenApi, responses: Record<string, OrReference<Response>>): Success[] {
  return Object.keys(responses)
    .filter((status) => /^2\d\d$/.test(status))
    .sort()
    .map((status) => ({ status: Number(status), response: resolve<Response>(bundle, responses[status] as Response) }));
}

/** The schema of a result without its envelope; undefined where the envelope lacks it. */
export function unwrap(bundle: OpenApi, schema: Schema): Schema | undefined {
  const envelope = bundle["x-envelope"]?.success;
  if (envelope === undefined) return schema;
  return resolve<Schema>(bundle, schema).properties?.[envelope];
}

/** Follows a dotted place such as `jobs[].status` from a schema; undefined where it leads nowhere. */
export function schemaAt(bundle: OpenApi, start: Schema, place: string): Schema | undefined {
  let current: Schema | undefined = resolve<Schema>(bundle, start);
  if (place === ".") return current;
  for (const step of place.split(".")) {
    const name: string = step.replace(/\[\]$/, "");
    const properties: Record<string, Schema> = current?.properties ?? {};
    const found: Schema | undefined = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (found === undefined) return undefined;
    current = resolve<Schema>(bundle, found);
    if (step.endsWith("[]")) current = current.items && resolve<Schema>(bundle, current.items);
    if (current === undefined) return undefined;
  }
  return current;
}
