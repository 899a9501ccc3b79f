// What a description says of default, bounds and values, in the words that pages use for it.
import { describe, expect, test } from "vitest";
import type { Parameter } from "../src/model.js";
import { readPage } from "../src/page.js";

const read = (type: string, cell: string): { field: Parameter; issues: string[] } => {
  const page = readPage(
    "page",
    [
      "<h1>Open a Jar</h1><h2>URI</h2><p>POST /v1/jars</p><h2>Request Parameters</h2>",
      "<table><tr><th>Parameter</th><th>Type</th><th>Description</th></tr>",
      `<tr><td>size</td><td>${type}</td><td>${cell}</td></tr></table>`,
      "<h2>Response Parameters</h2><p>None</p>",
    ].join("\n"),
  );
  return { field: page.parameters[0] as Parameter, issues: page.issues.map(({ code }) => code) };
};
const list = (...items: string[]): string => `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;

describe("the default and the bounds of a number", () => {
  test.each([
    ["Jars. Default is 20. Maximum is 100.", "20", "..100"],
    ["Jars. It defaults to 10. The maximum is 100.", "10", "..100"],
    ["Jars. The default number is 20; the maximum number allowed is 1,000", "20", "..1000"],
    ["Up to 100 items. Defaults to 50.", "50", "..100"],
    ["Number of jars, cannot exceed 100.", null, "..100"],
    ["20 by default, max 100", "20", "..100"],
    ["Default is 1, minimum is 1, and maximum is 100.", "1", "1..100"],
    ["A number between 1 and 100.", null, "1..100"],
    ["Between 128 MB (default) and 1,536 MB.", "128", "128..1536"],
    ["Shelf: 10, 20 (default) or 30.", "20", null],
    ["If left empty, 20 is used.", "20", null],
    ["If this parameter is not set, the default value 7 is used.", "7", null],
    ["Value range: 30-3,600. Default value: 300", "300", "30..3600"],
    ["Jars. The default value on each page is 25, and a maximum of 1,000 jars are returned.", "25", "..1000"],
    ["The default interval is 300s.", "300", null],
    ["Jars. The default value is 1,000.", "1000", null],
    ["Jars. Value range: [1,2,3,12,24]", null, null],
    ["Jars. Value range: [1,100]", null, "1..100"],
    ["Jars. Value range: (0, 5]", null, "0..5"],
    ["You can create a maximum of 100 jars in a batch.", null, "..100"],
    ["An integer from 2 to 32.", null, "2..32"],
    ["TCP: the value ranges from 10 to 4,000. HTTP: it ranges from 0 to 300.", null, "10..4000, 0..300"],
  ])("%s", (text, preset, range) => {
    expect(read("Integer", text)).toMatchObject({ field: { default: preset, range }, issues: [] });
  });

  test.each([
    ["the sizes of two jars cannot differ, and no more than 3 fit", "limit_not_read"],
    ["jars of up to 5 colours can be opened", "limit_not_read"],
    ["the default step of a shelf is 100", "default_not_read"],
  ])("what is not read is told: %s", (text, code) => {
    const { field, issues } = read("Integer", text);
    expect([field.default, field.range]).toEqual([null, null]);
    expect(issues).toEqual([code]);
  });

  test.each([
    "For example, a maximum of 10 jars is shown.",
    "If you set offset to 11, at most 10 jars are shown.",
    "The difference between two shelves cannot exceed 1.",
    "The total number of jars is no more than 32.",
    "The default minimum increment is 100.",
    "Without both, the default value of lids is 1.",
    "If the total is greater than or equal to 600, it grows.",
  ])("nothing is missed where it is of something else: %s", (text) => {
    const { field, issues } = read("Integer", text);
    expect([field.default, field.range, issues]).toEqual([null, null, []]);
  });

  test("of a text are no bounds of a number", () => {
    expect(read("String", "A name. Maximum is 100.").field.range).toBeNull();
    expect(read("Integer", "A code of which the maximum is 100 characters.").field.range).toBeNull();
  });
});

describe("a list is one of values", () => {
  test("and not of labels, which are read instead", () => {
    const { field } = read(
      "Integer",
      list("Definition: Jars.", "Constraints: None", "Range: 1 to 9", "Default Value: 4"),
    );
    expect(field).toMatchObject({ values: null, range: "1..9", default: "4" });
  });
  test("below the label of the range", () => {
    const { field } = read("String", list("Definition: Kind.", `Range:${list("tall: high", "wide: low")}`));
    expect(field.values).toEqual(["tall", "wide"]);
  });
  test.each(["Kind.", "What it is. Options:", "Which. The value can be:"])("in paragraphs below %s", (lead) => {
    expect(read("String", `<p>${lead}</p><p>tall: high</p><p>wide: low</p>`).field.values).toEqual(["tall", "wide"]);
    expect(read("String", `<p>${lead}</p><p>tall: high</p><p>It is of glass.</p>`).field.values).toBeNull();
    expect(read("String", `<p>${lead}</p><p>Format: x</p><p>Note: y</p>`).field.values).toBeNull();
    expect(read("String", `<p>${lead}</p><p>X: major</p><p>Y: minor</p>`).field.values).toBeNull();
  });
  test("and where it stands twice, what is in one list alone is told", () => {
    const cell = (value: string) =>
      `Kind. ${list(`${value}: high`, "wide: low")}<p>Enumeration values:</p>${list("tall", "wide")}`;
    expect(read("String", cell("tall"))).toMatchObject({ field: { values: ["tall", "wide"] }, issues: [] });
    expect(read("String", cell("long")).issues).toEqual(["lists_differ", "lists_differ"]);
  });
  test("even where one is called as a label, in small letters", () => {
    expect(read("String", list("tall: high", "default: as is")).field.values).toEqual(["tall", "default"]);
  });

  test.each([
    ["a number with commas", "Value range: 30-3,600.", "30..3600"],
    ["a range beside a value", "The value can be -1 or 1-99999.", null],
    [
      "what stands under a value of another field",
      `Set when the value of kind is one of:${list("tall", "wide")}`,
      null,
    ],
    ["what is not supported", `The following are not supported:${list("tall: high", "wide: low")}`, null],
    ["the pieces of a name", `Example: jar.tall.n1.large${list("jar: all", "tall: high", "n1.large: size")}`, null],
    ["a block of addresses", "Range: 10.0.0.0/8-24: its netmask ranges from 8 to 24.", null],
  ])("and not %s", (_, cell, range) => {
    expect(read("String", cell).field).toMatchObject({ values: null, range });
  });

  test("of four numbers, which are no range", () =>
    expect(read("Integer", "Value range: 0, 90, 180, 270").field).toMatchObject({
      values: ["0", "90", "180", "270"],
      range: null,
    }));
});
