// Units and time zones in words: read alike in any wording, noticed when they become others.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { comparePages } from "../src/changes.js";
import { checkPage } from "../src/check/check.js";
import { digestOf } from "../src/check/digest.js";
import { loadRegisters } from "../src/check/register.js";
import { loadSpecs } from "../src/check/spec.js";
import { mutationsOf } from "../src/mutate/mutations.js";
import { readPage } from "../src/page.js";
import { unitOf, zoneOf } from "../src/units.js";

test.each([
  ["The unit is millisecond and the time zone is UTC.", "ms", "UTC"],
  ["The unit is in milliseconds.", "ms", null],
  ["Timeout in milliseconds", "ms", null],
  ["A UNIX timestamp in seconds.", "s", null],
  ["The point in UNIX milliseconds, UTC, inside a range.", "ms", "UTC"],
  ["Size of a portion (unit: MB)", "MB", null],
  ["Memory. Unit: GB. 1 to 64.", "GB", null],
  ["Memory. Unit：GB。", "GB", null],
  ["Capacity (GB)", "GB", null],
  ["Bandwidth, in Mbit/s.", "Mbit/s", null],
  ["Traffic in KB per second", "KB/s", null],
  ["Number of days it is kept", "day", null],
  ["The load (%)", "%", null],
  ["Begin (UTC). Format: HH:mm", null, "UTC"],
  ["In the UTC+08:00 time zone", null, "UTC+8"],
  ["Beijing time", null, "beijing"],
  ["The jar(s) in the back", null, null],
  ["It ends within 5 minutes, and a GB is plenty", null, null],
  ["In second place comes the lid", null, null],
  ["The value ranges from 1 to 20 seconds.", "s", null],
  ["The default value is 30 minutes.", "min", null],
  ["Days it is kept", "day", null],
  ["Percentage of the jars", "%", null],
  ["In seconds, 1 to 24 hours at most", "s", null],
  ["A name of 1 to 64 bytes", null, null],
  ["The default value is 30 days before today.", null, null],
])("%s", (text, unit, zone) => {
  expect([unitOf(text), zoneOf(text)]).toEqual([unit, zone]);
});

const folder = fileURLToPath(new URL("./larder/", import.meta.url));
const plain = readFileSync(`${folder}pages/refill.rst`, "utf8");
const cell = "How many. The value ranges from 1 to 20.";
const withWords = (words: string) =>
  plain.replace(cell.padEnd(49), `The value ranges from 1 to 20 ${words}`.padEnd(49));
const timed = withWords("in seconds (UTC).");
const read = (source: string) => readPage("refill.rst", source);

describe("a page whose unit or zone is another one", () => {
  test.each([
    ["unit", "in seconds", "in minutes", "s", "min"],
    ["zone", "(UTC)", "(CST)", "UTC", "CST"],
  ])("another %s is breaking", (fact, from, to, before, after) => {
    const { changes, bump } = comparePages(read(timed), read(timed.replace(from, to)));
    expect(changes).toEqual([
      { operation: expect.anything(), fact, place: "body portions", before, after, class: "breaking" },
    ]);
    expect(bump).toBe("major");
    expect(digestOf(read(timed.replace(from, to)))).not.toBe(digestOf(read(timed)));
  });

  test("the same unit in other words is none", () => {
    const worded = withWords("(UTC), unit: s.");
    expect(comparePages(read(timed), read(worded)).changes).toEqual([]);
    expect(digestOf(read(worded))).toBe(digestOf(read(timed)));
  });

  test("what the spec says is held against it", () => {
    const specs = loadSpecs(folder).map((spec) => ({
      ...spec,
      fields: spec.fields.map((field) => (field.path === "portions" ? { ...field, unit: "s", zone: "UTC" } : field)),
    }));
    const world = { specs, registers: loadRegisters(folder) };
    const found = (source: string) =>
      checkPage(read(source), source, world).findings.filter(({ fact }) => /in words$/.test(fact));
    expect(found(timed)).toEqual([]);
    const other = timed.replace("in seconds (UTC)", "in minutes (CST)");
    expect(found(other).map(({ place, fact, page, spec }) => [place, fact, page, spec])).toEqual([
      ["body portions", "unit in words", "min", "s"],
      ["body portions", "zone in words", "CST", "UTC"],
    ]);
  });

  test("docs:mutate makes such changes", () => {
    const kinds = (source: string) =>
      mutationsOf(read(source), source).filter(({ kind }) => kind === "unit" || kind === "zone");
    expect(kinds(plain)).toEqual([]);
    expect(kinds(timed).map(({ kind }) => kind)).toEqual(["unit", "zone"]);
  });
});
