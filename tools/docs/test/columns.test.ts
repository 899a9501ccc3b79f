// Columns are found by their headers: where they stand, and what does not show on the page, changes nothing.
import { describe, expect, test } from "vitest";
import type { Page } from "../src/model.js";
import { readPage } from "../src/page.js";

type Draw = (rows: string[][]) => string[];

const html: Draw = (rows) => [
  "<table>",
  ...rows.map((row, i) => `<tr>${row.map((cell) => (i ? `<td>${cell}</td>` : `<th>${cell}</th>`)).join("")}</tr>`),
  "</table>",
];
const markdown: Draw = (rows) => {
  const line = (row: string[]): string => `| ${row.join(" | ")} |`;
  return [line(rows[0] ?? []), line((rows[0] ?? []).map(() => "---")), ...rows.slice(1).map(line)];
};
/** Letters of Hangul and the like are two columns wide. */
const width = (text: string): number => text.replace(/[가-힣ぁ-ヿ一-鿿]/g, "xx").length;
const rst: Draw = (rows) => {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => width(row[c] ?? ""))));
  const rule = widths.map((width) => "=".repeat(width)).join(" ");
  const line = (row: string[]): string =>
    row.map((cell, c) => cell + " ".repeat((widths[c] ?? 0) - width(cell))).join(" ");
  return [rule, line(rows[0] ?? []), rule, ...rows.slice(1).map(line), rule];
};

const dialects: [string, { draw: Draw; title: (text: string, level: number) => string[] }][] = [
  ["RST", { draw: rst, title: (text, level) => [text, (level === 1 ? "=" : "-").repeat(text.length), ""] }],
  ["Markdown", { draw: markdown, title: (text, level) => [`${"#".repeat(level)} ${text}`, ""] }],
  ["HTML", { draw: html, title: (text, level) => [`<h${level}>${text}</h${level}>`] }],
];

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}

const facts = (page: Page): unknown => [
  page.operation.method,
  page.operation.path,
  page.operation.action,
  page.parameters.map(({ in: place, path, type, required, description, default: preset, range }) =>
    [place, path, type, required, description, preset, range].join(" | "),
  ),
];

const request = [
  ["Parameter", "Type", "Mandatory", "Description", "Default Value"],
  ["jar_id", "String", "Yes", "The jar.", "none"],
  ["size", "Integer", "No", "The value ranges from 1 to 9.", "4"],
];
const response = [
  ["Name", "Type", "Description"],
  ["task_id", "String", "The task."],
];
const action = [
  ["Parameter name", "Required", "Type", "Description"],
  ["Action", "Yes", "String", "Common parameter, the name of this API: OpenJar"],
  ["JarId", "Yes", "String", "The jar."],
];

