// The check on real pages, where a folder with them stands beside the repository; it is not part of it.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type Checked, checkFile, checkPage } from "../src/check/check.js";
import { filesOf } from "../src/check/files.js";
import { type Entry, hold, loadRegisters, matches, type Register, stateOf } from "../src/check/register.js";
import { isGood, summarise } from "../src/check/report.js";
import { loadSpecs } from "../src/check/spec.js";
import { mutate } from "../src/mutate/run.js";
import { readPage } from "../src/page.js";
import { given } from "./given.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const shared = fileURLToPath(new URL("../../../../shared/", import.meta.url));
const present = existsSync(`${shared}corpus`);
const world = { specs: loadSpecs(root), registers: loadRegisters(root) };
const files = present ? filesOf([`${shared}docs`, `${shared}corpus`]) : [];
const checks = files.map((file) => checkFile(file, world));
const checked = checks.filter(({ match }) => match.spec !== null);
const entries = world.registers.flatMap((register) =>
  register.discrepancies.map((entry): [string, Register, Entry] => [
    `${register.service} ${entry.id}`,
    register,
    entry,
  ]),
);
const visible = entries.filter(([, register, entry]) => stateOf(entry, register.pages) === "visible");
const of = (register: Register): Checked[] => checked.filter(({ match }) => match.spec?.service === register.service);

given(present, "there is no ../shared/corpus")("real pages", () => {
  test.each(checked.map((one) => [one.file.slice(shared.length), one] as const))(
    "%s: every difference is registered",
    (_, { held }) => {
      expect(held).toMatchObject({ accepted: true, fresh: [], rotten: [] });
    },
  );

  test("no page of another operation is taken for a known one", () => {
    expect(checked.filter(({ match }) => match.spec && match.how !== "exact").map(({ file }) => file)).toEqual([]);
    expect(checks.filter(({ match }) => match.spec === null && match.why === "lost operation")).toEqual([]);
  });

  test("a page that is cut off anywhere is a finding", { timeout: 60_000 }, () => {
    const silent = checked.flatMap(({ file }) => {
      const source = readFileSync(file, "utf8");
      return [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9].flatMap((share) => {
        const cut = source.slice(0, source.length * share);
        return isGood(summarise([checkPage(readPage("cut", cut), cut, world)], world)) ? [`${file} ${share}`] : [];
      });
    });
    expect(silent).toEqual([]);
  });

  test("every entry that can be seen is met", () => {
    const { entries: count, findings, pages, faults } = summarise(checks, world);
    expect(faults).toEqual([]);
    expect(count.met).toBe(count.visible);
    expect(findings.fresh - findings.withoutSpec).toBe(0);
    expect(pages.checked).toBeGreaterThan(50);
    expect(pages.checked + pages.noSpec + pages.noOperation + pages.lost + pages.noDialect + pages.unreadable).toBe(
      pages.given,
    );
  });

  test.each(visible)("without %s the check fails", (_, register, entry) => {
    const without = { ...register, discrepancies: register.discrepancies.filter((one) => one !== entry) };
    const fresh = of(register).flatMap(
      ({ match, page, digest, findings }) =>
        hold(without, match.spec?.operationId ?? "", { digest, dialect: page.dialect }, findings).fresh,
    );
    expect(fresh.length).toBeGreaterThan(0);
  });

  test.each(visible)("%s rots where a page no longer has it", (_, register, entry) => {
    for (const find of entry.finds ?? []) {
      const rotten = of(register).flatMap(({ match, page, digest, findings }) => {
        const rest = findings.filter((finding) => !matches(find, finding));
        return rest.length === findings.length
          ? []
          : hold(register, match.spec?.operationId ?? "", { digest, dialect: page.dialect }, rest).rotten;
      });
      expect(
        rotten.some((one) => one.entry === entry.id),
        `${find.place} / ${find.fact}`,
      ).toBe(true);
    }
  });

  const corrections: [string, string, string | RegExp, string][] = [
    ["T1", "000", "| Password | String | Yes |", "| Password | No | String |"],
    ["T2", "000", '"6954227"', "6954227"],
    ["T3", "000", "GetRedisBackupList", "DescribeInstanceBackups"],
    ["T11", "002", '"RedisBackupSet"', '"BackupSet"'],
    ["T12", "002", "| InstanceId | Yes |", "| InstanceId | No |"],
    ["T14", "002", "Status.N", "Status"],
    ["T16", "002", "Instance list size", "Backup list size"],
    ["T18", "002", "DescribeInstance API", "DescribeInstances API"],
    ["D5", "restoring_a_dcs_instance.rst", /200( +)[^\n]*successfully\./, "200$1The task is created."],
    ["D6", "001", "dcs-api-0312043__table5210141351517", "dcs-api-0312021__table486141410130"],
    ["G1", "003", "+0800", "Z"],
    ["G2", "003", "For details, see parameter values under restore_time in Table 4.", ""],
    ["G5", "003", "Table 5 Response body parameters", "Table 5 Error"],
    ["G9", "003", "PUT /v3", "POST /v3"],
    ["R1", "004", "API v3.1 (Recommended)", "API v3"],
    ["R2", "004", "Status Code\n", "Status Code\n\n  • Normal\n\n    200\n"],
    ["R5", "004", "1532001446987", "1532001446"],
    ["R10", "004", /("target": \{\s+"instance_id": ")d8/g, "$1d9"],
  ];
  test.each(corrections)("%s rots when the page is put right", (id, name, from, to) => {
    const found = checked.filter(({ file, match }) =>
      /^\d+$/.test(name)
        ? file.includes(`/docs/${name}_`)
        : file.endsWith(name) && match.spec?.operationId === "restoreInstance",
    );
    const [one] = found;
    const source = readFileSync(one?.file ?? "", "utf8");
    const next = source.replace(from, to);
    expect(next).not.toBe(source);
    const { held } = checkPage(readPage("page", next), next, world);
    expect(held?.rotten.map(({ entry }) => entry)).toContain(id);
  });

  test("at least 99 % of 1,000 single changes are noticed, and no unchanged page is complained about", () => {
    const pages = checked.map(({ file }) => file);
    const { all, falseAlarms, possible, withoutSpec } = mutate(pages, world, 1000, 3);
    expect(withoutSpec).toBe(0);
    expect(falseAlarms).toEqual([]);
    expect(possible).toBeGreaterThan(1000);
    expect(all.made).toBe(1000);
    expect(all.noticed / all.made).toBeGreaterThanOrEqual(0.99);
  }, 60_000);

  test("each contradiction of the list of facts is registered", ({ skip }) => {
    const facts = `${shared}facts/discrepancies.md`;
    skip(!existsSync(facts), "there is no list of facts beside the corpus");
    const listed = [...readFileSync(facts, "utf8").matchAll(/^\| ([TDGRX]\d+) \|/gm)].map(
      (match) => match[1] as string,
    );
    const known = new Set(entries.map(([, , entry]) => entry.id));
    expect(listed.length).toBeGreaterThan(170);
    expect(listed.filter((id) => !known.has(id))).toEqual([]);
  });
});
