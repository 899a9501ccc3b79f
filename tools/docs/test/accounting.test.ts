// Whatever a page looks like, every row of every table is counted, and ends as exactly one of the three.
import { describe, expect, test } from "vitest";
import type { Page } from "../src/model.js";
import { readPage } from "../src/page.js";

type Random = () => number;

/** Numbers between 0 and 1, the same for the same seed. */
function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = <T>(random: Random, list: T[]): T => list[Math.floor(random() * list.length)] as T;
const count = (random: Random, most: number): number => 1 + Math.floor(random() * most);

interface Grid {
  title: string;
  rows: string[][];
}

const words = [
  "jar",
  "lid",
  "shelf",
  "hue",
  "size",
  "mice",
  "links",
  "self",
  "X-Jar",
  "jar_id",
  "Lid",
  "[none]",
  "two words",
];
const cells: Record<string, string[]> = {
  Parameter: words,
  "Response Item": words,
  Mandatory: ["Yes", "No", "If set", "-", "Optional"],
  Type: ["String", "Object", "Array of Lid objects", "Array", "Table 2", "Yes", "Map<String,String>", "-", "Jelly"],
  Description: ["Text.", "See Table 2.", "A jar", "See the jar field.", "-", ""],
  Since: ["v1", "v2"],
  "Status Code": ["200", "404", "default", "OK"],
  "Error Code": ["LARDER.0001", "LARDER.2", "none at all"],
};
/** Cells of which a flattened table can be told apart: the text of others may belong to any column. */
const plain: Record<string, string[]> = {
  ...cells,
  Parameter: ["jar", "lid", "shelf", "hue", "links", "self", "X-Jar", "jar_id"],
  "Response Item": ["jar", "lid", "X-Jar", "jar_id"],
  Mandatory: ["Yes", "No"],
  Type: ["String", "Object", "Array of Lid objects", "Map<String,String>"],
  Description: ["Text.", "See the jar field.", "The jar is open."],
  "Status Code": ["200", "404"],
  "Error Code": ["LARDER.0001", "LARDER.0002"],
};
const headers = [
  ["Parameter", "Mandatory", "Type", "Description"],
  ["Parameter", "Type", "Description"],
  ["Response Item", "Type", "Since", "Description"],
  ["Status Code", "Description"],
  ["Status Code", "Error Code", "Description"],
  ["Since", "Description"],
];
const titles = [
  "Request body parameters",
  "Response body parameters",
  "jar",
  "jar.lid",
  "Lid structure",
  "Parameters",
  "Path parameters",
  "lid/jar field",
];
const sections = ["URI", "Request", "Response", "Status Codes", "Error Codes", "Example", "Anything"];

function grids(random: Random, ragged: boolean, from: Record<string, string[]>): Grid[] {
  return Array.from({ length: count(random, 4) }, (_, t) => {
    const columns = pick(random, from === plain ? headers.filter(([first]) => first !== "Since") : headers);
    const rows = Array.from({ length: count(random, 5) }, () => {
      const row = columns.map((column) => pick(random, from[column] as string[]));
      // The first cell tells a row from an empty one.
      row[0] ||= "jar";
      if (ragged && random() < 0.1) row.pop();
      if (ragged && random() < 0.1) row.push("more");
      return row;
    });
    return { title: `Table ${t + 1} ${pick(random, titles)}`, rows: [columns, ...rows] };
  });
}

const dialects: Record<string, { ragged: boolean; write(section: string, grid: Grid): string; head: string }> = {
  rst: {
    ragged: false,
    head: "Page\n====\n",
    write(section, { title, rows }) {
      const widths = (rows[0] ?? []).map((_, c) => Math.max(3, ...rows.map((row) => (row[c] ?? "").length)));
      const rule = (mark: string): string => `   +${widths.map((width) => mark.repeat(width + 2)).join("+")}+`;
      const line = (row: string[]): string =>
        `   |${row.map((cell, c) => ` ${cell.padEnd(widths[c] ?? 0)} `).join("|")}|\n${rule(row === rows[0] ? "=" : "-")}`;
      return `${section}\n${"-".repeat(12)}\n\n.. table:: ${title}\n\n${rule("-")}\n${rows.map(line).join("\n")}\n`;
    },
  },
  markdown: {
    ragged: true,
    head: "# Page\n",
    write: (section, { rows }) =>
      `## ${section}\n\n${rows.map((row, r) => `|${row.join("|")}|${r ? "" : `\n|${row.map(() => "---|").join("")}`}`).join("\n")}\n`,
  },
  html: {
    ragged: true,
    head: "<html><h1>Page</h1>",
    write: (section, { title, rows }) =>
      `<h2>${section}</h2>\n<table><caption>${title}</caption>\n${rows
        .map((row, r) => `<tr>${row.map((cell) => `<t${r ? "d" : "h"}>${cell}</t${r ? "d" : "h"}>`).join("")}</tr>`)
        .join("\n")}</table>\n`,
  },
  "help centre": {
    ragged: false,
    head: "Help Center/ Larder/ Page\n",
    write: (section, { title, rows }) => `${section}\n\n${title}\n\n${rows.flat().filter(Boolean).join("\n\n")}\n`,
  },
};

