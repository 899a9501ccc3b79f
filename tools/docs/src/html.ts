// HTML pages of the Huawei Help Center and of the Open Telekom Cloud: real table elements, spans included.
import { Parser } from "htmlparser2";
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
} from "./block.js";

interface Frame {
  grid: Grid;
  row: Cell[] | null;
  rowIsHeader: boolean;
  inHead: boolean;
  inCaption: string[] | null;
  cell: { parts: Part[]; links: Link[]; line: number; colspan: number; rowspan: number; header: boolean } | null;
  strayRows: boolean;
}

const blockTags = new Set([
  "p",
  "div",
  "li",
  "ul",
  "ol",
  "dl",
  "dt",
  "dd",
  "section",
  "article",
  "br",
  "tr",
  "table",
  "pre",
  "blockquote",
  "body",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
]);
const silentTags = new Set(["script", "style", "head", "template", "svg", "noscript"]);

/** The mark of a note box, and the sign that links to a heading, are no text of the page. */
const marks = /\b(?:headerlink|admonition-title|(?:note|notice|caution|warning|danger|tip)(?:__)?title)\b/;

/** Open elements; more is an attack or an accident. */
const deepest = 2000;

export function readHtml(source: string, firstLine = 1): Reading {
  const reader = new HtmlReader(source, firstLine);
  return { blocks: reader.blocks, issues: reader.issues };
}

class TooDeep extends Error {}

class HtmlReader {
  readonly blocks: Block[] = [];
  readonly issues: Issue[] = [];
  readonly #source: string;
  readonly #tables: Frame[] = [];
  #line: number;
  #nextBreak: number;
  #text = "";
  #textLine = 1;
  /** Whether there is more than white space in the text: asked for every piece, so not by looking at all of it. */
  #hasText = false;
  #links: Link[] = [];
  #href: { target: string; text: string } | null = null;
  #pre: string | null = null;
  #item = false;
  #strong = 0;
  #plain = false;
  #silent = 0;
  #lists = 0;
  #depth = 0;
  #heading = 0;
  /** How deep the element stands whose text is left out; 0 for none. */
  #hidden = 0;
  #anchors: string[] = [];
  #anchorsAge = 0;

