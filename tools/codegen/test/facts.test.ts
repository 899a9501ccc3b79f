import { describe, expect, test } from "vitest";
import { facts } from "../src/emit/facts.js";
import type { Schema } from "../src/openapi.js";

describe("limits and defaults in words", () => {
  test.each<[Schema, string, string]>([
    [{ type: "string", maxLength: 128 }, "", "At most 128 characters."],
    [{ type: "string", minLength: 1 }, "", "At least 1 character."],
    [{ type: "string", minLength: 4, maxLength: 64 }, "", "4 to 64 characters."],
    [{ type: "string", minLength: 0, maxLength: 64 }, "", "At most 64 characters."],
    [
      { type: ["string", "null"], minLength: 36, maxLength: 36, default: "a" },
      "",
      'Exactly 36 characters. Default "a".',
    ],
    [{ type: "integer", minimum: 1, maximum: 100 }, "", "1 to 100."],
    [{ type: "integer", minimum: 0, default: 0 }, "", "At least 0. Default 0."],
    [{ type: "integer", maximum: 7 }, "", "At most 7."],
    [{ type: "number", exclusiveMinimum: 0, multipleOf: 5 }, "", "More than 0, a multiple of 5."],
    [{ type: "number", exclusiveMaximum: 1 }, "", "Less than 1."],
    [{ type: "array", minItems: 1, maxItems: 1 }, "", "Exactly 1 item."],
    [{ type: "array", maxItems: 10 }, "", "At most 10 items."],
    [{ type: "object", minProperties: 1, maxProperties: 2 }, "", "1 to 2 entries."],
    [{ type: "boolean", default: false }, "", "Default false."],
    [{ type: "string", maximum: 3, maxItems: 3 }, "", ""],
    [{ type: "integer", maximum: 10 }, "Pages, at most 10.", ""],
    [{ type: "integer", maximum: 10 }, "Pages, at most 100.", "At most 10."],
    [{ type: "string", default: "on" }, "On or off, default on.", ""],
    [{ type: "string", format: "uuid" }, "", ""],
  ])("%#", (schema, description, want) => {
    expect(facts(schema, description).join(" ")).toBe(want);
  });
});
