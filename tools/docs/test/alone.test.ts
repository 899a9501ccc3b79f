// Pages without a spec are checked against themselves; pages that lost their operation are findings.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkPage, type World } from "../src/check/check.js";
import { loadRegisters, readRegister } from "../src/check/register.js";
import { isGood, report, summarise } from "../src/check/report.js";
import { loadSpecs } from "../src/check/spec.js";
import { readPage } from "../src/page.js";

const root = fileURLToPath(new URL("./larder/", import.meta.url));
const world: World = { specs: loadSpecs(root), registers: loadRegisters(root) };
const sourceOf = (name: string): string => readFileSync(`${root}pages/${name}`, "utf8");
const check = (file: string, source: string, known = world) => checkPage(readPage(file, source), source, known);
const change = (source: string, from: string | RegExp, to: string): string => {
  const next = source.replace(from, to);
  expect(next, `no ${from}`).not.toBe(source);
  return next;
};

const page = `Polishing a Jar
===============

URI
---

POST /v9/{shelf_id}/polish

.. table:: **Table 1** Parameters

   ========== ========= ====== ============
   Parameter  Mandatory Type   Description
   ========== ========= ====== ============
   shelf_id   Yes       String The shelf.
   ========== ========= ====== ============

Request
-------

.. table:: **Table 2** Request body parameters

   ========== ========= ======= ==============================
   Parameter  Mandatory Type    Description
   ========== ========= ======= ==============================
   cloth      Yes       String  What it is polished with.
   strokes    No        Integer How often.
   ========== ========= ======= ==============================

**Example request**

.. code-block:: text

   POST https://{endpoint}/v9/s-1/polish

.. code-block::

   {
       "cloth": "wool",
       "strokes": 3
   }

Response
--------

.. table:: **Table 3** Response parameters

   ========== ======= ====================
   Parameter  Type    Description
   ========== ======= ====================
   shine      Integer How much it shines.
   ========== ======= ====================

**Example response**

.. code-block::

   {
       "shine": 7
   }

Status Code
-----------

=========== =====
Status Code Text
=========== =====
200         Good.
=========== =====
`;

describe("a page of an operation without a spec", () => {
  test("that agrees with itself has no finding, and is good", () => {
    const one = check("polish.rst", page);
    expect(one.match).toEqual({ spec: null, why: "no spec" });
    expect(one.findings).toEqual([]);
    expect(one.compared).toBeGreaterThan(10);
    expect(isGood(summarise([one], world))).toBe(true);
  });

  test.each<[string, string | RegExp, string, string]>([
    ["another type in a sample", '"shine": 7', '"shine": "much"', "response shine / sampled type = string much"],
    ["another name in a sample", '"shine": 7', '"shines": 7', "response shines / sampled name = shines"],
    ["a required name no sample has", '"cloth": "wool",', "", "body cloth / sample = -"],
    ["a broken sample", '"cloth": "wool",', '"cloth": "wool"', "request example / json = sha256:"],
    ["a sample of another path", "v9/s-1/polish", "v9/s-1/brush", "request example line / path"],
    ["a sample of another method", "POST https", "PUT https", "request example line / method = PUT"],
    [
      "a row twice",
      "   strokes    No        Integer How often.\n",
      "   strokes    No        Integer How often.\n   strokes    No        Integer How often.\n",
      "body strokes / duplicate = Integer",
    ],
    ["no answer", /Response\n-+\n[\s\S]*$/, "", "operation / answer = -"],
    ["a cell under the wrong header", "Integer How often.", "Yes     How often.", "body strokes / "],
  ])("%s is a finding", (_, from, to, want) => {
    const one = check("polish.rst", change(page, from, to));
    const ids = one.findings.map(({ place, fact, page: is }) => `${place} / ${fact} = ${is}`);
    expect(
      ids.some((id) => id.startsWith(want)),
      ids.join("\n"),
    ).toBe(true);
    expect(one.findings[0]?.operation).toBe("POST /v9/{shelf_id}/polish");
  });

  test("a type that is wrong in every sample is said once, and the root is a path like others", () => {
    const block = '.. code-block::\n\n   {\n       "shine": 7\n   }\n';
    const twice = change(page, block, `${block.replace("7", '"a"')}\n${block.replace("7", '"b"')}`);
    const types = check("polish.rst", twice).findings.filter(({ fact }) => fact === "sampled type");
    expect(types.map(({ page: is }) => is)).toEqual(["string a"]);
    const root = page.replaceAll("/v9/{shelf_id}/polish", "/").replace("/v9/s-1/polish", "/");
    expect(check("polish.rst", root).findings.filter(({ fact }) => fact === "path")).toEqual([]);
  });

  test("its findings fail a page and a folder alike, and are counted apart", () => {
    const bad = check("polish.rst", change(page, '"shine": 7', '"shine": "much"'));
    const good = check("refill.rst", sourceOf("refill.rst"));
    for (const checks of [[bad], [bad, good]]) {
      const summary = summarise(checks, world);
      expect(isGood(summary)).toBe(false);
      expect(summary.findings).toMatchObject({ fresh: 1, withoutSpec: 1 });
      expect(report(checks, summary)).toMatch(
        /polish\.rst:\d+: POST .*: response shine: sampled type: .*\n {2}page: "shine"/,
      );
    }
  });

  test("its findings can be registered, and such an entry rots too", () => {
    const text = `operations: ["POST /v9/{shelf_id}/polish"]
discrepancies:
  - id: A
    operation: POST /v9/{shelf_id}/polish
    finds: [{ place: response shine, fact: sampled type, page: string much }]`;
    const known = { specs: [], registers: [readRegister("s", "f", text)] };
    const bad = check("polish.rst", change(page, '"shine": 7', '"shine": "much"'), known);
    expect(bad.held).toMatchObject({ fresh: [], rotten: [] });
    expect(bad.held?.registered).toHaveLength(1);
    expect(check("polish.rst", page, known).held?.rotten.map(({ entry }) => entry)).toEqual(["A"]);
  });
});

