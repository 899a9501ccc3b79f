// Drafts of real pages, where a folder with them stands beside the repository: that they lint and generate, and that
// the drafts of the source pages differ from our specs in nothing but what the register explains.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileService, emitService, type OpenApi } from "@restorekit/codegen";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Bundle } from "../../contract/src/bundle.js";
import { flatten } from "../../contract/src/flatten.js";
import { type Draft, draftPage } from "../src/draft/draft.js";
import { loadPage } from "../src/load.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const shared = join(root, "..", "shared");
const corpus = join(shared, "corpus");

function compile({ file, operation, shared: common }: Draft): OpenApi {
  return compileService("draft", [
    { file: `draft/${file}`, name: file, text: operation },
    { file: "draft/shared.yaml", name: "shared.yaml", text: common },
  ]);
}

describe.skipIf(!existsSync(corpus))("drafts of the corpus", () => {
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

interface Source {
  page: string;
  service: string;
  operation: string;
  /** What explains a difference: ids of the register; without any, the page is silent, and the draft must be too. */
  explained: [place: RegExp, why: string][];
}

const sources: Source[] = [
  {
    page: "000",
    service: "tencentcloud-redis",
    operation: "restoreInstance",
    explained: [
      [/^input body Password$/, "T1"],
      [/^errors (?:FailedOperation\.SystemError|ResourceUnavailable\.(?:BackupSpec|InstanceState)Error)$/, "T7"],
      [/^output 200 Response\.(?:TaskId|RequestId)$/, "silent: what is always answered"],
    ],
  },
  {
    page: "001",
    service: "opentelekomcloud-dcs",
    operation: "restoreInstanceV1",
    explained: [
      [/^status default$/, "D6"],
      [/^input body remark$/, "D61b"],
      [/^output error /, "D7"],
      [/^errors /, "silent: the codes stand in an appendix"],
    ],
  },
  {
    page: "002",
    service: "tencentcloud-redis",
    operation: "describeInstanceBackups",
    explained: [
      [/^rate$/, "T55"],
      [/^input body InstanceId$/, "T12"],
      [/^input body InstanceName$/, "T57"],
      [/^input body Limit$/, "T16"],
      [/^input body Status\[\]$/, "T13"],
      [/^output 200 Response\.BackupSet\[\]/, "T59"],
      [/^output 200 Response\.(?:TotalCount|RequestId)$/, "silent: what is always answered"],
      [/^errors (?:FailedOperation|InternalError|InvalidParameter)\./, "T58"],
      [/^pages$/, "silent: x-pagination is a person's"],
    ],
  },
  {
    page: "003",
    service: "huaweicloud-geminidb",
    operation: "restoreRedisPitr",
    explained: [
      [/^status /, "G7"],
      [/^output (?:202 job_id|error error_(?:code|msg))$/, "silent: what is always answered"],
      [/^output error request_id$|^output 413 header Retry-After$/, "silent: what comes with other statuses"],
    ],
  },
  {
    page: "004",
    service: "huaweicloud-rds",
    operation: "restoreToExistingInstance",
    explained: [
      [/^rate$/, "R53"],
      [/^input header X-Language$/, "R6"],
      [/^input body source\(\d\)\.database_name\{\}$/, "R4"],
      [/^input body source/, "R3"],
      [/^status /, "silent: the section on status codes is empty"],
      [/^output (?:error |4\d\d header )/, "silent: the section on status codes is empty"],
      [/^errors /, "silent: the codes stand in an appendix"],
    ],
  },
];

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

function registeredIn(service: string): Map<string, string | undefined> {
  const text = readFileSync(join(root, "specs", service, "docs.yaml"), "utf8");
  const { discrepancies } = parse(text) as { discrepancies: { id: string; operation?: string }[] };
  return new Map(discrepancies.map(({ id, operation }) => [id, operation]));
}

describe.skipIf(!existsSync(join(shared, "docs")))("drafts of the source pages differ from our specs", () => {
  test.each(sources)("$page, $operation: only as the register explains", ({ page, service, operation, explained }) => {
    const file = readdirSync(join(shared, "docs")).find((name) => name.startsWith(page)) ?? "";
    const draft = draftPage(loadPage(join(shared, "docs", file)));
    if ("refused" in draft) throw new Error(draft.refused);
    const drafted = factsOf(asBundle(compile(draft)), draft.operationId);
    const written = factsOf(specOf(service), operation);
    const register = registeredIn(service);
    const used = new Set<string>();
    const lines: string[] = [];
    for (const place of new Set([...drafted.keys(), ...written.keys()])) {
      const here = drafted.get(place);
      const there = written.get(place);
      if (here === there) continue;
      const why = explained.find(([pattern]) => pattern.test(place))?.[1];
      lines.push(`${why ?? "UNEXPLAINED"} | ${place} | page: ${here ?? "nothing"} | spec: ${there ?? "nothing"}`);
      expect(why, lines.at(-1)).toBeDefined();
      used.add(why as string);
      if (why?.startsWith("silent")) {
        // Silence explains an addition, never a contradiction.
        const words = new Set((there ?? "").split(" "));
        expect(
          (here ?? "").split(" ").filter((word) => word && !words.has(word)),
          lines.at(-1),
        ).toEqual([]);
      } else expect([operation, "shared", undefined], lines.at(-1)).toContain(register.get(why as string));
      if (!why?.startsWith("silent")) expect(register.has(why as string), why).toBe(true);
    }
    // An explanation that explains nothing has to go.
    expect(explained.map(([, why]) => why).filter((why) => !used.has(why))).toEqual([]);
    const count = (one: string) => lines.filter((line) => line.startsWith(`${one} |`)).length;
    console.log(
      `${operation}: ${lines.length} differences: ${[...used].map((one) => `${one} ×${count(one)}`).join(", ")}`,
    );
  });
});
