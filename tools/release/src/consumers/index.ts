import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { binaryOf, titleOf } from "@restorekit/bench/install";
import { RUNTIMES } from "@restorekit/bench/runtime";
import { type Example, readExamples } from "./example.ts";
import { publishedIn } from "./installed.ts";
import { type ConsumerRow, type Setting, tryOut } from "./try-out.ts";

export type { ConsumerRow } from "./try-out.ts";

interface Options {
  /** The registry that has the packages, and passes on what else is asked for. */
  registry: string;
  /** An empty directory outside the workspace. */
  work: string;
  /** Names of runtimes, kinds of runtimes (`node`) or names of examples. Default: all. */
  only?: string[];
  progress(line: string): void;
}

const SETTING: Setting = {
  root: resolve(fileURLToPath(new URL("../../../..", import.meta.url))),
  binaryOf,
  titleOf,
  limitMs: 180_000,
};
/** Examples at a time: what CI has of cores. */
const ABREAST = 2;

/**
 * Installs every example from a registry, outside the workspace, and runs it on each of its runtimes. A runtime that is
 * missing is a row that failed.
 * @throws if `work` is inside the workspace, `only` names nothing that there is, or an example is declared wrongly
 */
export async function consume(options: Options, setting: Partial<Setting> = {}): Promise<ConsumerRow[]> {
  const { registry, work, only, progress } = options;
  const all = { ...SETTING, ...setting };
  if (relative(all.root, work).split(sep)[0] !== "..") {
    throw new Error(`${work} is inside the workspace, from where an example could get what it does not install`);
  }
  const examples = chosen(readExamples(join(all.root, "examples")), only);
  const published = publishedIn(registry, join(work, ".published"));
  const trials = examples.flatMap((example) =>
    (example.versions.length > 0 ? example.versions : [undefined]).map((version) => ({ example, version })),
  );

  const rows: ConsumerRow[][] = [];
  const queue = trials.entries();
  await Promise.all(Array.from({ length: ABREAST }, worker));
  return rows.flat();

  async function worker() {
    // One iterator for all workers: each takes the next.
    for (const [index, trial] of queue) {
      rows[index] = await tryOut({ ...trial, registry, work, published, progress }, all);
    }
  }
}

/** @throws if one of the names is that of no runtime and no example: to be known before a long run */
export function checkNames(only: readonly string[]): void {
  chosen(readExamples(join(SETTING.root, "examples")), only);
}

function chosen(examples: readonly Example[], only: readonly string[] | undefined): Example[] {
  if (only === undefined) return [...examples];
  const known = new Set([...RUNTIMES.flatMap(({ kind, name }) => [kind, name]), ...examples.map(({ name }) => name)]);
  const unknown = only.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(`no runtime and no example is called ${unknown.join(", ")}: ${[...known].join(", ")}`);
  }
  return examples
    .map((example) => ({
      ...example,
      runtimes: example.runtimes.filter(({ name, kind }) =>
        [name, kind, example.name].some((one) => only.includes(one)),
      ),
    }))
    .filter(({ runtimes }) => runtimes.length > 0);
}
