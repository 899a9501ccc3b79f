// What the specs say, in the same words and places as the model of a page. Read from the bundles.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unitOf, zoneOf } from "../units.js";

export type SpecPlace = "path" | "query" | "header" | "body" | "response";

export interface SpecField {
  in: SpecPlace;
  /** Of a response field. */
  status: string | null;
  path: string;
  /** Without "null"; empty where the spec leaves the type open. */
  types: string[];
  nullable: boolean;
  items: string[];
  required: boolean;
  enum: string[] | null;
  default: string | null;
  /** `low..high`, of the value or of its length. */
  range: string | null;
  /** As its description has them; most have none. */
  unit: string | null;
  zone: string | null;
  /** Values printed for a parameter. */
  samples: unknown[];
  secret: boolean;
}

export interface SpecOperation {
  service: string;
  operationId: string;
  method: string;
  /** Without what codegen adds behind `#`. */
  path: string;
  action: string | null;
  version: string | null;
  hosts: string[];
  effect: string;
  /** The operation that tells how a submitted task stands. */
  polledBy: string | null;
  rate: string | null;
  statuses: string[];
  /** Those of this operation alone, without what any operation of the service may answer. */
  errors: Map<string, number>;
  serviceErrors: Set<string>;
  signed: boolean;
  fields: SpecField[];
  /** Documented bodies: the request's, and the answers' by status. */
  requests: unknown[];
  answers: Map<string, unknown[]>;
}

type Json = Record<string, unknown>;
interface Schema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  example?: unknown;
}
interface Example {
  value?: unknown;
}
interface Content {
  content?: Record<string, { schema?: Schema; examples?: Record<string, Example> }>;
}
interface Operation {
  operationId: string;
  parameters?: {
    name: string;
    in: SpecPlace;
    required?: boolean;
    schema: Schema;
    examples?: Record<string, Example>;
  }[];
  requestBody?: Content;
  responses: Record<string, Content & { links?: Record<string, { operationId?: string }>; headers?: Json }>;
  security?: unknown[];
  "x-effect": string;
  "x-rate-limit"?: { requests: number; seconds: number };
  "x-errors"?: Record<string, { status: number }>;
}
interface Bundle {
  servers?: { url: string }[];
  security?: unknown[];
  "x-envelope"?: { success?: string };
  "x-errors"?: Record<string, unknown>;
  paths: Record<string, Record<string, Operation>>;
}

const methods = new Set(["get", "put", "post", "delete", "patch", "head", "options"]);
const deepest = 12;

/** Every operation of every package that carries a bundle. */
export function loadSpecs(root: string): SpecOperation[] {
  const packages = join(root, "packages");
  if (!existsSync(packages)) return [];
  return readdirSync(packages)
    .sort()
    .map((service) => ({ service, file: join(packages, service, "src/generated/openapi.json") }))
    .filter(({ file }) => existsSync(file))
    .flatMap(({ service, file }) => readSpecs(service, JSON.parse(readFileSync(file, "utf8"))));
}

export function readSpecs(service: string, document: unknown): SpecOperation[] {
  const bundle = document as Bundle;
  const reader = new Reader(document as Json, bundle["x-envelope"]?.success ?? null);
  return Object.entries(bundle.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.has(method))
      .map(([method, operation]) => reader.operation(service, bundle, method, path, operation)),
  );
}

class Reader {
  readonly #document: Json;
  readonly #envelope: string | null;

  constructor(document: Json, envelope: string | null) {
    this.#document = document;
    this.#envelope = envelope;
  }

