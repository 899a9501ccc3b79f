import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Page, Parameter } from "../src/model.js";
import { readPage } from "../src/page.js";

const load = (name: string): Page => readPage(name, readFileSync(new URL(`./pages/${name}`, import.meta.url)));

const brief = (parameter: Parameter): string =>
  [
    parameter.in,
    parameter.status,
    parameter.path,
    parameter.type,
    parameter.items,
    parameter.required,
    parameter.default,
    parameter.range,
    parameter.values?.join("/"),
  ]
    .map((fact) => String(fact ?? "-"))
    .join(" ");

// The same operation, written in three dialects.
const rewind = [
  "path - project_id string - true - - -",
  "path - shelf_id string - true - - -",
  "query - dry_run boolean - false false - -",
  "header - X-Auth-Token string - true - - -",
  "body - snapshot_id string - true - - -",
  "body - mode string - false - - keep/drop",
  "body - jars array object false - - -",
  "body - jars[].jar_id string - true - - -",
  "body - jars[].portions integer - false - 1..20 -",
  "body - notice object - false - - -",
  "body - notice.address string - true - - -",
  "response 202 rewind_id string - - - - -",
  "response 400 error_code string - - - - -",
  "response 400 error_msg string - - - - -",
];

describe.each([
  ["rst", "rewind.rst", { rows: 21, interpreted: 20, skipped: 1 }],
  ["help-centre", "rewind.help-centre.txt", { rows: 17, interpreted: 16, skipped: 1 }],
  ["html", "rewind.html.txt", { rows: 17, interpreted: 16, skipped: 1 }],
] as const)("an operation page in %s", (dialect, file, counts) => {
  const page = load(file);
  const lines = readFileSync(new URL(`./pages/${file}`, import.meta.url), "utf8").split("\n");

  test("is recognised by its content", () =>
    expect(readPage("no-name", readFileSync(new URL(`./pages/${file}`, import.meta.url))).dialect).toBe(dialect));
  test("has title, method and path, the query string apart", () => {
    expect(page.title).toBe("Rewinding a Shelf");
    expect(page.operation).toMatchObject({
      method: "POST",
      path: "/v1/{project_id}/shelves/{shelf_id}/rewinds",
      query: ["dry_run"],
      host: null,
    });
  });
  test("has the same parameters", () => expect(page.parameters.map(brief)).toEqual(rewind));
  test("accounts for every row", () => expect(page.counts).toMatchObject({ ...counts, notUnderstood: 0 }));
  test("points at the row a parameter came from", () => {
    for (const parameter of page.parameters) {
      const row = page.tables[parameter.table]?.rows[parameter.row];
      expect(row?.[0]).toBe(parameter.path.split(".").at(-1));
    }
  });
  test("points at the line a parameter came from", () => {
    for (const parameter of page.parameters) expect(lines[parameter.line - 1]).toContain(parameter.name);
  });
  test("reports the broken example and nothing else", () =>
    expect(page.issues.map((issue) => issue.code)).toEqual(["example_invalid_json"]));
  test("has the answers", () => expect(page.responses.map(({ status }) => status)).toEqual([202, 400]));
  test("reads request line and body as one example", () => {
    const example = page.examples.find((one) => one.body === "json");
    expect(example?.raw).toMatch(/^POST [\s\S]*"keep"/);
    expect(example).toMatchObject({ kind: "request", method: "POST", parsed: { snapshot_id: "s-1", mode: "keep" } });
  });
  test("reads rate limit, constraints and conditions", () => {
    expect(page.rateLimit).toMatchObject({ limit: 5, per: "minute" });
    expect(page.constraints.map(({ text }) => text)).toEqual(["Only closed shelves can be rewound."]);
    expect(page.parameters.find(({ name }) => name === "mode")?.conditions).toEqual([
      { when: "keep", name: "jars", required: false },
      { when: "drop", name: "jars", required: true },
    ]);
  });
});

test("cells that span rows and columns carry over, and stay absent from the printed rows", () => {
  const page = load("rewind.rst");
  expect(page.errorCodes.map(({ code, status }) => [code, status])).toEqual([
    ["LARDER.0001", 400],
    ["LARDER.0002", 400],
    ["LARDER.0003", 400],
    ["LARDER.0009", 500],
  ]);
  expect(page.tables.at(-1)?.rows).toEqual([
    ["400", "LARDER.0001", "The shelf is open."],
    ["LARDER.0002", "No such snapshot."],
    ["LARDER.0003", "No such jar."],
    ["These come with any status"],
    ["500", "LARDER.0009", "Mice."],
  ]);
});

describe("an action page in Tencent's Markdown", () => {
  const page = load("rewind.md");

  test("has action, version and host", () => {
    expect(page.operation).toMatchObject({
      action: "RewindShelf",
      version: "2031-05-06",
      host: "larder.tencentcloudapi.com",
      source: "convention",
    });
  });
  test("recognises a swapped pair of cells, reports it and reads it", () => {
    expect(page.parameters.find(({ path }) => path === "SnapshotId")).toMatchObject({
      type: "string",
      typeText: "String",
      required: true,
    });
    expect(page.tables[0]?.rows[3]).toEqual(["SnapshotId", "String", "Yes", "The snapshot, see Snapshots"]);
  });
  test("keeps malformed rows and says what is wrong with them", () => {
    expect(page.tables[0]?.rows[6]).toEqual(["Filter", "No", "Filter", "a", "b means either"]);
    expect(page.issues.map(({ code, line }) => [code, line])).toEqual([
      ["cells_swapped", 16],
      ["row_too_many_cells", 19],
      ["structure_elsewhere", 19],
      ["row_too_few_cells", 20],
      ["type_missing", 20],
      ["cell_contradicts_header", 27],
      ["error_code_not_understood", 53],
    ]);
  });
  test("reads values, default and rate limit from prose", () => {
    expect(page.parameters.find(({ path }) => path === "Mode")).toMatchObject({ values: ["0", "1"], default: "0" });
    expect(page.rateLimit).toMatchObject({ limit: 5, per: "second" });
  });
  test("tells lacking from unread", () => {
    expect(page.outcomes).toMatchObject({ constraints: "lacking", responses: "lacking", errorCodes: "read" });
    expect(page.counts).toMatchObject({ rows: 13, interpreted: 12, notUnderstood: 1 });
  });
});
