import { isDeepStrictEqual } from "node:util";

export type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;
export type Objekt = { [key: string]: Json };

export const isObject = (value: unknown): value is Objekt =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value where it is an object, else an empty one: the shape check of codegen is not repeated here. */
export const objectOf = (value: Json | undefined): Objekt => (isObject(value) ? value : {});
export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
export const same = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b);

export function own<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The keys of both, those of the first in its order. */
export function keysOf(a: Objekt, b: Objekt): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

/** A document and what its references mean in it. */
export interface Side {
  readonly document: Objekt;
}

/** Follows references to the object they mean; `name` is the last one's. */
export function follow(side: Side, value: Json | undefined): { node: Objekt; name: string | null } {
  let node = objectOf(value);
  let name: string | null = null;
  for (let steps = 0; typeof node.$ref === "string"; steps++) {
    name = node.$ref;
    if (steps > 50) throw new Error(`${name} refers to itself`);
    const { $ref, ...beside } = node;
    node = { ...target(side, name), ...beside };
  }
  return { node, name };
}

function target(side: Side, reference: string): Objekt {
  const keys = reference.replace(/^#\//, "").split("/");
  let here: Json | undefined = side.document;
  for (const key of keys) here = objectOf(here)[key.replaceAll("~1", "/").replaceAll("~0", "~")];
  if (!isObject(here)) throw new Error(`${reference} leads nowhere`);
  return here;
}

/** The value with its references written out, but not references inside what they mean. */
export function expanded(side: Side, value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => expanded(side, item) ?? null);
  if (!isObject(value)) return value;
  if (typeof value.$ref === "string") return follow(side, value).node;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expanded(side, inner) ?? null]));
}