  constructor(source: string, firstLine: number) {
    this.#source = source;
    this.#line = firstLine;
    this.#nextBreak = source.indexOf("\n");
    const parser = new Parser(
      {
        onopentag: (name, attributes) => {
          this.#depth += 1;
          if (this.#depth > deepest) throw new TooDeep();
          this.#advance(parser.startIndex);
          this.#open(name, attributes);
        },
        ontext: (text) => {
          this.#advance(parser.startIndex);
          this.#say(text);
        },
        onclosetag: (name) => {
          this.#depth -= 1;
          this.#advance(parser.startIndex);
          this.#close(name);
        },
      },
      { decodeEntities: true, lowerCaseTags: true },
    );
    try {
      parser.write(source);
      parser.end();
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error;
      this.issues.push({
        code: "nested_too_deep",
        line: this.#line,
        message: `more than ${deepest} elements are open: the rest of the page was not read`,
      });
    }
    this.#flush();
    while (this.#tables.length) {
      this.issues.push({ code: "table_not_closed", line: this.#line, message: "the page ends inside a table" });
      this.#endTable();
    }
  }

  #advance(index: number): void {
    while (this.#nextBreak !== -1 && this.#nextBreak < index) {
      this.#line += 1;
      this.#nextBreak = this.#source.indexOf("\n", this.#nextBreak + 1);
    }
  }

  get #frame(): Frame | undefined {
    return this.#tables[this.#tables.length - 1];
  }

  #say(text: string): void {
    if (this.#silent || this.#hidden) return;
    if (this.#pre !== null) {
      this.#pre += text;
      return;
    }
    const caption = this.#frame?.inCaption;
    if (caption) {
      caption.push(text);
      return;
    }
    if (/\S/.test(text)) {
      if (!this.#hasText) {
        this.#hasText = true;
        this.#textLine = this.#line;
        this.#plain = false;
      }
      if (!this.#strong) this.#plain = true;
    }
    this.#text += text;
    if (this.#href) this.#href.text += text;
  }

  #open(name: string, attributes: Record<string, string>): void {
    const anchor = attributes.id ?? (name === "a" ? attributes.name : undefined);
    if (silentTags.has(name)) this.#silent += 1;
    if (!this.#hidden && marks.test(attributes.class ?? "")) this.#hidden = this.#depth;
    if (blockTags.has(name) && this.#pre === null && !this.#frame?.inCaption) this.#flush();
    if (anchor && name !== "table") {
      this.#anchors.push(`#${anchor}`);
      this.#anchorsAge = 0;
    }
    switch (name) {
      case "a":
        if (attributes.href) this.#href = { target: attributes.href, text: "" };
        break;
      case "b":
      case "strong":
      case "th":
        this.#strong += 1;
        if (name === "th") this.#openCell(attributes, true);
        break;
      case "td":
        this.#openCell(attributes, false);
        break;
      case "ul":
      case "ol":
        this.#lists += 1;
        break;
      case "li":
        this.#item = true;
        break;
      case "pre":
        this.#pre = "";
        this.#textLine = this.#line;
        break;
      case "br":
        if (this.#pre !== null) this.#pre += "\n";
        break;
      case "table":
        this.#openTable(anchor);
        break;
      case "thead":
        if (this.#frame) this.#frame.inHead = true;
        break;
      case "tr":
        this.#openRow();
        break;
      case "caption":
        if (this.#frame) this.#frame.inCaption = [];
        break;
      default:
        if (/^h[1-6]$/.test(name)) this.#heading = Number(name[1]);
        // The Help Center marks its section titles by class, on headings as well as on paragraphs.
        else if (/\bsectiontitle\b/.test(attributes.class ?? "")) this.#heading = 4;
    }
  }

  #close(name: string): void {
    if (silentTags.has(name) && this.#silent) this.#silent -= 1;
    if (this.#depth < this.#hidden) this.#hidden = 0;
    const frame = this.#frame;
    if (name === "pre" && this.#pre !== null) {
      const text = this.#pre.replace(/^\n+/, "").trimEnd();
      this.#pre = null;
      if (frame?.cell) frame.cell.parts.push({ kind: "code", text });
      else if (text) this.blocks.push({ kind: "code", text, line: this.#textLine, depth: this.#lists });
      return;
    }
    if (this.#pre !== null) return;
    if (name === "caption" && frame) {
      frame.grid.caption = squash((frame.inCaption ?? []).join(""));
      frame.inCaption = null;
      return;
    }
    if (name === "a" && this.#href) {
      this.#links.push({ target: this.#href.target, text: squash(this.#href.text) });
      this.#href = null;
    }
    if (blockTags.has(name) || name === "td" || name === "th") this.#flush();
    switch (name) {
      case "b":
      case "strong":
        this.#strong = Math.max(0, this.#strong - 1);
        break;
      case "th":
        this.#strong = Math.max(0, this.#strong - 1);
        this.#closeCell();
        break;
      case "td":
        this.#closeCell();
        break;
      case "tr":
        this.#closeRow();
        break;
      case "thead":
        if (frame) frame.inHead = false;
        break;
      case "table":
        if (frame) this.#endTable();
        break;
      case "ul":
      case "ol":
        this.#lists = Math.max(0, this.#lists - 1);
        break;
      case "li":
        this.#item = false;
        break;
      default:
    }
  }

  /** Ends the paragraph at hand and puts it where it belongs: into the open cell or onto the page. */
  #flush(): void {
    const text = squash(this.#text);
    const links = this.#links;
    const item = this.#item;
    const heading = this.#heading;
    this.#text = "";
    this.#hasText = false;
    if (!text) return;
    this.#links = [];
    this.#item = false;
    this.#heading = 0;
    const frame = this.#frame;
    if (frame?.cell) {
      frame.cell.parts.push({ kind: item ? "item" : "text", text });
      frame.cell.links.push(...links);
    } else if (heading) {
      this.blocks.push({ kind: "heading", level: heading, text, line: this.#textLine, anchors: this.#anchors });
      this.#anchors = [];
    } else {
      // An anchor names a table, or the line that is its title; it names no table further down.
      if (this.#anchors.length && ++this.#anchorsAge > 1) this.#anchors = [];
      this.blocks.push({
        kind: "text",
        text,
        links,
        line: this.#textLine,
        depth: this.#lists,
        item,
        strong: !this.#plain,
      });
    }
  }

  #openTable(anchor: string | undefined): void {
    const anchors = anchor ? [...this.#anchors, `#${anchor}`] : this.#anchors;
    this.#anchors = [];
    this.#tables.push({
      grid: { caption: "", anchors, headers: [], rows: [], line: this.#line },
      row: null,
      rowIsHeader: true,
      inHead: false,
      inCaption: null,
      cell: null,
      strayRows: false,
    });
    // Pushed when it opens, so that a table inside a cell comes after the one around it.
    this.blocks.push({ kind: "table", grid: this.#frame?.grid as Grid, depth: this.#lists });
  }

  #openRow(): void {
    const frame = this.#frame;
    if (!frame) return;
    this.#closeRow();
    frame.row = [];
    frame.rowIsHeader = true;
  }

  #openCell(attributes: Record<string, string>, header: boolean): void {
    const frame = this.#frame;
    if (!frame) return;
    this.#closeCell();
    if (!frame.row) this.#openRow();
    if (!header) frame.rowIsHeader = false;
    const span = (value: string | undefined): number =>
      Math.min(Math.max(Number.parseInt(value ?? "1", 10) || 1, 1), 1000);
    frame.cell = {
      parts: [],
      links: [],
      line: this.#line,
      colspan: span(attributes.colspan),
      rowspan: span(attributes.rowspan),
      header,
    };
  }

  #closeCell(): void {
    const frame = this.#frame;
    if (!frame?.cell) return;
    const { parts, links, line, colspan, rowspan } = frame.cell;
    frame.cell = null;
    frame.row?.push({ ...partsCell(parts, line, links), colspan, rowspan });
  }

  #closeRow(): void {
    const frame = this.#frame;
    if (!frame?.row) return;
    this.#closeCell();
    const row = frame.row;
    frame.row = null;
    if (!row.length) return;
    if (frame.inHead || (frame.rowIsHeader && !frame.grid.rows.length)) frame.grid.headers.push(row);
    else frame.grid.rows.push(row);
  }

  #endTable(): void {
    this.#closeRow();
    const frame = this.#tables.pop();
    if (!frame) return;
    const { grid } = frame;
    if (frame.inCaption) grid.caption = squash(frame.inCaption.join(""));
    const outer = this.#frame?.cell;
    if (!outer) return;
    const cells = [...grid.headers, ...grid.rows].flat();
    outer.parts.push({ kind: "text", text: [grid.caption, ...cells.map((cell) => cell.text)].join(" ") });
  }
}
