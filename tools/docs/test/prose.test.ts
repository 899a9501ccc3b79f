// What the words of a page give away: given one row of a table, the finding it makes.
import { describe, expect, test } from "vitest";
import { checkPage } from "../src/check/check.js";
import { readSpecs } from "../src/check/spec.js";
import { readPage } from "../src/page.js";

const text = { type: "string" };
const bundle = {
  servers: [{ url: "https://pantry.example.com" }],
  paths: {
    "/v1/{project_id}/backups": {
      get: {
        operationId: "listBackups",
        "x-effect": "read",
        parameters: ["limit", "end_time", "begin_time", "search_key", "filters"].map((name) => ({
          name,
          in: "query",
          schema: text,
        })),
        responses: {
          "200": {
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  properties: Object.fromEntries(
                    ["total_num", "status", "group_id", "jarName", "jar_name"].map((name) => [name, text]),
                  ),
                },
              },
            },
          },
        },
      },
    },
  },
};

const pageOf = (query: string, response: string): string => `Listing Backups
===============

URI
---

GET /v1/{project_id}/backups

.. table:: **Table 1** Query parameters

   +--------------+-----------+--------+-${"-".repeat(120)}-+
   | Parameter    | Mandatory | Type   | ${"Description".padEnd(120)} |
   +==============+===========+========+=${"=".repeat(120)}=+
${query}
   +--------------+-----------+--------+-${"-".repeat(120)}-+

Response
--------

.. table:: **Table 2** Response parameters

   +--------------+--------+-${"-".repeat(120)}-+
   | Parameter    | Type   | ${"Description".padEnd(120)} |
   +==============+========+=${"=".repeat(120)}=+
${response}
   +--------------+--------+-${"-".repeat(120)}-+

Status Code
-----------

=========== =====
Status Code Text
=========== =====
200         Good.
=========== =====
`;

const queryRow = (name: string, description: string): string =>
  `   | ${name.padEnd(12)} | No        | String | ${description.padEnd(120)} |`;
const responseRow = (name: string, description: string): string =>
  `   | ${name.padEnd(12)} | String | ${description.padEnd(120)} |`;

const idsOf = (source: string): string[] => {
  const world = { specs: readSpecs("pantry", bundle), registers: [] };
  return checkPage(readPage("p", source), source, world).findings.map(
    ({ place, fact, page }) => `${place} / ${fact} = ${page}`,
  );
};

describe("a row of a request", () => {
  test.each([
    ["limit", "Size of the instance list.", "query limit / subject = instance"],
    ["end_time", "When the query starts.", "query end_time / meaning = the start"],
    [
      "end_time",
      "When the backup ends. Finds what was started between begin_time and end_time.",
      "query end_time / meaning = the end of what is listed",
    ],
    ["begin_time", "In the form yyyyMMddHHmmss.", "query begin_time / zone = -"],
    ["begin_time", "In the form yyyy-mm-ddThh:mm:ssZ, with an offset.", "query begin_time / format letters = mm"],
    ["search_key", "ID of the instance.", "query search_key / meaning = an id"],
    ["limit", "A number in [0.50].", "query limit / interval = [0.50]"],
    [
      "filters",
      "If this is left blank, the first shelf is selected by default.",
      "query filters / absence = the first shelf",
    ],
  ])("%s: %s", (name, description, want) => {
    expect(idsOf(pageOf(queryRow(name, description), responseRow("total_num", "All.")))).toContain(want);
  });

  test.each([
    ["limit", "Number of backups on a page."],
    ["end_time", "When the query ends, in the form yyyyMMddHHmmss (UTC)."],
    ["search_key", "Part of a name."],
  ])("%s: %s is no contradiction", (name, description) => {
    const found = idsOf(pageOf(queryRow(name, description), responseRow("total_num", "All.")));
    expect(found.filter((id) => id.startsWith(`query ${name} / `))).toEqual([]);
  });
});

describe("whether a parameter is required, in the column and in words", () => {
  const rowOf = (flag: string, description: string): string[] =>
    idsOf(
      pageOf(queryRow("limit", description).replace("| No ", `| ${flag}`.padEnd(5)), responseRow("total_num", "All.")),
    );

  test.each([
    ["Yes", "Optional. How many.", "query limit / required in words = no"],
    ["No", "Mandatory. How many.", "query limit / required in words = yes"],
    ["Yes", "Optional. How many. The default value is 10.", "query limit / default of a required one = 10"],
  ])("%s: %s", (flag, description, want) => {
    expect(rowOf(flag, description)).toContain(want);
  });

  test.each([
    ["No", "Optional. How many. The default value is 10."],
    ["Yes", "Mandatory. How many."],
    ["No", "Required if there are many."],
    ["No", "Mandatory when there are many."],
  ])("%s: %s is no contradiction", (flag, description) => {
    expect(rowOf(flag, description).filter((id) => /words|required one/.test(id))).toEqual([]);
  });
});

describe("what the operation is for", () => {
  const withFunction = (text: string): string[] =>
    idsOf(
      pageOf(queryRow("limit", "How many."), responseRow("total_num", "All.")).replace(
        "URI\n---\n",
        `${text}URI\n---\n`,
      ),
    ).filter((id) => id.startsWith("operation / purpose"));

  test.each([
    ["Function\n--------\n\nDeletes the backups of an instance.\n\n", ["operation / purpose = delete"]],
    ["Function\n--------\n\nThis API is used to query backups before they are deleted.\n\n", []],
    ["", ["operation / purpose = -"]],
  ])("%j", (text, want) => expect(withFunction(text)).toEqual(want));
});

describe("a row of an answer", () => {
  test.each([
    ["total_num", "Number of obtained restoration records.", "response total_num / subject = restore"],
    ["total_num", "Number of returned backups.", "response total_num / meaning = returned ones"],
    [
      "status",
      "waiting: the restoration waits; done: the backup is done",
      "response status / subject of waiting = restore",
    ],
    ["group_id", "The name of the group.", "response group_id / meaning = a name"],
  ])("%s: %s", (name, description, want) => {
    expect(idsOf(pageOf(queryRow("limit", "How many."), responseRow(name, description)))).toContain(want);
  });

  test("two spellings of one name", () => {
    const rows = [
      responseRow("jarName", "A."),
      `   +--------------+--------+-${"-".repeat(120)}-+`,
      responseRow("jar_name", "A."),
    ].join("\n");
    expect(idsOf(pageOf(queryRow("limit", "How many."), rows))).toContain(
      "response jar_name / other spelling = jar_name",
    );
  });
});
