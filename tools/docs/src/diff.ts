// docs:diff <before> <after> [--json]: which facts changed between two revisions of a page.
import { parseArgs } from "node:util";
import type { Comparison } from "./change.js";
import { comparePages } from "./changes.js";
import { command } from "./command.js";
import { isCut } from "./doubts.js";
import { loadPage } from "./load.js";

const usage = "usage: docs:diff <before> <after> [--json]";

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" }, help: { type: "boolean" } },
  });
  const [before, after] = positionals;
  if (values.help || positionals.length !== 2 || before === undefined || after === undefined) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const pages = [loadPage(before), loadPage(after)] as const;
  const [old, now] = pages;
  const unread = [...(isCut(old, now) ? [old] : []), ...(isCut(now, old) ? [now] : [])];
  for (const { file, dialect, issues } of unread) {
    const why =
      dialect === null ? issues[0]?.message : "it describes no operation, and the other page does: is it whole?";
    console.error(`docs:diff: ${file}: ${why ?? "not readable"}`);
  }
  // Nothing can be said of what changed, so no bump is suggested either.
  if (unread.length) return 2;
  const comparison = comparePages(...pages);
  console.log(values.json ? JSON.stringify(comparison, null, 2) : summary(comparison));
  return 0;
}

function summary({ changes, bump, doubts }: Comparison): string {
  const lines = changes.map(
    (change) =>
      `${change.class.padEnd(12)} ${change.fact} of ${change.place}: ${change.before ?? "(not documented)"} → ${change.after ?? "(not documented)"}`,
  );
  if (!changes.length) lines.push("no fact changed");
  for (const doubt of doubts) lines.push(`doubt: ${doubt}`);
  lines.push(`suggested bump: ${bump}`);
  return lines.join("\n");
}

await command("docs:diff", usage, main);
