// The check on pages of our own, in each dialect, with their own specs and register.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Checked, checkFile, checkPage, type World } from "../src/check/check.js";
import { filesOf } from "../src/check/files.js";
import { idOf } from "../src/check/finding.js";
import {
  type Entry,
  faultsOf,
  hold,
  loadRegisters,
  type Register,
  readRegister,
  stateOf,
} from "../src/check/register.js";
import { isGood, report, summarise } from "../src/check/report.js";
import { loadSpecs } from "../src/check/spec.js";
import { renderRegister } from "../src/check/table.js";
import { mutate } from "../src/mutate/run.js";
import { readPage } from "../src/page.js";

const root = fileURLToPath(new URL("./larder/", import.meta.url));
const world: World = { specs: loadSpecs(root), registers: loadRegisters(root) };
const page = (name: string): string => join(root, "pages", name);
const files = filesOf([join(root, "pages")]);

const changed = (name: string, from: string | RegExp, to: string): Checked => {
  const source = readFileSync(page(name), "utf8");
  const next = source.replace(from, to);
  expect(next, `${name} has no ${from}`).not.toBe(source);
  return checkPage(readPage(name, next), next, world);
};

describe("accepted pages", () => {
  test.each(files.map((file) => [file.slice(root.length), file]))("%s: every difference is registered", (_, file) => {
    const { held, match } = checkFile(file, world);
    if (match.spec === null) expect(file).toMatch(/other/);
    else expect(held).toMatchObject({ accepted: true, fresh: [], rotten: [] });
  });

  test("the counts add up", () => {
    const checks = files.map((file) => checkFile(file, world));
    const { pages, findings, entries, faults } = summarise(checks, world);
    expect(pages.given).toBe(
      pages.checked + pages.noSpec + pages.noOperation + pages.lost + pages.noDialect + pages.unreadable,
    );
    expect(pages).toMatchObject({ checked: 4, noSpec: 1, notAccepted: 0 });
    expect(findings.all).toBe(findings.registered + findings.fresh);
    expect(entries.all).toBe(entries.visible + entries.invisible + entries.waiting);
    expect(entries.met).toBe(entries.visible);
    expect(faults).toEqual([]);
    expect(isGood(summarise(checks, world))).toBe(true);
  });

  test("the id of a finding does not depend on where it stands", () => {
    const source = readFileSync(page("refill.rst"), "utf8");
    const lower = source.replace("Function\n--------", "\n\n\nFunction\n--------");
    const ids = (text: string): string[] => checkPage(readPage("p", text), text, world).findings.map(idOf);
    expect(ids(lower)).toEqual(ids(source));
  });

  test("wording alone is no difference", () => {
    const { held } = changed(
      "refill.rst",
      "Fills a jar again from a batch.",
      "This operation puts a batch into a jar.",
    );
    expect(held).toMatchObject({ accepted: true, fresh: [], rotten: [] });
  });
});

test("a flag under its opposite is the same fact, and its column in the same place", () => {
  const flipped = (text: string) =>
    text
      .replaceAll("Mandatory", "Optional ")
      .replaceAll(/\| Yes {2,}\|/g, (cell) => cell.replace("Yes", "N_ "))
      .replaceAll(/\| No {2,}\|/g, (cell) => cell.replace("No ", "Yes"))
      .replaceAll("String Yes ", "String No  ")
      .replaceAll("N_ ", "No ");
  const source = readFileSync(page("refill.rst"), "utf8");
  const facts = (text: string) => {
    const { digest, findings, held } = checkPage(readPage("refill.rst", text), text, world);
    return { digest, found: findings.map(idOf), rotten: held?.rotten };
  };
  expect(flipped(source)).not.toBe(source);
  expect(facts(source).found.join()).toContain("columns");
  expect(facts(flipped(source))).toEqual(facts(source));
});

test("a pipe is no page, and nobody waits for it", () => {
  const folder = mkdtempSync(join(tmpdir(), "docs-check-"));
  const pipe = join(folder, "pipe.rst");
  execFileSync("mkfifo", [pipe]);
  expect(() => checkFile(pipe, world)).toThrow("pipe.rst: it is no ordinary file");
  rmSync(folder, { recursive: true });
});