describe("a page in no dialect", () => {
  test("is a finding, alone and in a folder", () => {
    const prose = check("prose.txt", "Nothing to see here.\n");
    for (const checks of [[prose], [prose, check("refill.rst", sourceOf("refill.rst"))]]) {
      const summary = summarise(checks, world);
      expect(summary.pages.noDialect).toBe(1);
      expect(isGood(summary)).toBe(false);
      expect(report(checks, summary)).toContain("prose.txt:1: prose.txt: page: dialect_unknown");
    }
  });
});

const operationOf = (source: string, file = "unknown-name.rst"): string | null => {
  const { match } = check(file, source);
  return match.spec && `${match.how} ${match.spec.operationId}`;
};

describe("a known page is known again", () => {
  const refill = sourceOf("refill.rst");
  const elsewhere = change(
    refill,
    /POST \/v1\/\{project_id\}\/jars\/\{jar_id\}\/refills\n/,
    "PUT /v7/shelves/{jar_id}\n",
  );

  test("when method and path have changed", () => {
    expect(operationOf(elsewhere)).toBe("near refillJar");
    const { findings, held } = check("unknown-name.rst", elsewhere);
    const messages = findings.map(({ message }) => message).join("\n");
    expect(messages).toContain(
      "this page no longer describes POST /v1/{project_id}/jars/{jar_id}/refills: the method is PUT",
    );
    expect(held?.fresh.length).toBeGreaterThanOrEqual(2);
  });

  test("when method, path and a field have changed, by its title", () => {
    const more = change(elsewhere, "| label     |", "| remark    |");
    expect(operationOf(more)).toBe("near refillJar");
    const untitled = change(more, "Refilling a Jar\n===============", "Jars and Lids\n=============");
    expect(operationOf(untitled)).toBeNull();
    expect(operationOf(untitled, "docs.example.com/rst.rst")).toBe("near refillJar");
  });

  test("when an action is called otherwise, by what it takes and gives, or by its file", () => {
    const shelf = sourceOf("shelf.md");
    const other = shelf.replaceAll("DescribeJars", "CountPots");
    expect(operationOf(other, "unknown-name.md")).toBe("near describeJars");
    const less = change(change(other, /\| Kinds\.N.*\n/, ""), /\| Limit.*\n/, "");
    expect(operationOf(less, "unknown-name.md")).toBeNull();
    expect(operationOf(less, "pages/DescribeJars.md")).toBe("near describeJars");
  });

  test.each([
    ["before the path", /URI\n---\n[\s\S]*$/, ""],
    ["in the title", /Function\n-+\n[\s\S]*$/, ""],
    ["within the heading of the URI", /(URI\n---\n)[\s\S]*$/, "$1"],
  ])("when it is cut off %s: one finding", (_, from, to) => {
    const rest = change(refill, from, to);
    expect(operationOf(rest)).toBe("lost refillJar");
    const one = check("unknown-name.rst", rest);
    expect(one.findings.map(({ message }) => message)).toEqual([
      "this page no longer describes POST /v1/{project_id}/jars/{jar_id}/refills, nor any other operation",
    ]);
    const summary = summarise([one], world);
    expect(summary.pages.lost).toBe(1);
    expect(isGood(summary)).toBe(false);
    // The finding, its words, what to do, and the three lines of the summary.
    expect(report([one], summary).split("\n")).toHaveLength(6);
  });

  test("when it has lost its URI and there are two versions: both are named, and neither is guessed", () => {
    const known = world.specs.find(({ operationId }) => operationId === "refillJar");
    if (!known) throw new Error("no refillJar");
    const newer = { ...known, operationId: "refillJarV2", path: known.path.replace("/v1/", "/v2/") };
    const both: World = { ...world, specs: [...world.specs, newer] };
    const tables = change(refill, /POST \/v1\/\{project_id\}\/jars\/\{jar_id\}\/refills\n/, "\n");
    for (const [text, message] of [
      [
        tables,
        "the page has lost its URI, and what is left may be of POST /v1/{project_id}/jars/{jar_id}/refills or POST /v2/{project_id}/jars/{jar_id}/refills",
      ],
      [
        change(refill, /URI\n---\n[\s\S]*$/, ""),
        "this page no longer describes POST /v1/{project_id}/jars/{jar_id}/refills or POST /v2/{project_id}/jars/{jar_id}/refills, nor any other operation",
      ],
    ] as const) {
      const one = check("refill.rst", text, both);
      expect(one.findings.map((finding) => finding.message)).toEqual([message]);
      expect(isGood(summarise([one], both))).toBe(false);
    }
    expect(check("refill.rst", tables).match).toMatchObject({ how: "near" });
  });

  test("another page with the title of a known one is not", () => {
    expect(operationOf(change(page, /Polishing a Jar\n=+/, "Refilling a Jar\n==============="))).toBeNull();
  });
});

