// One page against its spec, itself, its sister operations and the register.
import { loadSource } from "../load.js";
import type { Page } from "../model.js";
import { digestOf, restOf } from "./digest.js";
import { compareExamples } from "./examples.js";
import { type Count, type Finding, idOf, type Say, short } from "./finding.js";
import { type Match, matchSpec } from "./match.js";
import { compareMoved } from "./moved.js";
import { compareOperation } from "./operation.js";
import { comparePageWithItself, nameOf } from "./own.js";
import { compareParameters } from "./parameters.js";
import { compareProse } from "./prose.js";
import { type Held, hold, holdUnspecified, type Register } from "./register.js";
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
  const { page, source } = loadSource(file);
  return checkPage(page, source, world);
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
  const count: Count = { compared: 0 };
  const lines = source.replace(/\r\n?/g, "\n");
  if (match.spec === null) {
    checked.findings = match.why === "no spec" ? ownFindings(page, lines, count) : lostFindings(page, match);
    checked.held = holdUnspecified(world.registers, nameOf(page), checked.findings);
  } else if (match.how === "lost") {
    checked.findings = lostFindings(page, match);
    // Entries speak of what a page says, and this one says nothing.
    checked.held = { edition: null, accepted: false, registered: [], fresh: checked.findings, rotten: [] };
  } else {
    const { spec } = match;
    checked.findings = specFindings(page, lines, spec, match.how, world, count);
    const register = world.registers.find(({ service }) => service === spec.service);
    if (register) checked.held = hold(register, spec.operationId, { digest, dialect: page.dialect }, checked.findings);
  }
  checked.compared = count.compared;
  return checked;
}

interface Notebook {
  say: Say;
  findings: () => Finding[];
}

/** Each difference once, wherever else the page repeats it. */
function notebook(service: string, operation: string): Notebook {
  const found = new Map<string, Finding>();
  return {
    findings: () => [...found.values()],
    say(place, fact, is, want, where, message) {
      const finding: Finding = {
        service,
        operation,
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
    },
  };
}

function specFindings(
  page: Page,
  source: string,
  spec: SpecOperation,
  how: "exact" | "near",
  world: World,
  count: Count,
): Finding[] {
  const { say, findings } = notebook(spec.service, spec.operationId);
  const view = viewOf(page, spec, source);
  compareOperation(view, how, say, count);
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
  compareMoved(page, register?.pages[spec.operationId]?.editions ?? {}, say);
  readerDoubts(page, say);
  return findings();
}

/** Without a spec there is still the page itself, and what the reader stumbled over. */
function ownFindings(page: Page, source: string, count: Count): Finding[] {
  const { say, findings } = notebook("", nameOf(page));
  comparePageWithItself(page, source, say, count);
  readerDoubts(page, say);
  return findings();
}

/** A page without its operation has lost all the rest as well: one finding, not one for every field. */
function lostFindings(page: Page, match: Match): Finding[] {
  const lost = match.spec !== null && match.how === "lost" ? [match.spec, ...match.or] : [];
  const call = lost.map(({ action, method, path }) => action ?? `${method} ${path}`).join(" or ") || null;
  const { say, findings } = notebook(match.spec?.service ?? "", match.spec?.operationId ?? nameOf(page));
  const where = { line: page.issues[0]?.line ?? 1, quote: page.title };
  if (call !== null && lost.length > 1 && page.parameters.length)
    say("operation", "operation", null, call, where, `the page has lost its URI, and what is left may be of ${call}`);
  else if (call !== null)
    say("operation", "operation", null, call, where, `this page no longer describes ${call}, nor any other operation`);
  else if (match.spec === null && match.why === "lost operation")
    say("operation", "operation", null, null, where, "the page announces an operation, and none can be read from it");
  else if (page.dialect === null)
    say("page", page.issues[0]?.code ?? "unreadable", null, null, where, page.issues[0]?.message ?? "not readable");
  return findings();
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
