// docs:diff <before> <after> [--json]: which facts changed between two revisions of a page.
import { command } from "@restorekit/command";
import type { Comparison } from "./change.js";
import { comparePages } from "./changes.js";
import { isCut } from "./doubts.js";
import { loadPage } from "./load.js";

const usage = "usage: docs:diff <before> <after> [--json]";

const options = { json: { type: "boolean" } } as const;

await command({ usage, options, takes: [2, 2] }, (values, positionals) => {
  const [before = "", after = ""] = positionals;
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
});

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
