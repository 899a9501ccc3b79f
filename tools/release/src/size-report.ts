import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failing, markdown, optionsOf, say, table } from "./cli.ts";
import { install } from "./project.ts";
import { withSet } from "./set.ts";
import { limitOf, type Measured, measure, overrun, readBudgets, withCeilings, writeBudgets } from "./size.ts";

const USAGE = `release:size [--json | --markdown] [--update]

Packs the public packages, installs them outside the workspace, and measures them against budgets.json. Ends with 1 if a
budget is overrun.
  --json       the result as JSON
  --markdown   the result as a table of Markdown, for a pull request
  --update     write today's sizes as the new ceilings, for review
`;

failing("release:size", main());

async function main() {
  const flag = { type: "boolean", default: false } as const;
  const { json, markdown: inMarkdown, update } = optionsOf(USAGE, { json: flag, markdown: flag, update: flag });
  const project = mkdtempSync(join(tmpdir(), "restorekit-size-"));
  try {
    say("packing and installing …");
    const found = await withSet(undefined, async (set) => {
      const tarballs = set.packages.map(({ name, file }) => [name, `file:${join(set.folder, file)}`]);
      await install(project, Object.fromEntries(tarballs), "prefer-offline=true\n");
      return measure(project);
    });
    const budgets = update ? withCeilings(found) : readBudgets();
    if (update) writeBudgets(budgets);
    const all = found.map((one, at) => ({ ...one, budget: budgets[at] ?? one.budget }));
    console.log(json ? JSON.stringify(all.map(plain), undefined, 2) : report(all, inMarkdown ? markdown : table));
    const over = overrun(all);
    for (const line of over) say(line);
    return over.length > 0 ? 1 : 0;
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

function report(all: readonly Measured[], lay: typeof table) {
  const budgets = all.map(({ budget, bytes }) => {
    const { name, unit, aim, ceiling } = budget;
    const limit = limitOf(budget);
    const verdict = aim === undefined ? "" : bytes > limit ? "OVERRUN" : bytes > aim ? "aim missed" : "met";
    return [name, `${grouped(bytes)} ${unit}`, grouped(aim), grouped(ceiling), verdict];
  });
  const parts = all.flatMap(({ budget, parts }) => {
    const sum = parts.reduce((total, { bytes }) => total + bytes, 0);
    return parts
      .filter(({ bytes }) => bytes * 100 >= sum)
      .map(({ part, bytes }, at) => [at === 0 ? budget.name : "", part, `${Math.round((bytes * 100) / sum)} %`]);
  });
  return [
    lay(["size", "today", "aim", "ceiling", ""], budgets),
    lay(["made of", "part", "share"], parts),
    "Bundled by rolldown for a browser, minified, gzip -9; shares of a bundle are before that.",
  ].join("\n\n");
}

function plain({ budget: { name, unit, aim, ceiling }, bytes, parts }: Measured) {
  return { name, unit, bytes, aim, ceiling, parts };
}

function grouped(bytes: number | undefined) {
  return bytes?.toLocaleString("en") ?? "";
}
