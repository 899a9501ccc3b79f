// Changes of one fact of a page: each is what a vendor might do to it one day.

import { literal } from "../literal.js";
import { meaningsOf } from "../meanings.js";
import type { Page, Parameter, Table } from "../model.js";
import { readType } from "../types.js";
import { unitOf, zoneOf } from "../units.js";
import { replaced, rowLines, type Span, spanOf } from "./cells.js";

export const kinds = [
  "rename",
  "type",
  "required",
  "enum member",
  "meanings swapped",
  "status",
  "path",
  "example value",
  "row removed",
  "row added",
  "columns swapped",
  "unit",
  "zone",
] as const;
export type Kind = (typeof kinds)[number];

export interface Mutation {
  kind: Kind;
  what: string;
  line: number;
  lines: string[];
}

type Add = (kind: Kind, what: string, line: number, lines: string[] | null) => void;

/** Every change of every fact that the page's layout allows. */
export function mutationsOf(page: Page, source: string): Mutation[] {
  const lines = source.replace(/\r\n?/g, "\n").split("\n");
  const found: Mutation[] = [];
  const add: Add = (kind, what, line, changed) => {
    if (changed && (changed.length !== lines.length || changed.some((text, i) => text !== lines[i])))
      found.push({ kind, what, line: line + 1, lines: changed });
  };
  page.tables.forEach((table, index) => {
    if (table.kind === "other") return;
    const first = table.headers.length ? 0 : 1;
    for (let row = first; row < table.rows.length; row += 1) {
      const parameter = page.parameters.find((one) => one.table === index && one.row === row);
      if (parameter || table.kind === "errors" || table.kind === "statuses")
        mutateRow(page, lines, table, row, parameter, add);
    }
  });
  mutateStatuses(page, lines, add);
  mutateOperation(page, lines, add);
  mutateExamples(page, lines, add);
  return found;
}

const columnOf = (table: Table, words: RegExp): number =>
  (table.headers[table.headers.length - 1] ?? table.rows[0] ?? []).findIndex((header) => words.test(header));

function mutateRow(
  page: Page,
  lines: string[],
  table: Table,
  row: number,
  parameter: Parameter | undefined,
  add: Add,
): void {
  const cell = (column: number): Span | null => (column < 0 ? null : spanOf(page, lines, table, row, column));
  const label = `${table.caption || table.section} row ${row + 1} (${table.rows[row]?.[0]})`;
  const name = cell(0);
  if (name && (parameter || table.kind === "errors"))
    add("rename", label, name.line, replaced(lines, name, renamed(textOf(lines, name))));
  const block = rowLines(page, lines, table, row);
  if (block) {
    add("row removed", label, block[0], [...lines.slice(0, block[0]), ...lines.slice(block[1])]);
    if (name) {
      const copy = replaced(
        lines,
        name,
        table.kind === "statuses" ? "299" : renamed(renamed(textOf(lines, name), "q"), "z"),
      );
      if (copy)
        add("row added", label, block[0], [
          ...lines.slice(0, block[0]),
          ...copy.slice(block[0], block[1]),
          ...lines.slice(block[0]),
        ]);
    }
  }
  if (!parameter) return;
  const type = cell(columnOf(table, /^(?:parameter )?type$/i));
  const required = cell(columnOf(table, /^(?:mandatory|required)$/i));
  if (type)
    for (const other of ["Integer", "String", "Boolean", "Long", "Object"]) {
      const text = textOf(lines, type);
      if (readType(other).type === readType(text).type || !readType(text).type) continue;
      const changed = replaced(lines, type, other);
      if (!changed) continue;
      add("type", label, type.line, changed);
      break;
    }
  if (required) {
    const text = textOf(lines, required);
    const other: Record<string, string> = { yes: "No", no: "Yes", mandatory: "Optional", optional: "Mandatory" };
    const word = Object.hasOwn(other, text.toLowerCase()) ? other[text.toLowerCase()] : undefined;
    if (word) add("required", label, required.line, replaced(lines, required, word));
  }
  const [one, two] = required && type ? [type, required] : [name, type];
  if (one && two && page.dialect !== "html") {
    const [a, b] = [textOf(lines, one), textOf(lines, two)];
    // From the right to the left, so that the first replacement does not move the second.
    const [left, right] = one.line === two.line && one.start > two.start ? [two, one] : [one, two];
    const [leftText, rightText] = left === one ? [b, a] : [a, b];
    const half = a === b ? null : replaced(lines, right, rightText);
    add("columns swapped", label, one.line, half ? replaced(half, left, leftText) : null);
  }
  if (parameter.values && block) mutateValues(lines, block, parameter, label, add);
  if (parameter.values && block) mutateMeanings(lines, block, parameter, label, add);
  if (block) mutateMeasures(lines, block, parameter, label, add);
}

