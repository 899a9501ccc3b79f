import type { Adapter } from "../adapter.js";
import type { Waivable } from "../preflight.js";
import { readEntry } from "./entry.js";
import { readJson } from "./json.js";
import { problemsOf } from "./shape.js";
import { type LineProblem, type Tree, Unreadable } from "./tree.js";
import { readYaml, type YamlPackage } from "./yaml.js";

/** Adapters by the names that a plan uses for `service`. */
export type Adapters = Readonly<Record<string, Adapter<never, never>>>;

/** Many restores, checked: every one is complete, and no instance is in it twice. */
export interface Plan {
  /** The same name is the same fleet: run again, it continues. */
  readonly name: string;
  readonly file: string;
  readonly restores: readonly PlanEntry[];
}

/** One restore of a plan. */
export interface PlanEntry {
  readonly line: number;
  /** A name of the adapters. */
  readonly service: string;
  readonly instance: string;
  readonly from: { readonly backup?: string; readonly at?: string; readonly instance?: string };
  readonly overwrite: string;
  readonly waive?: readonly Waivable[];
  readonly databases?: "all" | Readonly<Record<string, string>>;
}

export const PLAN_FORMAT = "restorekit-plan/1";

/** What is wrong with a plan, entry by entry; nothing was begun. */
export class PlanError extends Error {
  override readonly name = "PlanError";
  readonly file: string;
  readonly problems: readonly LineProblem[];

  constructor(file: string, problems: readonly LineProblem[]) {
    const lines = problems.slice(0, MOST_SHOWN).map(({ line, message }) => `${file}:${line}: ${message}`);
    const more = problems.length > MOST_SHOWN ? [`and ${problems.length - MOST_SHOWN} more`] : [];
    super([...lines, ...more].join("\n"));
    this.file = file;
    this.problems = problems;
  }
}

const MOST_SHOWN = 20;

export interface ReadPlanOptions {
  adapters: Adapters;
  /** The package `yaml`, for plans in YAML: `import * as yaml from "yaml"`. JSON needs none. */
  yaml?: YamlPackage;
}

/**
 * Reads a plan, in JSON if its file ends in `.json`, else in YAML.
 * @param file its name, for messages; it is not opened
 * @throws {PlanError} with the line of everything that is wrong
 */
export function readPlan(file: string, text: string, { adapters, yaml }: ReadPlanOptions): Plan {
  const tree = treeOf(file, text, yaml);
  const { fields, problems } = problemsOf(tree, "the plan", { format: true, name: true, restores: true });
  const { format, name, restores } = fields;
  const say = (line: number, message: string) => problems.push({ line, message });

  if (format && format.value !== PLAN_FORMAT) say(format.line, `format must be ${PLAN_FORMAT}`);
  if (name && (typeof name.value !== "string" || name.value === "")) say(name.line, "name must be text");
  if (restores && (restores.tree.kind !== "list" || restores.tree.items.length === 0)) {
    say(restores.line, "restores must be a list with an entry at least");
  }

  const targets = new Map<string, number>();
  const entries: PlanEntry[] = [];
  for (const item of restores?.tree.kind === "list" ? restores.tree.items : []) {
    const read = readEntry(item, adapters);
    problems.push(...read.problems);
    if (!read.entry) continue;
    const { line, instance } = read.entry;
    const before = targets.get(read.target);
    if (before !== undefined) say(line, `${instance} is restored by line ${before} already`);
    else targets.set(read.target, line);
    entries.push(read.entry);
  }
  if (problems.length > 0)
    throw new PlanError(
      file,
      problems.sort((a, b) => a.line - b.line),
    );
  return { name: name?.value as string, file, restores: entries };
}

function treeOf(file: string, text: string, yaml: YamlPackage | undefined): Tree {
  try {
    if (file.endsWith(".json")) return readJson(text);
    if (yaml) return readYaml(text, yaml);
  } catch (error) {
    if (error instanceof Unreadable) throw new PlanError(file, error.problems);
    throw error;
  }
  throw new PlanError(file, [{ line: 1, message: "YAML needs the option `yaml`, the package of that name" }]);
}
