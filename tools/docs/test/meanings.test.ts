// Meanings that change places between the values of a list, or between error codes: the digest of facts has no words.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accept } from "../src/check/accept.js";
import { type Checked, checkPage, type World } from "../src/check/check.js";
import { loadRegisters } from "../src/check/register.js";
import { loadSpecs } from "../src/check/spec.js";
import { newsOf, placeOfChange } from "../src/follow/news.js";
import { Store } from "../src/follow/store.js";
import { meaningsOf } from "../src/meanings.js";
import { mutationsOf } from "../src/mutate/mutations.js";
import { readPage } from "../src/page.js";

const larder = fileURLToPath(new URL("./larder/", import.meta.url));
const worldOf = (root: string): World => ({ specs: loadSpecs(root), registers: loadRegisters(root) });
const world = worldOf(larder);
const sourceOf = (name: string): string => readFileSync(join(larder, "pages", name), "utf8");
const check = (name: string, text: string, of = world): Checked => checkPage(readPage(name, text), text, of);
const lineOf = (text: string, words: string): number => text.split("\n").findIndex((line) => line.includes(words)) + 1;

function swapped(text: string, one: string, other: string): string {
  expect(text).toContain(one);
  expect(text).toContain(other);
  return text.replace(one, "@@").replace(other, one).replace("@@", other);
}

const list = sourceOf("list.txt");
const shelf = sourceOf("shelf.md");
const pages: [string, string, string, [string, string]][] = [
  ["list.txt", list, "response 200 refills[].status", ["it has not begun.", "it is done."]],
  ["shelf.md", shelf, "body Kinds.N", ["glass", "paper"]],
  ["shelf.md", shelf, "errors", ["There is no such shelf.", "The API has no such shelf."]],
];
const rows: Record<string, string> = { "body Kinds.N": "| Kinds.N |", errors: "| InvalidParameter.Shelf |" };

describe.each(pages)("%s", (name, text, place, pair) => {
  test(`meanings of ${place} that change places are a finding at their row`, () => {
    expect(check(name, text).held).toMatchObject({ accepted: true, fresh: [] });
    const moved = swapped(text, ...pair);
    const { held } = check(name, moved);
    const line = rows[place] ? lineOf(moved, rows[place]) : moved.split("\n").indexOf("status") + 1;
    expect(held?.fresh.map(({ place: at, fact, line: row }) => [at, fact, row])).toEqual([[place, "meanings", line]]);
  });

  test(`other words for ${place} are none`, () => {
    const worded = text.replace(pair[0], `${pair[0].replace(/\.$/, "")} at all.`);
    expect(check(name, worded).held?.fresh).toEqual([]);
  });
});

describe("with a register of its own", () => {
  const folder = mkdtempSync(join(tmpdir(), "docs-meanings-"));
  const moved = swapped(list, "it has not begun.", "it is done.");
  beforeAll(() => {
    mkdirSync(join(folder, "packages"));
    for (const part of ["specs", "packages"]) cpSync(join(larder, part), join(folder, part), { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("a page that was followed is news, breaking, and with its row", () => {
    const store = new Store(join(folder, "store"));
    const target = { service: "pantry", operation: "listRefills", url: "https://docs.example.com/list" };
    const put = (text: string) => store.put(target, new TextEncoder().encode(text), "txt", {});
    put(list);
    expect(newsOf(target, store, world)?.kind).toBe("same");
    store.accept(target);
    put(moved);
    const news = newsOf(target, store, world);
    if (news?.kind !== "changed") throw new Error(`it is ${news?.kind}`);
    expect(news.comparison.bump).toBe("major");
    const [change] = news.comparison.changes;
    if (!change) throw new Error("nothing changed");
    expect(placeOfChange(change, news.before, news.checked.page)).toMatch(
      new RegExp(`^line ${moved.split("\n").indexOf("status") + 1}, table \\d+, row 2$`),
    );
  });

  test("is accepted under a name of its own, and both are known from then on", () => {
    const own = worldOf(folder);
    expect(accept([check("list.txt", moved, own)], own, "2031-09-09").join()).toContain("accepted as listRefills");
    const now = worldOf(folder);
    for (const text of [list, moved])
      expect(check("list.txt", text, now).held).toMatchObject({ accepted: true, fresh: [] });
  });
});

test("docs:mutate makes such changes", () => {
  const found = mutationsOf(readPage("shelf.md", shelf), shelf).filter(({ kind }) => kind === "meanings swapped");
  expect(found.map(({ lines }) => lines.find((line) => line.includes("Kinds.N")))).toEqual([
    "| Kinds.N | No | Array of Integer | 2: glass; 1: paper |",
  ]);
});

test.each([
  ["1: waiting; 2: done", ["waiting", "done"]],
  ["1 (waiting), 2 (done)", ["waiting", "done"]],
  ["1 indicates waiting. 2 indicates done.", ["waiting", "done"]],
  ["1 - waiting. 2 - done", ["waiting", "done"]],
])("%s", (text, meanings) => expect([...meaningsOf(["1", "2"], text).values()]).toEqual(meanings));
