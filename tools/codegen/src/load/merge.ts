import { basename } from "node:path";
import {
  type Components,
  methods,
  type OpenApi,
  type OperationObject,
  type Parameter,
  type PathItem,
} from "../openapi.js";
import { order } from "../problem.js";
import type { Complaints } from "./complain.js";
import type { SourceDocument } from "./document.js";

/** The action header of Tencent's RPC style: all its operations are `POST /`. */
const actionHeader = "X-TC-Action";

/**
 * Puts the documents of a service together. Objects are reused, not copied, so what is found wrong in the result is still
 * reported at its line in the source.
 */
export function mergeDocuments(documents: readonly SourceDocument[], complaints: Complaints): OpenApi {
  const shared = documents.find((document) => document.name === "shared.yaml")?.value as unknown as OpenApi;
  const components = mergeComponents(documents, complaints);
  const paths = new Map<string, PathItem>();
  const operationIds = new Map<string, OperationObject>();
  const culprits = new Set<OperationObject>();
  const routes = new Map<string, OperationObject>();

  for (const document of documents) {
    const found = operationsOf(document.value as unknown as OpenApi);
    if (document.name === "shared.yaml") {
      for (const { operation } of found) complaints.at(operation, [], "belongs into a document of its own");
      continue;
    }
    if (found.length !== 1) {
      complaints.at(document.value, ["paths"], `must hold exactly one operation, holds ${found.length}`, true);
    }
    for (const { path, item, method, operation } of found) {
      const first = operationIds.get(operation.operationId);
      if (first === undefined) operationIds.set(operation.operationId, operation);
      else culprits.add(complainOfTwins(first, operation, complaints));

      const action = path === "/" ? actionOf(item, operation, components) : undefined;
      const unique = action === undefined ? path : `/#Action=${action}`;
      const route = `${method} ${unique.replace(/\{[^}]*\}/g, "{}")}`;
      const twin = routes.get(route);
      if (twin !== undefined) {
        complaints.at(
          operation,
          [],
          `${method.toUpperCase()} ${unique} is also described in ${complaints.locations.get(twin)?.file}`,
          true,
        );
        continue;
      }
      routes.set(route, operation);
      const errors = { ...shared["x-errors"], ...operation["x-errors"] };
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      const complete: OperationObject = { ...operation };
      if (parameters.length > 0) complete.parameters = parameters;
      if (Object.keys(errors).length > 0) complete["x-errors"] = sortKeys(errors);
      const location = complaints.locations.get(operation);
      if (location !== undefined) complaints.locations.set(complete, location);
      const target = paths.get(unique) ?? {};
      target[method] = complete;
      paths.set(unique, target);
    }
  }
  for (const operation of operationIds.values()) if (!culprits.has(operation)) checkName(operation, complaints);
  const { openapi, info, servers, security, "x-envelope": envelope, "x-errors": errors } = shared;
  return {
    openapi,
    info,
    ...(servers && { servers }),
    ...(security && { security }),
    ...(envelope && { "x-envelope": envelope }),
    ...(errors && { "x-errors": sortKeys(errors) }),
    paths: Object.fromEntries([...paths.entries()].sort(([a], [b]) => order(a, b))),
    components,
  };
}

function operationsOf(document: OpenApi) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ path, item, method, operation }];
    }),
  );
}

/** A reader finds the spec of an operation by its name. */
function checkName(operation: OperationObject, complaints: Complaints): void {
  const { operationId } = operation;
  if (!/^[a-z][A-Za-z0-9]*$/.test(operationId)) {
    complaints.at(operation, ["operationId"], `${operationId} is not in camelCase`, true);
  } else if (!isInItsFile(operation, complaints)) {
    complaints.at(operation, ["operationId"], `${operationId} must be in a file of its name in kebab-case`);
  }
}

function isInItsFile(operation: OperationObject, complaints: Complaints): boolean {
  const name = basename(complaints.locations.get(operation)?.file ?? "", ".yaml");
  return name.replaceAll("-", "") === operation.operationId.toLowerCase();
}

/** Of two operations with one name the one in the wrong file is the culprit. */
function complainOfTwins(first: OperationObject, second: OperationObject, complaints: Complaints): OperationObject {
  const culprit = isInItsFile(second, complaints) ? first : second;
  const other = complaints.locations.get(culprit === first ? second : first)?.file;
  complaints.at(culprit, ["operationId"], `duplicate operationId ${culprit.operationId}, also in ${other}`, true);
  return culprit;
}

function actionOf(item: PathItem, operation: OperationObject, components: Components): string | undefined {
  for (const entry of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
    const parameter = "$ref" in entry ? components.parameters?.[entry.$ref.split("/")[3] ?? ""] : entry;
    if (parameter === undefined || "$ref" in parameter) continue;
    if ((parameter as Parameter).name === actionHeader && parameter.schema.enum?.length === 1) {
      return String(parameter.schema.enum[0]);
    }
  }
  return undefined;
}

function mergeComponents(documents: readonly SourceDocument[], complaints: Complaints): Components {
  const merged = new Map<string, Map<string, object>>();
  const spelled = new Map<string, string>();
  for (const document of documents) {
    const groups = (document.value.components ?? {}) as Record<string, Record<string, object>>;
    for (const [group, members] of Object.entries(groups)) {
      const target = merged.get(group) ?? new Map<string, object>();
      merged.set(group, target);
      for (const [name, value] of Object.entries(members)) {
        const first = target.get(name);
        const other = first && complaints.locations.get(first)?.file;
        const spelling = `${group}/${name.toLowerCase()}`;
        if (first === undefined) target.set(name, value);
        else if (canonical(first) !== canonical(value)) {
          complaints.at(value, [], `${name} is already a component with different content in ${other}`, true);
        }
        if ((spelled.get(spelling) ?? name) !== name) {
          complaints.at(value, [], `${name} differs from ${spelled.get(spelling)} by case only`);
        } else spelled.set(spelling, name);
      }
    }
  }
  const groups = [...merged.entries()].sort(([a], [b]) => order(a, b));
  return Object.fromEntries(groups.map(([group, members]) => [group, sortKeys(Object.fromEntries(members))]));
}

function sortKeys<T>(object: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => order(a, b)));
}

/** The same text for the same content, in whatever order it was written. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? sortKeys(item as Record<string, unknown>)
      : item,
  );
}
