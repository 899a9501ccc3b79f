// Rows of a parameter table, each cell checked against the header it stands under.
import type { Cell, Issue, Link } from "./block.js";
import { boundsOf, lengthOf, readFacets, saysBound, saysDefault } from "./facets.js";
import type { Matrix, MatrixRow } from "./matrix.js";
import type { Facets } from "./model.js";
import { isCertainType, readRequired, readType, type TypeReading } from "./types.js";
import type { Column } from "./vocabulary.js";

export interface Field extends TypeReading, Facets {
  name: string;
  typeText: string | null;
  required: boolean | null;
  requiredText: string | null;
  place: string | null;
  description: string;
  /** References in the cells that may lead to the structure of this field. */
  links: Link[];
  table: number;
  row: number;
  line: number;
}

export type RowReading = { field: Field } | { skipped: string } | { unread: string };

const blank = /^(?:-|--|—|–|n\/a|none|null|\/)?$/i;

export function readFields(matrix: Matrix, table: number, firstRow: number, issues: Issue[]): RowReading[] {
  const at = (column: Column): number => matrix.columns.indexOf(column);
  const repeated = matrix.columns.filter(
    (column, i) => column !== "unknown" && matrix.columns.indexOf(column) !== i && column !== "description",
  );
  if (repeated.length)
    issues.push({
      code: "unexpected_columns",
      line: matrix.line,
      message: `two columns mean the same: ${repeated.join(", ")}`,
      table,
      quote: matrix.titles.join(" | "),
    });
  const unknown = matrix.titles.filter((_, i) => matrix.columns[i] === "unknown");
  if (unknown.length)
    issues.push({
      code: "unexpected_columns",
      line: matrix.line,
      message: `columns whose header is not known: ${unknown.join(", ")}`,
      table,
      quote: matrix.titles.join(" | "),
    });
  const seen = new Map<string, number>();
  return matrix.rows.map((row, i) => {
    const index = firstRow + i;
    const report = (code: string, message: string, quote?: string): void => {
      issues.push({ code, line: row.line, message, table, row: index, ...(quote === undefined ? {} : { quote }) });
    };
    const reading = readRow(row, matrix, at, table, index, report);
    if ("field" in reading) {
      const before = seen.get(reading.field.name);
      if (before !== undefined)
        report(
          "parameter_repeated",
          `"${reading.field.name}" stands in this table twice (first in row ${before})`,
          reading.field.name,
        );
      else seen.set(reading.field.name, index);
    }
    return reading;
  });
}

type Report = (code: string, message: string, quote?: string) => void;

