import {
  bodySchemaOf,
  constantOf,
  type Input,
  inputsOf,
  isAnonymous,
  parametersOf,
  resultHeadersOf,
  secretsOf,
} from "../facts.js";
import type { OpenApi, OperationObject, Schema } from "../openapi.js";
import { type BundledOperation, operationsOf } from "../reach.js";
import { jsonOf, resolve, successesOf, typesOf, unwrap } from "../resolve.js";
import { type Siblings, siblingsOf } from "../siblings.js";
import { docComment, literal, pascal, propertyName } from "./literal.js";

/** The operations table of a service, the types of its calls, and the interface of its client. */
export function emitTable(service: string, bundle: OpenApi): string {
  const operations = operationsOf(bundle);
  const siblings = siblingsOf(bundle);
  const sections = [
    `export const service = ${literal(serviceEntry(service, bundle), "", 30)} as const satisfies Service;\n`,
    ...operations.map((each) => {
      const { operationId } = each.operation;
      return `export const ${operationId} = ${literal(tableEntry(bundle, each, siblings), "", 50)} as const satisfies Operation;\n`;
    }),
    `${docComment(["Every operation of the service, by name."], "")}export const operations = {\n${operations
      .map(({ operation }) => `  ${operation.operationId},\n`)
      .join("")}};\n`,
    serviceCodes(bundle),
    ...operations.map(({ operation }) => typesOfCall(bundle, operation)),
    callsInterface(
      bundle,
      operations.map(({ operation }) => operation),
    ),
  ];
  const body = sections.filter((section) => section !== "").join("\n");
  return `${imports(body)}\n${body}`;
}

