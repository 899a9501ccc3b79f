// Huawei's Python SDKs, read as data: the generated sources repeat a few forms, and nothing of them is run.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Call, type Field, plainPath } from "./model.js";
import { valuesInText } from "./values.js";

interface Model {
  /** Attribute → wire name. */
  names: Map<string, string>;
  /** Attribute → type as written. */
  types: Map<string, string>;
  required: Set<string>;
  texts: Map<string, string>;
}

const deepest = 12;

/** By method and plain path, and by name. */
export function callsOfPython(folder: string): Call[] {
  const models = new Map<string, Model>();
  for (const file of readdirSync(join(folder, "model"))) {
    if (!file.endsWith(".py") || file === "__init__.py") continue;
    const source = readFileSync(join(folder, "model", file), "utf8");
    const name = /^class (\w+)/m.exec(source)?.[1];
    if (name) models.set(name, readModel(source));
  }
  const client = readdirSync(folder).find((file) => file.endsWith("_client.py") && !file.endsWith("_async_client.py"));
  if (client === undefined) throw new Error(`${folder} has no client`);
  const source = readFileSync(join(folder, client), "utf8");
  return source
    .split(/^ {4}def (?=_\w+_http_info\()/m)
    .slice(1)
    .flatMap((text) => readCall(text, models));
}

function readModel(source: string): Model {
  const body = /def __init__\(self.*?\n(?= {4}@property| {4}def )/s.exec(source)?.[0] ?? "";
  const required = new Set<string>();
  for (const [, indent, name] of body.matchAll(/^( {8}| {12})self\.(\w+) = \2$/gm))
    if (indent?.length === 8) required.add(name as string);
  const texts = new Map<string, string>();
  for (const [, name, text] of body.matchAll(/^ {8}:param (\w+): (.*(?:\n(?! {8}:|\s*""").*)*)/gm))
    texts.set(name as string, text as string);
  return { names: literal(source, "attribute_map"), types: literal(source, "openapi_types"), required, texts };
}

/** A dictionary of texts, as the generator writes it. */
function literal(source: string, name: string): Map<string, string> {
  const body = new RegExp(`^ {4}${name} = \\{([^}]*)\\}`, "m").exec(source)?.[1] ?? "";
  return new Map([...body.matchAll(/'([^']+)': '([^']*)'/g)].map(([, key, value]) => [key as string, value as string]));
}

function readCall(text: string, models: ReadonlyMap<string, Model>): Call[] {
  const name = /^_(\w+)_http_info/.exec(text)?.[1];
  const method = /"method": "(\w+)"/.exec(text)?.[1];
  const path = /"resource_path": "([^"]+)"/.exec(text)?.[1];
  const answer = /"response_type": "(\w+)"/.exec(text)?.[1];
  if (!name || !method || !path) return [];
  const fields = new Map<string, Field>();
  const pascal = name.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const request = models.get(`${pascal}Request`);
  const places: [RegExp, string][] = [
    [/path_params\['([^']+)'\] = local_var_params\['([^']+)'\]/g, "path"],
    [/query_params\.append\(\('([^']+)', local_var_params\['([^']+)'\]/g, "query"],
    [/header_params\['([^']+)'\] = local_var_params\['([^']+)'\]/g, "header"],
  ];
  for (const [pattern, place] of places)
    for (const [, wire, attribute] of text.matchAll(pattern))
      if (request) add(models, request, attribute as string, `request ${place} ${wire}`, true, fields, []);
  const body = request?.types.get("body");
  if (body && /local_var_params\['body'\]/.test(text)) {
    const model = models.get(body);
    if (model)
      for (const attribute of model.types.keys())
        addMember(models, model, attribute, "request body ", true, fields, [body]);
    else fields.set("request body", { type: wireType(body), required: true, values: null });
  }
  const result = answer ? models.get(answer) : undefined;
  const isHeader = new Set(
    [...(/response_headers = \[([^\]]*)\]/.exec(text)?.[1]?.matchAll(/'([^']+)'|"([^"]+)"/g) ?? [])].map(
      (m) => m[1] ?? m[2],
    ),
  );
  if (result)
    for (const [attribute, wire] of result.names)
      if (!isHeader.has(wire)) addMember(models, result, attribute, "response ", false, fields, [answer as string]);
  return [{ name, line: `${method} ${plainPath(path)}`, fields }];
}

function addMember(
  models: ReadonlyMap<string, Model>,
  model: Model,
  attribute: string,
  prefix: string,
  request: boolean,
  fields: Map<string, Field>,
  stack: string[],
): void {
  add(models, model, attribute, prefix + (model.names.get(attribute) ?? attribute), request, fields, stack);
}

function add(
  models: ReadonlyMap<string, Model>,
  model: Model,
  attribute: string,
  place: string,
  request: boolean,
  fields: Map<string, Field>,
  stack: string[],
): void {
  const type = model.types.get(attribute) ?? "object";
  fields.set(place, {
    type: wireType(type),
    required: request ? model.required.has(attribute) : null,
    values: valuesInText(model.texts.get(attribute) ?? ""),
  });
  const list = /^list\[(.+)\]$/.exec(type)?.[1];
  const map = /^dict\(str, (.+)\)$/.exec(type)?.[1];
  const inner = list ?? map ?? type;
  const next = models.get(inner);
  if (!next || stack.includes(inner) || stack.length > deepest) return;
  const inside = `${place}${list ? "[]" : map ? "{}" : ""}.`;
  for (const name of next.types.keys()) addMember(models, next, name, inside, request, fields, [...stack, inner]);
}

const scalars: Record<string, string> = {
  str: "string",
  int: "integer",
  float: "number",
  bool: "boolean",
  object: "any",
  datetime: "string",
  date: "string",
};

function wireType(type: string): string {
  const list = /^list\[(.+)\]$/.exec(type)?.[1];
  if (list) return `array of ${wireType(list)}`;
  const map = /^dict\(str, (.+)\)$/.exec(type)?.[1];
  if (map) return `map of ${wireType(map)}`;
  return scalars[type] ?? "object";
}
