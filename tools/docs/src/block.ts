// What every dialect is turned into before anything is interpreted: a flat list of blocks in page order.

/** A reference inside a text: an RST label, a URL or a `#anchor`. */
export interface Link {
  text: string;
  target: string;
}

/** One paragraph, list item or code block inside a cell. */
export interface Part {
  kind: "text" | "item" | "code";
  text: string;
}

export interface Cell {
  /** All the cell's text, white space normalised, without markup. */
  text: string;
  parts: Part[];
  links: Link[];
  line: number;
  colspan: number;
  rowspan: number;
}

/** A table as printed: a row holds the cells that begin in it, so spanned places are absent. */
export interface Grid {
  caption: string;
  /** Labels by which other places refer to this table. */
  anchors: string[];
  headers: Cell[][];
  rows: Cell[][];
  line: number;
}

export type Block =
  | { kind: "heading"; level: number; text: string; line: number; anchors: string[] }
  | { kind: "text"; text: string; links: Link[]; line: number; depth: number; item: boolean; strong: boolean }
  | { kind: "code"; text: string; line: number; depth: number }
  | { kind: "table"; grid: Grid; depth: number };

/** A finding about the form of the page itself. */
export interface Issue {
  code: string;
  line: number;
  message: string;
  /** The words of the page the finding is about. */
  quote?: string;
  table?: number;
  row?: number;
}

/** What a dialect reader hands over. */
export interface Reading {
  blocks: Block[];
  issues: Issue[];
  /** The title where the dialect states it outside the headings. */
  title?: string;
}

/** Without the characters that take no room: a name with one inside is the same name. */
export function visible(text: string): string {
  return withoutRoom.test(text) ? text.replace(/[\u200b-\u200d\u2060\ufeff]/gu, "") : text;
}
const withoutRoom = /[\u200b-\u200d\u2060\ufeff]/u;

export function squash(text: string): string {
  return visible(text).replace(/\s+/g, " ").trim();
}

export function textCell(text: string, line: number, links: Link[] = []): Cell {
  const clean = squash(text);
  return {
    text: clean,
    parts: clean ? [{ kind: "text", text: clean }] : [],
    links,
    line,
    colspan: 1,
    rowspan: 1,
  };
}

export function partsCell(parts: Part[], line: number, links: Link[] = []): Cell {
  const kept = parts.map((part) => ({ ...part, text: visible(part.text) })).filter((part) => squash(part.text) !== "");
  return { text: squash(kept.map((part) => part.text).join(" ")), parts: kept, links, line, colspan: 1, rowspan: 1 };
}
