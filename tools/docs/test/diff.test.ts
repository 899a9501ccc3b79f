import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
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
    [
      "the same limit over another time, and a lower one",
      {
        given: [html, "At most 5 requests per minute", "At most 299 requests per hour"],
        want: ["rate limit", "operation", "breaking"],
      },
    ],
    [
      "a higher rate over another time",
      {
        given: [html, "At most 5 requests per minute", "At most 301 requests per hour"],
        want: ["rate limit", "operation", "additive"],
      },
    ],
    [
      "a restriction",
      {
        given: [action, "## 2.", "Only Redis 5.0 can be rewound.\n\n## 2."],
        want: ["restriction", "constraint other", "breaking"],
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
    [
      "the same rate over another time",
      { given: [html, html.replace("At most 5 requests per minute", "At most 300 requests per hour")] },
    ],
    ["a meaning in other words", { given: [html, html.replace("</b>: they go.", "</b>: they are thrown away.")] }],
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

describe("a limit that the page did not have", () => {
  const jar = "<td>String</td><td>The jar.";
  const rewind = "<td>String</td><td>The rewind.";
  const optional = html.replace("<th>Mandatory</th>", "<th>Since</th>");
  test.each<[string, string, [string, string, string]]>([
    ["a range", " The value ranges from 1 to 5.", ["range", "1..5", "breaking"]],
    ["a list", " The value can be tall or wide.", ["values", "tall, wide", "breaking"]],
  ])("%s is breaking in a request, and binds nobody in an answer", (_, words, [fact, now, kind]) => {
    for (const [cell, place, worth] of [
      [jar, "body jars[].jar_id", kind],
      [rewind, "response 202 rewind_id", "wording-only"],
    ] as const) {
      const { changes } = compare(html, html.replace(cell, `${cell}${words}`));
      expect(changes.map((change) => [change.fact, change.place, change.after, change.class])).toEqual([
        [fact, place, now, worth],
      ]);
      expect(compare(html.replace(cell, `${cell}${words}`), html).changes.map((change) => change.class)).toEqual([
        "wording-only",
      ]);
    }
  });
  test("a length of nothing and more is none", () => {
    const up = html.replace(jar, `${jar} Up to 64 characters.`);
    const of = (words: string) => compare(up, html.replace(jar, `${jar} ${words}`)).changes.map((one) => one.class);
    expect(of("0 to 64 characters.")).toEqual(["additive"]);
    expect(of("1 to 64 characters.")).toEqual(["breaking"]);
  });
  test("that a boolean is true or false is none", () => {
    const listed = html.replace("Only check.", "Only check. The value can be true or false.");
    expect(compare(html, listed).changes).toEqual([]);
    expect(compare(listed, html).changes).toEqual([]);
  });
  test("a flag is", () => {
    const { changes } = compare(optional, html);
    expect(changes.filter(({ after, class: kind }) => (after === "true") !== (kind === "breaking"))).toEqual([]);
    expect(changes.filter(({ fact, after }) => fact === "required" && after === "true")).toHaveLength(1);
  });
});

test("an error code that is called otherwise is breaking; one less is not", () => {
  const codes = "## 6. Error Codes\n| Error Code | Description |\n|---|---|\n";
  const page = (...rows: string[]) => `${action.slice(0, action.indexOf("## 6."))}${codes}${rows.join("\n")}\n`;
  const [full, empty] = ["| Shelf.Full | It is full. |", "| Shelf.Empty | It is empty. |"];
  const of = (...rows: string[]) =>
    compare(page(full, empty), page(...rows)).changes.map((one) => [one.before, one.after, one.class]);
  expect(of(full.replace("Full", "Over"), empty)).toEqual([["Shelf.Full", "Shelf.Over", "breaking"]]);
  expect(of(full)).toEqual([["Shelf.Empty", null, "wording-only"]]);
  expect(of(full, "| Shelf.Gone | It is gone. |")).toEqual([
    ["Shelf.Empty", null, "wording-only"],
    [null, "Shelf.Gone", "additive"],
  ]);
});

test("a value of an answer that is called otherwise is breaking; one more, or one less, is not", () => {
  const answer = (values: string) => html.replace("The rewind.<", `The rewind. The value can be ${values}.<`);
  const of = (values: string) => compare(answer("begun, done or lost"), answer(values)).changes.map((one) => one.class);
  expect(of("begun, over or lost")).toEqual(["breaking"]);
  expect(of("begun, done, lost or late")).toEqual(["additive"]);
  expect(of("begun or done")).toEqual(["additive"]);
});

describe("another unit is breaking wherever the description has it", () => {
  test.each<[string, string, string, string]>([
    ["unit", "How long. The value ranges from 1 to 20 seconds.", "seconds", "minutes"],
    ["unit", "Seconds to wait.", "Seconds", "Minutes"],
    ["unit in words", "How many. They are kept for 6 hours.", "hours", "minutes"],
    ["unit in words", "How many. Each has 5 GB.", "GB", "MB"],
  ])("%s: %s", (fact, words, from, to) => {
    const page = html.replace("How many. The value ranges from 1 to 20.", words);
    const { changes } = compare(page, page.replace(words, words.replace(from, to)));
    expect(changes.map((change) => [change.fact, change.place, change.class])).toEqual([
      [fact, "body jars[].portions", "breaking"],
    ]);
    expect(compare(page, page.replace(words, `It. ${words}`.replace(/^It\. (?=Sec)/, ""))).changes).toEqual([]);
  });
});

test("values keep their meaning where a list has lost its marks", () => {
  const items =
    "<ul><li><b>keep</b>: they stay. jars is optional.</li><li><b>drop</b>: they go. jars is mandatory.</li></ul>";
  const flat = "<p>keep: they stay. jars is optional.</p><p>drop: they go. jars is mandatory.</p>";
  expect(html).toContain(items);
  expect(compare(html, html.replace(items, flat)).changes).toEqual([]);
  const bounds = html.replace(items, "<p>Minimum: 1</p><p>Maximum: 9</p>");
  expect(compare(html, bounds).changes.find(({ fact }) => fact === "values")?.after).toBeNull();
});

test("meanings that have changed places are told, and doubted", () => {
  const errors = (one: string, two: string) =>
    action.replace(
      /$/,
      `\n## 6. Error Codes\n| Error Code | Description |\n|---|---|\n| A.One | ${one} |\n| B.Two | ${two} |\n`,
    );
  const values = (one: string, two: string) =>
    html.replace(/<li><b>keep<\/b>: [^<.]*\./, `<li><b>keep</b>: ${one}.`).replace("</b>: they go.", `</b>: ${two}.`);
  for (const make of [errors, values]) {
    const { changes, doubts, bump } = compare(make("It is full", "It is empty"), make("It is empty", "It is full"));
    expect(changes.map(({ fact, class: kind }) => [fact, kind])).toEqual([
      ["meaning", "breaking"],
      ["meaning", "breaking"],
    ]);
    expect(doubts.filter((doubt) => /has the meaning of another one/.test(doubt))).toHaveLength(2);
    expect(bump).toBe("major");
    expect(compare(make("It is full", "It is empty"), make("It is filled", "It is bare")).changes).toEqual([]);
  }
});

test("a column whose header nobody knows is breaking, and in doubt", () => {
  const { changes, doubts, bump } = compare(html, html.replaceAll(">Type<", ">Kynd<"));
  expect(changes.filter(({ fact }) => fact === "type").length).toBeGreaterThan(5);
  expect(changes.filter((change) => change.class !== "breaking")).toEqual([]);
  expect(doubts).toContain("table 2 of the after page: columns whose header is not known: Kynd");
  expect(bump).toBe("major");
});

test("the bump follows the worst change", () => {
  expect(compare(html, html.replace("/rewinds?", "/rewind?")).bump).toBe("major");
  expect(compare(html, html.replace("<li><b>keep", "<li><b>hide</b>: out of sight.</li><li><b>keep")).bump).toBe(
    "minor",
  );
});

describe("what is found once the whole page is another", () => {
  const of = (after: string) => {
    const { changes, bump, doubts } = compare(html, after);
    return { changes: changes.map(({ fact, place, class: kind }) => `${kind} ${fact} of ${place}`), bump, doubts };
  };

  test("a lost operation is breaking, and in doubt", () => {
    const cut = html.slice(0, html.indexOf('<div class="section"><h4 class="sectiontitle">URI'));
    expect(of(`${cut}</body></html>`)).toEqual({
      changes: ["breaking operation of page"],
      bump: "major",
      doubts: ["the after page describes no operation: is it whole?"],
    });
  });

  test("a lost URI is breaking, and in doubt", () => {
    const { changes, bump, doubts } = of(html.replace(/<p>POST \/v1[^<]*<\/p>/, "<p>See above.</p>"));
    expect(changes).toContain("breaking path of operation");
    expect(bump).toBe("major");
    expect(doubts).toEqual(["the URI of the after page was not understood"]);
  });

  test("another purpose is breaking", () => {
    const before = html.replace("Puts a shelf back to", "Restores");
    const { changes, bump } = compare(before, before.replace("Restores", "Deletes"));
    expect(changes).toEqual([
      expect.objectContaining({ fact: "purpose", before: "restore", after: "delete", class: "breaking" }),
    ]);
    expect(bump).toBe("major");
  });

  test("a required header is breaking, one that every client sends already is not", () => {
    const header = "<tr><td>X-Auth-Token<td>Yes<td>String<td>Your token.";
    const without = html.replace(header, "<tr><td>X-Language<td>No<td>String<td>The language.");
    const row = (name: string) =>
      compare(
        without,
        without.replace(
          "</table>\n<table><caption><b>Table 3",
          `<tr><td>${name}<td>Yes<td>String<td>It.</table>\n<table><caption><b>Table 3`,
        ),
      );
    const of = (name: string) => row(name).changes.map(({ fact, place, class: kind }) => `${kind} ${fact} of ${place}`);
    expect(of("X-Shelf")).toEqual(["breaking parameter of header X-Shelf"]);
    expect(of("X-Auth-Token")).toEqual(["additive parameter of header X-Auth-Token"]);
  });
});

describe("a changed fact that binds nobody is wording-only", () => {
  test.each<[string, string | RegExp, string, string[]]>([
    [
      "a value of a sample",
      '"snapshot_id": "s-1"',
      '"snapshot_id": "s-2"',
      ["example value of request example snapshot_id"],
    ],
    ["a list that is printed no more", /Enumeration values:<\/p><ul>.*?<\/ul>/, "</p>", ["values of body mode"]],
  ])("%s", (_, from, to, want) => {
    const after = html.replace(from, to);
    expect(after).not.toBe(html);
    const { changes, bump } = compare(html, after);
    expect(
      changes.filter((change) => change.class === "wording-only").map(({ fact, place }) => `${fact} of ${place}`),
    ).toEqual(expect.arrayContaining(want));
    expect(changes.filter((change) => change.class !== "wording-only")).toEqual([]);
    expect(bump).toBe("patch");
  });

  test("a sample that has moved, or is printed in another way, is no change", () => {
    const spaced = html.replace('"snapshot_id": "s-1"', '"snapshot_id"   :   "s-1"');
    expect(compare(html, spaced)).toMatchObject({ changes: [], bump: "none" });
  });
});

test("of a page that cannot be read nothing is said to have changed", () => {
  expect(compare("", html)).toEqual({
    changes: [],
    bump: "none",
    doubts: ["the before page could not be read: the page is empty"],
  });
});

describe("docs:diff", { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "docs-diff-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [fileURLToPath(new URL("../dist/diff.js", import.meta.url)), ...args], {
      encoding: "utf8",
    });
  const pipe = join(folder, "pipe.html");
  spawnSync("mkfifo", [pipe]);
  const good = file("good.html", html);

  test("prints what has changed, in JSON too", () => {
    const other = file("other.html", html.replace("/rewinds?", "/rewind?"));
    expect(run(good, other)).toMatchObject({ status: 0, stderr: "" });
    const { changes, bump } = JSON.parse(run(good, other, "--json").stdout);
    expect({ changes: changes.length, bump }).toEqual({ changes: 1, bump: "major" });
  });

  test.each<[string, () => string, RegExp]>([
    ["empty", () => file("empty.html", ""), /empty\.html: the page is empty/],
    ["not there", () => join(folder, "none.html"), /none\.html: there is no such file/],
    [
      "cut off before its operation",
      () =>
        file(
          "cut.html",
          `${html.slice(0, html.indexOf('<div class="section"><h4 class="sectiontitle">URI'))}</body></html>`,
        ),
      /cut\.html: it describes no operation, and the other page does: is it whole\?/,
    ],
    ["a pipe", () => pipe, /pipe\.html: it is no ordinary file/],
    ["a folder", () => folder, /docs-diff-\w+: it is a folder/],
  ])("a side that is %s ends with 2 and suggests nothing", (_, bad, why) => {
    for (const args of [
      [good, bad()],
      [bad(), good],
      [good, bad(), "--json"],
    ]) {
      const { status, stdout, stderr } = run(...args);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toMatch(why);
      expect(stderr).not.toMatch(/ENOENT|EISDIR/);
    }
  });
});
