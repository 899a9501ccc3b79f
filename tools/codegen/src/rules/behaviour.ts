import { inputsOf, parametersOf } from "../facts.js";
import type { Complaints } from "../load/complain.js";
import type { Link, OpenApi, OperationObject, Response, Schema, TaskKey } from "../openapi.js";
import { operationsOf } from "../reach.js";
import { jsonOf, resolve, schemaAt, successesOf, typesOf, unwrap } from "../resolve.js";

/** Checks that what the `x-` keys and links name really exists. */
export function checkBehaviour(bundle: OpenApi, complaints: Complaints): void {
  const operations = operationsOf(bundle).map(({ operation }) => operation);
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]));
  checkCodes(bundle, bundle, complaints);
  for (const operation of operations) {
    checkPagination(bundle, operation, complaints);
    checkTask(bundle, operation, complaints);
    checkCodes(bundle, operation, complaints);
    for (const entry of Object.values(operation.responses)) {
      const response = resolve<Response>(bundle, entry);
      for (const link of Object.values(response.links ?? {})) {
        checkLink(bundle, response, resolve<Link>(bundle, link), byId, complaints);
      }
    }
  }
}

function resultSchema(bundle: OpenApi, operation: OperationObject): Schema | undefined {
  for (const { response } of successesOf(bundle, operation.responses)) {
    const media = jsonOf(response);
    if (media !== undefined) return unwrap(bundle, media.schema);
  }
  return undefined;
}

function checkPagination(bundle: OpenApi, operation: OperationObject, complaints: Complaints): void {
  const key = operation["x-pagination"];
  if (key === undefined) return;
  const names = new Set(inputsOf(bundle, operation).map((input) => input.name));
  const result = resultSchema(bundle, operation);
  for (const role of ["position", "size"] as const) {
    if (!names.has(key[role])) complaints.at(operation, ["x-pagination", role], `${key[role]} is no input`);
  }
  for (const role of ["items", "total"] as const) {
    const place = key[role];
    if (place === undefined) continue;
    const found = result && schemaAt(bundle, result, place);
    if (found === undefined) complaints.at(operation, ["x-pagination", role], `${place} is not in the result`);
    else if (role === "items" && !typesOf(found).includes("array")) {
      complaints.at(operation, ["x-pagination", role], `${place} is no list`);
    } else if (role === "total" && !typesOf(found).includes("integer")) {
      complaints.at(operation, ["x-pagination", role], `${place} is no integer`);
    }
  }
}

function checkTask(bundle: OpenApi, operation: OperationObject, complaints: Complaints): void {
  const key = operation["x-task"];
  if (key === undefined) return;
  const wrong = (trail: (string | number)[], message: string) =>
    complaints.at(operation, ["x-task", ...trail], message);
  const result = resultSchema(bundle, operation);
  const record = result && schemaAt(bundle, result, key.record);
  if (record === undefined) wrong(["record"], `${key.record} is not in the result`);
  else if (typesOf(record).includes("array")) wrong(["record"], `${key.record} is a list; mark it with []`);
  else checkRecord(bundle, record, key, wrong);
}

function checkRecord(
  bundle: OpenApi,
  record: Schema,
  key: TaskKey,
  wrong: (trail: (string | number)[], message: string) => void,
): void {
  for (const role of ["id", "state", "detail", "progress"] as const) {
    const name = key[role];
    if (name !== undefined && schemaAt(bundle, record, name) === undefined) wrong([role], `${name} is not in the task`);
  }
  const seen = new Set<string | number>();
  const documented = schemaAt(bundle, record, key.state)?.enum;
  for (const role of ["running", "succeeded", "failed"] as const) {
    for (const [index, state] of key[role].entries()) {
      if (seen.has(state)) wrong([role, index], `${state} stands for two things`);
      if (documented !== undefined && !documented.includes(state))
        wrong([role, index], `${state} is no value of ${key.state}`);
      seen.add(state);
    }
  }
}

function checkCodes(bundle: OpenApi, owner: OpenApi | OperationObject, complaints: Complaints): void {
  const family = bundle["x-envelope"]?.error;
  for (const error of Object.values(owner["x-errors"] ?? {})) {
    if (family === "tencent" && error.status !== 200)
      complaints.at(error, ["status"], "this service answers errors with 200");
    if (family === "huawei" && error.status < 400)
      complaints.at(error, ["status"], `${error.status} is no error status`);
  }
}

function checkLink(
  bundle: OpenApi,
  response: Response,
  link: Link,
  byId: ReadonlyMap<string, OperationObject>,
  complaints: Complaints,
): void {
  const target = byId.get(link.operationId);
  if (target === undefined) {
    complaints.at(link, ["operationId"], `${link.operationId} is no operation of this service`);
    return;
  }
  // The second parser takes no map as a link's requestBody, so an RPC call's body properties stand under parameters too.
  const known = new Set([...parametersOf(bundle, target), ...inputsOf(bundle, target)].map((input) => input.name));
  const given: [string[], unknown][] = [
    [["parameters"], link.parameters],
    [["requestBody"], link.requestBody],
  ];
  for (const [trail, values] of given) {
    if (typeof values !== "object" || values === null) continue;
    for (const [name, value] of Object.entries(values)) {
      // OpenAPI lets a link qualify a parameter by its place: path.id
      const plain = name.replace(/^(path|query|header)\./, "");
      if (!known.has(plain)) complaints.at(link, [...trail, name], `${plain} is no input of ${link.operationId}`);
      checkExpression(bundle, response, link, [...trail, name], value, complaints);
    }
  }
}

function checkExpression(
  bundle: OpenApi,
  response: Response,
  link: Link,
  trail: string[],
  value: unknown,
  complaints: Complaints,
): void {
  const pointer = typeof value === "string" ? /^\$response\.body#\/(.+)$/.exec(value)?.[1] : undefined;
  if (pointer === undefined) return;
  const schema = jsonOf(response)?.schema;
  const place = pointer.replace(/\/\d+(?=\/|$)/g, "[]").replaceAll("/", ".");
  if (schema === undefined || schemaAt(bundle, schema, place) === undefined) {
    complaints.at(link, trail, `${value} is not in the response`);
  }
}
