// One page, from text to model.
import {
  type CodeReading,
  mergeAnswers,
  readConstraints,
  readErrors,
  readRateLimit,
  readStatuses,
  statusesInText,
} from "./answers.js";
import { type Issue, type Reading, visible } from "./block.js";
import { detect } from "./dialect.js";
import { readExamples } from "./examples.js";
import { type Field, type RowReading, readFields } from "./fields.js";
import { readHelpCentre } from "./help-centre.js";
import { readHtml } from "./html.js";
import { readMarkdown } from "./markdown.js";
import { hasKeys, holdsCodes, holdsTypes, isForeign, joinSplit, type Matrix, toMatrix } from "./matrix.js";
import type { Answer, Dialect, ErrorCode, Page, Table, TableKind } from "./model.js";
import { readAction, readOperation } from "./operation.js";
import { headingsOf, proseOf } from "./outline.js";
import { type FieldTable, placeParameters } from "./parameters.js";
import { readRst } from "./rst.js";
import { type Placed, type Walk, walk } from "./walk.js";

/** Larger than any real page; what is larger is refused, not read. */
export const largestPage = 4 * 1024 * 1024;

/** Longer than any real line outside of HTML, which may stand on one. */
const longestLine = 50_000;

/** Nobody reads more. */
const mostIssues = 5000;

const readers: Record<Dialect, (source: string) => Reading> = {
  "tencent-markdown": readMarkdown,
  rst: readRst,
  "help-centre": readHelpCentre,
  html: (source) => readHtml(source),
};

export function readPage(file: string, content: string | Uint8Array): Page {
  const size = typeof content === "string" ? content.length : content.byteLength;
  if (size > largestPage) return tooLarge(file, size);
  const source = decode(content);
  if (source === null) return unreadable(file, "page_is_binary", "the page is no text");
  if (!source.trim()) return unreadable(file, "page_is_empty", "the page is empty");
  const dialect = detect(source);
  if (!dialect) return unreadable(file, "dialect_unknown", "the page is in none of the dialects");
  // Only the tables of RST are drawn, where each character has its place: there they go once a cell is cut out.
  const seen = dialect === "rst" ? source : visible(source);
  const { text, issues } = dialect === "html" ? { text: seen, issues: [] } : cutLines(seen);
  const reading = readers[dialect](text);
  reading.issues.unshift(...issues);
  return interpret(file, dialect, reading);
}

function cutLines(source: string): { text: string; issues: Issue[] } {
  const issues: Issue[] = [];
  const lines = source.split("\n");
  if (lines.every((line) => line.length <= longestLine)) return { text: source, issues };
  const cut = lines.map((line, i) => {
    if (line.length <= longestLine) return line;
    issues.push({
      code: "line_too_long",
      line: i + 1,
      message: `the line has ${line.length} characters: only ${longestLine} were read`,
    });
    return line.slice(0, longestLine);
  });
  return { text: cut.join("\n"), issues };
}

export function tooLarge(file: string, size: number): Page {
  return unreadable(file, "page_too_large", `the page has ${size} bytes; more than ${largestPage} are not read`);
}

function decode(content: string | Uint8Array): string | null {
  let text: string;
  if (typeof content === "string") text = content;
  else {
    const bom =
      content[0] === 0xff && content[1] === 0xfe
        ? "utf-16le"
        : content[0] === 0xfe && content[1] === 0xff
          ? "utf-16be"
          : "utf-8";
    text = new TextDecoder(bom).decode(content);
  }
  const head = text.slice(0, 100_000);
  // Control characters but for tabs, ends of lines and of pages.
  const odd = head.match(/[^\t\n\f\r\u0020-\ufffc\ufffe\uffff]/g)?.length ?? 0;
  if (odd > 4 && odd > head.length / 200) return null;
  return text
    .replace(/^\ufeff/, "")
    .replace(/\r\n?/g, "\n")
    .replaceAll("\u0000", " ")
    .replace(/[\u00a0\u2002\u2003\u3000]/g, " ");
}

function unreadable(file: string, code: string, message: string): Page {
  const none = "unread" as const;
  return {
    file,
    dialect: null,
    title: "",
    operation: {
      method: null,
      path: null,
      action: null,
      version: null,
      host: null,
      query: [],
      source: null,
      line: null,
      alternatives: [],
    },
    tables: [],
    parameters: [],
    structures: [],
    responses: [],
    examples: [],
    errorCodes: [],
    rateLimit: null,
    constraints: [],
    headings: [],
    prose: [],
    issues: [{ code, line: 1, message }],
    counts: { tables: 0, rows: 0, interpreted: 0, skipped: 0, notUnderstood: 0, reasons: {} },
    outcomes: {
      operation: none,
      parameters: none,
      responses: none,
      examples: none,
      errorCodes: none,
      rateLimit: none,
      constraints: none,
    },
  };
}

