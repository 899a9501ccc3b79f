// One page against its spec, itself, its sister operations and the register.
import { readFileSync, statSync } from "node:fs";
import type { Page } from "../model.js";
import { largestPage, readPage, tooLarge } from "../page.js";
import { digestOf, restOf } from "./digest.js";
import { compareExamples } from "./examples.js";
import { type Count, type Finding, idOf, type Say, short } from "./finding.js";
import { type Match, matchSpec } from "./match.js";
import { compareOperation } from "./operation.js";
import { compareParameters } from "./parameters.js";
import { compareProse } from "./prose.js";
import { type Held, hold, type Register } from "./register.js";
import { compareSamples } from "./samples.js";
import { compareSiblings } from "./siblings.js";
import type { SpecOperation } from "./spec.js";
import { viewOf } from "./view.js";

export interface Checked {
  file: string;
  page: Page;
  match: Match;
  digest: string;
  rest: string;
  compared: number;
  findings: Finding[];
  held: Held | null;
}

export interface World {
  specs: SpecOperation[];
  registers: Register[];
}

export function checkFile(file: string, world: World): Checked {
  const { size } = statSync(file);
  if (size > largestPage) return checkPage(tooLarge(file, size), "", world);
  const content = readFileSync(file);
  return checkPage(readPage(file, content), content.toString("utf8"), world);
}

export function checkPage(page: Page, source: string, world: World): Checked {
  const match = matchSpec(page, world.specs, world.registers);
  const digest = digestOf(page);
  const checked: Checked = {
    file: page.file,
    page,
    match,
    digest,
    rest: restOf(page),
    compared: 0,
    findings: [],
    held: null,
  };
  if (match.spec === null) return checked;
  const { spec } = match;
  const count: Count = { compared: 0 };
  checked.findings = findingsOf(page, source.replace(/\r\n?/g, "\n"), spec, world, count);
  checked.compared = count.compared;
  const register = world.registers.find(({ service }) => service === spec.service);
  if (register) checked.held = hold(register, spec.operationId, { digest, dialect: page.dialect }, checked.findings);
  return checked;
}

function findingsOf(page: Page, source: string, spec: SpecOperation, world: World, count: Count): Finding[] {
  const found = new Map<string, Finding>();
  const view = viewOf(page, spec, source);
  const say: Say = (place, fact, is, want, where, message) => {
    const finding: Finding = {
      service: spec.service,
      operation: spec.operationId,
      place,
      fact,
      page: short(is),
      spec: short(want),
      line: where.line,
      quote: where.quote ?? "",
      message,
    };
    const id = idOf(finding);
    if (!found.has(id)) found.set(id, finding);
  };
  compareOperation(view, say, count);
  compareParameters(view, say, count);
  compareExamples(view, say, count);
  compareSamples(view, say, count);
  const register = world.registers.find(({ service }) => service === spec.service);
  const known = new Set([
    ...world.specs.filter(({ service }) => service === spec.service).flatMap(({ action }) => action ?? []),
    ...(register?.operations ?? []),
  ]);
  compareProse(view, say, known);
  compareSiblings(view, say, world.specs);
  readerDoubts(page, say);
  return [...found.values()];
}

/** Explained by other findings, or no doubt at all. */
const harmless = new Set([
  "structure_elsewhere",
  "reference_to_other_place",
  "example_invalid_json",
  "nesting_inferred",
]);

/** What the reader stumbled over belongs to the page as much as any fact. */
function readerDoubts(page: Page, say: Say): void {
  for (const { code, line, message, quote, table, row } of page.issues) {
    if (harmless.has(code)) continue;
    const named = page.parameters.find((parameter) => parameter.table === table && parameter.row === row);
    const place = named ? `${named.in} ${named.path}` : table === undefined ? "page" : `table ${table + 1}`;
    say(place, code, quote ?? message, null, { line, quote: quote ?? "" }, message);
  }
}
