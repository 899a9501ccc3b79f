import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const page = fileURLToPath(new URL("../../../docs/runtimes.md", import.meta.url));

/** A Markdown table, its columns aligned so that it reads well on a terminal too. */
export function table(head: string[], rows: string[][]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

/** Puts a table between its markers on the page. */
export function writeTable(name: string, lines: string[]) {
  const text = readFileSync(page, "utf8");
  const [begin, end] = [`<!-- table: ${name} -->\n`, "<!-- end -->"];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the page has no place for the table "${name}"`);
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n${lines.join("\n")}\n\n${text.slice(to)}`);
}