function readRow(
  row: MatrixRow,
  matrix: Matrix,
  at: (column: Column) => number,
  table: number,
  index: number,
  report: Report,
): RowReading {
  const width = matrix.columns.length;
  if (row.banner) return { skipped: "a title across all columns" };
  const cell = (column: Column): Cell | null => (at(column) === -1 ? null : (row.cells[at(column)] ?? null));
  const text = (column: Column): string | null => (at(column) === -1 ? null : (cell(column)?.text ?? ""));
  const nameCell = cell("name");
  const printed = nameCell?.text ?? "";
  if (!printed && row.cells.every((one) => !one?.text)) return { skipped: "an empty row" };
  if (row.width < width)
    report("row_too_few_cells", `the row has ${row.width} cells, the header ${width}`, quoteOf(row));
  if (row.width > width)
    report("row_too_many_cells", `the row has ${row.width} cells, the header ${width}`, quoteOf(row));
  if (nameCell && !row.own[at("name")]) return { skipped: "continues the row above" };
  if (blank.test(printed)) {
    if (printed && row.cells.every((one) => blank.test(one?.text ?? "")))
      return { skipped: "says that there are none" };
    report("name_missing", "the row names no parameter", quoteOf(row));
    return { unread: "the row names no parameter" };
  }
  const name = cleanName(printed);
  if (name === null) {
    report("name_not_understood", "the name cell is not a name", printed);
    return { unread: "the name cell is not a name" };
  }
  let requiredText = text("required") ?? text("optional");
  let typeText = text("type");
  const inverted = at("required") === -1 && at("optional") !== -1;
  if (
    requiredText !== null &&
    typeText !== null &&
    readRequired(requiredText) === null &&
    readRequired(typeText) !== null &&
    isCertainType(requiredText)
  ) {
    report("cells_swapped", "the cells of type and required are swapped", `${requiredText} | ${typeText}`);
    [requiredText, typeText] = [typeText, requiredText];
  }
  let required = requiredText === null ? null : readRequired(requiredText);
  if (requiredText !== null && required === null) {
    if (blank.test(requiredText))
      report("required_missing", "the page does not say whether it is required", quoteOf(row));
    else report("cell_contradicts_header", "the cell says neither yes nor no", requiredText);
  }
  if (inverted && required !== null) required = !required;
  const reading = typeText === null ? { type: null, items: null, structure: null } : readType(typeText);
  if (typeText !== null && reading.type === null) {
    if (blank.test(typeText)) report("type_missing", "the type cell is empty", quoteOf(row));
    else if (readRequired(typeText) !== null)
      report("cell_contradicts_header", "the type cell says yes or no", typeText);
    else report("type_unknown", "the type is not known", typeText);
  }
  const contradictions =
    Number(requiredText !== null && required === null && !blank.test(requiredText)) +
    Number(typeText !== null && reading.type === null && !blank.test(typeText));
  if (row.width !== width && contradictions)
    return { unread: "cells are missing and the rest does not fit the header" };
  const words = cell("description");
  const surplus = row.cells.slice(width).filter((one) => one !== null) as Cell[];
  const description = [words?.text ?? "", ...surplus.map((one) => one.text)].join(" ").trim();
  const facets = readFacets(words, cell("default"), cell("range"), (value) =>
    report("lists_differ", `"${value}" stands in one of two lists of the row's values, and not in the other`, value),
  );
  const numeric = reading.type === "integer" || reading.type === "number";
  const range =
    facets.range ?? (numeric ? boundsOf(description) : reading.type === "string" ? lengthOf(description) : null);
  if (numeric) {
    const bound = range === null && !facets.values ? saysBound(description) : null;
    const preset = facets.default === null ? saysDefault(name, description) : null;
    if (bound) report("limit_not_read", "the text seems to name a limit that was not read", bound);
    if (preset) report("default_not_read", "the text seems to name a default that was not read", preset);
  }
  const links = [nameCell, cell("type"), words, ...surplus].flatMap((one) => one?.links ?? []);
  return {
    field: {
      name,
      ...reading,
      typeText,
      required,
      requiredText,
      place: text("place"),
      description,
      ...facets,
      range,
      links,
      table,
      row: index,
      line: nameCell?.line || row.line,
    },
  };
}

function quoteOf(row: MatrixRow): string {
  return row.cells
    .map((one) => one?.text ?? "")
    .join(" | ")
    .slice(0, 200);
}

/** The name in a name cell, without marks of nesting, notes in brackets and footnote stars; null if it is prose. */
function cleanName(printed: string): string | null {
  const bare = printed
    .slice(0, 300)
    .replace(/^[»›└├─>•\s-]+(?=[\p{L}_])/u, "")
    .replace(/(?<=[\p{L}\p{N}_])\s*\*+$/u, "")
    .replace(/["'“”`]/g, "")
    .trim();
  if (isName(bare)) return bare;
  const short = bare.replace(/\s*[([（][^()[\]（）]*[)\]）]$/, "");
  if (isName(short)) return short;
  // "security_ group_id": a long name broken for display.
  const joined = bare.replace(/(?<=[_-])\s+(?=\S)|\s+(?=[_-])/g, "");
  return joined !== bare && isName(joined) ? joined : null;
}

function isName(text: string): boolean {
  return (
    text.length > 0 &&
    text.length <= 200 &&
    !/^(?:yes|no)$/i.test(text) &&
    !/\s/.test(text) &&
    /[\p{L}\p{N}_]/u.test(text) &&
    !/[;,!?()|"']/.test(text) &&
    !/[.:]$/.test(text)
  );
}
