import type { Complaints } from "../load/complain.js";
import { besideReference } from "../load/grammar.js";
import type { Header, OpenApi, Parameter, RequestBody, Response, Schema } from "../openapi.js";
import { innerSchemas, operationsOf, reachOf } from "../reach.js";
import { resolve, typesOf } from "../resolve.js";

const formats: Record<string, readonly string[]> = {
  integer: ["int32", "int64"],
  number: ["float", "double"],
  string: ["password", "date-time", "date", "uuid", "uri", "email", "ipv4", "ipv6", "byte"],
};
const types = new Set(["string", "integer", "number", "boolean", "object", "array"]);
/** Some languages have types of these names and rename ours. */
const takenNames = new Set(["Error", "Date"]);

/** The rules of docs/specs.md about schemas. */
export function checkSchemas(bundle: OpenApi, complaints: Complaints): void {
  for (const [name, schema] of Object.entries(bundle.components?.schemas ?? {})) {
    if (takenNames.has(name))
      complaints.at(schema, [], `no schema may be called ${name}; call it ServiceError or the like`);
    checkSchema(schema, true);
  }
  for (const schema of inlineSchemas(bundle)) checkSchema(schema, false);
  checkDirections(bundle, complaints);

  function checkSchema(schema: Schema, named: boolean): void {
    if (schema.$ref !== undefined) return;
    checkType(schema, complaints);
    if (schema.oneOf !== undefined) checkUnion(schema, named, complaints);
    const is = typesOf(schema);
    if (is.includes("object")) checkObject(bundle, schema, named, complaints);
    if (is.includes("array")) {
      if (schema.items === undefined) complaints.at(schema, ["items"], "is missing");
      else if (typesOf(schema.items).some((type) => type === "array")) {
        complaints.at(schema, ["items"], "lists inside lists must be named schemas");
      }
    }
    for (const inner of innerSchemas(schema)) if (!schema.oneOf?.includes(inner)) checkSchema(inner, false);
  }
}

function checkType(schema: Schema, complaints: Complaints): void {
  const is = typesOf(schema);
  if (is.length === 0) {
    // A description alone says on purpose that the value may be of any type.
    const isAny = schema.description !== undefined && Object.keys(schema).every((key) => besideReference.has(key));
    if (schema.oneOf === undefined && !isAny) complaints.at(schema, ["type"], "is missing");
    return;
  }
  const plain = is.filter((type) => type !== "null");
  if (plain.length !== 1 || is.length > 2 || !types.has(plain[0] as string) || (is.length === 2 && is[1] !== "null")) {
    complaints.at(schema, ["type"], 'must be one type, or [X, "null"]');
    return;
  }
  const type = plain[0] as string;
  const known = formats[type];
  if ((type === "integer" || type === "number") && schema.format === undefined) {
    complaints.at(schema, ["format"], `is missing: numbers are ${known?.join(" or ")}`);
  } else if (schema.format !== undefined && !known?.includes(schema.format)) {
    complaints.at(schema, ["format"], `${schema.format} is no known format of ${type}`);
  }
  if (schema.pattern !== undefined && !compiles(schema.pattern)) {
    complaints.at(schema, ["pattern"], "is no regular expression");
  }
  if (schema.enum !== undefined) checkEnum(schema, is, complaints);
}

function checkEnum(schema: Schema, is: string[], complaints: Complaints): void {
  const values = schema.enum ?? [];
  if (values.length === 0) complaints.at(schema, ["enum"], "is empty");
  for (const [index, value] of values.entries()) {
    if (!is.some((type) => fits(type, value))) {
      complaints.at(schema, ["enum", index], `${JSON.stringify(value)} is not of type ${is.join(" or ")}`);
    } else if (values.indexOf(value) !== index) {
      complaints.at(schema, ["enum", index], `${JSON.stringify(value)} stands twice`);
    }
  }
}

