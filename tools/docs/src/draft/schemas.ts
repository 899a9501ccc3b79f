// Branches of the parameter tree as schemas in our conventions; what the page leaves open becomes a note.
import type { Parameter, ScalarType } from "../model.js";
import { folded, pascal } from "./names.js";
import { type Data, excerpt, type Notes } from "./notes.js";
import { type Samples, typeOfSamples } from "./samples.js";
import type { Branch } from "./tree.js";

export interface Workshop {
  readonly notes: Notes;
  /** components.schemas of the document. */
  readonly schemas: Record<string, Data>;
  readonly request: boolean;
  /** Tencent's "Integer" has 64 bits in all of its SDKs. */
  readonly long: boolean;
  readonly samples: Samples;
  /** What the reader found odd in a row, told once. */
  readonly oddities: (parameter: Parameter) => string[];
}

/** Tells a person what to look at. */
export type Say = (text: string) => void;

const secret = /passw(?:or)?d|secret|token|private_?key|^pwd$/i;
const secretExceptions = /token_?(?:id|type|expire)|no_?password|password_?(?:free|policy|less)/i;

/** Registers an object with a branch's children as a named schema; gives its name. */
export function objectSchema(shop: Workshop, branch: Branch, wanted: string, title: string): string {
  const name = freeName(shop, wanted);
  const schema: Data = { type: "object" };
  shop.schemas[name] = schema;
  schema.description = title;
  const properties: Record<string, Data> = {};
  const required: string[] = [];
  const spellings = new Map<string, string>();
  for (const child of branch.children.values()) {
    const twin = spellings.get(folded(child.name));
    if (shop.request && twin !== undefined) {
      shop.notes.at(properties, twin, `${child.name} differs from ${twin} by its spelling only: left out here`);
      continue;
    }
    spellings.set(folded(child.name), child.name);
    const say = (text: string) => shop.notes.at(properties, child.name, text);
    properties[child.name] = propertySchema(shop, child, `${wanted}${pascal(child.name)}`, say);
    noteRow(shop, child, say);
    if (child.parameter?.required === true) required.push(child.name);
  }
  if (branch.children.size === 0) {
    schema.additionalProperties = true;
    return name;
  }
  if (shop.request) schema.additionalProperties = false;
  if (required.length > 0) schema.required = required;
  schema.properties = properties;
  return name;
}