type TableSpot = Extract<Placed, { kind: "table" }>;

interface Sorted {
  spot: TableSpot;
  matrix: Matrix;
  kind: TableKind;
  reason: string | null;
  rows: (RowReading | CodeReading)[];
}

function interpret(file: string, dialect: Dialect, reading: Reading): Page {
  const issues: Issue[] = [...reading.issues];
  const walked = walk(joinSplit(reading.blocks), reading.title);
  const spots = walked.placed.filter((spot): spot is TableSpot => spot.kind === "table");
  const sorted = spots.map((spot, index) => sortTable(spot, index, issues));
  const fieldsOf = (table: Sorted): Field[] => table.rows.flatMap((row) => ("field" in row ? [row.field] : []));
  const operation = operationOf(dialect, walked, sorted.flatMap(fieldsOf), issues);
  const isOperation =
    operation.path !== null ||
    walked.sections.has("uri") ||
    (walked.sections.has("request") && walked.sections.has("response"));
  const answers: Answer[] = [
    ...sorted.flatMap((table) => table.rows.flatMap((row) => ("answer" in row ? [row.answer] : []))),
    ...statusesInText(walked),
  ];
  const responses = mergeAnswers(answers);
  const good = responses.filter(({ status }) => status >= 200 && status < 300);
  const tables = sorted.map(
    (table, index): FieldTable => ({ index, grid: table.spot.grid, spot: table.spot, fields: fieldsOf(table) }),
  );
  const placement = placeParameters(
    tables.filter((_, index) => sorted[index]?.kind === "parameters"),
    operation,
    good.length === 1 ? (good[0]?.status ?? null) : null,
    isOperation,
    issues,
  );
  const model = sorted.map((table, index): Table => {
    const orphan = placement.orphans.get(index);
    return tableOf(table, placement.nested.has(index) ? "structure" : table.kind, orphan ?? null);
  });
  const errorCodes: ErrorCode[] = sorted.flatMap((table) =>
    table.rows.flatMap((row) => ("error" in row ? [row.error] : [])),
  );
  const examples = readExamples(walked, issues);
  checkPlaceholders(operation, placement.parameters, issues);
  const page: Page = {
    file,
    dialect,
    title: walked.title || operation.action || "",
    operation,
    tables: model,
    parameters: placement.parameters,
    structures: placement.structures,
    responses,
    examples,
    errorCodes,
    rateLimit: readRateLimit(walked),
    constraints: readConstraints(walked),
    headings: headingsOf(reading.blocks),
    prose: proseOf(walked),
    issues: sortIssues(issues),
    counts: countAll(model),
    outcomes: {
      operation: "lacking",
      parameters: "lacking",
      responses: "lacking",
      examples: "lacking",
      errorCodes: "lacking",
      rateLimit: "lacking",
      constraints: "lacking",
    },
  };
  page.outcomes = outcomesOf(page, walked);
  return page;
}

function sortIssues(issues: Issue[]): Issue[] {
  const sorted = issues.sort((a, b) => a.line - b.line);
  if (sorted.length <= mostIssues) return sorted;
  const rest = sorted.length - mostIssues;
  return [
    ...sorted.slice(0, mostIssues),
    { code: "too_many_issues", line: sorted[mostIssues]?.line ?? 0, message: `${rest} more findings were left out` },
  ];
}

function operationOf(dialect: Dialect, walked: Walk, fields: Field[], issues: Issue[]): Page["operation"] {
  const action = walked.sections.has("uri") ? null : readAction(walked, fields, issues);
  if (action) return action;
  return readOperation(walked, dialect === "tencent-markdown" && !walked.sections.has("uri") ? [] : issues);
}

/** What a table is about, by its headers and the section it stands in. */
function sortTable(spot: TableSpot, index: number, issues: Issue[]): Sorted {
  const matrix = toMatrix(spot.grid);
  const { columns } = matrix;
  const has = (column: (typeof columns)[number]): boolean => columns.includes(column);
  const firstRow = matrix.headerRow ? 1 : 0;
  const other = (reason: string): Sorted => ({ spot, matrix, kind: "other", reason, rows: [] });
  const name = columns.indexOf("name");
  const section = spot.section ?? spot.base;
  const isUnknown = columns.every((column) => column === "unknown");
  if (name === -1 && holdsTypes(matrix)) return notUnderstood(spot, matrix, index, issues, "parameters");
  if (isUnknown && (holdsCodes(matrix) || isForeign(matrix)))
    return notUnderstood(spot, matrix, index, issues, holdsCodes(matrix) ? "errors" : "parameters");
  if (!columns.length || isUnknown) return other("its columns are not known");
  if (has("code") && !has("type") && (name === -1 || has("status"))) {
    return { spot, matrix, kind: "errors", reason: null, rows: readErrors(matrix, index, firstRow, issues) };
  }
  if (has("status") && !has("type") && !has("required")) {
    return { spot, matrix, kind: "statuses", reason: null, rows: readStatuses(matrix, index, firstRow, issues) };
  }
  if (has("grant") && name === -1) return other("it is about permissions");
  if (name === -1) return other("it has no column of names");
  if (hasKeys(matrix)) return other("its rows have a key beside the name: a list of values, not of parameters");
  if (section === "authorization" || section === "sdk" || section === "history" || section === "errors")
    return other(`it stands in a section about ${section === "sdk" ? "tools" : section}`);
  const typed = has("type") || has("required") || has("optional");
  const placed =
    spot.base === "uri" ||
    spot.base === "request" ||
    spot.base === "response" ||
    section === "request" ||
    section === "response" ||
    section === "uri";
  if (!typed && !(placed && has("description"))) return other("it has neither types nor required flags");
  return { spot, matrix, kind: "parameters", reason: null, rows: readFields(matrix, index, firstRow, issues) };
}