function mutateValues(
  lines: string[],
  [from, to]: [number, number],
  parameter: Parameter,
  label: string,
  add: Add,
): void {
  for (const value of parameter.values ?? []) {
    const word = new RegExp(`(?<![\\w.-])${literal(value)}(?![\\w-]|\\.\\w)`, "g");
    for (let line = from; line < to; line += 1) {
      // Not the name of the row, and not the value where it is only spoken of.
      const text = lines[line] as string;
      const match = [...text.matchAll(word)].find(
        ({ index }) => index > (line === from ? text.indexOf(parameter.name) : -1),
      );
      if (!match) continue;
      const other = /^-?\d+$/.test(value) ? otherNumber(value, parameter.values ?? []) : renamed(value);
      const span = { line, start: match.index, end: match.index + value.length, room: other.length - value.length };
      add("enum member", `${label} ${value}`, line, replaced(lines, span, other));
      break;
    }
  }
}

/** Two values of one length change places: what each of them meant, the other one means now. */
function mutateMeanings(
  lines: string[],
  [from, to]: [number, number],
  parameter: Parameter,
  label: string,
  add: Add,
): void {
  const meanings = [...meaningsOf(parameter.values, parameter.description)].filter(([, text]) => text !== "");
  const pair = meanings.flatMap(([one, text], i) =>
    meanings
      .slice(i + 1)
      .flatMap(([other, its]) => (other.length === one.length && its !== text ? [[one, other]] : [])),
  )[0] as [string, string] | undefined;
  if (!pair) return;
  const before = (value: string): RegExp =>
    new RegExp(`(?<![\\w.-])${literal(value)}(?=["'”*\`]*\\s*(?:[:：]|\\s[-–—]\\s))`);
  const spots = pair.map((value) => {
    const line = lines.slice(from, to).findIndex((text) => before(value).test(text)) + from;
    return { line, start: lines[line]?.search(before(value)) ?? -1 };
  }) as [Spot, Spot];
  if (spots.some(({ start }) => start === -1)) return;
  const put = (text: string[] | null, { line, start }: Spot, value: string): string[] | null =>
    text && replaced(text, { line, start, end: start + value.length, room: 0 }, value);
  add(
    "meanings swapped",
    `${label} ${pair.join(" and ")}`,
    spots[0].line,
    put(put(lines, spots[0], pair[1]), spots[1], pair[0]),
  );
}

interface Spot {
  line: number;
  start: number;
}

/** What a description may have a measure in, and another one of the same length or less: a table has no room. */
const others: ["unit" | "zone", RegExp, string][] = [
  ["unit", /\bmilliseconds?\b/, "seconds"],
  ["unit", /(?<!milli)\bseconds\b/, "minutes"],
  ["unit", /\bminutes\b/, "hours"],
  ["unit", /\bms\b/, "s"],
  ["unit", /\bdays\b/, "h"],
  ["unit", /\b[MK]B\b/, "GB"],
  ["unit", /\bGB\b/, "MB"],
  ["unit", /\bbytes?\b/, "KB"],
  ["zone", /\bUTC\b/, "CST"],
];

/** Only a word that the reader takes for the measure: "GB" may be in the prose of any row. */
function mutateMeasures(
  lines: string[],
  [from, to]: [number, number],
  parameter: Parameter,
  label: string,
  add: Add,
): void {
  for (const [fact, word, other] of others) {
    if (parameter[fact] === null) continue;
    const read = fact === "unit" ? unitOf : zoneOf;
    if (read(parameter.description.replace(new RegExp(word, "g"), other)) === parameter[fact]) continue;
    let copy: string[] | null = [...lines];
    let first = -1;
    for (let line = from; line < to && copy; line += 1)
      for (const match of [...(lines[line] as string).matchAll(new RegExp(word, "g"))].reverse()) {
        const end: number = match.index + match[0].length;
        copy = copy && replaced(copy, { line, start: match.index, end, room: other.length - match[0].length }, other);
        first = line;
      }
    if (first !== -1) add(fact, `${label} ${parameter[fact]}`, first, copy);
  }
}

