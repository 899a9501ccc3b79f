// Tencent describes the inside of its types on a page of its own; here they are put where they are used.
import type { Page, Parameter, Structure } from "../model.js";
import { plainPath } from "./tree.js";

const deepest = 8;

export function withStructures(page: Page, structures: readonly Structure[]): Page {
  if (structures.length === 0) return page;
  const byName = new Map(structures.map((structure) => [structure.name.toLowerCase(), structure]));
  const paths = page.parameters.map(plainPath).filter((path) => path.includes("."));
  const inside = new Set(paths.map((path) => path.replace(/(?:\[\])?\.[^.]*$/, "")));
  const parameters = page.parameters.flatMap((parameter) =>
    inside.has(plainPath(parameter)) ? [parameter] : [parameter, ...expand(parameter, byName, [])],
  );
  const resolved = page.parameters.filter(({ structure }) => structure !== null && byName.has(structure.toLowerCase()));
  const issues = page.issues.filter(
    ({ code, line }) => code !== "structure_elsewhere" || !resolved.some((parameter) => parameter.line === line),
  );
  return { ...page, parameters, issues };
}

function expand(parameter: Parameter, byName: ReadonlyMap<string, Structure>, stack: string[]): Parameter[] {
  const name = parameter.structure?.toLowerCase();
  const structure = name === undefined ? undefined : byName.get(name);
  if (name === undefined || structure === undefined || stack.includes(name) || stack.length >= deepest) return [];
  const prefix = `${parameter.path}${parameter.type === "array" ? "[]" : ""}.`;
  return structure.fields.flatMap((field) => {
    // Lines of the other page would mislead.
    const own: Parameter = {
      ...field,
      in: parameter.in,
      status: parameter.status,
      path: prefix + field.path,
      line: parameter.line,
    };
    return [own, ...expand(own, byName, [...stack, name])];
  });
}
