// Path, query and header parameters, and the body, of a drafted operation.
import type { Page, Parameter } from "../model.js";
import type { DocumentedCall } from "./calls.js";
import { fit, synthesize } from "./fit.js";
import { pascal } from "./names.js";
import type { Data } from "./notes.js";
import { noteRow, objectSchema, propertySchema, type Say, type Workshop } from "./schemas.js";
import { type Branch, growTree, plainPath } from "./tree.js";

/** Headers that the security schemes and the transport set. */
const transportHeaders = new Set(["authorization", "content-type", "accept", "host", "x-auth-token", "x-tc-timestamp"]);
/** Dropped too: every HTTP client sets it. */
const clientHeaders = new Set(["content-length", "user-agent", "connection"]);
const rpcCommon = new Set([
  "Action",
  "Version",
  "Region",
  "Timestamp",
  "Nonce",
  "SecretId",
  "Signature",
  "Token",
  "Language",
]);

export interface Inputs {
  parameters: Data[];
  requestBody: Data | null;
  projectId: boolean;
}

export function draftInputs(page: Page, shop: Workshop, operationId: string, call: DocumentedCall): Inputs {
  const rpc = page.operation.action !== null;
  const parameters: Data[] = [];
  const names = new Set<string>();
  const result: Inputs = { parameters, requestBody: null, projectId: false };
  if (rpc) parameters.push(...rpcParameters(page));

  const placeholders = [...(page.operation.path ?? "").matchAll(/\{([^}]+)\}/g)].map(([, name]) => name as string);
  const flat = page.parameters.filter(
    (parameter) => parameter.in === "path" || parameter.in === "query" || parameter.in === "header",
  );
  for (const name of placeholders) {
    if (names.has(name)) continue;
    names.add(name);
    const known = flat.find((parameter) => parameter.in === "path" && parameter.path === name);
    if (name === "project_id") {
      result.projectId = true;
      parameters.push({ $ref: "./shared.yaml#/components/parameters/ProjectId" });
      continue;
    }
    const entry = one(shop, parameters.length, parameters, known ?? null, name, "path", operationId, call.path[name]);
    if (known === undefined)
      shop.notes.at(parameters, parameters.indexOf(entry), `{${name}} stands in the path only, in no table`);
  }
  for (const branch of growTree(flat.filter(({ in: place }) => place !== "path")).children.values()) {
    const { parameter } = branch;
    const place = parameter?.in === "header" ? "header" : "query";
    const lower = branch.name.toLowerCase();
    if (place === "header" && (transportHeaders.has(lower) || clientHeaders.has(lower))) continue;
    if (names.has(branch.name)) {
      shop.notes.atTop(
        `${branch.name} stands in the ${place} and elsewhere: one input can have the name, left out here`,
      );
      continue;
    }
    names.add(branch.name);
    const given = call.query[branch.name];
    one(shop, parameters.length, parameters, parameter, branch.name, place, operationId, given, branch);
  }
  const seen = new Set<string>();
  for (const { path, line } of flat.filter(({ in: place }) => place === "path")) {
    if (!placeholders.includes(path))
      shop.notes.atTop(`line ${line}: ${path} is called a path parameter, and is not in the path`);
    if (seen.has(path))
      shop.notes.atTop(`line ${line}: ${path} is listed again: one input can have the name, left out here`);
    seen.add(path);
  }

  const body = page.parameters.filter(
    (parameter) => parameter.in === "body" && !(rpc && (parameter.common || rpcCommon.has(parameter.path))),
  );
  const tree = growTree(body);
  for (const name of [...tree.children.keys()].filter((key) => names.has(key))) {
    tree.children.delete(name);
    shop.notes.atTop(
      `${name} stands in the body as well as outside: one input can have the name, left out of the body`,
    );
  }
  if (tree.children.size > 0) result.requestBody = bodyOf(page, shop, tree, operationId, call);
  return result;
}

function rpcParameters(page: Page): Data[] {
  const action = page.operation.action as string;
  return [
    {
      name: "X-TC-Action",
      in: "header",
      required: true,
      description: "Names the operation.",
      schema: { type: "string", enum: [action] },
      examples: { documented: { "x-source": "page", value: action } },
    },
    { $ref: "./shared.yaml#/components/parameters/Version" },
    { $ref: "./shared.yaml#/components/parameters/Region" },
  ];
}