describe.each(dialects)("in %s, the order of the columns", (_, { draw, title }) => {
  const page = (path: string[], rows: string[][], order: number[]): Page =>
    readPage(
      "page",
      [
        ...title("Open a Jar", 1),
        ...path,
        ...title("Request Parameters", 2),
        ...draw(rows.map((row) => order.map((c) => row[c] as string))),
        "",
        ...title("Response Parameters", 2),
        ...draw(response.map((row) => (order[0] === 0 ? row : [...row].reverse()))),
        "",
      ].join("\n"),
    );
  const [first, ...others] = permutations([0, 1, 2, 3, 4]) as [number[], ...number[][]];

  test("changes no parameter", () => {
    const uri = [...title("URI", 2), draw === html ? "<p>POST /v1/jars</p>" : "POST /v1/jars", ""];
    const wanted = page(uri, request, first);
    expect(facts(wanted)).toEqual([
      "POST",
      "/v1/jars",
      null,
      [
        "body | jar_id | string | true | The jar. |  | ",
        "body | size | integer | false | The value ranges from 1 to 9. | 4 | 1..9",
        "response | task_id | string |  | The task. |  | ",
      ],
    ]);
    for (const order of others) expect(facts(page(uri, request, order)), order.join()).toEqual(facts(wanted));
  });

  test("changes no action", () => {
    for (const order of permutations([0, 1, 2, 3])) {
      const read = page([], action, order);
      expect(read.operation.action, order.join()).toBe("OpenJar");
      expect(read.parameters.map(({ path }) => path)).toEqual(["Action", "JarId", "task_id"]);
    }
  });

  test("is told of two that mean the same at the table's own line, even where it has no row", () => {
    const uri = [...title("URI", 2), draw === html ? "<p>POST /v1/jars</p>" : "POST /v1/jars", ""];
    const header = ["Parameter", "Type", "Description", "Name"];
    for (const rows of [[header], [header, ["jar_id", "String", "The jar.", "x"]]]) {
      const table = [...title("Open", 1), ...uri, ...title("Request Parameters", 2), ...draw(rows), ""].join("\n");
      const found = readPage("page", table).issues.filter(({ code }) => code === "unexpected_columns");
      expect(found.map(({ line }) => line > 4 && line <= table.split("\n").length)).toEqual([true]);
    }
  });

  test("makes no parameters of keys and their values", () => {
    const rows = [["Parameter ID", "Parameter Name", "Type"], ...[1, 2].map((n) => [`${n}`, `limit-${n}`, "String"])];
    for (const order of permutations([0, 1, 2]))
      expect(page([], rows, order).tables[0]?.kind, order.join()).toBe("other");
  });

  test("under headers in another language leaves the table as not understood", () => {
    const rows = [["이름", "유형", "설명"], ...[1, 2].map((n) => [`Jar${n}`, "String", "항아리"])];
    for (const order of permutations([0, 1, 2])) {
      const read = page([], rows, order);
      expect(read.tables[0]?.counts, order.join()).toEqual({ rows: 2, interpreted: 0, skipped: 0, notUnderstood: 2 });
      expect(read.issues.map(({ code }) => code)).toContain("columns_not_known");
    }
  });

  test.each([
    ["오류 코드", "설명"],
    ["エラーコード", "説明"],
    ["Was fehlt", "Warum"],
  ])("nor are error codes under %s passed over in silence", (...header) => {
    const codes = [header, ["DCS.4001", "It is full."], ["InvalidParameter.Shelf", "It is empty."]];
    const uri = [...title("URI", 2), draw === html ? "<p>POST /v1/jars</p>" : "POST /v1/jars", ""];
    const read = page(uri, request, first);
    const text = [...title("Open a Jar", 1), ...uri, ...title("Codes", 2), ...draw(codes), ""].join("\n");
    const foreign = readPage("page", text);
    expect(read.issues).toEqual([]);
    expect(foreign.tables[0]?.counts).toEqual({ rows: 2, interpreted: 0, skipped: 0, notUnderstood: 2 });
    expect(foreign.issues.map(({ code, line }) => [code, line])).toEqual([
      ["columns_not_known", foreign.tables[0]?.line],
    ]);
    expect(foreign.outcomes.errorCodes).toBe("unread");
  });

  test("a table in another script is told, one of other things is not", () => {
    const uri = [...title("URI", 2), draw === html ? "<p>POST /v1/jars</p>" : "POST /v1/jars", ""];
    const issues = (rows: string[][]) =>
      readPage("page", [...title("Open", 1), ...uri, ...title("More", 2), ...draw(rows), ""].join("\n")).issues;
    expect(
      issues([
        ["状態", "説明"],
        ["ok", "x"],
        ["lost", "y"],
      ]).map(({ code }) => code),
    ).toContain("columns_not_known");
    expect(
      issues([
        ["Colour", "Shelf"],
        ["SYS.ECS", "x"],
        ["AGT.ECS", "y"],
      ]),
    ).toEqual([]);
  });

  test.each(["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])("nor does a character without room (%j)", (mark) => {
    const uri = [...title("URI", 2), draw === html ? "<p>POST /v1/jars</p>" : "POST /v1/jars", ""];
    const marked = request.map((row) => row.map((cell) => `${cell.slice(0, 3)}${mark}${cell.slice(3)}`));
    expect(facts(page(uri, marked, first))).toEqual(facts(page(uri, request, first)));
  });
});
