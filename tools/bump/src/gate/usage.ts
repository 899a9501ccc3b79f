// A program that uses everything a bundle promises, as a consumer would have written it: every operation with the least
// and with all it takes, every branch of a choice, every listed value, every field of every answer.
import { follow, isObject, type Json, listOf, type Objekt, objectOf, own, type Side, same } from "../spec/json.js";
import { type Located, operationsOf } from "../spec/located.js";

/** @param name the package that a consumer of the bundle imports */
export function usageOf(name: string, bundle: Objekt): string {
  const side: Side = { document: bundle };
  const found = operationsOf(bundle);
  return [
    `import { createClient, operations } from "${name}";`,
    `import type * as its from "${name}/operations";`,
    "declare const client: ReturnType<typeof createClient>;",
    "declare function some<T>(): T;",
    "declare function take<T>(value: T): void;",
    ...found.flatMap((each) => usageOfOperation(side, each)),
    "",
  ].join("\n");
}

function usageOfOperation(side: Side, located: Located): string[] {
  const { operation } = located;
  const id = String(operation.operationId);
  const type = id.charAt(0).toUpperCase() + id.slice(1);
  const inputs = inputsOf(side, located);
  const lines = [
    `take<${JSON.stringify(operation["x-effect"])}>(operations.${id}.effect);`,
    `take<its.${type}Code | undefined>(undefined);`,
  ];
  for (const input of inputs) lines.push(`client.${id}(${input}) satisfies Promise<its.${type}Result>;`);
  const last = inputs.at(-1) ?? "{}";
  const answer = answerOf(side, operation);
  if (answer === undefined) return lines;
  const result = `result_${id}`;
  lines.push(`take<its.${type}Input>(${last});`, `const ${result} = await client.${id}(${last});`);
  for (const { path, type: given } of reads(side, answer.schema, `${result}!`)) lines.push(`take<${given}>(${path});`);
  for (const name of answer.headers) lines.push(`take<string | undefined>(${result}![${JSON.stringify(name)}]);`);
  return lines;
}

/** Inputs with the least and with everything, as many of both as walk every branch of every choice. */
function inputsOf(side: Side, { operation, shared }: Located): string[] {
  const parameters = [...shared, ...listOf(operation.parameters)].map((entry) => follow(side, entry).node);
  const given = parameters.filter(
    ({ in: place, schema }) => !(place === "header" && listOf(objectOf(schema).enum).length === 1),
  );
  const body = follow(side, operation.requestBody).node;
  const schema = own(objectOf(own(objectOf(body.content), "application/json")), "schema");
  return [false, true].flatMap((all) => {
    const fields = given
      .filter((one) => all || (one.required === true && one["x-client"] === undefined))
      .map((one) => `${JSON.stringify(one.name)}: ${expressionsOf(side, one.schema, all, [])[0]}`);
    const bodies = schema === undefined ? [[]] : fieldsOf(side, schema, all, []);
    return bodies.map((inBody) => `{ ${[...fields, ...inBody].join(", ")} }`);
  });
}

/** The fields of an object that the schema takes, in as many variants as show each branch of what is inside. */
function fieldsOf(side: Side, schema: Json, all: boolean, open: readonly string[]): string[][] {
  const { node, name } = follow(side, schema);
  const branches = listOf(node.oneOf);
  if (branches.length > 0) return branches.flatMap((branch) => fieldsOf(side, branch, all, open));
  const inside = name === null ? open : [...open, name];
  const required = listOf(node.required);
  const fields = Object.entries(objectOf(node.properties))
    .filter(([key, value]) => required.includes(key) || (all && !leadsBack(value, inside)))
    .map(([key, value]) => ({ key, variants: expressionsOf(side, value, all, inside) }));
  const most = Math.max(1, ...fields.map(({ variants }) => variants.length));
  return Array.from({ length: most }, (_, nth) =>
    fields.map(({ key, variants }) => `${JSON.stringify(key)}: ${variants[nth % variants.length]}`),
  );
}

const leadsBack = (schema: Json, open: readonly string[]): boolean =>
  [objectOf(schema).$ref, objectOf(objectOf(schema).items).$ref].some((ref) => open.includes(String(ref)));