function account(page: Page): void {
  const shown = new Set(
    [...page.parameters, ...page.structures.flatMap(({ fields }) => fields), ...page.errorCodes].map(
      ({ table, row }) => `${table}:${row}`,
    ),
  );
  const perTable = page.tables.map(() => 0);
  for (const key of shown) perTable[Number.parseInt(key, 10)] = (perTable[Number.parseInt(key, 10)] ?? 0) + 1;
  page.tables.forEach(({ rows, counts, kind, reason }, t) => {
    const { interpreted, skipped, notUnderstood } = counts;
    expect(counts.rows).toBe(rows.length);
    expect(interpreted + skipped + notUnderstood).toBe(rows.length);
    if (kind !== "statuses" && page.parameters.length < 20_000) expect(perTable[t]).toBe(interpreted);
    if (kind === "other") expect(reason).not.toBeNull();
  });
  const sum = (of: "rows" | "interpreted" | "skipped" | "notUnderstood"): number =>
    page.tables.reduce((total, { counts }) => total + counts[of], 0);
  for (const of of ["rows", "interpreted", "skipped", "notUnderstood"] as const) expect(page.counts[of]).toBe(sum(of));
}

/** Lines lost, doubled, cut or filled with signs that mean something. */
function damage(source: string, random: Random): string {
  const lines = source.split("\n");
  for (let times = count(random, 4); times > 0; times -= 1) {
    const at = Math.floor(random() * lines.length);
    const line = lines[at] ?? "";
    const cut = Math.floor(random() * (line.length + 1));
    const sign = pick(random, [
      "|",
      "+",
      "=",
      "-",
      "`",
      "*",
      "<",
      ">",
      "{",
      "[",
      "\t",
      "\u3000",
      "，",
      ":",
      "\\",
      "\u0000",
      "Table 2",
    ]);
    const change = pick(random, ["lose", "double", "cut", "fill", "move"]);
    if (change === "lose") lines.splice(at, 1);
    else if (change === "double") lines.splice(at, 0, line);
    else if (change === "cut") lines[at] = line.slice(0, cut);
    else if (change === "fill") lines[at] = line.slice(0, cut) + sign.repeat(count(random, 5)) + line.slice(cut);
    else lines.splice(Math.floor(random() * lines.length), 0, ...lines.splice(at, count(random, 3)));
  }
  return lines.join(pick(random, ["\n", "\n", "\r\n"]));
}

describe.each(Object.entries(dialects))("%s", (dialect, { ragged, head, write }) => {
  const page = (random: Random, from = cells): { source: string; tables: Grid[] } => {
    const tables = grids(random, ragged, from);
    return { source: [head, ...tables.map((grid) => write(pick(random, sections), grid))].join("\n"), tables };
  };

  test("500 pages: no table and no row is lost", () => {
    for (let seed = 1; seed <= 500; seed += 1) {
      const { source, tables } = page(randomOf(seed), dialect === "help centre" ? plain : cells);
      const read = readPage("page", source);
      expect(
        read.tables.map(({ rows }) => rows.length),
        `seed ${seed}\n${source}`,
      ).toEqual(tables.map(({ rows }) => rows.length - 1));
      account(read);
    }
  });

  test("2,500 damaged pages: every row is accounted for", { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 2500; seed += 1) {
      const random = randomOf(seed);
      account(readPage("page", damage(page(random).source, random)));
    }
  });
});