describe("what a change of a page gives", () => {
  const given: [string, string, string | RegExp, string, string][] = [
    ["a new name", "refill.rst", "label     | String", "lable     | String", "body lable / parameter = String"],
    ["another type", "refill.rst", "batch_id  | String ", "batch_id  | Integer", "body batch_id / type = Integer"],
    [
      "no longer required",
      "refill.rst",
      "String  | Yes       | The batch",
      "String  | No        | The batch",
      "body batch_id / required = no",
    ],
    ["another value", "refill.rst", "-  drop", "-  toss", "body mode / values = keep, toss"],
    ["another range", "refill.rst", "1 to 20", "1 to 30", "body portions / range = 1..30"],
    ["another default", "list.txt", "10 refills are", "20 refills are", "query limit / default = 20"],
    ["another maximum", "list.txt", "maximum value is 50", "maximum value is 90", "query limit / range = 1..90"],
    ["another status", "drop.html", "<td>204</td>", "<td>202</td>", "status 202 / status = 202"],
    ["a status less", "drop.html", /<tr><td>204.*\n/, "", "status 204 / status = -"],
    ["another sample", "refill.rst", '"keep",', '"drop",', "request example mode / value = drop"],
    ["a broken sample", "refill.rst", '"b-1",', '"b-1"', "request example / json = sha256:"],
    [
      "another host",
      "shelf.md",
      /pantry\.tencentcloudapi\.com\./,
      "larder.tencentcloudapi.com.",
      "operation / host = larder.tencentcloudapi.com",
    ],
    ["another limit", "shelf.md", "of 5 requests", "of 9 requests", "operation / rate limit = 9 in 1 s"],
    [
      "a code more",
      "shelf.md",
      "| InvalidParameter.Shelf",
      "| Other.Code | x |\n| InvalidParameter.Shelf",
      "error Other.Code / error code = Other.Code",
    ],
    ["a code less", "shelf.md", /\| InvalidParameter\.Shelf.*\n/, "", "error InvalidParameter.Shelf / error code = -"],
    [
      "another path",
      "refill.rst",
      "POST /v1/{project_id}/jars/{jar_id}/refills\n\n..",
      "POST /v1/{project_id}/jars/{jar_id}/toppings\n\n..",
      "operation / path = /v1/{project_id}/jars/{jar_id}/toppings",
    ],
    ["another method", "drop.html", "<p>DELETE /v2", "<p>POST /v2", "operation / method = POST"],
    ["another action", "shelf.md", "API: DescribeJars", "API: ListJars", "operation / action = ListJars"],
    ["another version", "shelf.md", "API: 2031-05-06", "API: 2032-05-06", "operation / version = 2032-05-06"],
    [
      "a value the list lacks",
      "list.txt",
      '"r-1",\n    "status" : "over"',
      '"r-1",\n    "status" : "gone"',
      "response refills[].status / sampled value = gone",
    ],
    [
      "a row twice",
      "drop.html",
      "<tr><td>jar_id<",
      "<tr><td>jar_id</td><td>Yes</td><td>String</td><td>Again.</td></tr>\n<tr><td>jar_id<",
      "path jar_id / duplicate = String",
    ],
  ];
  test.each(given)("%s", (_, name, from, to, want) => {
    const { held } = changed(name, from, to);
    const ids = [...(held?.fresh ?? [])].map(idOf);
    expect(
      ids.some((id) => id.includes(want)),
      `${want} not in:\n${ids.join("\n")}`,
    ).toBe(true);
  });

  test("a corrected page makes its entry rot", () => {
    const { held } = changed("shelf.md", '"TotalCount": "1"', '"TotalCount": 1');
    expect(held?.rotten.map(({ find }) => `${find.place} ${find.fact}`)).toEqual([
      "response example TotalCount value",
      "response TotalCount sampled type",
    ]);
    expect(held?.accepted).toBe(false);
  });
});

