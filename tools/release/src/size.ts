import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "rolldown";
import { installedIn } from "./project.ts";
import { filesIn } from "./unpack.ts";

const file = fileURLToPath(new URL("../budgets.json", import.meta.url));
export const UPDATE = "npx pnpm release:size --update";

/** What is measured: either a bundle of an entry, or what some packages take when they are installed. */
export interface Budget {
  readonly name: string;
  readonly unit: string;
  /** What we want. Without one it is only measured, to show where the bytes are. */
  readonly aim?: number;
  /** Where the aim is missed: what it may not grow over. */
  readonly ceiling?: number;
  /** Why the aim is missed. */
  readonly why?: string;
  /** The lines of a module. */
  readonly entry?: readonly string[];
  /** With everything that they need. */
  readonly packages?: readonly string[];
}

export interface Measured {
  readonly budget: Budget;
  readonly bytes: number;
  /** What it is made of, largest first. Of a bundle: before it is minified and compressed. */
  readonly parts: readonly { part: string; bytes: number }[];
}

export function readBudgets(): Budget[] {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Measures in a project where the packed packages are installed. */
export async function measure(project: string, budgets: readonly Budget[] = readBudgets()): Promise<Measured[]> {
  const results: Measured[] = [];
  for (const budget of budgets) {
    const parts = budget.entry ? await bundled(project, budget.entry) : installed(project, budget.packages ?? []);
    results.push({ budget, ...parts });
  }
  return results;
}

/** The most that a budget allows: its aim, or where that is missed its ceiling. */
export function limitOf({ aim = Number.POSITIVE_INFINITY, ceiling }: Budget): number {
  return ceiling ?? aim;
}

/** @returns one line per budget that is overrun */
export function overrun(all: readonly Measured[]): string[] {
  return all.flatMap(({ budget, bytes }) => {
    const limit = limitOf(budget);
    if (bytes <= limit) return [];
    return [`${budget.name}: ${bytes} ${budget.unit}, more than ${limit}. If it has to be: ${UPDATE}`];
  });
}

/** Today's sizes as ceilings where an aim is missed, and none where it is met. */
export function withCeilings(all: readonly Measured[]): Budget[] {
  return all.map(({ budget, bytes }) => {
    const { name, unit, aim, ceiling: _, ...rest } = budget;
    if (aim === undefined || bytes <= aim) return { name, unit, ...(aim === undefined ? {} : { aim }), ...rest };
    return { name, unit, aim, ceiling: rounded(bytes), ...rest };
  });
}

export function writeBudgets(budgets: readonly Budget[]) {
  writeFileSync(file, `${JSON.stringify(budgets, undefined, 2)}\n`);
}

/** Up to the next hundredth, so that a fix of a few bytes is no question of budgets. */
function rounded(bytes: number) {
  const grain = 10 ** (Math.floor(Math.log10(bytes)) - 2);
  return Math.ceil(bytes / grain) * grain;
}

async function bundled(project: string, lines: readonly string[]) {
  const entry = join(project, "entry.js");
  writeFileSync(entry, lines.join("\n"));
  const options = { cwd: project, input: entry, platform: "browser", logLevel: "silent", write: false } as const;
  const { output } = await build({ ...options, output: { format: "esm", minify: true, comments: false } });
  const [chunk] = output;
  const sizes = Object.entries(chunk.modules).map(([id, { renderedLength }]) => {
    return { part: packageOf(id), bytes: renderedLength };
  });
  return { bytes: gzipSync(chunk.code, { level: 9 }).length, parts: summed(sizes) };
}

function installed(project: string, names: readonly string[]) {
  const all = installedIn(project);
  const wanted = new Set(names);
  // Grows while it is walked.
  for (const name of wanted) {
    const one = all.find((other) => other.name === name);
    if (!one) throw new Error(`${name} is not installed in ${project}`);
    const { dependencies = {} } = JSON.parse(readFileSync(join(one.place, "package.json"), "utf8"));
    for (const need of Object.keys(dependencies)) wanted.add(need);
  }
  const sizes = all
    .filter(({ name }) => wanted.has(name))
    .flatMap(({ name, place }) => {
      const ours = name === "restorekit" || name.startsWith("@restorekit/");
      return filesIn(place).map(({ file, bytes }) => ({ part: ours ? kindOf(file) : "packages of others", bytes }));
    });
  const parts = summed(sizes);
  return { bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0), parts };
}

function packageOf(id: string) {
  return /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? "entry";
}

function kindOf(file: string) {
  if (file.endsWith(".map")) return "source maps";
  if (file.endsWith(".d.ts")) return "types";
  if (file.endsWith(".js")) return "code";
  if (file.endsWith("openapi.json")) return "OpenAPI documents";
  return "licences, readmes, manifests";
}

function summed(sizes: readonly { part: string; bytes: number }[]) {
  const sums = new Map<string, number>();
  for (const { part, bytes } of sizes) sums.set(part, (sums.get(part) ?? 0) + bytes);
  return [...sums].map(([part, bytes]) => ({ part, bytes })).sort((a, b) => b.bytes - a.bytes);
}