/** Only what is used: an unused import is an error in the packages. */
function imports(body: string): string {
  const names = [
    /\bcomponents\[/.test(body) ? "components" : "",
    /\bschema\[/.test(body) ? "operations as schema" : "",
  ];
  const used = names.filter((name) => name !== "");
  const types = used.length > 0 ? `import type { ${used.join(", ")} } from "./types.js";\n` : "";
  return `import type { Call, CallOptions, Operation, Service } from "@restorekit/core";\n${types}`;
}

function serviceEntry(name: string, bundle: OpenApi): object {
  const envelope = bundle["x-envelope"];
  return compact({
    name,
    version: bundle.info.version,
    endpoints: (bundle.servers ?? []).map((server) =>
      compact({ url: server.url, regions: server["x-regions"], site: server["x-site"] }),
    ),
    envelope: envelope?.success,
    errors: envelope?.error,
  });
}

function tableEntry(bundle: OpenApi, bundled: BundledOperation, siblings: readonly Siblings[]): object {
  const { path, method, operation } = bundled;
  const inputs = inputsOf(bundle, operation);
  const parameters = parametersOf(bundle, operation);
  const constants = parameters.flatMap((parameter) => {
    const value = constantOf(parameter);
    return value === undefined ? [] : [[parameter.name, value]];
  });
  const filled = parameters.flatMap((parameter) =>
    parameter["x-client"] === undefined ? [] : [[parameter.name, parameter["x-client"]]],
  );
  const placed = (place: Input["in"]) => inputs.filter((input) => input.in === place).map((input) => input.name);
  const codes = Object.entries(operation["x-errors"] ?? {});
  return compact(
    {
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      effect: operation["x-effect"],
      siblings: siblings.filter((each) => each.operation.operation === operation).map(({ reached }) => reached.path),
      input: compact({ path: placed("path"), query: placed("query"), header: placed("header"), body: placed("body") }),
      required: inputs.filter((input) => input.required).map((input) => input.name),
      client: Object.fromEntries(filled),
      headers: Object.fromEntries(constants),
      secrets: secretsOf(bundle, bundled),
      success: successesOf(bundle, operation.responses).map(({ status }) => status),
      empty: successesOf(bundle, operation.responses).flatMap(({ status, response }) =>
        jsonOf(response) ? [] : [status],
      ),
      result: operation["x-effect"] === "read" ? undefined : resultNames(bundle, operation),
      resultHeaders: resultHeadersOf(bundle, operation).map(({ name }) => name),
      anonymous: isAnonymous(bundle, operation) ? true : undefined,
      rateLimit: operation["x-rate-limit"],
      throttled: codes.flatMap(([code, { kind }]) => (kind === "throttled" ? [code] : [])),
      pagination: operation["x-pagination"],
      task: operation["x-task"],
    },
    ["input"],
  );
}

/** The top-level properties that a documented result may have, but the id that errors have too; none where any name is possible. */
function resultNames(bundle: OpenApi, operation: OperationObject): string[] {
  const names = new Set<string>();
  for (const { response } of successesOf(bundle, operation.responses)) {
    const media = jsonOf(response);
    const result = media && unwrap(bundle, media.schema);
    if (result === undefined) continue;
    const { properties, additionalProperties } = resolve<Schema>(bundle, result);
    if (properties === undefined || additionalProperties) return [];
    for (const name of Object.keys(properties)) if (name !== "RequestId") names.add(name);
  }
  return [...names];
}

/** Leaves out what says nothing. */
function compact(object: Record<string, unknown>, kept: readonly string[] = []): object {
  const isEmpty = (value: unknown) =>
    value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(object).filter(([key, value]) => kept.includes(key) || !isEmpty(value)));
}

function serviceCodes(bundle: OpenApi): string {
  const codes = Object.keys(bundle["x-errors"] ?? {});
  const comment = docComment(["Documented error codes that any operation may answer; others arrive too."], "");
  return `${comment}export type ServiceCode =${union([...codes.map((code) => JSON.stringify(code)), "(string & {})"])};\n`;
}

function typesOfCall(bundle: OpenApi, operation: OperationObject): string {
  const id = operation.operationId;
  const name = pascal(id);
  const shared = bundle["x-errors"] ?? {};
  const own = Object.keys(operation["x-errors"] ?? {}).filter((code) => !Object.hasOwn(shared, code));
  const codes = union([...own.map((code) => JSON.stringify(code)), "ServiceCode"]);
  return [
    `export type ${name}Input = ${inputType(bundle, operation)};\n`,
    `export type ${name}Result = ${resultType(bundle, operation)};\n`,
    docComment([`Documented error codes of ${id}; others arrive too.`], ""),
    `export type ${name}Code =${codes};\n`,
  ].join("");
}

function union(members: string[]): string {
  const flat = members.join(" | ");
  return flat.length < 80 ? ` ${flat}` : members.map((member) => `\n  | ${member}`).join("");
}

function inputType(bundle: OpenApi, operation: OperationObject): string {
  const inputs = inputsOf(bundle, operation);
  const parts: string[] = [];
  const body = bodySchemaOf(bundle, operation);
  if (body !== undefined && inputs.some((input) => input.in === "body")) parts.push(schemaType(body));
  for (const place of ["path", "query", "header"] as const) {
    const here = inputs.filter((input) => input.in === place);
    if (here.length === 0) continue;
    const type = `schema[${JSON.stringify(operation.operationId)}]["parameters"]["${place}"]`;
    // openapi-typescript makes a group optional in which nothing is required.
    parts.push(here.some((input) => input.required) ? type : `NonNullable<${type}>`);
  }
  if (parts.length === 0) return "Record<string, never>";
  const flat = parts.join(" & ");
  return flat.length < 80 ? flat : parts.join(" &\n  ");
}

function resultType(bundle: OpenApi, operation: OperationObject): string {
  const types = new Set<string>();
  for (const { response } of successesOf(bundle, operation.responses)) {
    const schema = jsonOf(response)?.schema;
    const result = schema && unwrap(bundle, schema);
    types.add(
      result === undefined
        ? "undefined"
        : result === schema
          ? schemaType(result)
          : unwrappedType(bundle, schema as Schema, result),
    );
  }
  const headers = resultHeadersOf(bundle, operation).map(
    ({ name, required }) => `${propertyName(name)}${required ? "" : "?"}: string`,
  );
  // Something that is always there comes first, so that `undefined` ends the union.
  const parts = [...types].sort((a, b) => Number(a === "undefined") - Number(b === "undefined"));
  if (headers.length === 0) return parts.join(" | ");
  const members = `{ ${headers.join("; ")} }`;
  return parts.map((part) => (part === "undefined" ? members : `${part} & ${members}`)).join(" | ");
}

/** The named schema inside the envelope, or the envelope's property where it has no name. */
function unwrappedType(bundle: OpenApi, enveloped: Schema, result: Schema): string {
  const envelope = bundle["x-envelope"]?.success ?? "";
  const property = resolve<Schema>(bundle, enveloped).properties?.[envelope];
  if (property?.$ref !== undefined) return schemaType(property);
  return enveloped.$ref === undefined ? schemaType(result) : `${schemaType(enveloped)}[${JSON.stringify(envelope)}]`;
}

function schemaType(schema: Schema): string {
  if (schema.$ref !== undefined) return `components["schemas"][${JSON.stringify(schema.$ref.split("/")[3])}]`;
  const [type, nothing] = typesOf(schema);
  const suffix = nothing === "null" ? " | null" : "";
  if (type === "array") return `${schema.items ? wrapped(schemaType(schema.items)) : "unknown"}[]${suffix}`;
  if (type === "integer" || type === "number") return `number${suffix}`;
  return `${type ?? "unknown"}${suffix}`;
}

function wrapped(type: string): string {
  return type.includes(" ") ? `(${type})` : type;
}

function callsInterface(bundle: OpenApi, operations: readonly OperationObject[]): string {
  const members = operations.map((operation) => {
    const name = pascal(operation.operationId);
    const optional = inputsOf(bundle, operation).some((input) => input.required) ? "" : "?";
    const call = `  ${operation.operationId}(input${optional}: ${name}Input, options?: CallOptions): Call<${name}Result, ${name}Code>;\n`;
    return docComment(aboutCall(operation), "  ") + call;
  });
  const comment = docComment(["Calls of the service; each takes one flat input and gives the unwrapped result."], "");
  return `${comment}export interface Calls {\n${members.join("\n")}}\n`;
}

function aboutCall(operation: OperationObject): string[] {
  const { summary, description, deprecated } = operation;
  const effect = operation["x-effect"];
  const limit = operation["x-rate-limit"];
  const facts: string[] = [];
  if (effect !== "read") facts.push(`Effect: ${effect}.`);
  if (limit)
    facts.push(
      `Limit: ${count(limit.requests, "request")} per ${limit.seconds === 1 ? "second" : `${limit.seconds} seconds`} and ${limit.per}.`,
    );
  const tags = [...(deprecated ? ["@deprecated"] : []), `@see ${operation.externalDocs.url}`];
  return [sentence(summary), description.trim(), facts.join(" "), tags.join("\n")].filter((part) => part !== "");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
