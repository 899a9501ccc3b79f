import { describe, expect, test } from "vitest";
import { readRequired, readType } from "../src/types.js";
import { columnRole, sectionRole, statusLabel } from "../src/vocabulary.js";

describe("type cells", () => {
  const cases: [string, { want: [string | null, string | null, string | null] }][] = [
    ["String", { want: ["string", null, null] }],
    ["String(64)", { want: ["string", null, null] }],
    ["Long", { want: ["integer", null, null] }],
    ["Float", { want: ["number", null, null] }],
    ["Array of strings", { want: ["array", "string", null] }],
    ["Array of Jar objects", { want: ["array", "object", "Jar"] }],
    ["List<Jar>", { want: ["array", "object", "Jar"] }],
    ["Array of [Jar]", { want: ["array", "object", "Jar"] }],
    ["String[]", { want: ["array", "string", null] }],
    ["Jar object", { want: ["object", null, "Jar"] }],
    ["os:jar object", { want: ["object", null, "os:jar"] }],
    ["Map<String,String>", { want: ["object", null, null] }],
    ["Dictionary data structure. For details, see Table 3.", { want: ["object", null, null] }],
    ["List data structure. For details, see Table 3.", { want: ["array", null, null] }],
    ["Array of Table 5 objects", { want: ["array", "object", null] }],
    ["Timestamp ISO8601", { want: ["string", null, null] }],
    ["Jar", { want: ["object", null, "Jar"] }],
    ["Yes", { want: [null, null, null] }],
    ["see below", { want: [null, null, null] }],
    ["", { want: [null, null, null] }],
  ];
  test.each(cases)("%s", (given, { want }) => {
    const { type, items, structure } = readType(given);
    expect([type, items, structure]).toEqual(want);
  });
});

test.each([
  ["Yes", true],
  ["Mandatory", true],
  ["N", false],
  ["Optional", false],
  ["String", null],
  ["", null],
])("required cell %s", (given, want) => expect(readRequired(given)).toBe(want));

test.each([
  ["Parameter Name", "name"],
  ["Mandatory (Yes/No)", "required"],
  ["Data Type", "type"],
  ["Value Range", "range"],
  ["HTTP Status Code", "status"],
  ["Colour", "unknown"],
])("column %s", (given, want) => expect(columnRole(given)).toBe(want));

test.each([
  ["2. Input Parameters", "request"],
  ["Response Message", "response"],
  ["Example Responses", "response example"],
  ["Output Sample Code", "response example"],
  ["URI format", "uri"],
  ["Error Codes", "errors"],
  ["Returned Values", "statuses"],
  ["Shelves", null],
])("section %s", (given, want) => expect(sectionRole(given)).toBe(want));

test.each([
  ["Status code: 202", 202],
  ["Status code 404", 404],
  ["Status code: many", null],
  ["Status codes", null],
])("label %s", (given, want) => expect(statusLabel(given)).toBe(want));