test("a flattened page that is cut off after its title is a finding", () => {
  const trail = "Help Center/ Pantry/ API Reference/ APIs v9/ Polishing a Jar\nUpdated on 2031-05-06 GMT+08:00\n\n";
  const { match } = check("polish.txt", trail);
  expect(match).toEqual({ spec: null, why: "lost operation" });
});

test("a page on metrics has a function too, and is of no operation", () => {
  const metrics =
    "Metrics of a Jar\n================\n\nFunction\n--------\n\nDescribes what is reported of a jar.\n\nNamespace\n---------\n\nPANTRY.JAR\n";
  const one = check("metrics.rst", metrics);
  expect(one.match).toEqual({ spec: null, why: "no operation" });
  expect(isGood(summarise([one], world))).toBe(true);
});

test.each([
  ["a section on the URI", /POST \/v9[\s\S]*$/, ""],
  ["a section on what it does", /URI\n---\n[\s\S]*$/, "Function\n--------\n\nPolishes a jar.\n"],
])("an unknown page with %s and no operation is a finding", (_, from, to) => {
  const one = check("polish.rst", change(page, from, to));
  expect(one.match).toEqual({ spec: null, why: "lost operation" });
  expect(one.findings.map(({ message }) => message)).toEqual([
    "the page announces an operation, and none can be read from it",
  ]);
  expect(isGood(summarise([one], world))).toBe(false);
});
