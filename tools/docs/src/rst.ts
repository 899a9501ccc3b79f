// Sphinx reStructuredText, as the Open Telekom Cloud publishes it. There is no maintained parser for JavaScript.
import {
  type Block,
  type Cell,
  type Grid,
  type Issue,
  type Link,
  type Part,
  partsCell,
  type Reading,
  squash,
  textCell,
} from "./block.js";
import { inline, type Names } from "./rst-inline.js";
import { collectNames, isAdornment } from "./rst-names.js";
import { type Drawing, isGridBorder, isSimpleBorder, readGrid, readSimple } from "./rst-tables.js";

interface Scan {
  names: Names;
  issues: Issue[];
  blocks: Block[];
  /** Labels waiting for the heading or table they stand above. */
  labels: string[];
  /** Whether a line of text already stood between the labels and the table: the table's title, but not more. */
  labelsAge: number;
  adornments: string[];
}

/** Deeper than any real page; below it the text is read as one paragraph. */
const deepest = 40;

export function readRst(source: string): Reading {
  const lines = source.split("\n").map((line) => line.replace(/\t/g, "        ").trimEnd());
  const scan: Scan = { names: collectNames(lines), issues: [], blocks: [], labels: [], labelsAge: 0, adornments: [] };
  readBlocks(lines, 1, 0, scan);
  return { blocks: scan.blocks, issues: scan.issues };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Lines from `start` that are blank or indented by `least`; trailing blank ones are left out. */
function indented(lines: string[], start: number, least: number): number {
  let end = start;
  for (let i = start; i < lines.length; i += 1) {
    const line = lines[i] as string;
    if (line === "") continue;
    if (indentOf(line) < least) break;
    end = i + 1;
  }
  return end;
}

function dedent(lines: string[]): string[] {
  let least = Number.POSITIVE_INFINITY;
  for (const line of lines) if (line !== "") least = Math.min(least, indentOf(line));
  return least === 0 || least === Number.POSITIVE_INFINITY ? lines : lines.map((line) => line.slice(least));
}

function readBlocks(lines: string[], first: number, depth: number, scan: Scan, item = false): void {
  if (depth > deepest) {
    scan.issues.push({
      code: "nested_too_deep",
      line: first,
      message: `nested more than ${deepest} deep: read as plain text`,
    });
    addText(lines.join(" "), first, depth, scan, item);
    return;
  }
  let i = 0;
  // The first paragraph of a list item is the item; labels may stand before it.
  let lead = item;
  while (i < lines.length) {
    const line = lines[i] as string;
    if (line === "") {
      i += 1;
      continue;
    }
    const next = lines[i + 1] ?? "";
    const before = scan.blocks.length;
    if (line[0] === " ") {
      const end = indented(lines, i, 1);
      readBlocks(dedent(lines.slice(i, end)), first + i, depth + 1, scan);
      i = end;
    } else if (line === ".." || line.startsWith(".. ")) {
      i = readExplicit(lines, i, first, depth, scan);
    } else if (isGridBorder(line)) {
      const end = gridEnd(lines, i);
      addTable(lines.slice(i, end), "", first + i, depth, scan);
      i = end;
    } else if (isSimpleBorder(line)) {
      const end = simpleEnd(lines, i);
      addTable(lines.slice(i, end), "", first + i, depth, scan);
      i = end;
    } else if (depth === 0 && isAdornment(next) && next.length >= Math.min(4, line.length) && !isAdornment(line)) {
      addHeading(line, next[0] as string, first + i, scan);
      i += 2;
    } else if (isAdornment(line)) {
      if (depth === 0 && next && lines[i + 2] === line) {
        addHeading(next.trim(), line.slice(0, 2), first + i + 1, scan);
        i += 3;
      } else i += 1;
    } else if (/^(?:[-*+•‣] |(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5}|#)[.)]) )/.test(line)) {
      i = readItem(lines, i, first, depth, scan);
    } else if (/^:[A-Za-z][\w -]*:(?: |$)/.test(line)) {
      const end = indented(lines, i + 1, 1);
      i = end;
    } else if (line.startsWith("| ")) {
      addText(line.slice(2), first + i, depth, scan, false);
      i += 1;
    } else {
      i = readParagraph(lines, i, first, depth, scan, lead);
    }
    if (scan.blocks.length > before) lead = false;
  }
}

function readItem(lines: string[], i: number, first: number, depth: number, scan: Scan): number {
  const line = lines[i] as string;
  const width = /^\S+ +/.exec(line)?.[0].length as number;
  const end = indented(lines, i + 1, Math.min(width, 2));
  const body = [
    line.slice(width),
    ...lines.slice(i + 1, end).map((text) => text.slice(Math.min(width, indentOf(text)))),
  ];
  readBlocks(body[0] === "" ? dedent(body) : body, first + i, depth + 1, scan, true);
  return end;
}

function readParagraph(lines: string[], i: number, first: number, depth: number, scan: Scan, item: boolean): number {
  let end = i + 1;
  while (
    end < lines.length &&
    lines[end] !== "" &&
    lines[end]?.[0] !== " " &&
    !lines[end]?.startsWith(".. ") &&
    !isGridBorder(lines[end] as string)
  )
    end += 1;
  if (end === i + 1 && lines[end]?.[0] === " " && !(lines[i] as string).endsWith("::")) {
    // A definition list: the term, and below it what it means.
    addText(lines[i] as string, first + i, depth, scan, item);
    const stop = indented(lines, end, 1);
    readBlocks(dedent(lines.slice(end, stop)), first + end, depth + 1, scan);
    return stop;
  }
  let text = lines.slice(i, end).join(" ");
  if (!text.endsWith("::")) {
    addText(text, first + i, depth, scan, item);
    return end;
  }
  text = text.slice(0, -1);
  if (text !== ":") addText(text, first + i, depth, scan, item);
  const stop = indented(lines, end, 1);
  if (stop > end) {
    const from = lines.findIndex((line, at) => at >= end && line !== "");
    scan.blocks.push({ kind: "code", text: dedent(lines.slice(from, stop)).join("\n"), line: first + from, depth });
  }
  return stop;
}

function addText(source: string, line: number, depth: number, scan: Scan, item: boolean): void {
  const { text, links, strong } = inline(source, scan.names);
  const clean = squash(text);
  // A label names what comes next: a table, or a line that is its title. It names no table further down.
  if (scan.labels.length && ++scan.labelsAge > 1) scan.labels = [];
  if (clean) scan.blocks.push({ kind: "text", text: clean, links, line, depth, item, strong });
}

function addHeading(title: string, adornment: string, line: number, scan: Scan): void {
  let level = scan.adornments.indexOf(adornment);
  if (level === -1) level = scan.adornments.push(adornment) - 1;
  scan.blocks.push({
    kind: "heading",
    level: level + 1,
    text: squash(inline(title, scan.names).text),
    line,
    anchors: scan.labels,
  });
  scan.labels = [];
}

const transparent =
  /^(?:note|caution|warning|important|tip|hint|attention|danger|error|admonition|container|only|rst-class|topic|class|tabs|tab|dropdown|compound)$/;
const literal = /^(?:code-block|code|sourcecode|parsed-literal|highlight|literalinclude)$/;
const silent =
  /^(?:figure|image|toctree|contents|include|raw|meta|index|rubric-none|todo|math|role|sectnum|target-notes)$/;

function readExplicit(lines: string[], i: number, first: number, depth: number, scan: Scan): number {
  const line = lines[i] as string;
  const end = indented(lines, i + 1, 1);
  const label = /^\.\. _([^:`]+|`[^`]+`):$/.exec(line)?.[1];
  if (label) {
    scan.labels.push(label.replaceAll("`", ""));
    scan.labelsAge = 0;
    return i + 1;
  }
  const directive = /^\.\. (?:\|[^|]+\| +)?([\w-]+):: ?(.*)$/.exec(line);
  if (!directive) return Math.max(end, i + 1);
  const name = directive[1] as string;
  const words = directive[2] as string;
  let from = i + 1;
  while (from < end && /^\s+:[\w-]+:/.test(lines[from] as string)) from += 1;
  const options = lines.slice(i + 1, from).map((text) => text.trim());
  while (from < end && lines[from] === "") from += 1;
  const body = dedent(lines.slice(from, end));
  if (name === "table") {
    const before = scan.blocks.length;
    const labels = scan.labels;
    scan.labels = [];
    readBlocks(body, first + from, depth + 1, scan);
    const table = scan.blocks.slice(before).find((block) => block.kind === "table");
    if (table) {
      table.grid.caption = squash(inline(words, scan.names).text);
      table.grid.anchors = [...labels, ...table.grid.anchors];
    } else
      scan.issues.push({
        code: "table_not_read",
        line: first + i,
        message: "a table directive without a table in it",
        quote: squash(words),
      });
  } else if (name === "list-table") {
    readListTable(body, words, options, first + i, first + from, depth, scan);
  } else if (literal.test(name)) {
    if (body.length) scan.blocks.push({ kind: "code", text: body.join("\n"), line: first + from, depth });
  } else if (transparent.test(name)) {
    const text = name === "admonition" || name === "topic" ? "" : words;
    if (text && !/^(?:rst-class|class|only|container|tabs|tab)$/.test(name))
      addText(text, first + i, depth, scan, false);
    readBlocks(body, first + from, depth + 1, scan);
  } else if (name === "csv-table") {
    scan.issues.push({
      code: "table_not_read",
      line: first + i,
      message: "tables written as CSV are not read",
      quote: squash(words),
    });
  } else if (!silent.test(name) && !line.startsWith(".. |")) {
    scan.issues.push({
      code: "directive_unknown",
      line: first + i,
      message: `the directive ${name} is unknown: its content is read as text`,
    });
    readBlocks(body, first + from, depth + 1, scan);
  }
  return Math.max(end, i + 1);
}

function gridEnd(lines: string[], start: number): number {
  let end = start;
  while (end < lines.length && /^[+|]/.test(lines[end] as string)) end += 1;
  return end;
}

/** A simple table ends at its second rule, or its third if the second is followed by text. */
function simpleEnd(lines: string[], start: number): number {
  let rules = 0;
  for (let i = start; i < lines.length; i += 1) {
    if (!isSimpleBorder(lines[i] as string)) continue;
    rules += 1;
    if (rules === 3 || (rules === 2 && (lines[i + 1] ?? "") === "")) return i + 1;
  }
  return lines.length;
}

function addTable(lines: string[], caption: string, line: number, depth: number, scan: Scan): void {
  const simple = isSimpleBorder(lines[0] as string);
  const drawing = simple ? readSimple(lines) : readGrid(lines);
  if (!drawing) {
    scan.issues.push({
      code: "table_not_read",
      line,
      message: "the drawing of this table cannot be followed",
      quote: (lines[0] as string).slice(0, 80),
    });
    return;
  }
  const closed = simple
    ? isSimpleBorder(lines[lines.length - 1] as string) && lines.length > 1
    : isGridBorder(lines[lines.length - 1] as string);
  if (!closed)
    scan.issues.push({
      code: "table_not_closed",
      line: line + lines.length - 1,
      message: "the table has no closing rule",
    });
  const fault = drawing.faults[0];
  if (fault) scan.issues.push({ code: "table_malformed", line: line + fault.at, message: fault.message });
  pushTable(drawing, caption, line, depth, scan);
}

function pushTable(drawing: Drawing, caption: string, line: number, depth: number, scan: Scan): void {
  const inner: Block[] = [];
  const labels = scan.labels;
  scan.labels = [];
  const rows = (boxes: Drawing["rows"]): Cell[][] =>
    boxes.map((row) =>
      row.map((box) => {
        const cell = readCell(box.lines, line + box.at, depth + 1, scan, inner);
        return { ...cell, colspan: box.colspan, rowspan: box.rowspan };
      }),
    );
  const grid: Grid = { caption, anchors: labels, headers: rows(drawing.headers), rows: rows(drawing.rows), line };
  scan.blocks.push({ kind: "table", grid, depth }, ...inner);
}

function readCell(source: string[], line: number, depth: number, scan: Scan, inner: Block[]): Cell {
  const lines = dedent(source);
  const only = lines.filter((text) => text !== "");
  if (only.length === 0) return textCell("", line);
  if (
    only.length === 1 &&
    !/^(?:[-*+•|:]|\.\. |\(?\w{1,3}[.)] )/.test(only[0] as string) &&
    !(only[0] as string).endsWith("::")
  ) {
    const { text, links } = inline(only[0] as string, scan.names);
    return textCell(text, line, links);
  }
  const own: Scan = { ...scan, blocks: [], labels: [] };
  readBlocks(lines, line, Math.max(depth, 1), own);
  scan.labels.push(...own.labels);
  const parts: Part[] = [];
  const links: Link[] = [];
  for (const block of own.blocks) {
    if (block.kind === "table") {
      inner.push(block);
      const cells = [...block.grid.headers, ...block.grid.rows].flat();
      parts.push({ kind: "text", text: [block.grid.caption, ...cells.map((cell) => cell.text)].join(" ") });
    } else if (block.kind === "code") parts.push({ kind: "code", text: block.text });
    else {
      parts.push({ kind: block.kind === "text" && block.item ? "item" : "text", text: block.text });
      if (block.kind === "text") links.push(...block.links);
    }
  }
  return partsCell(parts, line, links);
}

/** `.. list-table::` writes a table as a list of rows, each a list of cells. */
function readListTable(
  body: string[],
  caption: string,
  options: string[],
  line: number,
  first: number,
  depth: number,
  scan: Scan,
): void {
  const headerRows = Number(/\d+/.exec(options.find((option) => option.startsWith(":header-rows:")) ?? "")?.[0] ?? 0);
  const rows = splitItems(body).map((row) =>
    splitItems(row.lines).map((cell) => ({
      lines: cell.lines,
      at: first - line + row.at + cell.at,
      colspan: 1,
      rowspan: 1,
    })),
  );
  if (!rows.length) {
    scan.issues.push({ code: "table_not_read", line, message: "a list-table without rows", quote: squash(caption) });
    return;
  }
  pushTable(
    { headers: rows.slice(0, headerRows), rows: rows.slice(headerRows), faults: [] },
    squash(inline(caption, scan.names).text),
    line,
    depth,
    scan,
  );
}

function splitItems(lines: string[]): { lines: string[]; at: number }[] {
  const items: { lines: string[]; at: number }[] = [];
  lines.forEach((text, at) => {
    if (/^[-*+](?: |$)/.test(text))
      items.push({ lines: [text.replace(/^[-*+] ?/, (mark) => " ".repeat(mark.length))], at });
    else items[items.length - 1]?.lines.push(text);
  });
  return items.map((item) => ({ lines: dedent(item.lines), at: item.at }));
}
