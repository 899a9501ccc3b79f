import { readFileSync } from "node:fs";

/** The parts of a bundled openapi.json that the contract reads. References are resolved where they are met. */
export interface Bundle {
  info: { title: string; version: string };
  servers: { url: string; "x-regions"?: string[]; "x-site"?: string }[];
  security?: Record<string, string[]>[];
  "x-envelope": { success?: string; error: "tencent" | "huawei" };
  paths: Record<string, Record<string, BundledOperation>>;
  components: Record<string, Record<string, unknown>>;
}

export interface BundledOperation {
  operationId: string;
  summary: string;
  externalDocs: { url: string };
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, Answer>;
  security?: Record<string, string[]>[];
  "x-effect": string;
  "x-rate-limit"?: { requests: number; seconds: number; per: string };
  "x-pagination"?: Record<string, string | number>;
  "x-task"?: Record<string, unknown>;
  "x-errors"?: Record<string, { status: number; meaning: string; kind?: string }>;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  schema: Schema;
  examples?: Record<string, Example>;
  "x-client"?: string;
}

export interface Media {
  schema: Schema;
  examples?: Record<string, Example>;
}

export interface Answer {
  description: string;
  headers?: Record<string, Header>;
  links?: Record<string, { operationId: string; parameters?: Record<string, string> }>;
  content?: Record<string, Media>;
}

export interface Header {
  $ref?: string;
  required?: boolean;
  schema: Schema;
  examples?: Record<string, Example>;
}

export interface Example {
  value: unknown;
  "x-source": string;
}

export interface Schema {
  $ref?: string;
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
  minItems?: number;
  maxItems?: number;
}

export function readBundle(file: string): Bundle {
  return JSON.parse(readFileSync(file, "utf8")) as Bundle;
}

/** Follows a reference inside the bundle, if this is one. */
export function deref<T extends object>(bundle: Bundle, value: T & { $ref?: string }): T {
  if (value.$ref === undefined) return value;
  let here: unknown = bundle;
  for (const part of value.$ref.slice(2).split("/")) {
    here = (here as Record<string, unknown>)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  if (here === undefined) throw new Error(`${value.$ref} leads nowhere`);
  return deref(bundle, here as T & { $ref?: string });
}

export interface Located {
  method: string;
  path: string;
  operation: BundledOperation;
}

export function operationsOf(bundle: Bundle): Located[] {
  return Object.entries(bundle.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.operationId !== undefined)
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

export function parametersOf(bundle: Bundle, operation: BundledOperation): Parameter[] {
  return (operation.parameters ?? []).map((parameter) => deref(bundle, parameter));
}

/** A header with a single value, which no caller gives. */
export function constantOf(bundle: Bundle, parameter: Parameter): string | undefined {
  const values = deref(bundle, parameter.schema).enum;
  return parameter.in === "header" && parameter.required && values?.length === 1 ? String(values[0]) : undefined;
}
