// Spoilt pages through reading, checking, comparing and drafting: an answer for each, soon, and never a crash.
// DOCS_FUZZ=10000 asks for more inputs than the usual ones.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { comparePages } from "../src/changes.js";
import { checkPage, type World } from "../src/check/check.js";
import { loadRegisters } from "../src/check/register.js";
import { isGood, report, summarise } from "../src/check/report.js";
import { loadSpecs } from "../src/check/spec.js";
import { draftPage } from "../src/draft/draft.js";
import type { Page } from "../src/model.js";
import { readPage } from "../src/page.js";

const inputs = Number(process.env.DOCS_FUZZ ?? 1000);
const larder = fileURLToPath(new URL("./larder/", import.meta.url));
const world: World = { specs: loadSpecs(larder), registers: loadRegisters(larder) };
const sources = [`${larder}pages`, fileURLToPath(new URL("./pages", import.meta.url))].flatMap((folder) =>
  readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8")),
);

/** As they were, each read once; a comparison changes nothing of them. */
const originals = new Map(sources.map((source) => [source, readPage("before", source)]));

/** Mulberry32: the same inputs on every machine. */
function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const bits = [
  "|",
  "+",
  "=",
  "-",
  "<td>",
  "</table>",
  "{",
  "}",
  "[",
  "]",
  '"',
  ":",
  "..",
  "`",
  "\u0000",
  "\ud800",
  "𝔘",
  "\t",
  "\n\n",
  "__proto__",
  "constructor",
  "Table 1",
  "&#0;",
  "\u202e",
  "%",
  "*".repeat(300),
];

function spoil(source: string, roll: (below: number) => number): string {
  let text = source;
  for (let i = 1 + roll(6); i > 0; i -= 1) {
    const [a, b] = [roll(text.length + 1), roll(text.length + 1)];
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    const bit = bits[roll(bits.length)] as string;
    const lines = text.split("\n");
    const line = roll(lines.length);
    const kinds = [
      () => text.slice(0, from) + bit + text.slice(from),
      () => text.slice(0, from) + text.slice(Math.min(to, from + 200)),
      () => text.slice(0, from),
      () => text.slice(from),
      () => text.slice(0, from) + (sources[roll(sources.length)] as string).slice(0, 2000) + text.slice(from),
      () =>
        [
          ...lines.slice(0, line),
          ...Array<string>(1 + roll(30)).fill(lines[line] as string),
          ...lines.slice(line),
        ].join("\n"),
      () => text.replaceAll(bit, bits[roll(bits.length)] as string),
      () => text.replace(/[A-Za-z_]{4,}/, bit),
    ];
    text = (kinds[roll(kinds.length)] as () => string)().slice(0, 200_000);
  }
  return text;
}

test(`${inputs} spoilt pages`, { timeout: 60_000 + inputs * 20 }, () => {
  let slowest = 0;
  let silent = 0;
  for (let seed = 1; seed <= inputs; seed += 1) {
    const roll = dice(seed);
    const source = sources[roll(sources.length)] as string;
    const text = spoil(source, roll);
    const before = process.cpuUsage();
    try {
      const page = readPage("page", text);
      const { rows, interpreted, skipped, notUnderstood } = page.counts;
      expect(interpreted + skipped + notUnderstood).toBe(rows);
      const checked = checkPage(page, text, world);
      const summary = summarise([checked], world);
      expect(report([checked], summary).length).toBeGreaterThan(0);
      comparePages(originals.get(source) as Page, page);
      draftPage(page);
      // What cannot be read is said.
      if (page.dialect === null && isGood(summary)) silent += 1;
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
    }
    // Of the processor, which does not depend on who else is on the machine.
    const { user, system } = process.cpuUsage(before);
    slowest = Math.max(slowest, (user + system) / 1000);
  }
  expect(silent).toBe(0);
  for (const [source, page] of originals) expect(page).toEqual(readPage("before", source));
  expect(slowest).toBeLessThan(2000);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

const folder = mkdtempSync(join(tmpdir(), "docs-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a page of 50 MB is a finding, and costs no more than another", { timeout: 60_000 }, () => {
  const file = join(folder, "huge.html");
  writeFileSync(file, "<html>");
  truncateSync(file, 50_000_000);
  const command = fileURLToPath(new URL("../dist/check.js", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--max-old-space-size=100", command, file], {
    encoding: "utf8",
    timeout: 30_000,
    env: { ...process.env, RESTOREKIT_ROOT: larder },
  });
  expect(status, stderr).toBe(1);
  expect(stdout).toMatch(/huge\.html:1: .*page_too_large: the page has 50000000 bytes; more than \d+ are not read/);
});
