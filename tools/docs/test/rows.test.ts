import { describe, expect, test } from "vitest";
import { readPage } from "../src/page.js";

/** A Help Center page with one request table: columns, then cells, a paragraph each. */
const flat = (columns: string[], cells: string[]): string =>
  [
    "Help Center/ Larder/ Page",
    "URI",
    "POST /v1/jars",
    "Request Parameters",
    "Table 1 Request body parameters",
    ...columns,
    ...cells,
    "Response Parameters",
  ].join("\n\n");

const wide = ["Parameter", "Mandatory", "Type", "Description"];

describe("flattened tables are cut into rows", () => {
  const cases: [string, { given: [string[], string[]]; want: string[][] }][] = [
    [
      "one paragraph a cell",
      {
        given: [wide, ["a", "Yes", "String", "First.", "b", "No", "Long", "Second."]],
        want: [
          ["a", "Yes", "String", "First."],
          ["b", "No", "Long", "Second."],
        ],
      },
    ],
    [
      "several paragraphs and a list in the last cell",
      {
        given: [
          wide,
          ["a", "Yes", "String", "First.", "More.", "  • x: one", "  • y: two", "b", "No", "Long", "Second."],
        ],
        want: [
          ["a", "Yes", "String", "First. More. x: one y: two"],
          ["b", "No", "Long", "Second."],
        ],
      },
    ],
    [
      "an empty cell that left no trace",
      {
        given: [wide, ["a", "Yes", "String", "b", "No", "Long", "Second."]],
        want: [
          ["a", "Yes", "String", ""],
          ["b", "No", "Long", "Second."],
        ],
      },
    ],
    [
      "columns in another order",
      {
        given: [
          ["Parameter", "Type", "Mandatory", "Description"],
          ["a", "String", "Yes", "First.", "b", "Long", "No", "Second."],
        ],
        want: [
          ["a", "String", "Yes", "First."],
          ["b", "Long", "No", "Second."],
        ],
      },
    ],
    [
      "a name that is a word of ours",
      {
        given: [wide, ["description", "Yes", "String", "Text.", "type", "No", "String", "Kind."]],
        want: [
          ["description", "Yes", "String", "Text."],
          ["type", "No", "String", "Kind."],
        ],
      },
    ],
    [
      "labels of the older generation",
      {
        given: [
          wide,
          [
            "a",
            "Yes",
            "String",
            "Explanation:",
            "First.",
            "Constraints:",
            "N/A",
            "Default value:",
            "N/A",
            "b",
            "No",
            "Long",
            "Second.",
          ],
        ],
        want: [
          ["a", "Yes", "String", "Explanation: First. Constraints: N/A Default value: N/A"],
          ["b", "No", "Long", "Second."],
        ],
      },
    ],
    [
      "labels of the newer generation, one of which is also a section title",
      {
        given: [
          wide,
          [
            "a",
            "Yes",
            "String",
            "Definition",
            "First.",
            "Constraints",
            "None",
            "Range",
            "1-5",
            "Default Value",
            "1",
            "b",
            "No",
            "Long",
            "Second.",
          ],
        ],
        want: [
          ["a", "Yes", "String", "Definition First. Constraints None Range 1-5 Default Value 1"],
          ["b", "No", "Long", "Second."],
        ],
      },
    ],
    [
      "a column with an unknown title",
      {
        given: [
          ["Parameter", "Type", "Since", "Description"],
          ["a", "String", "v1", "First.", "b", "Long", "v2", "Second."],
        ],
        want: [
          ["a", "String", "v1", "First."],
          ["b", "Long", "v2", "Second."],
        ],
      },
    ],
    [
      "a label whose value looks like the next cell",
      {
        given: [wide, ["a", "Yes", "String", "First.", "Default value:", "No", "b", "No", "Long", "Second."]],
        want: [
          ["a", "Yes", "String", "First. Default value: No"],
          ["b", "No", "Long", "Second."],
        ],
      },
    ],
    [
      "code in a cell",
      {
        given: [wide, ["a", "Yes", "Object", "Such as:", "{", '  "x": 1', "}", "b", "No", "Long", "Second."]],
        want: [
          ["a", "Yes", "Object", 'Such as: { "x": 1 }'],
          ["b", "No", "Long", "Second."],
        ],
      },
    ],
  ];
  test.each(cases)("%s", (_, { given, want }) => {
    const page = readPage("page", flat(...given));
    expect(page.tables[0]?.headers).toEqual([given[0]]);
    expect(page.tables[0]?.rows).toEqual(want);
    expect(page.parameters.map(({ path }) => path)).toEqual(want.map((row) => row[0]));
  });
});

const rst = (...parts: string[]): string => ["Page", "====", "", "URI", "---", "", ...parts].join("\n");
const uri = (...lines: string[]) => readPage("page", rst(...lines)).operation;

describe("the operation comes from the URI section", () => {
  const cases: [string, { given: string[]; want: object }][] = [
    ["plain", { given: ["GET /v1/{a}/b"], want: { method: "GET", path: "/v1/{a}/b" } }],
    [
      "with a host and a query string",
      {
        given: ["PUT https://{endpoint}/v1/{a}?x={x}&y={y}"],
        want: { method: "PUT", path: "/v1/{a}", query: ["x", "y"], host: null },
      },
    ],
    ["with emphasis", { given: ["**DELETE** */v1/{a}*"], want: { method: "DELETE", path: "/v1/{a}" } }],
    ["in code", { given: [".. code-block:: text", "", "   POST /v1/{a}"], want: { method: "POST", path: "/v1/{a}" } }],
    [
      "method and URI apart",
      { given: ["PATH: /v1/{a}", "", "Method: PATCH"], want: { method: "PATCH", path: "/v1/{a}" } },
    ],
    [
      "not from an example",
      {
        given: ["-  Example", "", "   GET https://a.example/v1/0815", "", "-  URI format", "", "   GET /v1/{a}"],
        want: { method: "GET", path: "/v1/{a}", alternatives: [] },
      },
    ],
    [
      "the first of two, the other reported",
      {
        given: ["GET /v1/{a}", "", "GET /v1/{a}/{b}"],
        want: { path: "/v1/{a}", alternatives: [{ method: "GET", path: "/v1/{a}/{b}", line: 9 }] },
      },
    ],
    ["nothing where there is nothing", { given: ["None."], want: { method: null, path: null } }],
  ];
  test.each(cases)("%s", (_, { given, want }) => expect(uri(...given)).toMatchObject(want));
});

test("what the URI names in its query string goes there, wherever it is described", () => {
  const page = readPage(
    "page",
    flat(wide, ["force", "No", "Boolean", "Whether.", "size", "No", "Long", "How big."])
      .replace("POST /v1/jars", "POST /v1/jars?force={force}")
      .replace("Request body parameters", "Parameters"),
  );
  expect(page.parameters.map((parameter) => [parameter.in, parameter.path])).toEqual([
    ["query", "force"],
    ["body", "size"],
  ]);
});

test("an unread URI section is reported, a missing one is not invented", () => {
  expect(readPage("page", rst("None.")).outcomes.operation).toBe("unread");
  expect(readPage("page", "Page\n====\n\n.. note::\n\n   Nothing here.\n").outcomes.operation).toBe("lacking");
});