function one(
  shop: Workshop,
  index: number,
  parameters: Data[],
  parameter: Parameter | null,
  name: string,
  place: "path" | "query" | "header",
  operationId: string,
  given: unknown,
  branch?: Branch,
): Data {
  const say: Say = (text) => shop.notes.at(parameters, index, text);
  const own = branch ?? [...growTree(parameter ? [parameter] : []).children.values()][0];
  let schema: Data = own ? propertySchema(shop, own, `${pascal(operationId)}${pascal(name)}`, say) : { type: "string" };
  if (own?.parameter) noteRow(shop, own, say);
  const inner = (schema.items ?? schema) as Data;
  if (inner.$ref !== undefined) {
    say("the page has an object here: a parameter is a scalar or a list of scalars");
    for (const key of Object.keys(shop.schemas))
      if (key.startsWith(`${pascal(operationId)}${pascal(name)}`)) delete shop.schemas[key];
    schema = { type: "string" };
  }
  const required = place === "path" || parameter?.required === true;
  if (place === "path" && parameter?.required === false) say("optional on the page, although it is part of the path");
  if (required && Array.isArray(schema.enum) && schema.enum.length === 1) say("it has one possible value");
  if (!required && place === "header" && Array.isArray(schema.enum) && schema.enum.length === 1) {
    delete schema.enum;
    say("one possible value, and yet optional");
  }
  const { description = `Describe: ${name}.`, ...rest } = schema;
  const entry: Data = { name, in: place, ...(required ? { required } : {}), description, schema: rest };
  entry.examples = { documented: exampleOf(shop, entry, rest, given, name) };
  parameters.push(entry);
  return entry;
}

function exampleOf(shop: Workshop, entry: Data, schema: Data, given: unknown, name: string): Data {
  const changes: string[] = [];
  const value =
    given === undefined ? undefined : fit(schema, given, name, { schemas: shop.schemas, texts: true, changes });
  for (const change of changes) shop.notes.at(entry, "examples", `in the example ${change}`);
  return value === undefined
    ? { "x-source": "chosen", value: synthesize(schema, shop.schemas) }
    : { "x-source": changes.length > 0 ? "chosen" : "page", value };
}

function bodyOf(page: Page, shop: Workshop, tree: Branch, operationId: string, call: DocumentedCall): Data | null {
  if (page.operation.method === "GET") {
    shop.notes.atTop(`a GET has no body: ${[...tree.children.keys()].join(", ")} left out`);
    return null;
  }
  const name = objectSchema(shop, tree, `${pascal(operationId)}Request`, `Describe: the input of ${operationId}.`);
  const schema = { $ref: `#/components/schemas/${name}` };
  const changes: string[] = [];
  const documented: Data = {};
  if (call.body === undefined) {
    shop.notes.at(documented, "x-source", "the page has no readable example of this body");
    documented["x-source"] = "chosen";
    documented.value = synthesize(schema, shop.schemas);
  } else {
    const known = new Set(page.parameters.filter(({ in: place }) => place !== "body").map(plainPath));
    const given = call.inUrl ? withoutCommon(call.body as Data) : call.body;
    documented.value = fit(schema, given, "", { schemas: shop.schemas, texts: call.inUrl, changes });
    const told = changes.filter((change) => !known.has(change.replace(/ is in no table$/, "")));
    for (const change of told)
      shop.notes.at(documented, "x-source", `line ${call.request?.line}: in the example ${change}`);
    documented["x-source"] = changes.length > 0 ? "chosen" : "page";
  }
  const required = (shop.schemas[name] as Data).required !== undefined;
  const { value, "x-source": source } = documented;
  // The source stands first.
  delete documented.value;
  documented["x-source"] = source;
  documented.value = value;
  return {
    ...(required ? { required } : {}),
    content: { "application/json": { schema, examples: { documented } } },
  };
}

function withoutCommon(body: Data): Data {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !rpcCommon.has(key)));
}
