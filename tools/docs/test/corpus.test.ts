// Measures the reader on real pages, where a folder with them stands beside the repository; it is not part of it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { comparePages } from "../src/changes.js";
import type { Page } from "../src/model.js";
import { readPage } from "../src/page.js";
import { given } from "./given.js";

const corpus = new URL("../../../../shared/corpus/", import.meta.url);
const present = existsSync(corpus);

interface OracleTable {
  caption?: string;
  headers: string[][];
  rows: string[][];
}

interface Case {
  name: string;
  page: Page;
  source: string;
  oracle: OracleTable[];
}

const at = (path: string): URL => new URL(path, corpus);

function load(path: string): { page: Page; source: string } {
  const content = readFileSync(at(path));
  return { page: readPage(path, content), source: content.toString("utf8") };
}

/** Pages of a folder with their oracles; RST pages have theirs beside the flattened text of the same page. */
function casesOf(folder: string): Case[] {
  const oracles = folder === "otc-dcs-rst" ? "otc-dcs-helpcenter-txt" : folder;
  return readdirSync(at(`${oracles}/`))
    .filter((file) => file.endsWith(".expected.json"))
    .map((file) => {
      const name = file.replace(".expected.json", "");
      const path =
        folder === "otc-dcs-rst"
          ? `${folder}/${name.replaceAll("__", "/")}.rst`
          : `${folder}/${name}.${folder.endsWith("txt") ? "txt" : "md"}`;
      return { name, ...load(path), oracle: JSON.parse(readFileSync(at(`${oracles}/${file}`), "utf8")) };
    });
}