describe("the register", () => {
  const all = world.registers.flatMap((register) =>
    register.discrepancies.map((entry): [string, Register, Entry] => [entry.id, register, entry]),
  );

  test.each(all.filter(([, register, entry]) => stateOf(entry, register.pages) === "visible"))(
    "without %s the check fails",
    (_, register, entry) => {
      const without = { ...register, discrepancies: register.discrepancies.filter((one) => one !== entry) };
      const checks = files
        .map((file) => checkFile(file, world))
        .filter(({ match }) => match.spec?.service === register.service);
      const fresh = checks.flatMap(({ match, page, digest, findings }) =>
        match.spec ? hold(without, match.spec.operationId, { digest, dialect: page.dialect }, findings).fresh : [],
      );
      expect(fresh).toHaveLength(entry.finds?.length ?? 0);
    },
  );

  test.each(all.filter(([, , entry]) => entry.finds))("%s rots where a find is gone", (_, register, entry) => {
    for (const find of entry.finds ?? []) {
      const [checked] = files
        .map((file) => checkFile(file, world))
        .filter(({ match }) => match.spec?.operationId === entry.operation);
      const rest =
        checked?.findings.filter(
          (one) => one.place !== find.place || one.fact !== find.fact || one.page !== find.page,
        ) ?? [];
      expect(
        hold(register, entry.operation ?? "", { digest: checked?.digest ?? "", dialect: null }, rest).rotten,
      ).toEqual([{ entry: entry.id, find }]);
    }
  });

  test.each([
    ["an id twice", "- { id: A, visible: false, unseen: x }\n- { id: A, visible: false, unseen: x }", "A stands twice"],
    ["no finds", "- { id: A, operation: a }", "A has neither finds nor visible: false"],
    ["invisible without a reason", "- { id: A, visible: false }", "A is not visible, and does not say why (unseen)"],
    [
      "an unknown operation",
      "- { id: A, operation: b, finds: [{ place: p, fact: f, page: x }] }",
      "A is of b, which has no page",
    ],
    [
      "an unknown edition",
      "- { id: A, operation: a, finds: [{ place: p, fact: f, page: x, on: [z] }] }",
      "A is on the edition z of a, which is not accepted",
    ],
    [
      "one find twice",
      "- { id: A, operation: a, finds: [{ place: p, fact: f, page: x }] }\n- { id: B, operation: a, finds: [{ place: p, fact: f, page: x }] }",
      "B and A have the same find: p / f",
    ],
  ])("says that it has %s", (_, entries, want) => {
    const text = `pages:\n  a: { editions: { y: { digest: d } } }\ndiscrepancies:\n${entries.replace(/^/gm, "  ")}`;
    expect(faultsOf(readRegister("s", "f", text))).toContain(want);
  });

  test("an entry of a page that nobody has accepted waits", () => {
    const register = readRegister("s", "f", "pages:\n  a: { url: u }\ndiscrepancies:\n  - { id: A, operation: a }");
    expect(faultsOf(register)).toEqual([]);
    expect(renderRegister([register])).toMatch(/\| 1 \| 0 \| 0 \| 1 \|/);
  });

  test("is written out for readers", () => {
    const text = renderRegister(world.registers);
    for (const [id] of all) expect(text).toContain(`| ${id} |`);
    expect(text).toContain("no: stands on another page");
  });
});

test("at least 99 % of single changes are noticed, and no unchanged page is complained about", () => {
  const { all, falseAlarms } = mutate(files, world, 5000, 1);
  expect(falseAlarms).toEqual([]);
  expect(all.made).toBeGreaterThan(150);
  expect(all.noticed / all.made).toBeGreaterThanOrEqual(0.99);
});

test("what cannot be read is said, and fails", () => {
  const binary = checkPage(readPage("p", new Uint8Array([0, 1, 2, 0, 255, 0, 0, 0, 0])), "", world);
  expect(binary.match).toEqual({ spec: null, why: "unreadable" });
  const summary = summarise([binary], world);
  expect(isGood(summary)).toBe(false);
  expect(report([binary], summary)).toContain("no text");
});

