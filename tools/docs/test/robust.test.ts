import { describe, expect, test } from "vitest";
import { largestPage, readPage, tooLarge } from "../src/page.js";

const much = (text: string, length = 300_000): string => text.repeat(Math.ceil(length / text.length));
const head = { rst: "Page\n====\n\n", md: "# Page\n\n", centre: "Help Center/ Page\n\n", html: "<html>" };

describe("pages that are none", () => {
  const cases: [string, { given: string | Uint8Array; want: string }][] = [
    ["empty", { given: "", want: "page_is_empty" }],
    ["blank", { given: " \n\t\n", want: "page_is_empty" }],
    ["binary", { given: Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256), want: "page_is_binary" }],
    ["prose", { given: "Nothing to see here.\n", want: "dialect_unknown" }],
  ];
  test.each(cases)("%s", (_, { given, want }) => {
    const page = readPage("page", given);
    expect(page.dialect).toBeNull();
    expect(page.issues.map((issue) => issue.code)).toEqual([want]);
    expect(Object.values(page.outcomes)).toEqual(Object.values(page.outcomes).fill("unread"));
  });
  test("huge: refused by its size, before it is loaded", () => {
    expect(tooLarge("page", 50_000_000).issues[0]?.code).toBe("page_too_large");
    expect(readPage("page", new Uint8Array(largestPage + 1)).issues[0]?.code).toBe("page_too_large");
  });
});

describe("hostile pages end soon", () => {
  const cases: [string, string][] = [
    ["brackets", head.md + much("[")],
    ["links that never close", head.md + much("[a](b ")],
    ["emphasis that never closes", head.md + much("*a **b `c ")],
    ["pipes", `${head.md}|a|\n|-|\n${much("|")}`],
    ["tables in tables", head.md + much("<table><tr><td>\n")],
    [
      "stairs",
      `${head.rst}.. note::\n\n${Array.from({ length: 500 }, (_, i) => `${" ".repeat(i + 3)}x\n\n`).join("")}`,
    ],
    ["references that never close", head.rst + much(":ref:`a <")],
    ["substitutions", head.rst + much("|a ")],
    ["grid corners", `${head.rst}+${much("--+")}\n|${much(" |")}\n`],
    ["borders", head.rst + much("==== ====\n")],
    ["braces in the URI", `${head.rst}URI\n---\n\nGET /${much("{")}`],
    ["captions", head.centre + much("Table 1 X\n\n")],
    ["cells without end", `${head.centre}Table 1 X\n\nParameter\n\nType\n\nDescription\n\n${much("x\n\n")}`],
    [
      "tables that go on",
      `${head.html}<table><tr><th>Name<th>Type<th>Mandatory</table>${much("<table><td>a<td>b<td>c</table>")}`,
    ],
    ["rows below blank lines", `${head.md}|Name|Type|Mandatory|\n|-|-|-|\n${much("\n|a|b|c|\n")}`],
    [
      "ranges again and again",
      `${head.md}|Name|Type|Description|\n|-|-|-|\n${much(`|a|Integer|${"ranges from 1 to 2 if ".repeat(40)}|\n`, 2000)}`,
    ],
    ["JSON that never closes", head.centre + much("{\n")],
    ["elements that never close", head.html + much("<div>")],
    ["cells that span everything", `${head.html}<table>${much("<tr><td rowspan=1000 colspan=1000>x</td></tr>")}`],
    ["lone brackets", head.html + much("<")],
    ["blanks in code", `${head.html}<pre>x${much(" \t")}x</pre>`],
    ["blank lines in an example", `${head.md}## Example\n\n\`\`\`\n{${much("\n")}x\n\`\`\`\n`],
    ["stars in a header", `${head.md}|Type|${much("*", 40_000)}x|\n|-|-|\n|a|b|\n`],
    ["dots in a flag", `${head.md}|Parameter|Required|Type|\n|-|-|-|\n|a|${much(".", 40_000)}x|b|\n`],
    [
      "brackets in a caption",
      `${head.html}<h2>Request</h2><table><caption>${much("(")}</caption><tr><th>Name<th>Type<tr><td>a<td>Object</table>`,
    ],
    ["columns again and again", head.centre + much("Parameter\n\nType\n\n")],
    ["titles in cells", `${head.centre}Table 1 X\n\nParameter\n\nType\n\nDescription\n\n${much("Constraints\n\n")}`],
    ["blank lines", `${head.md}${much("\n")}`],
  ];
  test.each(cases)("%s", (_, given) => {
    const start = process.cpuUsage();
    const page = readPage("page", given);
    // Processor time: other work on the machine does not count.
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000);
    const { rows, interpreted, skipped, notUnderstood } = page.counts;
    expect(interpreted + skipped + notUnderstood).toBe(rows);
  });
});

test("structures that contain each other end, and are reported", () => {
  const tables = Array.from({ length: 25 }, (_, i) => {
    const next = `:ref:\`x <t${(i + 1) % 25}>\``.padEnd(12);
    return `.. _t${i}:\n\n.. table:: **Table ${i}** Request parameters\n\n   ========= ====== ============\n   Parameter Type   Description\n   ========= ====== ============\n   a         Object ${next}\n   b         Object ${next}\n   ========= ====== ============\n`;
  });
  const top =
    "   ========= ====== ============\n   Parameter Type   Description\n   ========= ====== ============\n   top       Object :ref:`x <t0>`\n   ========= ====== ============\n";
  const page = readPage(
    "page",
    `${head.rst}URI\n---\n\nPOST /a\n\nRequest\n-------\n\n.. table:: **Table 99** Request body parameters\n\n${top}\n${tables.join("\n")}`,
  );
  expect(page.parameters.length).toBeLessThanOrEqual(20_000);
  expect(
    page.issues.some(
      (issue) =>
        issue.code === "recursive_structure" ||
        issue.code === "nested_too_deep" ||
        issue.code === "too_many_parameters",
    ),
  ).toBe(true);
});