function otherNumber(value: string, taken: string[]): string {
  for (let digit = 9; digit > 0; digit -= 1) {
    const other = value.slice(0, -1) + digit;
    if (!taken.includes(other)) return other;
  }
  return `${value}7`;
}

function mutateStatuses(page: Page, lines: string[], add: Add): void {
  const taken = page.responses.map(({ status }) => status);
  for (const { status, line } of page.responses) {
    const at = line - 1;
    const match = new RegExp(`\\b${status}\\b`).exec(lines[at] ?? "");
    const other =
      [203, 206, 410, 418, 502].find(
        (one) => !taken.includes(one) && Math.floor(one / 100) === Math.floor(status / 100),
      ) ?? 299;
    if (match)
      add(
        "status",
        String(status),
        at,
        replaced(lines, { line: at, start: match.index, end: match.index + 3, room: 0 }, String(other)),
      );
  }
}

function mutateOperation(page: Page, lines: string[], add: Add): void {
  const { path, action, line } = page.operation;
  if (action !== null) {
    lines.forEach((text, at) => {
      if (!/^\|\s*Action\s*\|/.test(text)) return;
      const start = text.lastIndexOf(action);
      const span = { line: at, start, end: start + action.length, room: Number.POSITIVE_INFINITY };
      add("path", action, at, replaced(lines, span, renamed(action)));
      add("path", `${action} with another word`, at, replaced(lines, span, `${action}s`));
    });
    return;
  }
  if (path === null || line === null) return;
  const at = lines.findIndex((text, i) => i >= line - 1 && text.includes(path.replace(/\/$/, "")));
  const text = lines[at];
  if (text === undefined) return;
  const begin = text.indexOf(path);
  const { method } = page.operation;
  const before = method === null ? -1 : text.slice(0, begin).lastIndexOf(method);
  if (method !== null && before !== -1) {
    const span = { line: at, start: before, end: before + method.length, room: Number.POSITIVE_INFINITY };
    add("path", method, at, replaced(lines, span, method === "GET" ? "POST" : method === "POST" ? "PUT" : "GET"));
  }
  for (const match of path.matchAll(/(?<=\/)[a-z][\w.-]*(?=\/|$)/g)) {
    const start = begin + match.index;
    const span = { line: at, start, end: start + match[0].length, room: Number.POSITIVE_INFINITY };
    add("path", match[0], at, replaced(lines, span, renamed(match[0])));
  }
}

function mutateExamples(page: Page, lines: string[], add: Add): void {
  for (const { raw, line, kind } of page.examples) {
    if (kind === "unknown") continue;
    const height = raw.split("\n").length;
    for (let at = line - 1; at < line + height + 2; at += 1) {
      const text = lines[at] ?? "";
      const member = /^(.*?"[\w.-]+"\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d[\d.]*|true|false|null)/.exec(text);
      const query = /[?&][\w.]+=([\w.-]+)/.exec(text);
      const value = member?.[2] ?? query?.[1];
      if (value === undefined) continue;
      const start = member ? (member[1] as string).length : text.indexOf(`=${value}`) + 1;
      const span = { line: at, start, end: start + value.length, room: Number.POSITIVE_INFINITY };
      add("example value", `${value} in a ${kind}`, at, replaced(lines, span, otherValue(value)));
    }
  }
}

function otherValue(value: string): string {
  if (value === "true") return "false";
  if (value === "false") return "true";
  if (value === "null") return "0";
  if (/^-?\d+$/.test(value)) return value.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  if (value === '""') return '"x"';
  if (value.startsWith('"')) return `"${renamed(value.slice(1, -1))}"`;
  return renamed(value);
}

const textOf = (lines: string[], span: Span): string => (lines[span.line] as string).slice(span.start, span.end);

/** The same length, one letter changed. */
function renamed(text: string, letter = "x"): string {
  const at = Math.max(0, text.search(/\w\W*$/));
  const old = text[at] ?? "";
  const other = /\d/.test(old) ? String((Number(old) + 1) % 10) : old === letter ? "k" : letter;
  return text.slice(0, at) + other + text.slice(at + 1);
}
