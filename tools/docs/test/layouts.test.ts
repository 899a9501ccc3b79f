// Layouts met on pages of other services, in words of our own.
import { describe, expect, test } from "vitest";
import type { Page } from "../src/model.js";
import { readPage } from "../src/page.js";

const indent = (lines: string[], by: string): string[] => lines.map((line) => (line ? by + line : ""));

/** A simple RST table; the last column takes what is left of the line. */
function simple(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => (row[c] ?? "").length)));
  const rule = widths.map((width) => "=".repeat(width)).join(" ");
  const line = (row: string[]): string => row.map((cell, c) => cell.padEnd(widths[c] ?? 0)).join(" ");
  return [rule, line(rows[0] ?? []), rule, ...rows.slice(1).map(line), rule];
}

const columns = ["Parameter", "Type", "Description"];

/** An RST page whose response is the given lines. */
const answered = (...lines: string[]): Page =>
  readPage(
    "page",
    ["Page", "====", "", "URI", "---", "", "GET /v1/jars", "", "Response", "--------", "", ...lines].join("\n"),
  );

const item = (label: string[], rows: string[][]): string[] => [
  `-  ${label[0]}`,
  "",
  ...label.slice(1).flatMap((line) => [`   ${line}`, ""]),
  ...indent(simple([columns, ...rows]), "   "),
  "",
];

const titled = (title: string, rows: string[][], header = columns): string[] => [
  `.. table:: ${title}`,
  "",
  ...indent(simple([header, ...rows]), "   "),
  "",
];

/** A Help Center page: a paragraph a line, lines of the table indented as given. */
const flat = (lines: string[], head = ["Help Center/ Larder/ Page", "URI", "POST /v1/jars"]): Page =>
  readPage("page", [...head, ...lines].join("\n\n"));

const paths = (page: Page): string[] =>
  page.parameters.map((one) => `${one.in}${one.status ? ` ${one.status}` : ""} ${one.path}`);
const rows = (page: Page, table = 0): string[][] | undefined => page.tables[table]?.rows;

describe("which table is the inside of which parameter", () => {
  const cases: [string, { given: Page; want: string[] }][] = [
    [
      "a reference in the cell of the name",
      {
        given: answered(
          ...item(["In the body"], [[":ref:`lid <l1>`", "Object", "Lid."]]),
          ...item([".. _l1:", "Of which"], [["hue", "String", "Colour."]]),
        ),
        want: ["response lid", "response lid.hue"],
      },
    ],
    [
      "a label that is a name, and one with dots",
      {
        given: answered(
          ...item(
            ["In the body"],
            [
              ["lids", "Array", "Lids."],
              ["links", "Object", "Links."],
            ],
          ),
          ...item(["lids"], [["links", "Object", "Links."]]),
          ...item(["links"], [["self", "String", "This one."]]),
          ...item(["lids.links"], [["next", "String", "Next one."]]),
        ),
        want: [
          "response lids",
          "response lids[].links",
          "response lids[].links.next",
          "response links",
          "response links.self",
        ],
      },
    ],
    [
      "a caption with dots",
      {
        given: answered(
          ...titled("**Table 1** Response body parameters", [["jar", "Object", "Jar."]]),
          ...titled("**Table 2** jar", [["lid", "Object", "Lid."]]),
          ...titled("**Table 3** jar.lid", [["hue", "String", "Colour."]]),
        ),
        want: ["response jar", "response jar.lid", "response jar.lid.hue"],
      },
    ],
    [
      "a caption that names two fields",
      {
        given: answered(
          ...titled("**Table 1** Response body parameters", [
            ["front", "Object", "Front."],
            ["backs", "Array of objects", "Backs."],
          ]),
          ...titled("**Table 2** Data structure of the front/backs field", [["hue", "String", "Colour."]]),
        ),
        want: ["response front", "response front.hue", "response backs", "response backs[].hue"],
      },
    ],
    [
      "a caption that names the type of two fields",
      {
        given: answered(
          ...titled("**Table 1** Response body parameters", [
            ["front", "Pane object", "Front."],
            ["backs", "Array of Pane objects", "Backs."],
          ]),
          ...titled("**Table 2** Data structure of the Pane field", [["hue", "String", "Colour."]]),
        ),
        want: ["response front", "response front.hue", "response backs", "response backs[].hue"],
      },
    ],
    [
      "a body that has the name of a structure",
      {
        given: answered(...titled("**Table 1** Jar structure", [["hue", "String", "Colour."]])),
        want: ["response hue"],
      },
    ],
  ];
  test.each(cases)("%s", (_, { given, want }) => expect(paths(given)).toEqual(want));

  test("what follows a body that could not be read is not placed", () => {
    const page = answered(
      ...titled("**Table 1** Response parameters", [["Any of the jars", "Array of objects", "Jars."]]),
      ...titled("**Table 2** Response parameters", [["hue", "String", "Colour."]]),
    );
    expect(page.parameters).toEqual([]);
    expect(page.counts).toMatchObject({ rows: 2, notUnderstood: 2 });
  });
  test("a number does not lead to the table of another field", () => {
    const page = flat([
      ...["Response Parameters", "Table 1 Response parameters", "Parameter", "Type", "Description"],
      ...["lid", "Object", "See Table 2.", "jar", "Object", "See :ref:`Table 2 <t2>`."],
      ...["Table 2 jar field description", "Parameter", "Type", "Description", "hue", "String", "Colour."],
    ]);
    expect(paths(page)).toEqual(["response lid", "response jar", "response jar.hue"]);
    expect(page.issues.map(({ code }) => code)).toContain("reference_contradicts_caption");
  });
  test("a number does not lead back to the parameters of the URI", () => {
    const page = flat([
      ...["Table 1 Parameter description", "Parameter", "Mandatory", "Description", "jar_id", "Yes", "The jar."],
      ...["Response Parameters", "Table 2 Response parameters", "Parameter", "Type", "Description"],
      ...["lid", "Object", "As in Table 1 of another page."],
    ]);
    expect(paths(page)).toEqual(["query jar_id", "response lid"]);
  });
});