/** What the row says that a schema cannot. */
export function noteRow(shop: Workshop, branch: Branch, note: Say): void {
  const { parameter } = branch;
  if (parameter === null) {
    note(`${branch.path} has no row of its own; only its fields have`);
    return;
  }
  for (const oddity of shop.oddities(parameter)) note(oddity);
  for (const repeat of branch.repeats) note(`line ${repeat.line}: the page lists ${branch.path} again`);
  if (shop.request && parameter.required === null)
    note(
      parameter.requiredText
        ? `line ${parameter.line}: whether it is required is unclear ("${excerpt(parameter.requiredText)}")`
        : `line ${parameter.line}: the page does not say whether it is required`,
    );
  else if (parameter.required === true && /[(,;:（]/.test(parameter.requiredText ?? ""))
    note(`line ${parameter.line}: it is required under a condition`);
  for (const { when, name, required } of parameter.conditions)
    note(`line ${parameter.line}: with ${when}, ${name} is ${required ? "required" : "optional"}`);
}

/** A scalar, an array or a reference; objects become schemas with a name of their own. */
export function propertySchema(shop: Workshop, branch: Branch, wanted: string, say: Say): Data {
  const { parameter } = branch;
  const samples = shop.samples.get(branch.path) ?? [];
  const result: Data = {};
  const pending: string[] = [];
  const type = typeOf(branch, samples, shop.request, pending);
  if (type === "any") result.description = `Describe: ${branch.name}, of any type.`;
  else if (type === "object") {
    if (branch.children.size === 0 && !isTold(shop, branch))
      pending.push(`the page does not describe the inside of ${branch.path}`);
    if (branch.map || (branch.children.size === 0 && isMap(branch))) {
      const name = freeName(shop, wanted);
      shop.schemas[name] = { type: "object", description: `Describe: ${branch.name}.`, additionalProperties: true };
      if (branch.children.size > 0) {
        const values = objectSchema(shop, branch, `${wanted}Value`, `Describe: a value of ${branch.name}.`);
        (shop.schemas[name] as Data).additionalProperties = { $ref: `#/components/schemas/${values}` };
      }
      result.$ref = `#/components/schemas/${name}`;
    } else {
      const name = objectSchema(shop, branch, wanted, `Describe: ${branch.name}.`);
      result.$ref = `#/components/schemas/${name}`;
      // A null in an example concerns the named schema.
      if (!shop.request && samples.includes(null)) (shop.schemas[name] as Data).type = ["object", "null"];
    }
  } else if (type === "array") {
    result.type = "array";
    result.description = `Describe: ${branch.name}.`;
    result.items = itemSchema(shop, branch, wanted, pending);
    if (!shop.request && samples.includes(null)) {
      result.type = ["array", "null"];
      pending.push("null, because an example has it");
    }
  } else {
    Object.assign(result, scalar(type, branch, shop, samples, pending));
  }
  for (const text of pending) say(parameter ? `line ${parameter.line}: ${text}` : text);
  return result;
}

/** The reader has told it already. */
function isTold(shop: Workshop, { parameter }: Branch): boolean {
  return parameter !== null && shop.oddities(parameter).length > 0;
}

function isMap(branch: Branch): boolean {
  return /^(?:map|dict|dictionary|hash)/i.test(branch.parameter?.typeText ?? "");
}

function itemSchema(shop: Workshop, branch: Branch, wanted: string, pending: string[]): Data {
  if (branch.children.size > 0 || branch.parameter?.items === "object") {
    if (branch.children.size === 0 && !isTold(shop, branch))
      pending.push(`the page does not describe the items of ${branch.path}`);
    const name = objectSchema(shop, branch, wanted, `Describe: an item of ${branch.name}.`);
    return { $ref: `#/components/schemas/${name}` };
  }
  const samples = shop.samples.get(`${branch.path}[]`) ?? [];
  let type: string | null = branch.parameter?.items ?? null;
  if (type === null || type === "any" || type === "file" || type === "array") {
    const guess = typeOfSamples(samples);
    type = guess === null || guess === "object" || guess === "array" ? "string" : guess;
    pending.push(`the page does not say what ${branch.path} holds`);
  }
  return scalar(type, branch, shop, samples, pending, true);
}

function typeOf(branch: Branch, samples: readonly unknown[], request: boolean, pending: string[]): ScalarType {
  const stated = branch.parameter?.type ?? null;
  if (branch.children.size > 0) {
    const needed = branch.list ? "array" : "object";
    if (stated !== null && stated !== "object" && stated !== "array")
      pending.push(`the type is "${excerpt(branch.parameter?.typeText ?? stated)}", and yet there are fields inside`);
    return branch.list || stated === "array" ? "array" : needed;
  }
  if (stated === "file") {
    pending.push("a file");
    return "string";
  }
  if (stated === "any") {
    if (!request) return "any";
    pending.push("of any type on the page");
    return "string";
  }
  if (stated !== null) return stated;
  const typeText = branch.parameter?.typeText;
  const guess = typeOfSamples(samples) as ScalarType | null;
  pending.push(
    `${typeText ? `the type "${excerpt(typeText)}" is not understood` : "the page gives no type"}${guess ? `; ${guess} in the example` : ""}`,
  );
  return guess === null || guess === "object" ? "string" : guess;
}

function scalar(
  type: string,
  branch: Branch,
  shop: Workshop,
  samples: readonly unknown[],
  pending: string[],
  item = false,
): Data {
  const schema: Data = { type };
  const { parameter } = branch;
  if (type === "integer") schema.format = shop.long || needsLong(parameter?.range ?? null, samples) ? "int64" : "int32";
  if (type === "number") schema.format = "double";
  if (type === "string" && secret.test(branch.name) && !secretExceptions.test(branch.name)) {
    schema.format = "password";
    pending.push("taken for a secret because of its name");
  }
  if (!item) schema.description = `Describe: ${branch.name}.`;
  if (type === "object") return { type: "string" };
  if (parameter?.values) addValues(schema, type, parameter.values, parameter.valuesStated, pending);
  if (parameter?.range) addRange(schema, type, parameter.range, pending);
  if (parameter?.default && !item) addDefault(schema, type, parameter.default, pending);
  if (!item && !shop.request && samples.includes(null)) {
    schema.type = [type, "null"];
    if (Array.isArray(schema.enum)) schema.enum.push(null);
    pending.push("null, because an example has it");
  }
  if (samples.some((sample) => typeof sample === "string" && /^\d{4}-\d\d-\d\d[ T]\d/.test(sample)))
    pending.push("a time: say its format and zone");
  return schema;
}

function needsLong(range: string | null, samples: readonly unknown[]): boolean {
  const ends = (range ?? "").split("..").filter(Boolean).map(Number);
  return [...ends, ...samples].some((value) => typeof value === "number" && Math.abs(value) > 2_147_483_647);
}

function addValues(schema: Data, type: string, values: string[], stated: boolean, pending: string[]): void {
  const typed = [...new Set(values.map((value) => typedValue(type, value)))];
  if (type === "boolean") return;
  if (typed.includes(undefined)) {
    pending.push(`the values ${excerpt(values.join(", "))} are not of type ${type}`);
    return;
  }
  schema.enum = typed;
  if (!stated) pending.push("the values stand in the text: is the list complete?");
}

function addRange(schema: Data, type: string, range: string, pending: string[]): void {
  const [low, high] = range.split("..").map((end) => (end === "" ? undefined : Number(end)));
  if (low !== undefined && high !== undefined && low > high) {
    pending.push(`the range ${range} is no range`);
    return;
  }
  if (type === "integer" || type === "number") {
    const whole = [low, high].every((end) => end === undefined || Number.isSafeInteger(end) || type === "number");
    if (!whole) {
      pending.push(`the range ${range} cannot be kept`);
      return;
    }
    if (low !== undefined) schema.minimum = low;
    if (high !== undefined) schema.maximum = high;
  } else if (type === "string" && (low ?? 0) >= 0 && (high ?? 0) >= 0) {
    if (low !== undefined) schema.minLength = low;
    if (high !== undefined) schema.maxLength = high;
    pending.push("a range for a string: taken for its length");
  } else pending.push(`the range ${range} is left out`);
}

function addDefault(schema: Data, type: string, text: string, pending: string[]): void {
  const value = typedValue(type, text);
  const { enum: values, minimum, maximum } = schema;
  const fits =
    value !== undefined &&
    (!Array.isArray(values) || values.includes(value)) &&
    (typeof value !== "number" ||
      ((minimum === undefined || value >= (minimum as number)) &&
        (maximum === undefined || value <= (maximum as number)))) &&
    (typeof value !== "string" || (schema.minLength === undefined && schema.maxLength === undefined));
  if (fits) schema.default = value;
  else pending.push(`the default "${excerpt(text)}" does not fit the rest`);
}

function typedValue(type: string, text: string): string | number | boolean | undefined {
  if (type === "integer") return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
  if (type === "number") return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (type === "boolean") return /^(?:true|false)$/i.test(text) ? text.toLowerCase() === "true" : undefined;
  return text;
}

function freeName(shop: Workshop, wanted: string): string {
  const used = new Set(Object.keys(shop.schemas).map((name) => name.toLowerCase()));
  const base = /^[A-Za-z]/.test(wanted) ? wanted : `Schema${wanted}`;
  let name = base;
  for (let n = 2; used.has(name.toLowerCase()); n += 1) name = `${base}${n}`;
  return name;
}
