/** The part of OpenAPI 3.1 that specs are written in. The shape check guarantees these types. */

export type Method = "get" | "put" | "post" | "patch" | "delete";
export const methods: readonly Method[] = ["get", "put", "post", "patch", "delete"];

interface Reference {
  $ref: string;
  description?: string;
}

export type OrReference<T> = T | Reference;

type ScalarType = "string" | "integer" | "number" | "boolean" | "null";
type SchemaType = ScalarType | "object" | "array";

export interface Schema {
  $ref?: string;
  type?: SchemaType | SchemaType[];
  format?: string;
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  enum?: unknown[];
  oneOf?: Schema[];
  discriminator?: { propertyName: string; mapping?: Record<string, string> };
  pattern?: string;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  deprecated?: boolean;
  [keyword: string]: unknown;
}

export interface Example {
  $ref?: string;
  summary?: string;
  description?: string;
  value?: unknown;
  "x-source"?: string;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description: string;
  schema: Schema;
  examples?: Record<string, Example>;
  deprecated?: boolean;
  "x-client"?: "region" | "projectId";
}

export interface MediaType {
  schema: Schema;
  examples?: Record<string, Example>;
}

export interface RequestBody {
  description?: string;
  required?: boolean;
  content: Record<string, MediaType>;
}

export interface Header {
  description?: string;
  required?: boolean;
  schema: Schema;
  examples?: Record<string, Example>;
}

export interface Link {
  operationId: string;
  description?: string;
  parameters?: Record<string, unknown>;
  requestBody?: unknown;
}

export interface Response {
  description: string;
  headers?: Record<string, OrReference<Header>>;
  content?: Record<string, MediaType>;
  links?: Record<string, OrReference<Link>>;
}

interface ErrorCode {
  status: number;
  meaning: string;
  kind?: "throttled" | "locked" | "absent" | "denied";
}

interface RateLimit {
  requests: number;
  seconds: number;
  per: "account" | "user";
}

interface PaginationKey {
  style: "offset" | "page";
  position: string;
  size: string;
  maximum?: number;
  first: 0 | 1;
  items: string;
  total?: string;
}

export interface TaskKey {
  record: string;
  id?: string;
  state: string;
  running: (string | number)[];
  succeeded: (string | number)[];
  failed: (string | number)[];
  detail?: string;
  progress?: string;
}

export interface OperationObject {
  operationId: string;
  summary: string;
  description: string;
  externalDocs: { url: string; description?: string };
  tags?: string[];
  deprecated?: boolean;
  parameters?: OrReference<Parameter>[];
  requestBody?: OrReference<RequestBody>;
  responses: Record<string, OrReference<Response>>;
  security?: Record<string, string[]>[];
  "x-effect": "read" | "creates" | "changes" | "overwrites" | "deletes";
  "x-rate-limit"?: RateLimit;
  "x-pagination"?: PaginationKey;
  "x-task"?: TaskKey;
  "x-errors"?: Record<string, ErrorCode>;
}

export interface PathItem {
  parameters?: OrReference<Parameter>[];
  get?: OperationObject;
  put?: OperationObject;
  post?: OperationObject;
  patch?: OperationObject;
  delete?: OperationObject;
}

interface Server {
  url: string;
  description?: string;
  variables?: Record<string, { default: string; enum?: string[]; description?: string }>;
  "x-regions"?: string[];
  "x-site"?: string;
}

export interface SecurityScheme {
  type: string;
  scheme?: string;
  in?: string;
  name?: string;
  [key: string]: unknown;
}

export interface Components {
  schemas?: Record<string, Schema>;
  parameters?: Record<string, OrReference<Parameter>>;
  headers?: Record<string, OrReference<Header>>;
  requestBodies?: Record<string, OrReference<RequestBody>>;
  responses?: Record<string, OrReference<Response>>;
  examples?: Record<string, Example>;
  links?: Record<string, OrReference<Link>>;
  securitySchemes?: Record<string, SecurityScheme>;
}

export interface OpenApi {
  openapi: string;
  "x-generated"?: string;
  info: { title: string; version: string; description?: string; [key: string]: unknown };
  servers?: Server[];
  security?: Record<string, string[]>[];
  "x-envelope"?: { success?: string; error: "tencent" | "huawei" };
  "x-errors"?: Record<string, ErrorCode>;
  paths: Record<string, PathItem>;
  components?: Components;
}
