import type { Adapter } from "../adapter.js";
import { RestoreError } from "../errors.js";
import type { Waivable } from "../preflight.js";
import type { Adapters, PlanEntry } from "./plan.js";
import { type Field, problemsOf } from "./shape.js";
import type { LineProblem, Tree } from "./tree.js";

type Read = { readonly problems: readonly LineProblem[] } & (
  | { readonly entry: PlanEntry; readonly target: string }
  | { readonly entry?: never }
);

const KEYS = { service: true, instance: true, from: true, overwrite: true, waive: false, databases: false };
const WAIVABLE = [
  "instanceReady",
  "instanceKind",
  "passwordGiven",
  "backupUsable",
  "timeRestorable",
  "pitrEnabled",
  "sourceMatches",
  "storageFits",
  "databasesChosen",
  "noTaskRunning",
] as const satisfies readonly Waivable[];

/** Reads one restore of a plan. */
export function readEntry(tree: Tree, adapters: Adapters): Read {
  const { fields, problems } = problemsOf(tree, "a restore", KEYS);
  const say = (line: number, message: string) => void problems.push({ line, message });

  const service = textOf(fields.service, "service");
  const instance = textOf(fields.instance, "instance");
  const overwrite = textOf(fields.overwrite, "overwrite");
  const adapter = service !== undefined && Object.hasOwn(adapters, service) ? adapters[service] : undefined;
  if (service !== undefined && !adapter) {
    say(fields.service?.line ?? 0, `unknown service ${service}; there are ${Object.keys(adapters).join(", ")}`);
  }
  if (instance !== undefined && overwrite !== undefined && instance !== overwrite) {
    say(fields.overwrite?.line ?? 0, `overwrite names ${overwrite}, but ${instance} would be overwritten`);
  }
  const from = fields.from && readFrom(fields.from, adapter, instance);
  const waive = fields.waive && readWaive(fields.waive);
  const databases = fields.databases && readDatabases(fields.databases, adapter);

  if (problems.length > 0 || !adapter || !service || !instance || !overwrite || !from) return { problems };
  const optional = { ...(waive && { waive }), ...(databases && { databases }) };
  const entry = { line: tree.line, service, instance, from, overwrite, ...optional };
  return { problems, entry, target: `${adapter.scope}/${instance}` };

  function textOf(field: Field | undefined, name: string): string | undefined {
    if (!field) return undefined;
    if (typeof field.value === "string" && field.value !== "") return field.value;
    // 0123 is a number to YAML, and loses its zero.
    say(field.line, `${name} must be text${field.tree.kind === "other" ? ": put it into quotes" : ""}`);
    return undefined;
  }

  function readFrom(field: Field, adapter: Adapter<never, never> | undefined, instance: string | undefined) {
    const read = problemsOf(field.tree, "from", { backup: false, at: false, instance: false });
    problems.push(...read.problems);
    const from: { backup?: string; at?: string; instance?: string } = {};
    for (const key of ["backup", "at", "instance"] as const) {
      const text = textOf(read.fields[key], key);
      if (text !== undefined) from[key] = text;
      else if (read.fields[key]) return undefined;
    }
    if (!adapter || instance === undefined || read.problems.length > 0) return from;
    try {
      const source = adapter.source(from as never, instance);
      if (from.instance !== undefined && source.instance !== from.instance) {
        say(read.fields.instance?.line ?? field.line, "this service restores an instance from its own backups only");
      }
    } catch (error) {
      if (!(error instanceof RestoreError)) throw error;
      say((read.fields.at ?? read.fields.backup ?? field).line, error.message);
    }
    return from;
  }

  function readWaive({ tree, line }: Field): Waivable[] | undefined {
    if (tree.kind !== "list") return void say(line, "waive must be a list of checks");
    return tree.items.flatMap((item) => {
      const name = WAIVABLE.find((name) => item.kind === "text" && item.value === name);
      if (name) return [name];
      say(item.line, `there is no such check to waive; there are ${WAIVABLE.join(", ")}`);
      return [];
    });
  }

  function readDatabases({ tree, line }: Field, adapter: Adapter<never, never> | undefined): PlanEntry["databases"] {
    if (adapter && adapter.service !== "huaweicloud-rds") return void say(line, "only huaweicloud-rds takes databases");
    if (tree.kind === "text" && tree.value === "all") return "all";
    if (tree.kind !== "map") return void say(line, 'databases must be "all", or a map of old names to new ones');
    const names = new Map<string, string>();
    for (const { key, line, value } of tree.entries) {
      if (names.has(key)) say(line, `${key} is there twice`);
      else if (value.kind === "text") names.set(key, value.value);
      else say(line, `the new name of ${key} must be text ("" keeps the old one)`);
    }
    return Object.fromEntries(names);
  }
}
