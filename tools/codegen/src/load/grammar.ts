import type { Carrier } from "./vocabulary.js";

export type Kind =
  | "document"
  | "shared"
  | "info"
  | "server"
  | "serverVariable"
  | "pathItem"
  | "operation"
  | "externalDocs"
  | "parameter"
  | "requestBody"
  | "mediaType"
  | "response"
  | "header"
  | "example"
  | "link"
  | "components"
  | "securityScheme"
  | "schema";

/** What a key may hold: a plain value, an object of a kind, a list or a map of one. */
export type Rule =
  | "any"
  | "text"
  | "boolean"
  | "number"
  | "texts"
  | "schema or boolean"
  | "security"
  | { readonly kind: Kind }
  | { readonly list: Rule }
  | { readonly map: Rule; readonly names?: RegExp; readonly expected?: string }
  | { readonly one: readonly string[] };

export interface Shape {
  readonly keys: Readonly<Record<string, Rule>>;
  readonly required: readonly string[];
  /** The group of `components` a $ref in its place must lead to. */
  readonly component?: string;
  readonly carrier?: Carrier;
  /** Keys that OpenAPI knows and specs leave out, with the reason. */
  readonly refused?: Readonly<Record<string, string>>;
}

const componentName = /^[A-Za-z][A-Za-z0-9_]*$/;
const named = (map: Rule): Rule => ({ map, names: componentName, expected: "letters, digits and _" });
const kind = (name: Kind): Rule => ({ kind: name });

const useNamedExamples = "use examples: one Example Object per contract case";
const notFlat = "the operations table has no place for it";

const common = {
  openapi: { one: ["3.1.0", "3.1.1"] },
  info: kind("info"),
  paths: { map: kind("pathItem"), names: /^\//, expected: "a path" },
  components: kind("components"),
} satisfies Record<string, Rule>;

const belongsToShared = "belongs into shared.yaml";

/** The subset of OpenAPI 3.1 a spec may use; see docs/specs.md. */
export const grammar: Readonly<Record<Kind, Shape>> = {
  document: {
    keys: common,
    required: ["openapi", "info", "paths"],
    refused: {
      servers: belongsToShared,
      security: belongsToShared,
      "x-envelope": belongsToShared,
      "x-errors": "belongs into the operation or into shared.yaml",
    },
  },
  shared: {
    keys: { ...common, servers: { list: kind("server") }, security: "security" },
    required: ["openapi", "info", "servers", "security", "x-envelope"],
    carrier: "document",
  },
  info: {
    keys: { title: "text", version: "text", description: "text", summary: "text", license: "any", contact: "any" },
    required: ["title", "version"],
  },
  server: {
    keys: { url: "text", description: "text", variables: { map: kind("serverVariable") } },
    required: ["url"],
    carrier: "server",
  },
  serverVariable: { keys: { default: "text", enum: "texts", description: "text" }, required: ["default"] },
  pathItem: {
    keys: {
      get: kind("operation"),
      put: kind("operation"),
      post: kind("operation"),
      patch: kind("operation"),
      delete: kind("operation"),
      parameters: { list: kind("parameter") },
    },
    required: [],
  },
  operation: {
    keys: {
      operationId: "text",
      summary: "text",
      description: "text",
      externalDocs: kind("externalDocs"),
      tags: "texts",
      deprecated: "boolean",
      parameters: { list: kind("parameter") },
      requestBody: kind("requestBody"),
      responses: { map: kind("response"), names: /^([1-5]\d\d|[45]XX|default)$/, expected: "a status" },
      security: "security",
    },
    required: ["operationId", "summary", "description", "externalDocs", "responses"],
    carrier: "operation",
  },
  externalDocs: { keys: { url: "text", description: "text" }, required: ["url"] },
  parameter: {
    keys: {
      name: "text",
      in: { one: ["path", "query", "header"] },
      required: "boolean",
      description: "text",
      deprecated: "boolean",
      schema: kind("schema"),
      examples: { map: kind("example") },
    },
    required: ["name", "in", "description", "schema"],
    component: "parameters",
    carrier: "parameter",
    refused: { example: useNamedExamples, style: notFlat, explode: notFlat, content: notFlat },
  },
  requestBody: {
    keys: { description: "text", required: "boolean", content: { map: kind("mediaType") } },
    required: ["content"],
    component: "requestBodies",
  },
  mediaType: {
    keys: { schema: kind("schema"), examples: { map: kind("example") } },
    required: ["schema"],
    refused: { example: useNamedExamples },
  },
  response: {
    keys: {
      description: "text",
      headers: { map: kind("header") },
      content: { map: kind("mediaType") },
      links: { map: kind("link") },
    },
    required: ["description"],
    component: "responses",
  },
  header: {
    keys: { description: "text", required: "boolean", schema: kind("schema"), examples: { map: kind("example") } },
    required: ["schema"],
    component: "headers",
    refused: { example: useNamedExamples },
  },
  example: {
    keys: { summary: "text", description: "text", value: "any" },
    required: ["value"],
    component: "examples",
    carrier: "example",
  },
  link: {
    keys: { operationId: "text", description: "text", parameters: { map: "any" }, requestBody: "any" },
    required: ["operationId"],
    component: "links",
  },
  components: {
    keys: {
      schemas: named(kind("schema")),
      parameters: named(kind("parameter")),
      headers: named(kind("header")),
      requestBodies: named(kind("requestBody")),
      responses: named(kind("response")),
      examples: named(kind("example")),
      links: named(kind("link")),
      securitySchemes: named(kind("securityScheme")),
    },
    required: [],
  },
  securityScheme: {
    keys: { type: "text", scheme: "text", bearerFormat: "text", name: "text", in: "text", description: "text" },
    required: ["type"],
  },
  schema: {
    keys: {
      type: "any",
      format: "text",
      title: "text",
      description: "text",
      properties: { map: kind("schema") },
      required: "texts",
      additionalProperties: "schema or boolean",
      items: kind("schema"),
      enum: { list: "any" },
      oneOf: { list: kind("schema") },
      discriminator: "any",
      pattern: "text",
      minLength: "number",
      maxLength: "number",
      minimum: "number",
      maximum: "number",
      exclusiveMinimum: "number",
      exclusiveMaximum: "number",
      multipleOf: "number",
      minItems: "number",
      maxItems: "number",
      uniqueItems: "boolean",
      minProperties: "number",
      maxProperties: "number",
      default: "any",
      example: "any",
      examples: { list: "any" },
      deprecated: "boolean",
    },
    required: [],
    component: "schemas",
    refused: {
      allOf: "name one schema with all properties",
      anyOf: 'use type: [X, "null"] or a oneOf of named schemas in a request',
      if: "use a oneOf of named schemas in a request",
      prefixItems: "tuples are not understood by every generator",
      const: "use an enum with one value",
      nullable: 'use type: [X, "null"]',
    },
  },
};

/** What may stand beside a $ref. */
export const besideReference = new Set(["$ref", "description", "deprecated", "example"]);
