import { dereference, type OutputUnit, validate, type Schema as Whole } from "@cfworker/json-schema";
import { type EndpointName, type Operation, type Parameter, type Schema, schemasOf } from "./bundle.js";
import { queryOf, type Received } from "./request.js";

// No eval: workerd and strict CSPs have none, which rules out validators that compile.

/** What is wrong with a request, in the words of no vendor. */
export interface Problem {
  kind: "missing" | "unknown" | "type" | "value" | "noBody" | "notJson";
  /** The parameter or property. */
  name: string;
}

/** The inputs of a call: parameters by name, and the body's properties. */
export interface Input {
  parameters: Record<string, unknown>;
  body: Record<string, unknown>;
}

type Lookup = ReturnType<typeof dereference>;
const lookups = new Map<EndpointName, Lookup>();

/** Reads and checks everything that the specification describes. */
export function readInput(operation: Operation, request: Received, path: Record<string, string>): Input | Problem {
  const query = readQuery(queryOf(request));
  const parameters: Record<string, unknown> = {};
  for (const parameter of operation.parameters) {
    const { name } = parameter;
    const text = { path, query, header: request.headers }[parameter.in][
      parameter.in === "header" ? name.toLowerCase() : name
    ];
    if (text === undefined) {
      if (parameter.required) return { kind: "missing", name };
      continue;
    }
    const value = typed(parameter, text);
    const problem = check(operation.service, parameter.schema, value, name);
    if (problem) return problem;
    parameters[name] = value;
  }

  if (operation.body === undefined) return { parameters, body: {} };
  if (request.body === "") {
    return operation.body.required ? { kind: "noBody", name: "body" } : { parameters, body: {} };
  }
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    return { kind: "notJson", name: "body" };
  }
  return (
    check(operation.service, operation.body.schema, body, "body") ?? {
      parameters,
      body: body as Record<string, unknown>,
    }
  );
}

function typed({ schema }: Parameter, text: string): unknown {
  if (schema.type === "integer" && /^-?\d+$/.test(text)) return Number(text);
  if (schema.type === "boolean" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return text;
}

function check(service: EndpointName, schema: Schema, value: unknown, name: string): Problem | undefined {
  const lookup = lookupOf(service);
  const target = schema.$ref ? (lookup[`${BASE}${schema.$ref}`] as Whole) : (schema as Whole);
  const { valid, errors } = validate(value, target, "2020-12", lookup, true);
  return valid ? undefined : problemOf(errors, name);
}

const BASE = "https://restorekit.invalid/";

function lookupOf(service: EndpointName): Lookup {
  let lookup = lookups.get(service);
  if (!lookup) {
    // Dereferencing writes into the schemas, so it gets its own.
    const whole = { $id: BASE, components: { schemas: structuredClone(schemasOf(service)) } };
    lookup = dereference(whole as unknown as Whole, Object.create(null), new URL(BASE));
    lookups.set(service, lookup);
  }
  return lookup;
}

function problemOf(errors: OutputUnit[], name: string): Problem {
  // The last error is the innermost one.
  const found = errors.findLast(({ keyword }) => !["properties", "$ref", "items", "false"].includes(keyword));
  const place = found?.instanceLocation.replace(/^#\/?/, "") || name;
  const quoted = found?.error.match(/"([^"]*)"/)?.[1];
  if (found?.keyword === "required") return { kind: "missing", name: quoted ?? place };
  if (found?.keyword === "additionalProperties") return { kind: "unknown", name: quoted ?? place };
  return { kind: found?.keyword === "type" ? "type" : "value", name: place };
}

/** The first value of every name, decoded. */
function readQuery(query: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) found[name] ??= value;
  return found;
}
