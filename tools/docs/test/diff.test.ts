import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { comparePages } from "../src/changes.js";
import { readPage } from "../src/page.js";

const source = (name: string): string => readFileSync(new URL(`./pages/${name}`, import.meta.url), "utf8");
const compare = (before: string, after: string) => comparePages(readPage("before", before), readPage("after", after));

const rst = source("rewind.rst");
const html = source("rewind.html.txt");
const action = source("rewind.md");
const regular = action
  .split("\n")
  .filter((line) => !/^\| (?:Filter|Short) /.test(line))
  .join("\n");

describe("one fact changed", () => {
  const cases: [string, { given: [string, string, string]; want: [string, string, string] }][] = [
    ["path", { given: [html, "/rewinds?", "/rewind?"], want: ["path", "operation", "breaking"] }],
    ["method", { given: [html, "<p>POST /v1", "<p>PUT /v1"], want: ["method", "operation", "breaking"] }],
    [
      "field renamed",
      { given: [html, "<td>snapshot_id</td>", "<td>snapshotId</td>"], want: ["name", "body snapshotId", "breaking"] },
    ],
    [
      "type",
      {
        given: [html, "<td>portions</td><td>No</td><td>Integer", "<td>portions</td><td>No</td><td>String"],
        want: ["type", "body jars[].portions", "breaking"],
      },
    ],
    [
      "required now",
      { given: [html, "<td>mode</td><td>No", "<td>mode</td><td>Yes"], want: ["required", "body mode", "breaking"] },
    ],
    [
      "optional now",
      {
        given: [html, "<td>snapshot_id</td><td>Yes", "<td>snapshot_id</td><td>No"],
        want: ["required", "body snapshot_id", "additive"],
      },
    ],
    [
      "value gone",
      {
        given: [html, "<li><b>drop</b>: they go. jars is mandatory.</li>", ""],
        want: ["values", "body mode", "breaking"],
      },
    ],
    [
      "value added",
      {
        given: [html, "<li><b>keep", "<li><b>hide</b>: out of sight.</li><li><b>keep"],
        want: ["values", "body mode", "additive"],
      },
    ],
    ["range", { given: [html, "1 to 20", "1 to 10"], want: ["range", "body jars[].portions", "breaking"] }],
    [
      "default",
      {
        given: [html, "<strong>false</strong>", "<strong>true</strong>"],
        want: ["default", "query dry_run", "breaking"],
      },
    ],
    [
      "field gone from the response",
      {
        given: [html, "<tr><td>error_msg</td><td>String</td><td>Text.</td></tr>", ""],
        want: ["parameter", "response 400 error_msg", "breaking"],
      },
    ],
    [
      "status",
      {
        given: [html, "<tr><td>202</td><td>The", "<tr><td>404</td><td>None.</td></tr><tr><td>202</td><td>The"],
        want: ["status", "responses", "additive"],
      },
    ],
    ["rate limit", { given: [html, "At most 5", "At most 2"], want: ["rate limit", "operation", "breaking"] }],
    [
      "condition",
      {
        given: [html, "jars is optional", "jars is mandatory"],
        want: ["condition", "body mode: jars with keep", "breaking"],
      },
    ],
    [
      "error code",
      { given: [action, "| two words |", "| InvalidParameter.Snapshot |"], want: ["error code", "errors", "additive"] },
    ],
    ["host", { given: [action, "request: larder.", "request: larder.intl."], want: ["host", "operation", "breaking"] }],
  ];
  test.each(cases)("%s", (_, { given: [page, from, to], want }) => {
    const after = page.replace(from, to);
    expect(after).not.toBe(page);
    const { changes } = compare(page, after);
    expect(changes.map((change) => [change.fact, change.place, change.class])).toEqual([want]);
  });
});

describe("no fact changed", () => {
  const cases: [string, { given: [string, string] }][] = [
    ["the page itself", { given: [rst, rst] }],
    [
      "wording",
      {
        given: [
          html,
          html
            .replace("The snapshot to go back to.", "Which snapshot shall be restored.")
            .replace("The rewind was begun.", "Accepted."),
        ],
      },
    ],
    ["anchors renamed", { given: [rst, rst.replaceAll("larder_01", "larder_77")] }],
    [
      "title and tables renumbered",
      { given: [html, html.replaceAll("Table ", "Table 1").replaceAll("Rewinding a Shelf", "Shelf rewind")] },
    ],
    [
      "a simple table drawn as a grid",
      {
        given: [
          rst,
          rst.replace(
            / {3}========= ====== ==========\n {3}Parameter Type {3}Description\n {3}========= ====== ==========\n {3}rewind_id String The rewind.\n {3}========= ====== ==========/,
            "   +-----------+--------+-------------+\n   | Parameter | Type   | Description |\n   +===========+========+=============+\n   | rewind_id | String | The rewind. |\n   +-----------+--------+-------------+",
          ),
        ],
      },
    ],
    [
      "another dialect, apart from the errors only one lists",
      { given: [rst.slice(0, rst.indexOf("Error Codes\n")), html] },
    ],
    [
      "columns in another order",
      { given: [regular, regular.replace(/^\|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|([^|\n]*)\|$/gm, "|$1|$3|$2|$4|")] },
    ],
  ];
  test.each(cases)("%s", (_, { given: [before, after] }) => {
    expect(compare(before, after)).toMatchObject({ changes: [], bump: "none" });
  });
});

test("the bump follows the worst change", () => {
  expect(compare(html, html.replace("/rewinds?", "/rewind?")).bump).toBe("major");
  expect(compare(html, html.replace("<li><b>keep", "<li><b>hide</b>: out of sight.</li><li><b>keep")).bump).toBe(
    "minor",
  );
});

test("a page that could not be read is a doubt, not a silent nothing", () => {
  expect(compare("", html).doubts[0]).toContain("the before page could not be read");
});
