import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { constantOf, parametersOf } from "../facts.js";
import type { Complaints } from "../load/complain.js";
import { explain } from "../load/explain.js";
import type {
  Example,
  Header,
  MediaType,
  OpenApi,
  OperationObject,
  Parameter,
  RequestBody,
  Response,
  Schema,
} from "../openapi.js";
import { innerSchemas, operationsOf } from "../reach.js";
import { jsonOf, resolve, successesOf } from "../resolve.js";

interface Exampled {
  readonly schema: Schema;
  readonly examples?: Record<string, Example>;
}

/** Every example must fit its schema, and say nothing that its schema does not declare. */
export function checkExamples(bundle: OpenApi, complaints: Complaints): void {
  const validator = createValidator(bundle);
  const components = bundle.components ?? {};
  const operations = operationsOf(bundle).map(({ operation }) => operation);
  const seen = new Set<object>();

  for (const { operation } of operationsOf(bundle)) {
    for (const parameter of parametersOf(bundle, operation)) checkAll(parameter);
    if (operation.requestBody) checkContent(resolve<RequestBody>(bundle, operation.requestBody).content);
    for (const entry of Object.values(operation.responses)) checkResponse(resolve<Response>(bundle, entry));
  }
  for (const entry of Object.values(components.responses ?? {})) checkResponse(resolve<Response>(bundle, entry));
  for (const entry of Object.values(components.parameters ?? {})) checkAll(resolve<Parameter>(bundle, entry));
  for (const schema of Object.values(components.schemas ?? {})) checkOwn(schema);
  for (const operation of operations) checkCases(bundle, operation, complaints);

  function checkResponse(response: Response): void {
    checkContent(response.content ?? {});
    for (const header of Object.values(response.headers ?? {})) checkAll(resolve<Header>(bundle, header));
  }

  function checkContent(content: Record<string, MediaType>): void {
    for (const media of Object.values(content)) checkAll(media);
  }

  function checkAll(owner: Exampled): void {
    if (seen.has(owner)) return;
    seen.add(owner);
    checkOwn(owner.schema);
    for (const entry of Object.values(owner.examples ?? {})) {
      const example = resolve<Example>(bundle, entry);
      check(owner.schema, example, ["value"], example.value);
    }
  }

  /** The examples and the default that a schema carries itself. */
  function checkOwn(schema: Schema): void {
    if (seen.has(schema) || schema.$ref !== undefined) return;
    seen.add(schema);
    if (schema.example !== undefined) check(schema, schema, ["example"], schema.example);
    if (schema.default !== undefined) check(schema, schema, ["default"], schema.default);
    for (const [index, value] of (schema.examples ?? []).entries()) check(schema, schema, ["examples", index], value);
    for (const inner of innerSchemas(schema)) checkOwn(inner);
  }

  function check(schema: Schema, owner: object, trail: (string | number)[], value: unknown): void {
    for (const fault of validator(schema, value)) complaints.at(owner, [...trail, ...fault.trail], fault.message);
  }
}

/** A case is a name shared by the examples of a request and its answer; it needs a value for all that is required. */
function checkCases(bundle: OpenApi, operation: OperationObject, complaints: Complaints): void {
  const parameters = parametersOf(bundle, operation).filter((parameter) => constantOf(parameter) === undefined);
  const body = operation.requestBody && resolve<RequestBody>(bundle, operation.requestBody);
  const sent = Object.keys((body && jsonOf(body)?.examples) ?? {});
  const answers = successesOf(bundle, operation.responses).map(({ response }) => jsonOf(response));
  const answered = answers.flatMap((media) => Object.keys(media?.examples ?? {}));
  // A case may also end in a documented error.
  const refused = Object.values(operation.responses).flatMap((entry) =>
    Object.keys(jsonOf(resolve<Response>(bundle, entry))?.examples ?? {}),
  );
  const own = parameters.filter((parameter) => parameter["x-client"] === undefined);
  const fallback = own.flatMap((parameter) => Object.keys(parameter.examples ?? {}));
  const mayBeEmpty = answers.length === 0 || answers.includes(undefined);

  // What is set once on the client does not change from case to case.
  for (const parameter of parameters) {
    if (parameter["x-client"] && Object.keys(parameter.examples ?? {}).length === 0) {
      complaints.at(parameter, ["examples"], `there is no example of ${parameter.name}`);
    }
  }
  const cases = new Set([...sent, ...answered]);
  if (cases.size === 0 && mayBeEmpty) for (const name of fallback) cases.add(name);
  if (answered.length === 0 && !mayBeEmpty) complaints.at(operation, ["responses"], "no success answer has an example");
  for (const name of cases) {
    if (body?.required && !sent.includes(name)) {
      complaints.at(operation, ["requestBody"], `the case ${name} has no request example`);
    }
    if (answered.length > 0 && !answered.includes(name) && !refused.includes(name) && !mayBeEmpty) {
      complaints.at(operation, ["responses"], `the case ${name} has no answer`);
    }
    for (const parameter of own) {
      if (parameter.required && !Object.hasOwn(parameter.examples ?? {}, name)) {
        complaints.at(
          parameter,
          ["examples"],
          `the case ${name} of ${operation.operationId} has no example of ${parameter.name}`,
        );
      }
    }
  }
}

type Validator = (schema: Schema, value: unknown) => { trail: string[]; message: string }[];

function createValidator(bundle: OpenApi): Validator {
  // The shape check has seen the schemas already; doing it again costs more than all examples together.
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    logger: false,
    validateSchema: false,
    code: { optimize: false },
  });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "bundle:", components: { schemas: closed(bundle.components?.schemas ?? {}) } });
  const compiled = new Map<unknown, ValidateFunction | undefined>();

  return (schema, value) => {
    const key = schema.$ref ?? schema;
    if (!compiled.has(key)) compiled.set(key, compile(ajv, schema));
    const validate = compiled.get(key);
    if (validate === undefined || validate(value)) return [];
    return foremost(validate.errors ?? []).map(explain);
  };
}

function compile(ajv: Ajv2020, schema: Schema): ValidateFunction | undefined {
  try {
    return ajv.compile(closed(schema) as object);
  } catch {
    return undefined; // a schema this wrong has its own line already
  }
}

/** A deep copy in which objects that do not declare additionalProperties refuse undeclared properties. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    copy[key] = key === "$ref" && typeof item === "string" ? item.replace(/^#/, "bundle:#") : closed(item);
  }
  const isObjectSchema = typeof copy.properties === "object" && [copy.type].flat().includes("object");
  if (isObjectSchema && copy.additionalProperties === undefined) copy.additionalProperties = false;
  return copy;
}

/** Of the errors of a union's forms only the union's own is told, and one value is told wrong once. */
function foremost(errors: readonly ErrorObject[]): ErrorObject[] {
  const unions = errors.filter((error) => error.keyword === "oneOf").map((error) => error.instancePath);
  const outermost = errors.filter(
    (error) =>
      !unions.some((path) => error.instancePath.startsWith(`${path}/`)) &&
      (error.keyword === "oneOf" || !unions.includes(error.instancePath)),
  );
  const told = new Set<string>();
  return outermost.filter((error) => {
    const { trail } = explain(error);
    const key = trail.join("\n");
    return !told.has(key) && told.add(key);
  });
}