describe("the commands", { timeout: 60_000 }, () => {
  let copy = "";
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "docs-check-"));
    cpSync(root, copy, { recursive: true });
    execFileSync("mkdir", ["-p", join(copy, "docs")]);
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));
  const run = (command: string, ...args: string[]) =>
    spawnSync(process.execPath, [fileURLToPath(new URL(`../dist/${command}.js`, import.meta.url)), ...args], {
      cwd: copy,
      encoding: "utf8",
      env: { ...process.env, RESTOREKIT_ROOT: `${copy}/` },
    });

  test("docs:check ends with 0, then 1 for a changed page, then 0 again once it is accepted", () => {
    expect(run("check", "pages").status).toBe(0);
    const file = join(copy, "pages/drop.html");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replaceAll("The refill is gone.", "Gone.").replace("<td>404</td>", "<td>409</td>"),
    );
    const failed = run("check", "pages");
    expect(failed.status).toBe(1);
    expect(failed.stdout).toMatch(/drop\.html:\d+: dropRefill: status 409: status: .*\n {2}page: 409/);
    expect(failed.stdout).toContain("facts of this page are those of no accepted edition");
    const register = join(copy, "specs/pantry/docs.yaml");
    const before = readFileSync(register, "utf8");
    const accepted = run("check", "pages", "--accept", "--edition", "2031-06-07");
    expect(accepted.stderr).toContain("accepted as dropRefill 2031-06-07");
    const lines = readFileSync(register, "utf8")
      .split("\n")
      .filter((line) => !before.split("\n").includes(line));
    expect(lines).toHaveLength(3);
    expect(
      lines.every((line) =>
        /^ {6}"2031-06-07": \{ digest: "[0-9a-f]{16}", rest: "[0-9a-f]{16}", title: "[0-9a-f]{16}"(?:, meanings: \{[^{}]+\})? \}$/.test(
          line,
        ),
      ),
    ).toBe(true);
    // Accepting the facts does not accept the differences.
    expect(accepted.status).toBe(1);
  });

  test("docs:check --json says the same to machines", () => {
    const { summary, pages } = JSON.parse(run("check", "pages/shelf.md", "--json").stdout);
    expect(summary.findings.fresh).toBe(0);
    expect(pages[0]).toMatchObject({
      service: "pantry-rpc",
      operation: "describeJars",
      accepted: true,
      findings: [],
      rotten: [],
    });
    expect(pages[0].registered.length).toBe(summary.findings.registered);
  });

  test("docs:register writes the table, and --check notices when it is old", () => {
    expect(run("register", "--check").status).toBe(1);
    expect(run("register").status).toBe(0);
    expect(run("register", "--check").status).toBe(0);
  });

  test("docs:check without a page says what it looked at: the registers, or what docs:fetch has brought", () => {
    const none = run("check");
    expect(none.stdout).toContain("no page was compared");
    expect(none.stdout).toContain("0 pages: ");
    expect(none.status).toBe(0);
    const store = join(copy, "node_modules/.cache/docs-pages/new/pantry-rpc");
    mkdirSync(store, { recursive: true });
    cpSync(join(copy, "pages/shelf.md"), join(store, "describeJars.txt"));
    const some = run("check");
    expect(some.stdout).toMatch(/no page was named: these are the 1 of .*docs-pages\/new\n1 pages: 1 checked/);
    expect(some.status).toBe(0);
    rmSync(join(copy, "node_modules"), { recursive: true });
  });

  test.each([
    ["no-such-page", /^docs:check: no-such-page: there is no such file\n$/],
    ["specs", /^docs:check: specs: no page \(.html, .md, .rst, .txt\)\n$/],
  ])("docs:check %s names what it could not have", (name, why) => {
    const { status, stdout, stderr } = run("check", name);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(why);
  });

  test.each(["bench", "check", "diff", "draft", "fetch", "follow", "mutate", "register", "witness"])(
    "docs:%s refuses a flag it does not know, with its usage",
    (command) => {
      const { status, stdout, stderr } = run(command, "--nonsense");
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toMatch(/Unknown option '--nonsense'/);
      expect(stderr).toMatch(/^usage: /m);
    },
  );

  test.each([
    ["check", ["--accept"], 2],
    ["check", ["pages", "--edition", "x"], 2],
    ["check", ["no-such-page"], 2],
    ["check", ["--what"], 2],
    ["mutate", [], 2],
    ["register", ["x"], 2],
  ])("docs:%s %j ends with %i", (command, args, want) => {
    expect(run(command as string, ...(args as string[])).status).toBe(want);
  });
});
