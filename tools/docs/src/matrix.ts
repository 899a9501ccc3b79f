// A table as a matrix: spans resolved, every column with its role.
import type { Block, Cell, Grid } from "./block.js";
import { isCertainType } from "./types.js";
import { type Column, columnRole } from "./vocabulary.js";

export interface MatrixRow {
  /** The cell that covers each column; null where the row has none. */
  cells: (Cell | null)[];
  /** Whether the cell begins in this row rather than above it. */
  own: boolean[];
  /** Columns the printed cells cover, spans from above included. */
  width: number;
  /** One cell across all columns. */
  banner: boolean;
  line: number;
}

export interface Matrix {
  columns: Column[];
  titles: string[];
  rows: MatrixRow[];
  /** The table has no header: its first row was taken for one. */
  headerRow: boolean;
  /** Of the table, also where it has no row. */
  line: number;
}

export function toMatrix(grid: Grid): Matrix {
  let headers = grid.headers;
  let body = grid.rows;
  const firstRow = body[0];
  const headerRow = headers.length === 0 && firstRow !== undefined && isHeader(firstRow);
  if (headerRow && firstRow) {
    headers = [firstRow];
    body = body.slice(1);
  }
  const head = layOut(headers, 0);
  const width = Math.max(0, ...head.map((row) => row.cells.length));
  const titles: string[] = [];
  const columns: Column[] = [];
  for (let c = 0; c < width; c += 1) {
    const words = [...new Set(head.map((row) => row.cells[c]?.text ?? "").filter(Boolean))];
    const known = words.find((word) => columnRole(word) !== "unknown");
    titles.push(words.join(" "));
    columns.push(known ? columnRole(known) : "unknown");
  }
  return {
    columns,
    titles,
    rows: layOut(body, width),
    headerRow,
    line: body.find(([cell]) => cell?.line)?.[0]?.line ?? grid.line,
  };
}

/** A table that goes on below a page break without its header is one table. */
export function joinSplit(blocks: Block[]): Block[] {
  const joined: Block[] = [];
  for (const block of blocks) {
    const above = joined[joined.length - 1];
    if (block.kind === "table" && above?.kind === "table" && goesOn(above.grid, block.grid))
      for (const row of block.grid.rows) above.grid.rows.push(row);
    else
      joined.push(block.kind === "table" ? { ...block, grid: { ...block.grid, rows: [...block.grid.rows] } } : block);
  }
  return joined;
}

/** "No" is an answer below a header, and a number in one: it does not count. */
const isHeader = (row: Cell[]): boolean =>
  row.filter(({ text }) => !["unknown", "number"].includes(columnRole(text))).length >= 2;

function goesOn(above: Grid, { headers, rows, caption, anchors }: Grid): boolean {
  const first = rows[0];
  if (headers.length > 0 || !first || anchors.length > 0) return false;
  if (caption && !/\bcontinued\b/i.test(caption) && caption !== above.caption) return false;
  const widthOf = (row: Cell[] | undefined): number => (row ?? []).reduce((sum, { colspan }) => sum + colspan, 0);
  const width = widthOf(above.headers[0]);
  return width > 2 && widthOf(first) === width && !isHeader(first);
}

/** Whether a column of the table, known as one of types or not known at all, can only be one of types. */
export function holdsTypes({ columns, rows }: Matrix): boolean {
  return columns.some(
    (column, c) =>
      (column === "type" || column === "unknown") &&
      rows.filter((row) => isCertainType(row.cells[c]?.text ?? "")).length * 2 > rows.length,
  );
}

/** Whether most rows of a column are error codes: "DCS.4001", "InvalidParameter.Shelf". */
export function holdsCodes({ titles, rows }: Matrix): boolean {
  const code = /^(?:[A-Z]{2,10}[.-]?\d{4,10}|[A-Z][a-z][A-Za-z]{1,40}(?:\.[A-Z][a-z][A-Za-z]{1,40}){1,3})$/;
  return titles.some((_, c) => rows.filter((row) => code.test(row.cells[c]?.text ?? "")).length * 2 > rows.length);
}

/** Whether the header is written in another script than Latin. */
export const isForeign = ({ titles }: Matrix): boolean =>
  titles.some((title) => /(?!\p{Script=Latin})\p{L}{2}/u.test(title.slice(0, 200)));

/** A key that is no name: "Parameter ID" beside "Parameter Name", "Metric" beside "Name". */
export function hasKeys({ columns, titles }: Matrix): boolean {
  return titles.some((title, c) => columns[c] === "unknown" && /\b(?:ids?|metrics?)$/i.test(title.slice(0, 200)));
}

function layOut(rows: Cell[][], width: number): MatrixRow[] {
  /** Cells from above that still cover a column, and for how many rows. */
  const hanging: { cell: Cell; left: number }[] = [];
  return rows.map((row) => {
    const cells: (Cell | null)[] = [];
    const own: boolean[] = [];
    let c = 0;
    const hang = (): void => {
      for (let above = hanging[c]; above && above.left > 0; above = hanging[c]) {
        cells.push(above.cell);
        own.push(false);
        above.left -= 1;
        c += 1;
      }
    };
    for (const cell of row) {
      hang();
      for (let span = 0; span < cell.colspan && c < 1000; span += 1) {
        cells.push(cell);
        own.push(true);
        if (cell.rowspan > 1) hanging[c] = { cell, left: cell.rowspan - 1 };
        c += 1;
      }
    }
    hang();
    const covered = c;
    while (cells.length < width) {
      cells.push(null);
      own.push(true);
    }
    const banner = row.length === 1 && width > 1 && (row[0]?.colspan ?? 1) >= width;
    return { cells, own, width: covered, banner, line: row.find((cell) => cell.line > 0)?.line ?? 0 };
  });
}
