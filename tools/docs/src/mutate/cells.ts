// Where a cell of the model stands in the source of its page, and how its text is replaced there.
import type { Page, Table } from "../model.js";

export interface Span {
  /** From 0. */
  line: number;
  start: number;
  end: number;
  /** How far the text may grow without moving its neighbours; without a limit where nothing depends on columns. */
  room: number;
}

/** The first line of a cell's text. */
export function spanOf(page: Page, lines: string[], table: Table, row: number, column: number): Span | null {
  const line = (table.rowLines[row] ?? 0) - 1;
  const text = lines[line];
  if (text === undefined) return null;
  if (page.dialect === "tencent-markdown") return within(text, line, barsOf(text, column), Number.POSITIVE_INFINITY);
  if (page.dialect === "help-centre") return paragraph(lines, table, row, column);
  if (page.dialect !== "rst") return null;
  const columns = columnsOf(lines, line);
  const at = columns?.[column];
  return at ? within(text, line, at, at[1]) : null;
}

function within(text: string, line: number, [from, to]: [number, number], limit: number): Span | null {
  const inside = text.slice(from, to);
  const start = from + inside.length - inside.trimStart().length;
  const end = from + inside.trimEnd().length;
  return end > start ? { line, start, end, room: limit === Number.POSITIVE_INFINITY ? limit : limit - end } : null;
}

function barsOf(text: string, column: number): [number, number] {
  const bars = [...text.matchAll(/(?<!\\)\|/g)].map((match) => match.index);
  const first = text.trimStart().startsWith("|") ? column : column - 1;
  return [(bars[first] ?? -1) + 1, bars[first + 1] ?? text.length];
}

/** The columns of an RST table, by the border above the row. */
function columnsOf(lines: string[], line: number): [number, number][] | null {
  for (let i = line - 1; i >= 0; i -= 1) {
    const text = lines[i] ?? "";
    if (/^\s*\+[-=+]+\+\s*$/.test(text)) {
      const plus = [...text.matchAll(/\+/g)].map((match) => match.index);
      return plus.slice(1).map((end, c): [number, number] => [(plus[c] as number) + 1, end - 1]);
    }
    if (/^\s*={2,}(?: +={2,})+\s*$/.test(text)) {
      const runs = [...text.matchAll(/=+/g)];
      // The last column of a simple table has no right edge.
      return runs.map((run, c): [number, number] => [
        run.index,
        c === runs.length - 1 ? 10_000 : (runs[c + 1]?.index ?? 0) - 1,
      ]);
    }
  }
  return null;
}

/** Flattened pages have a paragraph for each cell, or several: where each cell begins, and where the row ends. */
function paragraphs(lines: string[], table: Table, row: number): { starts: number[]; end: number } {
  const starts: number[] = [];
  let line = (table.rowLines[row] ?? 1) - 1;
  for (const cell of table.rows[row] ?? []) {
    while (line < lines.length && !lines[line]?.trim()) line += 1;
    starts.push(line);
    let read = 0;
    const length = cell.replace(/[\s•]/g, "").length;
    while (line < lines.length && read < length) {
      read += (lines[line] ?? "").replace(/[\s•]/g, "").length;
      line += 1;
    }
  }
  while (line < lines.length && !lines[line]?.trim()) line += 1;
  return { starts, end: line };
}

function paragraph(lines: string[], table: Table, row: number, column: number): Span | null {
  const line = paragraphs(lines, table, row).starts[column];
  const text = line === undefined ? undefined : lines[line];
  if (line === undefined || text === undefined) return null;
  const begin = table.rows[row]?.[column]?.slice(0, 10) ?? "";
  return text.includes(begin) ? within(text, line, [0, text.length], Number.POSITIVE_INFINITY) : null;
}

/** The line after the last one of a row of a table with borders. */
function endOf(lines: string[], table: Table, row: number): number {
  const next = table.rowLines[row + 1];
  if (next !== undefined) return next - 1;
  let line = (table.rowLines[row] ?? 1) - 1;
  const isGrid = /^\s*\|/.test(lines[line] ?? "");
  const border = isGrid ? /^\s*\+[-=+]+\+\s*$/ : /^\s*={2,}(?: +={2,})+\s*$/;
  while (line < lines.length && !border.test(lines[line] ?? "")) line += 1;
  return line;
}

/** The text with a span replaced; null where the new text does not fit. */
export function replaced(lines: string[], span: Span, text: string): string[] | null {
  const old = lines[span.line] as string;
  const length = span.end - span.start;
  if (text.length > length + span.room) return null;
  const rest = old.slice(span.end);
  const tail =
    span.room === Number.POSITIVE_INFINITY
      ? rest
      : text.length <= length
        ? " ".repeat(length - text.length) + rest
        : rest.slice(text.length - length);
  const copy = [...lines];
  copy[span.line] = (old.slice(0, span.start) + text + tail).replace(
    /\s+$/,
    span.room === Number.POSITIVE_INFINITY ? "$&" : "",
  );
  return copy;
}

/** A row with its lines, and for a grid the border below it. */
export function rowLines(page: Page, lines: string[], table: Table, row: number): [number, number] | null {
  const start = (table.rowLines[row] ?? 0) - 1;
  if (start < 0) return null;
  if (page.dialect === "tencent-markdown") return [start, start + 1];
  if (page.dialect === "help-centre") return [start, paragraphs(lines, table, row).end];
  const end = endOf(lines, table, row);
  if (/^\s*\+/.test(lines[end] ?? "")) return [start, end + 1];
  return [start, end];
}