/** Expressions for a value that the schema takes: literal where it is an object, so that surplus fields are refused. */
function expressionsOf(side: Side, schema: Json | undefined, all: boolean, open: readonly string[]): string[] {
  const { node } = follow(side, schema);
  if (isObject(node.properties) || listOf(node.oneOf).length > 0)
    return fieldsOf(side, schema ?? {}, all, open).map((fields) => `{ ${fields.join(", ")} }`);
  if (isObject(node.additionalProperties))
    return expressionsOf(side, node.additionalProperties, all, open).map((value) => `{ "some key": ${value} }`);
  if (isObject(node.items)) return expressionsOf(side, node.items, all, open).map((value) => `[${value}]`);
  return [`some<${scalarOf(node, true)}>()`];
}

/** The type of a value that is no object; lists of values are closed in requests and open in answers. */
function scalarOf(node: Objekt, closed: boolean): string {
  const values = listOf(node.enum);
  if (closed && values.length > 0) return values.map((value) => JSON.stringify(value)).join(" | ");
  const types = [node.type ?? []].flat().map(String);
  const names = types.map((type) => (type === "integer" ? "number" : type === "object" ? "object" : type));
  return names.length > 0 ? [...new Set(names)].join(" | ") : "unknown";
}

function answerOf(side: Side, operation: Objekt): { schema: Json; headers: string[] } | undefined {
  const good = Object.entries(objectOf(operation.responses)).filter(([status]) => status.startsWith("2"));
  const answers = good.map(([, entry]) => follow(side, entry).node);
  const schemas = answers.flatMap(({ content }) => {
    const schema = own(objectOf(own(objectOf(content), "application/json")), "schema");
    return schema === undefined ? [] : [schema];
  });
  const [first, ...others] = schemas;
  // Of a union of different answers nothing can be read before they are told apart.
  if (first === undefined || others.some((other) => !same(other, first))) return undefined;
  const success = objectOf(side.document["x-envelope"]).success;
  const wrapped = objectOf(follow(side, first).node.properties);
  const schema = typeof success === "string" ? (own(wrapped, success) ?? first) : first;
  return { schema, headers: answers.length === 1 ? Object.keys(objectOf(answers[0]?.headers)) : [] };
}

/** Every place of an answer, with the type that may be expected there. */
function reads(side: Side, schema: Json, path: string, open: readonly string[] = []): { path: string; type: string }[] {
  const { node, name } = follow(side, schema);
  if (name !== null && open.includes(name)) return [];
  const inside = name === null ? open : [...open, name];
  const required = listOf(node.required);
  const found = Object.entries(objectOf(node.properties)).flatMap(([key, value]) => {
    const here = `${path}[${JSON.stringify(key)}]`;
    const inner = follow(side, value).node;
    const own = isPlain(inner)
      ? [{ path: here, type: `${scalarOf(inner, false)}${required.includes(key) ? "" : " | undefined"}` }]
      : required.includes(key)
        ? [{ path: here, type: nullable(inner) ? "object | null" : "object" }]
        : [];
    const listed = listOf(inner.enum)
      .filter((one) => one !== null)
      .map((one) => ({ path: `${here} === ${JSON.stringify(one)}`, type: "boolean" }));
    return [...own, ...listed, ...reads(side, value, `${here}!`, inside)];
  });
  for (const [inner, here] of [
    [node.items, `${path}[0]`],
    [node.additionalProperties, `${path}["some key"]`],
  ] as const) {
    if (!isObject(inner)) continue;
    const { node: element } = follow(side, inner);
    if (isPlain(element)) found.push({ path: here, type: `${scalarOf(element, false)} | undefined` });
    found.push(...reads(side, inner, `${here}!`, inside));
  }
  return found;
}

const nullable = (node: Objekt): boolean => [node.type].flat().includes("null");
const isPlain = (node: Objekt): boolean =>
  !isObject(node.properties) &&
  !isObject(node.items) &&
  !isObject(node.additionalProperties) &&
  !listOf(node.oneOf).length;