function fits(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

function checkUnion(schema: Schema, named: boolean, complaints: Complaints): void {
  if (!named) complaints.at(schema, ["oneOf"], "a union must be a named schema");
  if ((schema.oneOf?.length ?? 0) < 2) complaints.at(schema, ["oneOf"], "needs at least two forms");
  for (const [index, form] of (schema.oneOf ?? []).entries()) {
    if (form.$ref === undefined) complaints.at(schema, ["oneOf", index], "must be the $ref of a named schema");
  }
  for (const key of ["properties", "required", "additionalProperties", "items", "enum"]) {
    if (Object.hasOwn(schema, key)) complaints.at(schema, [key], "may not stand beside oneOf");
  }
}

function checkObject(bundle: OpenApi, schema: Schema, named: boolean, complaints: Complaints): void {
  if (!named) complaints.at(schema, [], "an object schema must be named in components.schemas");
  const properties = schema.properties ?? {};
  if (schema.properties === undefined && schema.oneOf === undefined && !schema.additionalProperties) {
    complaints.at(
      schema,
      ["properties"],
      "is missing: a bare object says nothing (additionalProperties: true says: any)",
    );
  }
  for (const [name, property] of Object.entries(properties)) {
    const resolved = resolve<Schema>(bundle, property);
    // A named object explains itself by its properties.
    const explained = property.$ref !== undefined && typesOf(resolved).includes("object");
    if (property.description === undefined && resolved.description === undefined && !explained) {
      complaints.at(schema, ["properties", name, "description"], "is missing");
    }
  }
  for (const [index, name] of (schema.required ?? []).entries()) {
    if (!Object.hasOwn(properties, name)) complaints.at(schema, ["required", index], `${name} is no property`);
  }
}

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}

/** What is sent is closed, what arrives is open; so a schema with a value list serves one direction. */
function checkDirections(bundle: OpenApi, complaints: Complaints): void {
  const { request, response } = reachOf(bundle);
  for (const schema of request) {
    if (schema.type === undefined && schema.oneOf === undefined)
      complaints.at(schema, ["type"], "is missing in a request");
    if (schema.enum !== undefined && response.has(schema)) {
      complaints.at(schema, ["enum"], "a schema that holds a value list serves requests or responses, not both");
    }
    if (schema.properties !== undefined && schema.additionalProperties === undefined) {
      complaints.at(schema, ["additionalProperties"], "is missing: request objects say false");
    }
    checkTwins(schema, complaints);
  }
  for (const schema of response) {
    if (schema.oneOf !== undefined)
      complaints.at(schema, ["oneOf"], "is for requests only; a response is its success shape");
    if (schema.additionalProperties === false) {
      complaints.at(schema, ["additionalProperties"], "response objects leave it out: unknown properties must survive");
    }
  }
}

/** In a request both spellings would have to be sent; in an answer the projection for other languages keeps one. */
function checkTwins(schema: Schema, complaints: Complaints): void {
  const seen = new Map<string, string>();
  for (const name of Object.keys(schema.properties ?? {})) {
    const twin = seen.get(foldedName(name));
    if (twin === undefined) seen.set(foldedName(name), name);
    else complaints.at(schema, ["properties", name], `and ${twin} become one name in other languages`);
  }
}

/** What remains of a name in languages that change its spelling. */
export function foldedName(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
}

function inlineSchemas(bundle: OpenApi): Set<Schema> {
  const found = new Set<Schema>();
  const { components = {} } = bundle;
  const parameters = Object.values(components.parameters ?? {});
  const bodies = Object.values(components.requestBodies ?? {});
  const responses = Object.values(components.responses ?? {});
  const headers = Object.values(components.headers ?? {});
  for (const { operation } of operationsOf(bundle)) {
    parameters.push(...(operation.parameters ?? []));
    if (operation.requestBody) bodies.push(operation.requestBody);
    responses.push(...Object.values(operation.responses));
  }
  for (const entry of responses) {
    const response = resolve<Response>(bundle, entry);
    headers.push(...Object.values(response.headers ?? {}));
    for (const media of Object.values(response.content ?? {})) found.add(media.schema);
  }
  for (const entry of bodies) {
    for (const media of Object.values(resolve<RequestBody>(bundle, entry).content)) found.add(media.schema);
  }
  for (const entry of [...parameters, ...headers]) found.add(resolve<Parameter | Header>(bundle, entry).schema);
  return found;
}
