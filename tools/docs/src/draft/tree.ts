// The flat list of parameters as the tree that it describes.
import type { Parameter } from "../model.js";

export interface Branch {
  name: string;
  /** Dotted, `[]` for array items. */
  path: string;
  parameter: Parameter | null;
  children: Map<string, Branch>;
  /** Its children are those of its items. */
  list: boolean;
  /** Its children are those of its values, under keys of the caller's. */
  map: boolean;
  /** Further rows of the same path; the first counts. */
  repeats: Parameter[];
}

/** YAML, JavaScript and the generators take these keys for something else. */
export const unusable = new Set(["__proto__", "hasOwnProperty", "valueOf"]);

/** "Status.N" is the list Status. */
export function plainPath(parameter: Pick<Parameter, "path">): string {
  return parameter.path.replace(/\.[Nn](?=\[\]|\.|$)/g, "");
}

export function growTree(parameters: readonly Parameter[]): Branch {
  const root = branch("", "");
  for (const parameter of parameters) {
    const at = descend(root, plainPath(parameter));
    if (at === root) continue;
    if (at.parameter === null) at.parameter = parameter;
    else at.repeats.push(parameter);
  }
  return root;
}

function descend(root: Branch, path: string): Branch {
  let at = root;
  for (const segment of path.split(".")) {
    const [, name = "", marks = ""] = /^(.*?)((?:\[\]|\{\})*)$/.exec(segment) ?? [];
    if (unusable.has(name)) return root;
    if (name !== "") {
      const next = at.children.get(name) ?? branch(name, joined(at, name));
      at.children.set(name, next);
      at = next;
    }
    if (marks.includes("[]")) at.list = true;
    if (marks.includes("{}")) at.map = true;
  }
  return at;
}

function joined(parent: Branch, name: string): string {
  return parent.path === "" ? name : `${parent.path}${parent.list ? "[]" : ""}.${name}`;
}

function branch(name: string, path: string): Branch {
  return { name, path, parameter: null, children: new Map(), list: false, map: false, repeats: [] };
}
