// The text of the pull request: what changed, where, and what a person has to settle.
import type { Bump } from "../change.js";
import { nameOf } from "../check/own.js";
import type { Fetched } from "./fetch-pages.js";
import { type News, placeOfChange } from "./news.js";

const longest = 80;

/** A stranger's words: in a code span nothing in them is a link, a mention or a table. */
export function quoted(text: string | null): string {
  if (text === null || text.trim() === "") return "–";
  const flat = text.replace(/\s+/g, " ").replaceAll("`", "'").replaceAll("|", "¦").trim();
  return `\`${flat.length > longest ? `${flat.slice(0, longest - 1)}…` : flat}\``;
}

const order: Bump[] = ["none", "patch", "minor", "major"];

export function worst(bumps: readonly Bump[]): Bump {
  return bumps.reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), "none");
}

export function pullRequest(
  news: readonly News[],
  troubles: readonly Fetched[],
  bumps: ReadonlyMap<string, Bump>,
): string {
  const lines = ["# The documentation has changed", ""];
  for (const [service, bump] of bumps) lines.push(`- ${service}: suggested bump **${bump}**`);
  if (bumps.size > 0) lines.push("");
  for (const one of news) lines.push(...section(one));
  if (troubles.length > 0) {
    lines.push("## Not fetched", "");
    for (const trouble of troubles)
      lines.push(`- ${trouble.service} ${trouble.operation}: ${"why" in trouble ? quoted(trouble.why) : ""}`);
    lines.push("");
  }
  lines.push(
    "## To do",
    "",
    "1. `pnpm docs:fetch`, then read the rows above on the pages in `node_modules/.cache/docs-pages/new`.",
    "2. Change the specs, or register in `docs.yaml` what the page has wrong.",
    "3. `pnpm docs:check --accept node_modules/.cache/docs-pages/new`, `pnpm generate`, and correct the changeset.",
  );
  return `${lines.join("\n")}\n`;
}

function section(news: News): string[] {
  const { target, checked } = news;
  const lines = [`## ${target.service}: ${target.operation}`, "", `<${target.url}>`, ""];
  if (news.kind === "unreadable") {
    const other = checked.match.spec?.operationId;
    const why = other ? `it describes ${other}` : (checked.page.issues[0]?.message ?? "it describes no operation");
    return [
      ...lines,
      `The page cannot be read: ${quoted(why)}. The last one that could stays the one to compare with.`,
      "",
    ];
  }
  if (news.kind === "first")
    lines.push("No earlier page is here to compare with, and its facts are of no accepted edition.", "");
  if (news.kind === "changed") {
    const { changes, bump, doubts } = news.comparison;
    if (changes.length === 0)
      lines.push("No fact has changed that a comparison names: samples came, went or are no JSON.", "");
    else {
      lines.push("| Field | Fact | Before | After | For consumers | Page and row |", "|---|---|---|---|---|---|");
      for (const change of changes) {
        const { place, fact, before, after, class: kind } = change;
        const where = placeOfChange(change, news.before, checked.page);
        lines.push(`| ${quoted(place)} | ${fact} | ${quoted(before)} | ${quoted(after)} | ${kind} | ${where} |`);
      }
      lines.push("", `Suggested bump: ${bump}.`, "");
    }
    for (const doubt of doubts) lines.push(`- Doubt: ${quoted(doubt)}`);
    if (doubts.length > 0) lines.push("");
  }
  return [...lines, ...unsettled(news)];
}

function unsettled({ target, checked }: News): string[] {
  const { held, match, page } = checked;
  const isOther = match.spec === null;
  if (!isOther && (held === null || held.fresh.length + held.rotten.length === 0)) return [];
  const lines = ["What the spec and the register do not explain:", ""];
  if (isOther)
    lines.push(
      `- [ ] the page no longer describes ${target.operation}: it has ${quoted(nameOf(page))}, which has no spec`,
    );
  if (held === null) return [...lines, ""];
  for (const { place, fact, page, spec, line } of held.fresh)
    lines.push(`- [ ] line ${line}: ${quoted(place)} ${fact}: the page has ${quoted(page)}, the spec ${quoted(spec)}`);
  for (const { entry, find } of held.rotten)
    lines.push(`- [ ] entry ${entry} no longer applies: ${quoted(find.place)} ${find.fact}`);
  return [...lines, ""];
}
