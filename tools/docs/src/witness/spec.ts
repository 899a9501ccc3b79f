// A generated bundle as calls.
import { type Call, type Field, plainPath } from "./model.js";

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  oneOf?: Schema[];
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
  "x-client"?: string;
}

interface Content {
  content?: Record<string, { schema: Schema }>;
  $ref?: string;
}

interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

export interface Bundle {
  paths: Record<string, Record<string, Operation>>;
  components?: Record<string, Record<string, unknown>>;
  "x-envelope"?: { success?: string };
}

const deepest = 12;

/** By operationId. */
export function callsOfSpec(bundle: Bundle): Map<string, Call> {
  const calls = new Map<string, Call>();
  for (const [path, item] of Object.entries(bundle.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const fields = new Map<string, Field>();
      let version = "";
      for (const entry of operation.parameters ?? []) {
        const parameter = resolve<Parameter>(bundle, entry);
        const constant = parameter.in === "header" && parameter.schema.enum?.length === 1;
        if (constant && parameter.name === "X-TC-Version") version = String(parameter.schema.enum?.[0]);
        // What is set once on a client is no member of an SDK's request.
        if (constant || parameter["x-client"] !== undefined) continue;
        walk(
          bundle,
          parameter.schema,
          `request ${parameter.in} ${parameter.name}`,
          parameter.required === true,
          fields,
        );
      }
      const body = operation.requestBody && json(resolve(bundle, operation.requestBody));
      if (body) members(bundle, body, "request body ", true, fields);
      for (const [status, entry] of Object.entries(operation.responses)) {
        if (!status.startsWith("2")) continue;
        const answer = json(resolve(bundle, entry));
        if (answer) members(bundle, unwrapped(bundle, answer), "response ", false, fields);
      }
      const action = /#Action=(.+)$/.exec(path)?.[1];
      const line = action ? `${action} ${version}` : `${method.toUpperCase()} ${plainPath(path)}`;
      calls.set(operation.operationId, { name: operation.operationId, line, fields });
    }
  }
  return calls;
}

function resolve<T>(bundle: Bundle, node: object): T {
  const reference = (node as { $ref?: string }).$ref;
  if (reference === undefined) return node as T;
  const [, , group = "", name = ""] = reference.split("/");
  return resolve(bundle, (bundle.components?.[group]?.[name] ?? {}) as object);
}

function json(content: Content): Schema | undefined {
  return content.content?.["application/json"]?.schema;
}

function unwrapped(bundle: Bundle, schema: Schema): Schema {
  const success = bundle["x-envelope"]?.success;
  return success === undefined ? schema : (resolve<Schema>(bundle, schema).properties?.[success] ?? schema);
}

function members(
  bundle: Bundle,
  given: Schema,
  prefix: string,
  request: boolean,
  fields: Map<string, Field>,
  depth = 0,
) {
  const schema = resolve<Schema>(bundle, given);
  if (depth > deepest) return;
  const forms = schema.oneOf ? schema.oneOf.map((form) => resolve<Schema>(bundle, form)) : [schema];
  const names = new Set(forms.flatMap((form) => Object.keys(form.properties ?? {})));
  for (const name of names) {
    // Of a union only what every form demands is demanded.
    const required = request ? forms.every((form) => form.required?.includes(name) ?? false) : null;
    const found = forms.flatMap((form) => form.properties?.[name] ?? []);
    for (const property of found) walk(bundle, property, prefix + name, required, fields, depth + 1);
  }
}

function walk(
  bundle: Bundle,
  given: Schema,
  place: string,
  required: boolean | null,
  fields: Map<string, Field>,
  depth = 0,
): void {
  const schema = resolve<Schema>(bundle, given);
  const known = fields.get(place);
  const item = schema.items ? resolve<Schema>(bundle, schema.items) : undefined;
  const values = (item ?? schema).enum?.filter((value) => value !== null).map(String) ?? null;
  fields.set(place, {
    type: typeOf(bundle, schema),
    required,
    // Forms of a union may each hold a part of the list.
    values: known?.values && values ? [...new Set([...known.values, ...values])] : values,
  });
  const inner = item ?? schema;
  const inside = `${place}${item ? "[]" : ""}.`;
  const request = place.startsWith("request ");
  members(bundle, inner, inside, request, fields, depth);
  if (typeof inner.additionalProperties === "object")
    members(bundle, inner.additionalProperties, `${place}{}.`, request, fields, depth);
}

function typeOf(bundle: Bundle, given: Schema): string {
  const schema = resolve<Schema>(bundle, given);
  if (schema.oneOf) return "object";
  const type = [schema.type].flat().find((one) => one !== "null");
  if (type === undefined) return "any";
  if (type === "array") return `array of ${schema.items ? typeOf(bundle, schema.items) : "any"}`;
  if (type === "object" && schema.properties === undefined && schema.additionalProperties)
    return `map of ${typeof schema.additionalProperties === "object" ? typeOf(bundle, schema.additionalProperties) : "any"}`;
  return type;
}