describe("where the operation stands", () => {
  const uri = (line: string): Page["operation"] =>
    readPage("page", ["Page", "====", "", "URI", "---", "", line].join("\n")).operation;
  test("the query as a template", () =>
    expect(uri("GET /v1/jars{?hue, size}")).toMatchObject({ path: "/v1/jars", query: ["hue", "size"] }));
  test("nothing but a host", () => expect(uri("GET https://{Endpoint}")).toMatchObject({ method: "GET", path: "/" }));
  test("a parameter called Action is no action", () => {
    const page = readPage(
      "page",
      [
        ...["Page", "====", "", "URI", "---", "", "PATCH /v1/jars", "", "Request", "-------", ""],
        ...simple([
          ["Parameter", "Type", "Mandatory", "Description"],
          ["Action", "String", "Yes", "What to do: open"],
        ]),
      ].join("\n"),
    );
    expect(page.operation).toMatchObject({ method: "PATCH", path: "/v1/jars", action: null });
  });

  const action = (description: string): Page =>
    readPage(
      "page",
      [
        ...["# Page", "## 1. API Description", "API domain name: larder.example.com.", "## 2. Input Parameters"],
        ...["| Parameter name | Required | Type | Description |", "|---|---|---|---|"],
        ...[`| Action | Yes | String | ${description} |`, "## 3. Return Parameters"],
        ...["| Parameter name | Type | Description |", "|---|---|---|", "| JarId | String | Jar. |"],
      ].join("\n"),
    );
  test("an action with a full stop, answered by what it returns", () => {
    const page = action("Common parameter. The name of this API: OpenJar.");
    expect(page.operation.action).toBe("OpenJar");
    expect(paths(page)).toEqual(["body Action", "response JarId"]);
  });
  test("an action named as an example is none", () =>
    expect(action("The operation. For example, that to open one is: OpenJar").operation.action).toBeNull());
});

