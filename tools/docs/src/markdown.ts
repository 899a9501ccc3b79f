// The Markdown of Tencent Cloud's API pages. Their tables are malformed often enough that a standard parser, which drops
// surplus cells and invents missing ones, would hide exactly what has to be reported. So lines are split here.
import { type Block, type Cell, type Grid, type Issue, type Link, partsCell, type Reading, squash } from "./block.js";
import { readHtml } from "./html.js";

export function readMarkdown(source: string): Reading {
  const lines = source.split("\n");
  const blocks: Block[] = [];
  const issues: Issue[] = [];
  let i = 0;
  while (i < lines.length) {
    const line = (lines[i] as string).trimEnd();
    const text = line.trim();
    const number = i + 1;
    const heading = /^ {0,3}(#{1,6})\s+(\S.*)$/.exec(line);
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (!text) i += 1;
    else if (fence) i = readFence(lines, i, fence, blocks, issues);
    else if (heading) {
      const level = (heading[1] as string).length;
      blocks.push({
        kind: "heading",
        level,
        text: squash(spans(withoutClosing(heading[2] as string)).text),
        line: number,
        anchors: [],
      });
      i += 1;
    } else if (text.includes("|") && isRule(lines[i + 1] ?? "")) i = readTable(lines, i, blocks, issues);
    else if (/^<table\b/i.test(text)) i = readHtmlTable(lines, i, blocks, issues);
    else if (isRow(text)) i = readLooseRow(lines, i, blocks, issues);
    else {
      const item = /^(?:[-*+]|\d{1,3}[.)])\s+/.exec(text)?.[0];
      const { text: words, links } = spans(item ? text.slice(item.length) : text.replace(/^>\s?/, ""));
      const strong = /^\*\*[^*]+\*\*:?$/.test(item ? text.slice(item.length) : text);
      const clean = squash(words);
      const depth = line.length - line.trimStart().length > 1 ? 1 : 0;
      if (clean) blocks.push({ kind: "text", text: clean, links, line: number, depth, item: Boolean(item), strong });
      i += 1;
    }
  }
  return { blocks, issues };
}

/** `## Title ##` is `## Title`. */
function withoutClosing(title: string): string {
  let end = title.length;
  while (title[end - 1] === "#") end -= 1;
  return end < title.length && title[end - 1] === " " ? title.slice(0, end) : title;
}

function readFence(lines: string[], start: number, fence: string, blocks: Block[], issues: Issue[]): number {
  let end = start + 1;
  while (end < lines.length && !(lines[end] as string).trim().startsWith(fence)) end += 1;
  if (end === lines.length)
    issues.push({ code: "code_not_closed", line: start + 1, message: "the code block is not closed" });
  blocks.push({
    kind: "code",
    text: lines
      .slice(start + 1, end)
      .join("\n")
      .trimEnd(),
    line: start + 2,
    depth: 0,
  });
  return end + 1;
}

function isRule(line: string): boolean {
  return (
    line.includes("-") &&
    line.includes("|") &&
    /^[\s|:-]+$/.test(line) &&
    line.split("|").some((cell) => /^\s*:?-+:?\s*$/.test(cell))
  );
}

function readTable(lines: string[], start: number, blocks: Block[], issues: Issue[]): number {
  const header = splitRow(lines[start] as string, start + 1);
  const grid: Grid = { caption: "", anchors: [], headers: [header], rows: [], line: start + 1 };
  const rule = splitRow(lines[start + 1] as string, start + 2).length;
  if (rule !== header.length)
    issues.push({
      code: "table_malformed",
      line: start + 2,
      message: `the rule has ${rule} columns, the header ${header.length}`,
    });
  let i = start + 2;
  while (i < lines.length) {
    const line = lines[i] as string;
    if (!line.includes("|") || !line.trim()) break;
    grid.rows.push(splitRow(line, i + 1));
    i += 1;
  }
  blocks.push({ kind: "table", grid, depth: 0 });
  return i;
}

const isRow = (text: string): boolean => text.startsWith("|") && text.split("|").length > 3;

/** A row below an empty line belongs to the table above it; where there is none, to no table. */
function readLooseRow(lines: string[], start: number, blocks: Block[], issues: Issue[]): number {
  const line = lines[start] as string;
  const above = blocks[blocks.length - 1];
  const where = { line: start + 1, quote: line.slice(0, 200) };
  if (above?.kind === "table") {
    const before = above.grid.rows[above.grid.rows.length - 1]?.[0]?.line ?? start;
    if (before !== start) issues.push({ code: "table_split", message: "an empty line divides the table", ...where });
    above.grid.rows.push(splitRow(line, start + 1));
  } else {
    issues.push({ code: "row_outside_table", message: "a row that belongs to no table was not read", ...where });
    const text = squash(spans(line).text);
    blocks.push({ kind: "text", text, links: [], line: start + 1, depth: 0, item: false, strong: false });
  }
  return start + 1;
}

