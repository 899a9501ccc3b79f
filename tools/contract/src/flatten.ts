import {
  type Bundle,
  type BundledOperation,
  constantOf,
  deref,
  type Located,
  operationsOf,
  parametersOf,
  type Schema,
} from "./bundle.js";

/** An operation's facts as the ledger writes them. */
export interface Entry {
  call: string;
  effect: string;
  rate?: string;
  statuses: (number | "default")[];
  pages?: string;
  task?: Record<string, unknown>;
  /** Operations to which a success leads, with the inputs that it gives them. */
  links?: string[];
  input: Record<string, string>;
  output: Record<string, string>;
  errors: Record<string, string>;
}

/** Every fact of a bundle, by operation. */
export function flatten(bundle: Bundle): Record<string, Entry> {
  return Object.fromEntries(
    operationsOf(bundle).map((located) => [located.operation.operationId, entryOf(bundle, located)]),
  );
}

function entryOf(bundle: Bundle, { method, path, operation }: Located): Entry {
  const input: Record<string, string> = {};
  const constants: string[] = [];
  for (const parameter of parametersOf(bundle, operation)) {
    const constant = constantOf(bundle, parameter);
    if (constant !== undefined) constants.push(`${parameter.name}=${constant}`);
    const place = `${parameter.in} ${parameter.name}`;
    if (constant === undefined) walk(bundle, parameter.schema, place, parameter.required ? "required" : "", input);
    if (parameter["x-client"] !== undefined) input[place] += ` from ${parameter["x-client"]}`;
  }
  const body = operation.requestBody && deref(bundle, operation.requestBody).content["application/json"];
  if (body) members(bundle, deref(bundle, body.schema), "body ", "required", input);

  const output = outputOf(bundle, operation);
  const rate = operation["x-rate-limit"];
  const pages = operation["x-pagination"];
  const errors = Object.entries(operation["x-errors"] ?? {}).map(([code, error]) => [
    code,
    [error.status, error.kind].filter(Boolean).join(" "),
  ]);
  return {
    call: [method, path.replace(/#.*$/, ""), ...constants].join(" "),
    effect: operation["x-effect"],
    ...(rate ? { rate: `${rate.requests} in ${rate.seconds} s per ${rate.per}` } : {}),
    statuses: Object.keys(operation.responses).map((status) => (status === "default" ? status : Number(status))),
    ...(pages ? { pages: pagesOf(pages) } : {}),
    ...(operation["x-task"] ? { task: operation["x-task"] } : {}),
    ...linksOf(bundle, operation),
    input,
    output,
    errors: Object.fromEntries(errors),
  };
}

/** Successes stand by status; errors once, under `error`, where all statuses share one shape. */
function outputOf(bundle: Bundle, operation: BundledOperation): Record<string, string> {
  const successes: Record<string, string> = {};
  const errors: Record<string, Record<string, string>> = {};
  for (const [status, response] of Object.entries(operation.responses)) {
    const answer = deref(bundle, response);
    const lines: Record<string, string> = {};
    for (const [name, header] of Object.entries(answer.headers ?? {})) {
      const declared = deref(bundle, header);
      walk(bundle, declared.schema, `header ${name}`, declared.required ? "always" : "", lines);
    }
    const media = answer.content?.["application/json"];
    if (media) members(bundle, deref(bundle, media.schema), "", "always", lines);
    if (!status.startsWith("2")) errors[status] = lines;
    else for (const [place, text] of Object.entries(lines)) successes[`${status} ${place}`] = text;
  }
  const shapes = new Set(Object.values(errors).map((lines) => JSON.stringify(bodyOnly(lines))));
  const merged: [string, string][] = Object.entries(errors).flatMap(([status, lines]) =>
    Object.entries(lines).map(([place, text]): [string, string] => [
      `${shapes.size === 1 && !place.startsWith("header ") ? "error" : status} ${place}`,
      text,
    ]),
  );
  return { ...successes, ...Object.fromEntries(merged) };
}

function bodyOnly(lines: Record<string, string>) {
  return Object.entries(lines).filter(([place]) => !place.startsWith("header "));
}

function linksOf(bundle: Bundle, operation: BundledOperation) {
  const links = Object.values(operation.responses).flatMap((response) =>
    Object.values(deref(bundle, response).links ?? {}),
  );
  const told = links.map(({ operationId, parameters = {} }) => [operationId, ...Object.keys(parameters)].join(" "));
  return told.length > 0 ? { links: told } : {};
}

function pagesOf(pages: Record<string, string | number>) {
  const words = [pages.style, pages.position, pages.size, "from", pages.first];
  if (pages.maximum !== undefined) words.push("max", pages.maximum);
  words.push("items", pages.items);
  if (pages.total !== undefined) words.push("total", pages.total);
  return words.join(" ");
}

/** Writes a line for a place and lines for what is below it. */
function walk(
  bundle: Bundle,
  given: Schema,
  place: string,
  presence: string,
  lines: Record<string, string>,
  seen: Schema[] = [],
) {
  const schema = deref(bundle, given);
  if (seen.includes(schema)) return;
  const below = [...seen, schema];
  const types = [schema.type ?? []].flat();
  const presenceBelow = presence === "" ? "" : presence;
  if (types.includes("array") && schema.items) {
    const item = deref(bundle, schema.items);
    const here = words(schema, types, presence);
    if (isTree(bundle, item)) {
      if (presence || types.includes("null")) lines[`${place}[]`] = here.replace(/^array/, "object");
      members(bundle, item, `${place}[].`, presenceName(place), lines, below);
    } else {
      lines[`${place}[]`] = words(item, [item.type ?? []].flat(), presence, schema, types.includes("null"));
    }
    return;
  }
  if (schema.oneOf) {
    if (presence) lines[place] = `object ${presenceBelow}`;
    schema.oneOf.forEach((branch, index) => {
      members(bundle, deref(bundle, branch), `${place}(${index + 1}).`, presenceName(place), lines, below);
    });
    return;
  }
  if (isTree(bundle, schema)) {
    if (presence) lines[place] = words(schema, types, presence);
    if (typeof schema.additionalProperties === "object")
      walk(bundle, schema.additionalProperties, `${place}{}`, "", lines, below);
    members(bundle, schema, `${place}.`, presenceName(place), lines, below);
    return;
  }
  lines[place] = words(schema, types, presence);
}

function members(
  bundle: Bundle,
  schema: Schema,
  prefix: string,
  presence: string,
  lines: Record<string, string>,
  seen: Schema[] = [],
) {
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    walk(bundle, member, `${prefix}${name}`, schema.required?.includes(name) ? presence : "", lines, seen);
  }
  schema.oneOf?.forEach((branch, index) => {
    members(bundle, deref(bundle, branch), `${prefix}(${index + 1}).`, presence, lines, seen);
  });
}

const presenceName = (place: string) => (/^(path|query|header|body) /.test(place) ? "required" : "always");

function isTree(bundle: Bundle, schema: Schema): boolean {
  return (
    schema.properties !== undefined ||
    schema.oneOf !== undefined ||
    typeof schema.additionalProperties === "object" ||
    (schema.type === "array" && schema.items !== undefined && isTree(bundle, deref(bundle, schema.items)))
  );
}

/** The words of one line, in the ledger's order. */
function words(schema: Schema, types: string[], presence: string, list?: Schema, listNull = false) {
  const found = types.filter((type) => type !== "null");
  if (types.includes("null") || listNull) found.push("null");
  if (presence) found.push(presence);
  if (schema.format === "password") found.push("secret");
  if (schema.minimum !== undefined || schema.maximum !== undefined)
    found.push(`${schema.minimum ?? ""}..${schema.maximum ?? ""}`);
  if (schema.minLength !== undefined || schema.maxLength !== undefined)
    found.push(`chars ${schema.minLength ?? ""}..${schema.maxLength ?? ""}`);
  const sized = list ?? schema;
  if (sized.minItems !== undefined || sized.maxItems !== undefined)
    found.push(`items ${sized.minItems ?? ""}..${sized.maxItems ?? ""}`);
  const fallback = schema.default ?? list?.default;
  if (fallback !== undefined) found.push(`default ${quoted(fallback)}`);
  if (schema.enum)
    found.push(
      `one of ${schema.enum
        .filter((value) => value !== null)
        .map(quoted)
        .join(" ")}`,
    );
  return found.join(" ");
}

function quoted(value: unknown) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /\s|^$/.test(text) ? `"${text}"` : text;
}
