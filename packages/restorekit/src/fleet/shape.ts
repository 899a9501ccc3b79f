import type { LineProblem, Tree } from "./tree.js";

/** A field of a map, with the line of its key. */
export interface Field {
  readonly line: number;
  readonly tree: Tree;
  /** Of a list or map, nothing. */
  readonly value: unknown;
}

/** What usually holds a secret; a plan is kept, sent and shown. */
const SECRET = /pass(word|wd)?$|secret|token|credential/i;

/** Reads a map: which keys there may be, and whether they must. */
export function problemsOf<K extends string>(tree: Tree, what: string, keys: Readonly<Record<K, boolean>>) {
  const problems: LineProblem[] = [];
  const fields: Partial<Record<K, Field>> = {};
  if (tree.kind !== "map") {
    problems.push({ line: tree.line, message: `${what} must be a map` });
    return { fields, problems };
  }
  for (const { key, line, value } of tree.entries) {
    if (!isKey(key)) problems.push({ line, message: unknownKey(key, Object.keys(keys)) });
    else if (fields[key]) problems.push({ line, message: `${key} is there twice` });
    else fields[key] = { line, tree: value, value: "value" in value ? value.value : undefined };
  }
  for (const key of Object.keys(keys) as K[]) {
    if (keys[key] && !fields[key]) problems.push({ line: tree.line, message: `${key} is missing` });
  }
  return { fields, problems };

  function isKey(key: string): key is K {
    return Object.hasOwn(keys, key);
  }
}

function unknownKey(key: string, known: readonly string[]) {
  if (SECRET.test(key)) return `${key} does not belong here: a plan holds no secret; give it by the option \`extra\``;
  return `unknown key ${key}; there are ${known.join(", ")}`;
}
