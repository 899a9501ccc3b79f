// Text of a Huawei Help Center page: every cell is a paragraph, lists are `•`, headings carry no mark.
import {
  type Block,
  type Cell,
  type Grid,
  type Issue,
  type Part,
  partsCell,
  type Reading,
  squash,
  textCell,
} from "./block.js";
import { cutRows, type Unit } from "./help-centre-rows.js";
import {
  bareHeader,
  columnOf,
  headerLength,
  isCaption,
  isLabel,
  request,
  rowFollows,
  tableEnd,
  withoutTail,
} from "./help-centre-tables.js";
import { isSectionTitle, statusLabel } from "./vocabulary.js";

export function readHelpCentre(source: string): Reading {
  const issues: Issue[] = [];
  const { units, title } = readUnits(source, issues);
  const blocks: Block[] = [];
  let i = 0;
  while (i < units.length) {
    const unit = units[i] as Unit;
    const caption = isCaption(unit);
    const header = caption ? headerLength(units, i + 1) : bareHeader(units, i) ? headerLength(units, i) : 0;
    if (header > 0) {
      i = readTable(units, i, caption, header, blocks, issues);
      continue;
    }
    if (caption)
      issues.push({
        code: "table_not_read",
        line: unit.line,
        message: "a table caption without column headers below it",
        quote: unit.text,
      });
    if (unit.code) blocks.push({ kind: "code", text: unit.text, line: unit.line, depth: depthOf(unit) });
    else if (!unit.bullet && unit.indent === 0 && isSectionTitle(unit.text))
      blocks.push({ kind: "heading", level: 2, text: unit.text, line: unit.line, anchors: [] });
    else
      blocks.push({
        kind: "text",
        text: unit.text,
        links: [],
        line: unit.line,
        depth: depthOf(unit),
        item: unit.bullet,
        strong: isSectionTitle(unit.text) || (isLabel(unit) && bareHeader(units, i + 1)),
      });
    i += 1;
  }
  return title === undefined ? { blocks, issues } : { blocks, issues, title };
}

function depthOf(unit: Unit): number {
  return Math.min(Math.floor(unit.indent / 2), 20);
}

/** More paragraphs than any real page has. */
const mostUnits = 50_000;

/** One unit a line, except code, which is kept together. */
function readUnits(source: string, issues: Issue[]): { units: Unit[]; title?: string } {
  const lines = source.split("\n").map((line) => line.replace(/\t/g, "    ").trimEnd());
  const units: Unit[] = [];
  let title: string | undefined;
  /** The mark of the last item of a numbered list. */
  let counted = "";
  let i = 0;
  while (i < lines.length) {
    const line = lines[i] as string;
    const text = line.trim();
    if (units.length === mostUnits) {
      issues.push({
        code: "page_too_long",
        line: i + 1,
        message: `more than ${mostUnits} paragraphs: the rest of the page was not read`,
      });
      break;
    }
    if (!text) i += 1;
    else if (units.length === 0 && /^Help Center\s*\//.test(text)) {
      title = text.slice(text.lastIndexOf("/") + 1).trim();
      i += 1;
    } else if (units.length === 0 && /^Updated on \d{4}-/.test(text)) i += 1;
    else {
      const numbered = /^(\d{1,2}|[a-z])[.)] +(?=\S)/.exec(text);
      const follows =
        numbered !== null && (/^[1a]$/.test(numbered[1] as string) || isNext(counted, numbered[1] as string));
      counted = follows ? (numbered?.[1] as string) : counted;
      const bullet = (follows && numbered?.[0]) || (/^[•●▪◦·–] *(?=\S)|^[-*] (?=\S)/.exec(text)?.[0] ?? "");
      const words = text.slice(bullet.length);
      const end = codeEnd(lines, i, words);
      const indent = line.length - text.length;
      if (end > i) {
        units.push({ text: lines.slice(i, end).join("\n").trim(), line: i + 1, indent, bullet: false, code: true });
        i = end;
      } else {
        if (squash(words)) units.push({ text: squash(words), line: i + 1, indent, bullet: bullet !== "", code: false });
        i += 1;
      }
    }
  }
  // The title stands once more as the first line; it is no section, whatever its words.
  if (title !== undefined && units[0]?.text === title) units.shift();
  return title === undefined ? { units } : { units, title };
}