/** Rows under headers that say nothing to us, as on pages in another language. */
function notUnderstood(
  spot: TableSpot,
  matrix: Matrix,
  index: number,
  issues: Issue[],
  kind: "parameters" | "errors",
): Sorted {
  const holds = kind === "errors" ? "error codes" : holdsTypes(matrix) ? "types" : "headers in another script";
  const reason = `its columns are not known, though it has ${holds}`;
  issues.push({
    code: "columns_not_known",
    line: spot.grid.line,
    message: `a table with ${holds}, but no header we know: none of its rows was read`,
    table: index,
    quote: matrix.titles.join(" | "),
  });
  return { spot, matrix, kind, reason, rows: matrix.rows.map(() => ({ unread: reason })) };
}

function tableOf(sorted: Sorted, kind: TableKind, orphan: string | null): Table {
  const { grid } = sorted.spot;
  const rows = grid.rows.map((row) => row.map((cell) => cell.text));
  const counts = { rows: rows.length, interpreted: 0, skipped: 0, notUnderstood: 0 };
  if (kind === "other") counts.skipped = rows.length;
  else {
    if (sorted.matrix.headerRow) counts.skipped += 1;
    for (const row of sorted.rows) {
      if ("skipped" in row) counts.skipped += 1;
      else if ("unread" in row || orphan) counts.notUnderstood += 1;
      else counts.interpreted += 1;
    }
  }
  return {
    caption: grid.caption,
    section: sorted.spot.heading,
    headers: grid.headers.map((row) => row.map((cell) => cell.text)),
    rows,
    line: grid.line,
    rowLines: grid.rows.map((row) => row.find((cell) => cell.line > 0)?.line ?? grid.line),
    kind,
    reason: orphan ?? sorted.reason,
    counts,
  };
}

function countAll(tables: Table[]): Page["counts"] {
  const total: Page["counts"] = {
    tables: tables.length,
    rows: 0,
    interpreted: 0,
    skipped: 0,
    notUnderstood: 0,
    reasons: {},
  };
  for (const { counts, reason } of tables) {
    total.rows += counts.rows;
    total.interpreted += counts.interpreted;
    total.skipped += counts.skipped;
    total.notUnderstood += counts.notUnderstood;
    if (reason) total.reasons[reason] = (total.reasons[reason] ?? 0) + counts.rows;
  }
  return total;
}

function checkPlaceholders(operation: Page["operation"], parameters: Page["parameters"], issues: Issue[]): void {
  const documented = new Set(
    parameters.filter((parameter) => parameter.in === "path").map((parameter) => parameter.path),
  );
  for (const match of (operation.path ?? "").matchAll(/\{([^{}]+)\}/g)) {
    const name = match[1] as string;
    if (!documented.has(name))
      issues.push({
        code: "placeholder_not_documented",
        line: operation.line ?? 0,
        message: `no table describes {${name}}`,
        quote: operation.path ?? "",
      });
  }
}

function outcomesOf(page: Page, walked: Walk): Page["outcomes"] {
  const outcome = (read: boolean, tried: boolean): Page["outcomes"]["operation"] =>
    read ? "read" : tried ? "unread" : "lacking";
  const lost = (kind: TableKind): boolean =>
    page.tables.some((table) => table.kind === kind && table.counts.notUnderstood > 0);
  return {
    operation: outcome(page.operation.path !== null, walked.sections.has("uri")),
    parameters: outcome(page.parameters.length > 0 || page.structures.length > 0, lost("parameters")),
    responses: outcome(page.responses.length > 0, lost("statuses")),
    examples: outcome(page.examples.length > 0, false),
    errorCodes: outcome(page.errorCodes.length > 0, lost("errors")),
    rateLimit: outcome(page.rateLimit !== null, false),
    constraints: outcome(page.constraints.length > 0, false),
  };
}