/** Markdown oracles keep the markup inside cells. */
const unmark = (text: string): string =>
  text
    .replace(/<br\s*\/?>/g, " ")
    .replace(/\[([^[\]]*)\]\([^()]*\)/g, "$1")
    .replace(/&#124;/g, "|")
    .replace(/\*\*|`/g, "")
    .replace(/\\([_*|])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();

const percent = (part: number, whole: number): number => (100 * part) / whole;

given(present, "there is no ../shared/corpus")("real pages", () => {
  describe.each(["otc-dcs-rst", "otc-dcs-helpcenter-txt", "tencent-redis-2019-md", "tencent-redis-md"])(
    "%s",
    (folder) => {
      const cases = present ? casesOf(folder) : [];

      test("no table is lost", () => {
        for (const { name, page, oracle } of cases) expect(page.tables.length, name).toBe(oracle.length);
      });

      test("at least 99.5 % of the rows equal their oracle", () => {
        let rows = 0;
        let equal = 0;
        for (const { page, oracle } of cases) {
          oracle.forEach((table, t) => {
            table.rows.forEach((row, r) => {
              rows += 1;
              if (JSON.stringify(row.map(unmark)) === JSON.stringify(page.tables[t]?.rows[r]?.map(unmark))) equal += 1;
            });
          });
        }
        expect(rows).toBeGreaterThan(400);
        expect(percent(equal, rows)).toBeGreaterThanOrEqual(99.5);
      });

      test("every row is accounted for", () => {
        for (const { name, page } of cases) {
          const { rows, interpreted, skipped, notUnderstood } = page.counts;
          expect(rows, name).toBe(page.tables.reduce((sum, table) => sum + table.rows.length, 0));
          expect(interpreted + skipped + notUnderstood, name).toBe(rows);
        }
      });
    },
  );

  test("at least 99 % of the operations have method and path", () => {
    for (const folder of ["otc-dcs-rst", "otc-dcs-helpcenter-txt"]) {
      const cases = casesOf(folder);
      const right = cases.filter(({ page, source }) => {
        const [, method, path] = /^(GET|POST|PUT|DELETE) +(\/[^\s?]*)/m.exec(source) ?? [];
        return method === page.operation.method && path === page.operation.path;
      });
      expect(percent(right.length, cases.length), folder).toBeGreaterThanOrEqual(99);
    }
  });

  test("every action page has its action", () => {
    for (const folder of ["tencent-redis-2019-md", "tencent-redis-md"]) {
      for (const { name, page } of casesOf(folder)) if (!name.startsWith("_")) expect(page.operation.action).toBe(name);
    }
  });

  test("two dialects of one page give the same parameters", () => {
    const text = new Map(casesOf("otc-dcs-helpcenter-txt").map((one) => [one.name, one.page]));
    let all = 0;
    for (const { name, page } of casesOf("otc-dcs-rst")) {
      const facts = (one: Page | undefined): string[] =>
        (one?.parameters ?? []).map((p) =>
          JSON.stringify([p.in, p.status, p.path, p.type, p.items, p.required, p.default, p.range, p.values]),
        );
      // A page that refers to the wrong one of its tables is a reader's guess in text, and a label in RST.
      if (page.issues.some((issue) => issue.code === "structure_elsewhere")) continue;
      expect(facts(text.get(name)), name).toEqual(facts(page));
      all += page.parameters.length;
    }
    expect(all).toBeGreaterThan(2000);
  });

  test("at least 97 % of the parameter rows are what a simple rule makes of their oracle", () => {
    for (const folder of ["otc-dcs-rst", "otc-dcs-helpcenter-txt"]) {
      const sources = new Map(casesOf("otc-dcs-helpcenter-txt").map((one) => [one.name, one.source]));
      let all = 0;
      let right = 0;
      for (const { name, page, oracle } of casesOf(folder)) {
        const want = simpleRule(oracle, sources.get(name) ?? "");
        const got = new Set(page.parameters.map((p) => [p.in, p.status, p.path, p.typeText, p.required].join(" ")));
        all += want.length;
        right += want.filter((one) => got.has(one)).length;
        // What is right is not enough: nothing may be there that nobody wrote.
        for (const one of got) if (!want.includes(one)) right -= 1;
      }
      expect(all).toBeGreaterThan(2000);
      expect(percent(right, all), folder).toBeGreaterThanOrEqual(97);
    }
  });

  test("the action pages' parameters are the rows of their tables", () => {
    let all = 0;
    let right = 0;
    for (const folder of ["tencent-redis-2019-md", "tencent-redis-md"]) {
      for (const { name, page, oracle } of casesOf(folder)) {
        if (name.startsWith("_")) continue;
        for (const table of oracle) {
          const column = (word: string): number => table.headers[0]?.indexOf(word) ?? -1;
          if (column("Type") === -1) continue;
          for (const row of table.rows) {
            all += 1;
            const parameter = page.parameters.find(
              (p) => p.path === row[0] && (p.in === "response") === (column("Required") === -1),
            );
            const swapped = /^(?:Yes|No)$/.test(row[column("Type")] ?? "");
            const type = row[swapped ? column("Required") : column("Type")];
            const required =
              column("Required") === -1 ? null : row[swapped ? column("Type") : column("Required")] === "Yes";
            if (parameter?.typeText === unmark(type ?? "") && parameter.required === required) right += 1;
          }
        }
      }
    }
    expect(all).toBeGreaterThan(400);
    expect(right).toBe(all);
  });

  test("the revisions give the changes their table says", () => {
    const facts = (name: string, kind = "rst"): { all: string[]; bump: string } => {
      const { changes, bump } = comparePages(
        load(`revisions/${name}.before.${kind}`).page,
        load(`revisions/${name}.after.${kind}`).page,
      );
      return { all: changes.map((c) => `${c.class} ${c.fact} of ${c.place}: ${c.before} > ${c.after}`), bump };
    };
    const wants: [string, string[], string][] = [
      [
        "05_dcs_v1_instance_status",
        [
          "breaking name of query include_failure: includeFailure > include_failure",
          "additive parameter of response 200 redis: null > StatusStatistic object",
          "additive parameter of response 400 error_msg: null > String",
        ],
        "major",
      ],
      ["08_rds_restore_existing_v3_status", ["additive status of responses: null > 200"], "minor"],
      [
        "10_rds_restore_existing_v3_to_v31",
        [
          "breaking path of operation: /v3/{project_id}/instances/recovery > /v3.1/{project_id}/instances/recovery",
          "breaking status of responses: 200 > 202",
          "additive parameter of body source.database_name: null > Map<String, String>, optional",
          "additive parameter of body source.restore_all_database: null > Boolean, optional, default false",
          "breaking condition of body source.type: restore_time with timestamp: not mandatory > mandatory",
          "additive parameter of header X-Auth-Token: null > String, required",
        ],
        "major",
      ],
      [
        "12_dcs_list_backup_records",
        [
          "wording-only values of response 200 backup_record_response[].backup_format: aof, rdb > null",
          "wording-only values of response 200 backup_record_response[].backup_type: manual, auto > null",
          "wording-only range of response 400 error_code: ..9 > null",
        ],
        "patch",
      ],
      [
        "14_dcs_restore_v1_to_v2",
        [
          "breaking path of operation: /v1.0/{project_id}/instances/{instance_id}/restores > /v2/{project_id}/instances/{instance_id}/restores",
          "additive parameter of response 400 error_ext_msg: null > String",
          "additive status of responses: null > 500",
        ],
        "major",
      ],
    ];
    for (const [name, want, bump] of wants)
      expect(facts(name), name).toEqual({ all: expect.arrayContaining(want), bump });
    expect(facts("08_rds_restore_existing_v3_status").all).toHaveLength(1);
    expect(facts("13_dcs_v1_restore_page_deprecated")).toEqual({ all: [], bump: "none" });
    expect(facts("15_tencent_RestoreInstance_wording", "md")).toEqual({ all: [], bump: "none" });
    expect(facts("16_tencent_DescribeInstanceBackups_wording", "md")).toEqual({ all: [], bump: "none" });
  });

  test("1,000 pages are read in less than 5 seconds", () => {
    const folders = ["otc-dcs-helpcenter-txt", "tencent-redis-md"];
    const files = folders.flatMap((folder) =>
      readdirSync(at(`${folder}/`))
        .filter((file) => /\.(?:txt|md)$/.test(file))
        .map((file) => `${folder}/${file}`),
    );
    const contents = files.map((file) => readFileSync(at(file)));
    const start = process.cpuUsage();
    for (let i = 0; i < 1000; i += 1)
      readPage(files[i % files.length] as string, contents[i % files.length] as Uint8Array);
    // Processor time: other work on the machine does not count.
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(5000);
  });
});

/** Parameters of a page from its oracle tables alone: captions, titles above them, and names of structures. */
function simpleRule(oracle: OracleTable[], source: string): string[] {
  const lines = source.split("\n").map((line) => line.trim());
  const uri = /^(?:GET|POST|PUT|DELETE) +(\S+)/m.exec(source)?.[1] ?? "";
  const method = /^(GET|POST|PUT|DELETE) /m.exec(source)?.[1] ?? "";
  const success = oracle
    .filter((table) => table.headers[0]?.[0] === "Status Code")
    .flatMap((table) => table.rows.map((row) => row[0] ?? ""))
    .filter((status) => /^2\d\d$/.test(status));
  const column = (table: OracleTable, word: string): number => table.headers[0]?.indexOf(word) ?? -1;
  const isParameters = (table: OracleTable): boolean =>
    table.headers[0]?.[0] === "Parameter" && column(table, "Type") > 0;
  const short = (table: OracleTable): string => (table.caption ?? "").replace(/^Table \d+ /, "");
  const number = (table: OracleTable): string => /^Table \d+/.exec(table.caption ?? "")?.[0] ?? "-";
  const isObject = (type: string): boolean => /object|^array$|^list/i.test(type);
  const insideOf = (parent: OracleTable, row: string[]): OracleTable | undefined => {
    const type = row[column(parent, "Type")] ?? "";
    const text = row[column(parent, "Description")] ?? "";
    if (!isObject(type)) return undefined;
    const named = /(\w+) objects?$/.exec(type)?.[1];
    return oracle.find(
      (table) =>
        isParameters(table) &&
        table !== parent &&
        (short(table) === named ||
          short(table).split(" ")[0] === row[0] ||
          new RegExp(`${number(table)}\\b`).test(text)),
    );
  };
  const children = new Set(
    oracle.filter(isParameters).flatMap((table) => table.rows.map((row) => insideOf(table, row))),
  );
  const result: string[] = [];
  const emit = (table: OracleTable, place: (name: string) => string, prefix: string, depth: number): void => {
    for (const row of table.rows) {
      const path = prefix + row[0];
      const type = row[column(table, "Type")] ?? "";
      const mandatory = column(table, "Mandatory");
      result.push([place(row[0] ?? ""), path, type, mandatory === -1 ? "" : row[mandatory] === "Yes"].join(" "));
      const inside = insideOf(table, row);
      if (inside && depth < 8) emit(inside, place, `${path}${/^(?:array|list)/i.test(type) ? "[]" : ""}.`, depth + 1);
    }
  };
  let cursor = 0;
  for (const table of oracle) {
    const line = table.caption ? lines.indexOf(table.caption, cursor) : -1;
    if (line !== -1) cursor = line;
    if (!isParameters(table) || children.has(table)) continue;
    const above = lines.slice(0, cursor);
    const section =
      above.findLast((text) => /^(?:URI|Requests?|Request Parameters|Responses?|Response Parameters)$/.test(text)) ??
      "";
    const status = /\d{3}$/.exec(
      above.slice(above.lastIndexOf(section)).findLast((text) => /^Status code: \d{3}$/.test(text)) ?? "",
    )?.[0];
    if (section.startsWith("Response"))
      emit(table, () => `response ${status ?? (success.length === 1 ? success[0] : "")}`, "", 0);
    else {
      const caption = short(table).toLowerCase();
      emit(
        table,
        (name) => {
          const place = uri.split("?")[0]?.includes(`{${name.split(".")[0]}}`)
            ? "path"
            : caption.includes("body") || (section !== "URI" && method !== "GET")
              ? "body"
              : "query";
          return `${caption.includes("header") ? "header" : place} `;
        },
        "",
        0,
      );
    }
  }
  return result;
}