describe("flattened tables", () => {
  const header = ["Parameter", "Mandatory", "Type", "Description"];
  const cases: [string, { given: string[]; want: string[][] }][] = [
    [
      "whose first cell is a word of headers",
      {
        given: [...header, "Action", "Yes", "String", "What to do."],
        want: [["Action", "Yes", "String", "What to do."]],
      },
    ],
    [
      "whose first name is unknown and no word of headers",
      { given: [...header, "X-Token", "No", "String", "Token."], want: [["X-Token", "No", "String", "Token."]] },
    ],
    [
      "with a column called by a type",
      {
        given: ["Parameter", "Mandatory", "String", "Description", "a", "Yes", "Long", "First."],
        want: [["a", "Yes", "Long", "First."]],
      },
    ],
    [
      "with a description that reads like a title",
      {
        given: [...header, "error_code", "No", "String", "Error code", "b", "No", "Long", "Second."],
        want: [
          ["error_code", "No", "String", "Error code"],
          ["b", "No", "Long", "Second."],
        ],
      },
    ],
    [
      "with a condition in the column of flags",
      {
        given: [...header, "a", "Yes", "String", "First.", "b", "If a is set, b is mandatory.", "Long", "Second."],
        want: [
          ["a", "Yes", "String", "First."],
          ["b", "If a is set, b is mandatory.", "Long", "Second."],
        ],
      },
    ],
    [
      "with a request in a cell",
      {
        given: [...header, "a", "Yes", "String", "As from:", "GET https://a.example/v1", "b", "No", "Long", "Second."],
        want: [
          ["a", "Yes", "String", "As from: GET https://a.example/v1"],
          ["b", "No", "Long", "Second."],
        ],
      },
    ],
    [
      "with a numbered list, whose numbers are marks",
      {
        given: [...header, "a", "Yes", "String", "Rules:", "1. Be short.", "2. Be kind."],
        want: [["a", "Yes", "String", "Rules: Be short. Be kind."]],
      },
    ],
    [
      "with labels far from the first",
      {
        given: [
          ...[...header, "a", "Yes", "String", "Definition", "First.", "Examples"],
          ...Array.from({ length: 20 }, (_, i) => `  • value-${i}`),
          ...["Constraints", "None", "Range", "N/A", "Default Value", "N/A", "b", "No", "Long", "Second."],
        ],
        want: [
          [
            "a",
            "Yes",
            "String",
            `Definition First. Examples ${Array.from({ length: 20 }, (_, i) => `value-${i}`).join(" ")} Constraints None Range N/A Default Value N/A`,
          ],
          ["b", "No", "Long", "Second."],
        ],
      },
    ],
    [
      "before running text",
      {
        given: [
          ...[...header, "a", "Yes", "String", "Definition", "First.", "Range", "N/A"],
          "For what else may come back, see another page.",
        ],
        want: [["a", "Yes", "String", "Definition First. Range N/A"]],
      },
    ],
    [
      "before an example",
      {
        given: [...header, "a", "Yes", "String", "First.", "Example request: N/A"],
        want: [["a", "Yes", "String", "First."]],
      },
    ],
  ];
  test.each(cases)("%s", (_, { given, want }) =>
    expect(rows(flat(["Request Parameters", "Table 1 Request body parameters", ...given]))).toEqual(want),
  );

  test("one after the other, with a line of title between", () => {
    const page = flat([
      ...["Request Parameters", "Table 1 Request body parameters", ...header, "jar", "Yes", "Object", "Jar."],
      ...["Parameters in the jar field", ...header, "hue", "No", "String", "Colour."],
    ]);
    expect(page.tables.map((table) => table.rows.length)).toEqual([1, 1]);
    expect(paths(page)).toEqual(["body jar", "body jar.hue"]);
  });
  test("of errors, where every cell is a sentence", () => {
    const page = flat(
      [
        "Status Code",
        "Error Code",
        "Error Message",
        "Description",
        "Solution",
        "400",
        "LARDER.0001",
        "It is open.",
        "It is open.",
        "Close it.",
        "404",
        "LARDER.0002",
        "None.",
        "There is none.",
        "Make one.",
      ],
      ["Help Center/ Larder/ Error Codes"],
    );
    expect(rows(page)).toEqual([
      ["400", "LARDER.0001", "It is open.", "It is open.", "Close it."],
      ["404", "LARDER.0002", "None.", "There is none.", "Make one."],
    ]);
    expect(page.errorCodes.map(({ code, status }) => [code, status])).toEqual([
      ["LARDER.0001", 400],
      ["LARDER.0002", 404],
    ]);
  });
  test("of statuses with their names, and of releases", () => {
    const statuses = [
      "Status Code",
      "Name",
      "Description",
      "100",
      "Go On",
      "The client should go on.",
      "200",
      "OK",
      "Done.",
    ];
    expect(rows(flat(statuses, ["Help Center/ Larder/ Statuses"]))).toEqual([
      ["100", "Go On", "The client should go on."],
      ["200", "OK", "Done."],
    ]);
    const releases = ["Released On", "Description", "2031-05-06", "First.", "2031-07-08", "Second."];
    expect(rows(flat(releases, ["Help Center/ Larder/ Releases"]))).toEqual([
      ["2031-05-06", "First."],
      ["2031-07-08", "Second."],
    ]);
  });
  test("with an unusual word for its names", () =>
    expect(
      paths(flat(["Response Parameters", "Response Item", "Type", "Description", "X-Jar", "String", "The jar."])),
    ).toEqual(["response X-Jar"]));
});

test("the marks of notes and of links to headings are no text of an HTML page", () => {
  const page = readPage(
    "page",
    `<html><h1>Page<a class="headerlink" href="#p">¶</a></h1><h2>Response</h2><table><caption>Table 1 Response
    parameters<a class="headerlink" href="#t">¶</a></caption><tr><th>Parameter</th><th>Type</th><th>Description</th></tr>
    <tr><td>a</td><td>String</td><td><p>First.</p><div><p class="admonition-title">Note</p><p>Second.</p></div></td></tr></table></html>`,
  );
  expect(page.title).toBe("Page");
  expect(page.tables[0]?.caption).toBe("Table 1 Response parameters");
  expect(rows(page)).toEqual([["a", "String", "First. Second."]]);
});

test("a body that a part of it refers back to is still the body", () => {
  const table = (caption: string, row: string[]): string[] => [
    `.. _t${caption.slice(6, 7)}:`,
    "",
    `.. table:: **${caption}**`,
    "",
    ...indent(simple([columns, row]), "   "),
    "",
  ];
  const page = answered(
    ...table("Table 1 Response parameters", ["lid", "Object", "See Table 2."]),
    ...table("Table 2 Data structure of the lid field", ["jars", "Object", "See :ref:`Table 1 <t1>`."]),
  );
  expect(page.parameters.map(({ path }) => path)).toEqual(["lid", "lid.jars"]);
  expect(page.issues.map(({ code }) => code)).toEqual(["recursive_structure"]);
  expect(page.counts.notUnderstood).toBe(0);
});