/** "2" follows "1", and "b" follows "a". */
function isNext(before: string, mark: string): boolean {
  return /^\d/.test(mark) ? Number(mark) === Number(before) + 1 : mark.charCodeAt(0) === before.charCodeAt(0) + 1;
}

/** Where the code that begins at `start` ends; `start` if none begins there. */
function codeEnd(lines: string[], start: number, text: string): number {
  const json = /^[{[]\s*(?:$|["'{[}\]\d])/.test(text) && !/^\{[\w-]+\}/.test(text);
  if (!json) return request.test(text) || /^curl -/.test(text) ? start + 1 : start;
  let open = 0;
  let quoted = false;
  for (let i = start; i < lines.length; i += 1) {
    const line = lines[i] as string;
    const words = line.trim();
    // Broken JSON never closes: a title, a caption or a sentence ends it.
    if (i > start && words && (isSectionTitle(words) || /^Table \d+\b/.test(words) || statusLabel(words) !== null))
      return i;
    quoted = false;
    for (let at = 0; at < words.length; at += 1) {
      const char = words[at];
      if (char === "\\") at += 1;
      else if (char === '"') quoted = !quoted;
      else if (!quoted && (char === "{" || char === "[")) open += 1;
      else if (!quoted && (char === "}" || char === "]")) open -= 1;
    }
    if (open <= 0) return i + 1;
  }
  return lines.length;
}

function readTable(
  units: Unit[],
  i: number,
  caption: boolean,
  header: number,
  blocks: Block[],
  issues: Issue[],
): number {
  const first = units[i] as Unit;
  const start = caption ? i + 1 : i;
  const titles = units.slice(start, start + header);
  const indent = (titles[0] as Unit).indent;
  const end = withoutTail(units, start + header, tableEnd(units, start + header, indent, titles), first.text, titles);
  const roles = titles.map(columnOf);
  const { rows, doubt } = cutRows(units.slice(start + header, end), roles);
  const grid: Grid = {
    caption: caption ? first.text : "",
    anchors: [],
    headers: [titles.map((unit) => textCell(unit.text, unit.line))],
    rows: rows.map((row) => row.map((cell) => cellOf(cell, row))),
    line: first.line,
  };
  if (doubt > 3)
    issues.push({
      code: "rows_doubtful",
      line: first.line,
      message: "the paragraphs below this table fit its columns badly",
      quote: first.text,
    });
  if (rowFollows(units, end, indent))
    issues.push({
      code: "rows_doubtful",
      line: units[end]?.line ?? first.line,
      message: "what follows this table looks like more rows of it",
      quote: units[end]?.text ?? "",
    });
  blocks.push({ kind: "table", grid, depth: depthOf(first) });
  return end;
}

function cellOf(units: Unit[], row: Unit[][]): Cell {
  const line = units[0]?.line ?? row.find((cell) => cell.length)?.[0]?.line ?? 0;
  const parts: Part[] = [];
  let marked = "";
  for (const unit of units) {
    // The mark of a note box is no text of the cell; what says it once more is.
    if (!unit.bullet && /^(?:NOTE|NOTICE|CAUTION|WARNING|IMPORTANT):?$/.test(unit.text) && unit.text !== marked) {
      marked = unit.text;
      continue;
    }
    marked = "";
    parts.push({ kind: unit.code ? "code" : unit.bullet ? "item" : "text", text: unit.text });
  }
  return partsCell(parts, line);
}
