import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

// Another validator than the emulator's own holds every answer against the specification.

interface Bundle {
  paths: Record<string, Record<string, BundledOperation>>;
  components: { responses?: Record<string, unknown> };
}

interface BundledOperation {
  operationId: string;
  responses: Record<string, { $ref?: string; content?: object }>;
  requestBody?: object;
}

export const SERVICES = [
  "tencentcloud-redis",
  "opentelekomcloud-dcs",
  "huaweicloud-geminidb",
  "huaweicloud-rds",
  "identity",
] as const;

const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
const bundles = new Map<string, Bundle>();
for (const service of SERVICES) {
  const file = new URL(`../../${service}/src/generated/openapi.json`, import.meta.url);
  const bundle = JSON.parse(readFileSync(file, "utf8"));
  bundles.set(service, bundle);
  ajv.addSchema(bundle, service);
}
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with an answer; nothing, if it is as specified. */
export function problemsOf(service: string, operation: string, status: number, text: string): string[] {
  const { place, described } = find(service, operation);
  const documented = described.responses[status] ? String(status) : "default";
  const response = described.responses[documented];
  // A documented code with a status that the page does not list comes in the service's usual envelope.
  if (!response) {
    if (status < 400) return [`${operation} documents no status ${status}`];
    return text === "" || text.startsWith("<") ? [] : check(`${service}#/components/schemas/ServiceError`, text);
  }
  if (text.startsWith("<")) return [];
  if (service === "tencentcloud-redis" && text.includes('"Error":{"Code"')) return [];
  const at = response.$ref ? `${service}${response.$ref}` : `${service}#${place}/responses/${documented}`;
  const content = response.$ref ? true : response.content !== undefined;
  if (!content) return text === "" ? [] : [`${operation} ${status} has a body`];
  return check(`${at}/content/application~1json/schema`, text);
}

/** The schema of a request's body, as ajv sees it. */
export function bodyValidator(service: string, operation: string): ValidateFunction | undefined {
  const { place, described } = find(service, operation);
  return described.requestBody && compile(`${service}#${place}/requestBody/content/application~1json/schema`);
}

export function operationsOf(service: string): string[] {
  return Object.values((bundles.get(service) as Bundle).paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap(({ operationId }) => operationId ?? []);
}

function find(service: string, operation: string) {
  for (const [path, methods] of Object.entries((bundles.get(service) as Bundle).paths)) {
    for (const [method, described] of Object.entries(methods)) {
      if (described.operationId !== operation) continue;
      const escaped = encodeURIComponent(path.replaceAll("~", "~0").replaceAll("/", "~1"));
      return { place: `/paths/${escaped}/${method}`, described };
    }
  }
  throw new Error(`no operation ${operation} in ${service}`);
}

function check(reference: string, text: string): string[] {
  const validate = compile(reference);
  return validate(JSON.parse(text)) ? [] : [`${reference}: ${ajv.errorsText(validate.errors)}`];
}

function compile(reference: string): ValidateFunction {
  const validate = compiled.get(reference) ?? ajv.compile({ $ref: reference });
  compiled.set(reference, validate);
  return validate;
}
