import type { Header, OpenApi, OperationObject, Parameter, RequestBody, Response, Schema } from "./openapi.js";
import { methods } from "./openapi.js";
import { resolve } from "./resolve.js";

export interface BundledOperation {
  readonly path: string;
  readonly method: (typeof methods)[number];
  readonly operation: OperationObject;
}

/** The operations of a bundle by the names of their operationIds. */
export function operationsOf(bundle: OpenApi): BundledOperation[] {
  const found = Object.entries(bundle.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ path, method, operation }];
    }),
  );
  return found.sort((a, b) => (a.operation.operationId < b.operation.operationId ? -1 : 1));
}

/** Every schema an operation sends or receives, each once; references are followed. */
export interface Reach {
  readonly request: ReadonlySet<Schema>;
  readonly response: ReadonlySet<Schema>;
}

export function reachOf(bundle: OpenApi, operations: readonly BundledOperation[] = operationsOf(bundle)): Reach {
  const request = new Set<Schema>();
  const response = new Set<Schema>();
  for (const { operation } of operations) {
    for (const entry of operation.parameters ?? []) spread(resolve<Parameter>(bundle, entry).schema, request);
    if (operation.requestBody !== undefined) {
      const body = resolve<RequestBody>(bundle, operation.requestBody);
      for (const media of Object.values(body.content)) spread(media.schema, request);
    }
    for (const entry of Object.values(operation.responses)) {
      const answer = resolve<Response>(bundle, entry);
      for (const media of Object.values(answer.content ?? {})) spread(media.schema, response);
      for (const header of Object.values(answer.headers ?? {}))
        spread(resolve<Header>(bundle, header).schema, response);
    }
  }
  return { request, response };

  function spread(schema: Schema, found: Set<Schema>): void {
    const resolved = resolve<Schema>(bundle, schema);
    if (resolved === undefined || found.has(resolved)) return;
    found.add(resolved);
    for (const inner of innerSchemas(resolved)) spread(inner, found);
  }
}

/** The schemas that stand directly inside a schema. */
export function innerSchemas(schema: Schema): Schema[] {
  const { properties, items, additionalProperties, oneOf } = schema;
  return [
    ...Object.values(properties ?? {}),
    ...(items ? [items] : []),
    ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
    ...(oneOf ?? []),
  ];
}
