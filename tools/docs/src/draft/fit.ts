// Makes a printed example fit its schema, and tells each thing that had to change.
import type { Data } from "./notes.js";

export interface Fitting {
  readonly schemas: Record<string, Data>;
  /** Values come from a query string, where everything is text. */
  readonly texts: boolean;
  readonly changes: string[];
}

/** The value as the schema has it; undefined where nothing of it can be kept. */
export function fit(schema: Data, value: unknown, path: string, fitting: Fitting): unknown {
  const target = resolve(schema, fitting.schemas);
  const [type, second] = [target.type].flat() as (string | undefined)[];
  const place = path || "the body";
  const changed = (text: string) => fitting.changes.push(`${place} ${text}`);
  if (type === undefined) return value;
  if (value === null) {
    if (second === "null") return null;
    changed("is null");
    return undefined;
  }
  switch (type) {
    case "object":
      return fitObject(target, value, path, fitting, changed);
    case "array": {
      if (!Array.isArray(value)) changed("is no list");
      const items = Array.isArray(value) ? value : [value];
      return items.flatMap((item) => {
        const fitted = fit(target.items as Data, item, `${path}[]`, fitting);
        return fitted === undefined ? [] : [fitted];
      });
    }
    case "boolean": {
      if (typeof value === "boolean") return value;
      const text = typeof value === "string" ? value.toLowerCase() : "";
      if (!fitting.texts || !/^(?:true|false)$/.test(text)) changed("is no boolean");
      return text === "true";
    }
    case "integer":
    case "number":
      return fitNumber(target, type, value, fitting, changed);
    default:
      return fitString(target, value, changed);
  }
}

function fitObject(
  target: Data,
  value: unknown,
  path: string,
  fitting: Fitting,
  changed: (text: string) => void,
): Data | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    changed("is no object");
    // One object where the page prints a list of them.
    const [first] = Array.isArray(value) ? value : [];
    return typeof first === "object" && first !== null
      ? fitObject(target, first, path, fitting, changed)
      : (synthesize(target, fitting.schemas) as Data);
  }
  const properties = (target.properties ?? {}) as Record<string, Data>;
  const values = target.additionalProperties;
  const required = (target.required ?? []) as string[];
  const result: Data = {};
  for (const [key, item] of Object.entries(value)) {
    const inside = path === "" ? key : `${path}.${key}`;
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const rule = property ?? (typeof values === "object" ? (values as Data) : undefined);
    if (rule === undefined || key === "__proto__") {
      if (values === true && key !== "__proto__") result[key] = item;
      else fitting.changes.push(`${inside} is in no table`);
      continue;
    }
    const fitted = fit(rule, item, inside, fitting);
    if (fitted !== undefined) result[key] = fitted;
  }
  for (const key of required) {
    if (Object.hasOwn(result, key)) continue;
    if (!Object.hasOwn(value, key)) changed(`lacks ${key}`);
    result[key] = synthesize(properties[key] as Data, fitting.schemas);
  }
  return result;
}

function fitNumber(
  target: Data,
  type: string,
  value: unknown,
  fitting: Fitting,
  changed: (text: string) => void,
): unknown {
  let number: number;
  if (typeof value === "number") number = value;
  else {
    number = typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : Number.NaN;
    if (Number.isNaN(number) || !fitting.texts) changed(`is no ${type}`);
  }
  if (Number.isNaN(number) || (type === "integer" && !Number.isSafeInteger(number))) {
    if (!Number.isNaN(number)) changed("is no integer");
    return synthesize(target, fitting.schemas);
  }
  if (Array.isArray(target.enum) && !target.enum.includes(number)) {
    changed(`has the value ${number}, which is not listed`);
    return target.enum[0];
  }
  const { minimum, maximum } = target as { minimum?: number; maximum?: number };
  if ((minimum !== undefined && number < minimum) || (maximum !== undefined && number > maximum)) {
    changed(`is ${number}, out of its range`);
    return minimum ?? maximum;
  }
  return number;
}

function fitString(target: Data, value: unknown, changed: (text: string) => void): string {
  let text: string;
  if (typeof value === "string") text = value;
  else {
    changed("is no string");
    text = typeof value === "object" ? JSON.stringify(value) : String(value);
  }
  if (Array.isArray(target.enum) && !target.enum.includes(text)) {
    changed(`has the value ${JSON.stringify(text.slice(0, 40))}, which is not listed`);
    return target.enum[0] as string;
  }
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = target as { minLength?: number; maxLength?: number };
  // Lengths count characters, not UTF-16 units.
  const characters = [...text];
  if (characters.length > maxLength) changed("is longer than allowed");
  if (characters.length < minLength) changed("is shorter than allowed");
  return characters.slice(0, maxLength).join("").padEnd(minLength, "x");
}

/** The least value that fits. */
export function synthesize(schema: Data, schemas: Record<string, Data>): unknown {
  const target = resolve(schema, schemas);
  if (target.default !== undefined) return target.default;
  if (Array.isArray(target.enum)) return target.enum[0];
  const [type] = [target.type].flat();
  switch (type) {
    case "object":
      return Object.fromEntries(
        ((target.required ?? []) as string[]).map((key) => [
          key,
          synthesize((target.properties as Record<string, Data>)[key] as Data, schemas),
        ]),
      );
    case "array":
      return [];
    case "integer":
    case "number":
      return Math.max(
        (target.minimum as number | undefined) ?? 0,
        Math.min(0, (target.maximum as number | undefined) ?? 0),
      );
    case "boolean":
      return false;
    default:
      return "example"
        .padEnd((target.minLength as number | undefined) ?? 0, "x")
        .slice(0, (target.maxLength as number | undefined) ?? 100);
  }
}

function resolve(schema: Data, schemas: Record<string, Data>): Data {
  const name = typeof schema.$ref === "string" ? schema.$ref.replace("#/components/schemas/", "") : undefined;
  return name === undefined ? schema : (schemas[name] ?? {});
}
