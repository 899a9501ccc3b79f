// The answers of a drafted operation: one success shape a status, failures by reference to shared.yaml.
import type { Page, Parameter } from "../model.js";
import { answerBodies } from "./calls.js";
import { fit, synthesize } from "./fit.js";
import { pascal } from "./names.js";
import type { Data } from "./notes.js";
import { objectSchema, type Workshop } from "./schemas.js";
import { failureName } from "./shared.js";
import { type Branch, growTree } from "./tree.js";

export interface Answers {
  responses: Data;
  failures: number[];
}

export function draftAnswers(page: Page, shop: Workshop, operationId: string): Answers {
  const rpc = page.operation.action !== null;
  const stated = new Set([
    ...page.responses.map(({ status }) => status),
    ...page.parameters.flatMap(({ status }) => (status === null ? [] : [status])),
  ]);
  const responses: Data = {};
  const successes = [...stated].filter((status) => status >= 200 && status < 300).sort((a, b) => a - b);
  if (successes.length === 0) {
    successes.push(200);
    if (!rpc) shop.notes.at(responses, "200", "the page states no success status");
  }
  const bodied = successes.find((status) => status !== 204) ?? 204;
  for (const status of successes) {
    const rows = page.parameters.filter(
      (parameter) =>
        parameter.in === "response" &&
        (parameter.status === status || (parameter.status === null && status === bodied)),
    );
    responses[status] = answerOf(page, shop, operationId, status, rows, responses, successes.length > 1);
  }
  const failures = [...stated].filter((status) => status >= 400).sort((a, b) => a - b);
  for (const status of failures)
    responses[status] = { $ref: `./shared.yaml#/components/responses/${failureName(status)}` };
  for (const status of stated)
    if (status < 200 || (status >= 300 && status < 400))
      shop.notes.at(responses, successes[0] as number, `status ${status} is neither success nor error: left out`);
  return { responses, failures };
}

function answerOf(
  page: Page,
  shop: Workshop,
  operationId: string,
  status: number,
  rows: Parameter[],
  responses: Data,
  several: boolean,
): Data {
  const rpc = page.operation.action !== null;
  const answer: Data = { description: `Describe: status ${status}.` };
  const note = (text: string) => shop.notes.at(responses, status, text);
  const headers = rows.filter(({ header }) => header === true);
  if (headers.length > 0) answer.headers = headersOf(headers, note);
  const tree = growTree(rows.filter(({ header }) => header !== true));
  if (tree.children.size === 0 && !tree.list) return answer;
  if (status === 204) {
    note("the page describes a body, and a 204 has none");
    return answer;
  }
  if (rows.every(({ header, requiredText }) => header === true || requiredText === null))
    note("no column says which of its fields are always there: `required`");
  const title = `Describe: the answer of ${operationId}.`;
  const base = `${pascal(operationId)}${several ? status : ""}`;
  const schema = rpc ? wrapped(shop, tree, base, title) : listOr(shop, tree, base, title);
  answer.content = { "application/json": { schema, examples: { documented: exampleOf(page, shop, schema, status) } } };
  return answer;
}

function wrapped(shop: Workshop, tree: Branch, base: string, title: string): Data {
  const inner = tree.children.get("Response");
  const result = objectSchema(shop, inner?.children.size ? inner : tree, `${base}Result`, title);
  const name = `${base}Response`;
  shop.schemas[name] = {
    type: "object",
    description: "The envelope of an answer.",
    required: ["Response"],
    properties: { Response: { $ref: `#/components/schemas/${result}` } },
  };
  return { $ref: `#/components/schemas/${name}` };
}

function listOr(shop: Workshop, tree: Branch, base: string, title: string): Data {
  const name = objectSchema(shop, tree, `${base}Response`, title);
  const schema = { $ref: `#/components/schemas/${name}` };
  return tree.list ? { type: "array", items: schema } : schema;
}

function headersOf(rows: Parameter[], note: (text: string) => void): Data {
  return Object.fromEntries(
    rows.map(({ path, type, line }) => {
      if (type !== "string") note(`line ${line}: the header ${path} is taken for a string`);
      return [path, { description: `Describe: ${path}.`, schema: { type: "string" } }];
    }),
  );
}

function exampleOf(page: Page, shop: Workshop, schema: Data, status: number): Data {
  const [first, ...others] = answerBodies(page, status);
  const documented: Data = { "x-source": "chosen", value: null };
  const note = (text: string) => shop.notes.at(documented, "x-source", text);
  if (first === undefined) {
    note("the page has no readable example of this answer");
    documented.value = synthesize(schema, shop.schemas);
    return documented;
  }
  const changes: string[] = [];
  documented.value = fit(schema, first.body, "", { schemas: shop.schemas, texts: false, changes });
  for (const change of changes) note(`line ${first.line}: in the example ${change}`);
  if (changes.length === 0) documented["x-source"] = "page";
  if (others.length > 0) note(`${others.length} more on the page: line ${others.map(({ line }) => line).join(", ")}`);
  return documented;
}