  operation(service: string, bundle: Bundle, method: string, path: string, operation: Operation): SpecOperation {
    const fields: SpecField[] = [];
    let action: string | null = null;
    let version: string | null = null;
    for (const given of operation.parameters ?? []) {
      const parameter = this.#deref(given as { $ref?: string }) as typeof given;
      const schema = this.#deref(parameter.schema) as Schema;
      const constant = schema.enum?.length === 1 ? String(schema.enum[0]) : null;
      if (parameter.name === "X-TC-Action") action = constant;
      else if (parameter.name === "X-TC-Version") version = constant;
      const samples = Object.values(parameter.examples ?? {}).map((example) => this.#value(example));
      if (schema.example !== undefined) samples.push(schema.example);
      this.#walk(schema, parameter.in, null, parameter.name, parameter.required === true, fields, 0);
      const own = fields.find((field) => field.in === parameter.in && field.path === parameter.name);
      if (own) own.samples.push(...samples);
    }
    const request = this.#media(this.#deref((operation.requestBody ?? {}) as { $ref?: string }) as Content);
    if (request?.schema) this.#members(this.#deref(request.schema) as Schema, "body", null, "", fields, 0);
    const answers = new Map<string, unknown[]>();
    let polledBy: string | null = null;
    for (const [status, given] of Object.entries(operation.responses)) {
      const response = this.#deref(given as { $ref?: string }) as typeof given;
      for (const link of Object.values(response.links ?? {})) polledBy ??= link.operationId ?? null;
      const media = this.#media(response);
      if (!media) continue;
      const schema = media.schema ? (this.#deref(media.schema) as Schema) : {};
      this.#members(this.#unwrap(schema), "response", status, "", fields, 0);
      answers.set(
        status,
        Object.values(media.examples ?? {}).map((example) => unwrap(this.#value(example), this.#envelope)),
      );
    }
    const serviceErrors = new Set(Object.keys(bundle["x-errors"] ?? {}));
    const rate = operation["x-rate-limit"];
    return {
      service,
      operationId: operation.operationId,
      method: method.toUpperCase(),
      path: path.replace(/#.*$/, ""),
      action,
      version,
      hosts: (bundle.servers ?? []).map(({ url }) => url.replace(/^https?:\/\//, "")),
      effect: operation["x-effect"],
      polledBy,
      rate: rate ? `${rate.requests} in ${rate.seconds} s` : null,
      statuses: Object.keys(operation.responses),
      errors: new Map(
        Object.entries(operation["x-errors"] ?? {})
          .filter(([code]) => !serviceErrors.has(code))
          .map(([code, { status }]) => [code, status]),
      ),
      serviceErrors,
      signed: (operation.security ?? bundle.security ?? []).length > 0,
      fields,
      requests: Object.values(request?.examples ?? {}).map((example) => this.#value(example)),
      answers,
    };
  }

  #media(content: Content) {
    return Object.values(content.content ?? {})[0];
  }

  #value(example: Example & { $ref?: string }): unknown {
    return (this.#deref(example) as Example).value;
  }

  #unwrap(schema: Schema): Schema {
    const inner = this.#envelope ? schema.properties?.[this.#envelope] : undefined;
    return inner ? (this.#deref(inner) as Schema) : schema;
  }

  #deref(given: { $ref?: string }): unknown {
    let value: unknown = given;
    for (let i = 0; i < 20; i += 1) {
      const ref = (value as { $ref?: string } | undefined)?.$ref;
      if (ref === undefined) return value;
      value = ref
        .replace(/^#\//, "")
        .split("/")
        .reduce<unknown>((at, key) => (at as Json | undefined)?.[key.replaceAll("~1", "/")], this.#document);
    }
    return value;
  }

  #members(schema: Schema, place: SpecPlace, status: string | null, prefix: string, out: SpecField[], depth: number) {
    const branches = (schema.oneOf ?? []).map((branch) => this.#deref(branch) as Schema);
    const names = new Map<string, Schema[]>();
    for (const part of [schema, ...branches])
      for (const [name, member] of Object.entries(part.properties ?? {}))
        names.set(name, [...(names.get(name) ?? []), member]);
    const always = (name: string): boolean =>
      schema.required?.includes(name) === true ||
      (branches.length > 0 && branches.every((branch) => branch.required?.includes(name)));
    for (const [name, members] of names) {
      const before = out.length;
      for (const member of members) this.#walk(member, place, status, prefix + name, always(name), out, depth + 1);
      if (members.length > 1) mergeFrom(out, before);
    }
  }

  #walk(
    given: Schema,
    place: SpecPlace,
    status: string | null,
    path: string,
    required: boolean,
    out: SpecField[],
    depth: number,
  ) {
    if (depth > deepest) return;
    const schema = this.#deref(given) as Schema;
    const types = [schema.type ?? (schema.properties || schema.oneOf ? "object" : [])].flat();
    const item = schema.items ? (this.#deref(schema.items) as Schema) : null;
    const listed = schema.enum ?? item?.enum;
    // Beside a reference stands what holds for this use of it.
    const text = [given.description, schema.description].join(" ");
    out.push({
      in: place,
      status,
      path,
      types: types.filter((type) => type !== "null"),
      nullable: types.includes("null"),
      items: [item?.type ?? []].flat().filter((type) => type !== "null"),
      required,
      enum: listed ? listed.filter((value) => value !== null).map(String) : null,
      default: schema.default === undefined ? null : String(schema.default),
      range: rangeOf(schema) ?? (item ? rangeOf(item) : null),
      unit: unitOf(text),
      zone: zoneOf(text),
      samples: schema.example === undefined ? [] : [schema.example],
      secret: schema.format === "password",
    });
    if (item) this.#members(item, place, status, `${path}[].`, out, depth);
    else this.#members(schema, place, status, `${path}.`, out, depth);
  }
}

/** The branches of a oneOf may describe the same place more than once. */
function mergeFrom(out: SpecField[], start: number) {
  const merged = new Map<string, SpecField>();
  for (const field of out.splice(start)) {
    const known = merged.get(field.path);
    if (!known) merged.set(field.path, field);
    else {
      known.types = [...new Set([...known.types, ...field.types])];
      known.enum = known.enum && field.enum ? [...new Set([...known.enum, ...field.enum])] : null;
      known.required &&= field.required;
      known.unit ??= field.unit;
      known.zone ??= field.zone;
    }
  }
  out.push(...merged.values());
}

function rangeOf(schema: Schema): string | null {
  const low = schema.minimum ?? schema.minLength;
  const high = schema.maximum ?? schema.maxLength;
  return low === undefined && high === undefined ? null : `${low ?? ""}..${high ?? ""}`;
}

export function unwrap(value: unknown, envelope: string | null): unknown {
  const inner = envelope && value && typeof value === "object" ? (value as Json)[envelope] : undefined;
  return inner === undefined ? value : inner;
}
