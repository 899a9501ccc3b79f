// Tables that a page break or an empty line divides are one table, in each dialect, and what belongs to none is told.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { comparePages } from "../src/changes.js";
import { readPage } from "../src/page.js";

const own = (name: string): string => readFileSync(new URL(`./pages/${name}`, import.meta.url), "utf8");
const split = (text: string, before: string, breaks: string): string => {
  expect(text).toContain(before);
  return text.replace(before, `${breaks}${before}`);
};
const changesOf = (before: string, after: string) =>
  comparePages(readPage("before", before), readPage("after", after)).changes;

const html = own("rewind.html.txt");
const rst = own("rewind.rst");
const markdown = own("rewind.md");
const row = "<tr><td>jars</td>";
const line = rst.split("\n").find((text) => text.startsWith("   | jars ")) ?? "";
const border = rst.split("\n")[rst.split("\n").indexOf(line) - 1] ?? "";
const caption = ".. table:: **Table 3** Request body parameters";

describe("a divided table is the same table", () => {
  test.each([
    ["HTML, without a header", html, split(html, row, "</tbody></table>\n<table><tbody>")],
    [
      "HTML, with caption and header again",
      html,
      split(
        html,
        row,
        "</tbody></table><table><caption>Table 3 Request body parameters (continued)</caption><tr><th>Parameter</th><th>Mandatory</th><th>Type</th><th>Description</th></tr><tbody>",
      ),
    ],
    ["RST, with its caption", rst, split(rst, line, `\n${caption} (continued)\n\n${border}\n`)],
    ["Markdown, by an empty line", markdown, split(markdown, "| JarIds.N", "\n")],
  ])("%s", (_, before, after) => {
    expect(changesOf(before, after)).toEqual([]);
    expect(readPage("after", after).counts.notUnderstood).toBe(readPage("before", before).counts.notUnderstood);
  });
});

test("a first row that only looks like a header is a row", () => {
  const named = html.replace("<td>jars</td><td>No</td>", "<td>name</td><td>No</td>");
  const after = split(named, "<tr><td>name</td>", "</tbody></table>\n<table><tbody>");
  expect(changesOf(named, after)).toEqual([]);
});

test("what has a width of its own is another table", () => {
  const after = split(
    html,
    row,
    "</tbody></table>\n<table><tbody><tr><td>a note</td></tr></tbody></table><table><tbody>",
  );
  expect(changesOf(html, after).map(({ place }) => place)).toContain("body jars");
});

describe("in Markdown", () => {
  const issues = (text: string) =>
    readPage("page", text)
      .issues.filter(({ code }) => /^(?:table_split|row_outside_table)$/.test(code))
      .map(({ code, line: at }) => [code, at]);
  const at = markdown.split("\n").findIndex((text) => text.startsWith("| JarIds.N")) + 1;

  test("the empty line is told once, at the row below it", () => {
    expect(issues(markdown)).toEqual([]);
    expect(issues(split(markdown, "| JarIds.N", "\n"))).toEqual([["table_split", at + 1]]);
  });
  test("a row below other text belongs to no table", () => {
    const after = split(markdown, "| JarIds.N", "\nSome words.\n\n");
    expect(issues(after)[0]).toEqual(["row_outside_table", at + 3]);
    expect(changesOf(markdown, after).map(({ place, class: kind }) => `${kind} ${place}`)).toContain(
      "breaking body JarIds.N",
    );
  });
});
