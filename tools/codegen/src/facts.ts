import type { Header, OpenApi, OperationObject, Parameter, RequestBody, Schema } from "./openapi.js";
import type { BundledOperation } from "./reach.js";
import { reachOf } from "./reach.js";
import { formsOf, jsonOf, resolve, successesOf } from "./resolve.js";

/** One input of an operation and the part of the request it goes to. */
export interface Input {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "body";
  readonly required: boolean;
  /** The parameter or the property's schema. */
  readonly node: object;
}

export function parametersOf(bundle: OpenApi, operation: OperationObject): Parameter[] {
  return (operation.parameters ?? []).map((entry) => resolve<Parameter>(bundle, entry));
}

/** A header that has one possible value is the transport's business, not the caller's. */
export function constantOf(parameter: Parameter): string | undefined {
  const values = parameter.schema.enum;
  return parameter.in === "header" && values?.length === 1 ? String(values[0]) : undefined;
}

export function bodySchemaOf(bundle: OpenApi, operation: OperationObject): Schema | undefined {
  if (operation.requestBody === undefined) return undefined;
  return jsonOf(resolve<RequestBody>(bundle, operation.requestBody))?.schema;
}

/** Every flat input of an operation, constants left out. */
export function inputsOf(bundle: OpenApi, operation: OperationObject): Input[] {
  const inputs: Input[] = [];
  for (const parameter of parametersOf(bundle, operation)) {
    if (constantOf(parameter) !== undefined) continue;
    const required = parameter.required === true && parameter["x-client"] === undefined;
    inputs.push({ name: parameter.name, in: parameter.in, required, node: parameter });
  }
  const body = bodySchemaOf(bundle, operation);
  if (body === undefined) return inputs;
  const forms = formsOf(bundle, body);
  const properties = new Map(forms.flatMap((form) => Object.entries(form.properties ?? {})));
  for (const [name, node] of properties) {
    // Of a union only what every form demands is demanded always; the type says the rest.
    const required = forms.every((form) => form.required?.includes(name) ?? false);
    inputs.push({ name, in: "body", required, node });
  }
  return inputs;
}

export interface ResultHeader {
  readonly name: string;
  readonly required: boolean;
  readonly header: Header;
}

export function resultHeadersOf(bundle: OpenApi, operation: OperationObject): ResultHeader[] {
  const headers = new Map<string, ResultHeader>();
  for (const { response } of successesOf(bundle, operation.responses)) {
    for (const [name, entry] of Object.entries(response.headers ?? {})) {
      const header = resolve<Header>(bundle, entry);
      headers.set(name, { name, header, required: header.required === true });
    }
  }
  return [...headers.values()];
}

/** Names of secret inputs and outputs, at whatever depth they stand. */
export function secretsOf(bundle: OpenApi, bundled: BundledOperation): string[] {
  const { operation } = bundled;
  const isSecret = (schema: Schema) => resolve<Schema>(bundle, schema).format === "password";
  const names = new Set<string>();
  for (const parameter of parametersOf(bundle, operation)) if (isSecret(parameter.schema)) names.add(parameter.name);
  for (const { name, header } of resultHeadersOf(bundle, operation)) if (isSecret(header.schema)) names.add(name);
  const { request, response } = reachOf(bundle, [bundled]);
  for (const schema of [...request, ...response]) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const { items, additionalProperties: values } = resolve<Schema>(bundle, property);
      // A list or a map of secrets is a secret.
      if (isSecret(property) || (items && isSecret(items)) || (typeof values === "object" && isSecret(values))) {
        names.add(name);
      }
    }
  }
  return [...names];
}

/** An operation that asks for no credentials. */
export function isAnonymous(bundle: OpenApi, operation: OperationObject): boolean {
  const needs = operation.security ?? bundle.security ?? [];
  return needs.every((need) => Object.keys(need).length === 0);
}
