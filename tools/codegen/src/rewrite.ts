import { grammar, type Kind, type Rule } from "./load/grammar.js";

/** Gives what an object is to become; what stands inside of it is rewritten after it. */
export type Change = (node: object, kind: Kind) => object;

/** Copies a bundle, object by object, each known by its kind: a property that is called `links` is no links object. */
export function rewrite<T extends object>(node: T, kind: Kind, change: Change): T {
  const changed = change(node, kind);
  if ("$ref" in changed) return { ...changed } as T;
  const { keys } = grammar[kind];
  return Object.fromEntries(
    Object.entries(changed).map(([key, value]) => {
      const rule = Object.hasOwn(keys, key) ? keys[key] : undefined;
      return [key, rule === undefined ? value : follow(value, rule, change)];
    }),
  ) as T;
}

function follow(value: unknown, rule: Rule, change: Change): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (rule === "schema or boolean") return rewrite(value, "schema", change);
  if (typeof rule === "string" || "one" in rule) return value;
  if ("kind" in rule) return rewrite(value, rule.kind, change);
  if ("list" in rule) return (value as unknown[]).map((item) => follow(item, rule.list, change));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, follow(item, rule.map, change)]));
}

/** A copy without some keys. */
export function without(node: object, ...keys: string[]): object {
  return Object.fromEntries(Object.entries(node).filter(([key]) => !keys.includes(key)));
}