/** Splits at every `|` that is not escaped; surplus and missing cells stay visible. */
function splitRow(source: string, line: number): Cell[] {
  const text = source.trim().replace(/^\|/, "");
  const cells: string[] = [];
  let cell = "";
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] as string;
    if (char === "\\" && text[i + 1] === "|") {
      cell += "|";
      i += 1;
    } else if (char === "|") {
      cells.push(cell);
      cell = "";
    } else cell += char;
  }
  if (cell.trim()) cells.push(cell);
  return cells.map((words) => {
    const links: Link[] = [];
    const parts = words.split(/<br\s*\/?>|<\/?(?:p|li|ul|ol)>/i).map((part) => {
      const read = spans(part);
      links.push(...read.links);
      return {
        kind: /^\s*(?:[-•]|<li>)\s/.test(part) ? ("item" as const) : ("text" as const),
        text: squash(read.text),
      };
    });
    return partsCell(parts, line, links);
  });
}

function readHtmlTable(lines: string[], start: number, blocks: Block[], issues: Issue[]): number {
  let end = start;
  let open = 0;
  for (; end < lines.length; end += 1) {
    const line = lines[end] as string;
    open += (line.match(/<table\b/gi)?.length ?? 0) - (line.match(/<\/table\s*>/gi)?.length ?? 0);
    if (open <= 0) break;
  }
  const reading = readHtml(lines.slice(start, end + 1).join("\n"), start + 1);
  blocks.push(...reading.blocks);
  issues.push(...reading.issues);
  return end + 1;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** Text of a span of Markdown without its markup, and the links in it. One pass. */
export function spans(source: string): { text: string; links: Link[] } {
  if (!/[[`*_\\&<]/.test(source)) return { text: source, links: [] };
  const links: Link[] = [];
  let out = "";
  let i = 0;
  let bracket = source.indexOf("](");
  while (i < source.length) {
    const char = source[i] as string;
    if (bracket !== -1 && bracket < i) bracket = source.indexOf("](", i);
    if (char === "\\" && /[!-/:-@[-`{-~]/.test(source[i + 1] ?? "")) {
      out += source[i + 1];
      i += 2;
    } else if ((char === "[" || (char === "!" && source[i + 1] === "[")) && bracket !== -1 && bracket - i < 1000) {
      const link =
        /^!?\[((?:[^[\]]|\[[^[\]]{0,200}\]){0,500})\]\(((?:#\s)?[^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?)(?:\s+"[^"]{0,500}")?\)/.exec(
          source.slice(i, i + 4000),
        );
      if (link) {
        const text = squash(spans(link[1] as string).text);
        links.push({ text, target: link[2] as string });
        out += text;
        i += link[0].length;
      } else {
        out += char;
        i += 1;
      }
    } else if (char === "`") {
      const mark = /^`+/.exec(source.slice(i, i + 20))?.[0] as string;
      const end = source.indexOf(mark, i + mark.length);
      if (end === -1 || end - i > 10_000) {
        out += mark;
        i += mark.length;
      } else {
        out += source.slice(i + mark.length, end);
        i = end + mark.length;
      }
    } else if (
      char === "*" &&
      (source[i + 1] === "*" || /\S/.test(source[i + 1] ?? " ") || /\S/.test(source[i - 1] ?? " "))
    ) {
      const mark = source[i + 1] === "*" ? "**" : "*";
      const opening = /[\s("'[{]|^$/.test(source[i - 1] ?? "") && /\S/.test(source[i + mark.length] ?? " ");
      if (opening) {
        const end = source.indexOf(mark, i + mark.length + 1);
        if (end !== -1 && end - i < 2000 && /\S/.test(source[end - 1] ?? " ")) {
          out += spans(source.slice(i + mark.length, end)).text;
          i = end + mark.length;
          continue;
        }
      }
      out += mark;
      i += mark.length;
    } else if (char === "&") {
      const entity = /^&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{2,8}));/.exec(source.slice(i, i + 12));
      const code = entity?.[1] ? Number(entity[1]) : entity?.[2] ? Number.parseInt(entity[2], 16) : undefined;
      const value = code !== undefined && code <= 0x10ffff ? String.fromCodePoint(code) : entities[entity?.[3] ?? ""];
      out += value ?? "&";
      i += value !== undefined && entity ? entity[0].length : 1;
    } else if (char === "<") {
      const tag =
        /^<\/?(?:br|p|b|i|a|em|strong|code|span|font|div|sub|sup|ul|ol|li|td|tr|th|hr|img|nobr|u|del|kbd|dx-\w+)\b[^<>]{0,500}>/i.exec(
          source.slice(i, i + 520),
        )?.[0];
      out += tag ? (/^<\/?(?:br|p|li|div)/i.test(tag) ? " " : "") : "<";
      i += tag ? tag.length : 1;
    } else {
      out += char;
      i += 1;
    }
  }
  return { text: out, links };
}
