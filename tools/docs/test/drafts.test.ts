// Drafts of real pages, where a folder with them stands beside the repository: that they lint and generate, and that
// the drafts of the source pages differ from our specs in nothing but what the register explains.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileService, emitService, type OpenApi } from "@restorekit/codegen";
import { afterAll, expect, test } from "vitest";
import type { Bundle } from "../../contract/src/bundle.js";
import { flatten } from "../../contract/src/flatten.js";
import { type Entry, explaining, loadRegisters, type Register } from "../src/check/register.js";
import { type Draft, draftPage } from "../src/draft/draft.js";
import { loadPage } from "../src/load.js";
import { given } from "./given.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const shared = join(root, "..", "shared");
const corpus = join(shared, "corpus");

function compile({ file, operation, shared: common }: Draft): OpenApi {
  return compileService("draft", [
    { file: `draft/${file}`, name: file, text: operation },
    { file: "draft/shared.yaml", name: "shared.yaml", text: common },
  ]);
}

given(existsSync(corpus), "there is no ../shared/corpus")("drafts of the corpus", () => {
  const out = mkdtempSync(join(tmpdir(), "restorekit-drafts-"));
  afterAll(() => rmSync(out, { recursive: true }));
  const written: string[] = [];

  test.each([
    ["otc-dcs-rst", 97],
    ["otc-dcs-helpcenter-txt", 97],
    ["tencent-redis-2019-md", 29],
    ["tencent-redis-md", 29],
  ])("%s: %i operations generate", { timeout: 60_000 }, async (folder, operations) => {
    const files = readdirSync(join(corpus, folder), { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.(?:rst|txt|md)$/.test(name),
    );
    let drafted = 0;
    let checks = 0;
    for (const name of files) {
      const draft = draftPage(loadPage(join(corpus, folder, name)));
      if ("refused" in draft) continue;
      const bundle = compile(draft);
      await emitService("draft", bundle);
      drafted += 1;
      checks += draft.checks;
      const file = join(out, `${folder}-${drafted}.json`);
      writeFileSync(file, JSON.stringify(bundle));
      written.push(file);
    }
    console.log(`${folder}: ${drafted} of ${files.length} pages drafted, ${checks} places to check`);
    expect(drafted).toBeGreaterThanOrEqual(operations);
  });

  test("and lint clean", { timeout: 120_000 }, () => {
    const lint = spawnSync(
      join(root, "node_modules/.bin/redocly"),
      ["lint", `--config=${join(root, "tools/codegen/redocly.yaml")}`, "--format=summary", ...written],
      { encoding: "utf8", env: { ...process.env, REDOCLY_TELEMETRY: "off" } },
    );
    expect(written.length).toBeGreaterThanOrEqual(252);
    expect(lint.status, lint.stdout + lint.stderr).toBe(0);
  });
});

const sources = [
  ["000", "tencentcloud-redis", "restoreInstance"],
  ["001", "opentelekomcloud-dcs", "restoreInstanceV1"],
  ["002", "tencentcloud-redis", "describeInstanceBackups"],
  ["003", "huaweicloud-geminidb", "restoreRedisPitr"],
  ["004", "huaweicloud-rds", "restoreToExistingInstance"],
] as const;

interface Bundled {
  bundle: Bundle;
  /** Codes of the whole service are on no operation's page. */
  common: Set<string>;
}

/** One line a fact; kinds of errors are our words, not the page's. */
function factsOf({ bundle, common }: Bundled, operation: string): Map<string, string> {
  const entry = flatten(bundle)[operation];
  if (!entry) throw new Error(`no ${operation}`);
  const facts = new Map<string, string>([["call", entry.call]]);
  facts.set("effect", entry.effect);
  if (entry.rate) facts.set("rate", entry.rate);
  if (entry.pages) facts.set("pages", entry.pages);
  for (const link of entry.links ?? []) facts.set("link", link.split(" ")[0] ?? "");
  if (entry.task) facts.set("task", JSON.stringify(entry.task));
  for (const status of entry.statuses) facts.set(`status ${status}`, "documented");
  for (const [place, words] of Object.entries(entry.input)) facts.set(`input ${place}`, words);
  for (const [place, words] of Object.entries(entry.output)) facts.set(`output ${place}`, words);
  for (const [code, words] of Object.entries(entry.errors))
    if (!common.has(code)) facts.set(`errors ${code}`, words.split(" ")[0] ?? "");
  return facts;
}

const asBundle = (bundle: OpenApi): Bundled => ({ bundle: bundle as unknown as Bundle, common: new Set() });

function specOf(service: string): Bundled {
  const bundle = JSON.parse(readFileSync(join(root, "packages", service, "src/generated/openapi.json"), "utf8"));
  return { bundle, common: new Set(Object.keys(bundle["x-errors"] ?? {})) };
}

interface Difference {
  operation: string;
  place: string;
  page: string;
  spec: string;
}

/** Where the draft of a source page is not what our spec has. */
function differences(page: string, service: string, operation: string): Difference[] {
  const file = readdirSync(join(shared, "docs")).find((name) => name.startsWith(page)) ?? "";
  const draft = draftPage(loadPage(join(shared, "docs", file)));
  if ("refused" in draft) throw new Error(draft.refused);
  const drafted = factsOf(asBundle(compile(draft)), draft.operationId);
  // The operation it leads to may have no spec yet, so a draft names it in a note.
  const link = /# check: a link to ([A-Z])(\w+)/.exec(draft.operation);
  if (link) drafted.set("link", `${link[1]?.toLowerCase()}${link[2]}`);
  const written = factsOf(specOf(service), operation);
  return [...new Set([...drafted.keys(), ...written.keys()])]
    .filter((place) => drafted.get(place) !== written.get(place))
    .map((place) => ({
      operation,
      place,
      page: drafted.get(place) ?? "nothing",
      spec: written.get(place) ?? "nothing",
    }));
}

given(existsSync(join(shared, "docs")), "there is no ../shared/docs")(
  "drafts of the source pages differ from our specs",
  () => {
    const registers = loadRegisters(root);
    const registerOf = (service: string): Register => registers.find((one) => one.service === service) as Register;
    const all = sources.map(([page, service, operation]) => ({
      service,
      found: differences(page, service, operation),
    }));
    const unexplained = (register: Register, found: Difference[]): string[] =>
      found
        .filter(({ operation, place }) => explaining(register, operation, place).length === 0)
        .map(({ operation, place, page, spec }) => `${operation} | ${place} | page: ${page} | spec: ${spec}`);

    test.each(sources)("%s %s %s: in nothing but what the register explains", (_, service, operation) => {
      const found = all.flatMap((one) => one.found).filter((one) => one.operation === operation);
      expect(unexplained(registerOf(service), found)).toEqual([]);
      const entries = found.flatMap((one) => explaining(registerOf(service), operation, one.place).map(({ id }) => id));
      console.log(`${operation}: ${found.length} differences, explained by ${[...new Set(entries)].sort().join(", ")}`);
    });

    const entries = registers.flatMap((register) =>
      register.discrepancies
        .filter(({ drafts }) => drafts)
        .map((entry): [string, Register, Entry] => [`${register.service} ${entry.id}`, register, entry]),
    );
    const foundIn = (register: Register): Difference[] =>
      all.filter(({ service }) => service === register.service).flatMap(({ found }) => found);

    test.each(entries)("without %s something is unexplained", (_, register, entry) => {
      const without = { ...register, discrepancies: register.discrepancies.filter((one) => one !== entry) };
      expect(unexplained(without, foundIn(register))).not.toEqual([]);
    });

    test.each(entries)("each pattern of %s explains something", (_, register, entry) => {
      for (const pattern of entry.drafts ?? []) {
        const only = { ...register, discrepancies: [{ ...entry, drafts: [pattern] }] };
        const explained = foundIn(register).filter(({ operation, place }) => explaining(only, operation, place).length);
        expect(explained, pattern).not.toEqual([]);
      }
    });
  },
);
