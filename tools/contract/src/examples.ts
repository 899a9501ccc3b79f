import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { type Bundle, deref, type Example, operationsOf, parametersOf, type Schema } from "./bundle.js";

/** Validates every example of a bundle against its schema, undeclared properties included. */
export function checkExamples(name: string, bundle: Bundle): { examples: number; problems: string[] } {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema(closed(bundle) as object, "bundle");
  const problems: string[] = [];
  const compiled = new Map<Schema, ValidateFunction>();
  let examples = 0;

  for (const { operation } of operationsOf(bundle)) {
    for (const parameter of parametersOf(bundle, operation))
      check(`${operation.operationId} ${parameter.name}`, parameter);
    const media = operation.requestBody && deref(bundle, operation.requestBody).content["application/json"];
    if (media) check(`${operation.operationId} request`, media);
    for (const [status, response] of Object.entries(operation.responses)) {
      const answer = deref(bundle, response).content?.["application/json"];
      if (answer) check(`${operation.operationId} ${status}`, answer);
    }
  }
  return { examples, problems };

  function check(place: string, holder: { schema: Schema; examples?: Record<string, Example> }) {
    let validate = compiled.get(holder.schema);
    if (!validate) {
      validate = ajv.compile(closed(rebased(holder.schema)) as object);
      compiled.set(holder.schema, validate);
    }
    for (const [key, example] of Object.entries(holder.examples ?? {})) {
      examples++;
      if (validate(deref(bundle, example).value)) continue;
      for (const error of validate.errors ?? [])
        problems.push(`${name} ${place} «${key}»: ${error.instancePath} ${error.message}`);
    }
  }
}

/** References of a part point into the whole bundle. */
function rebased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rebased);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "$ref" && typeof inner === "string" ? `bundle${inner}` : rebased(inner),
    ]),
  );
}

/** Objects take what they declare and nothing else, so that a documented field that the spec lacks is seen. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, closed(inner)]),
  );
  const isSchema =
    typeof copy.properties === "object" && copy.additionalProperties === undefined && copy.type !== undefined;
  return isSchema ? { ...copy, additionalProperties: false } : copy;
}
