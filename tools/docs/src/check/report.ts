// What a check says, for people and for machines.
import type { Checked, World } from "./check.js";
import { type Finding, idOf } from "./finding.js";
import { faultsOf, stateOf } from "./register.js";

export interface Summary {
  pages: {
    given: number;
    /** Against a spec. */
    checked: number;
    /** Against themselves alone. */
    noSpec: number;
    noOperation: number;
    /** Pages that announce an operation, or were known for one, and from which none can be read. */
    lost: number;
    noDialect: number;
    unreadable: number;
    notAccepted: number;
  };
  facts: number;
  findings: { all: number; registered: number; fresh: number; withoutSpec: number };
  entries: { all: number; visible: number; invisible: number; waiting: number; met: number; rotten: number };
  faults: string[];
}

const isLost = ({ match }: Checked): boolean =>
  match.spec === null ? match.why === "lost operation" : match.how === "lost";

export function summarise(checks: Checked[], world: World): Summary {
  const why = (reason: string): number =>
    checks.filter(({ match }) => match.spec === null && match.why === reason).length;
  const held = checks.flatMap(({ held: one }) => one ?? []);
  const of = (checked: Checked): string => checked.match.spec?.service ?? "";
  const met = new Set(
    checks.flatMap((checked) =>
      (checked.held?.registered ?? []).flatMap(({ entries }) => entries.map((id) => `${of(checked)} ${id}`)),
    ),
  );
  const states = world.registers.flatMap(({ discrepancies, pages }) =>
    discrepancies.map((entry) => stateOf(entry, pages)),
  );
  const count = (state: string): number => states.filter((one) => one === state).length;
  const all = checks.reduce((sum, { findings }) => sum + findings.length, 0);
  const registered = held.reduce((sum, one) => sum + one.registered.length, 0);
  return {
    pages: {
      given: checks.length,
      checked: checks.filter(({ match }) => match.spec !== null && match.how !== "lost").length,
      noSpec: why("no spec"),
      noOperation: why("no operation"),
      lost: checks.filter(isLost).length,
      noDialect: why("no dialect"),
      unreadable: why("unreadable"),
      notAccepted: held.filter(({ accepted }) => !accepted).length,
    },
    facts: checks.reduce((sum, { compared }) => sum + compared, 0),
    findings: {
      all,
      registered,
      fresh: all - registered,
      /** Of the new ones: on pages without a spec. */
      withoutSpec: checks.reduce((sum, { match, held: own }) => sum + (match.spec ? 0 : (own?.fresh.length ?? 0)), 0),
    },
    entries: {
      all: states.length,
      visible: count("visible"),
      invisible: count("invisible"),
      waiting: count("waiting"),
      met: met.size,
      rotten: held.reduce((sum, one) => sum + one.rotten.length, 0),
    },
    faults: world.registers.flatMap((register) => faultsOf(register).map((fault) => `${register.service}: ${fault}`)),
  };
}

/** A file that is named or lies in a named folder was meant to be read: one that could not be is a finding like others. */
export const isGood = ({ findings, entries, faults, pages }: Summary): boolean =>
  findings.fresh === 0 && entries.rotten === 0 && faults.length === 0 && pages.notAccepted === 0;

export function report(checks: Checked[], summary: Summary): string {
  const lines: string[] = [];
  for (const checked of checks) lines.push(...reportPage(checked));
  for (const fault of summary.faults) lines.push(`register: ${fault}`);
  const { pages, findings, entries } = summary;
  lines.push(
    `${pages.given} pages: ${pages.checked} checked against their specs, ${pages.noSpec} without a spec against themselves, ${pages.noOperation} of no operation, ${pages.lost} that lost theirs, ${pages.noDialect} in no dialect, ${pages.unreadable} not readable`,
    `${summary.facts} facts compared, ${findings.all} differences: ${findings.registered} registered, ${findings.fresh} new${findings.withoutSpec ? ` (${findings.withoutSpec} of them on pages without a spec)` : ""}`,
    `${entries.all} entries of the register: ${entries.visible} can be seen on a page (${entries.met} met here), ${entries.invisible} on none, ${entries.waiting} wait for their page; ${entries.rotten} finds gone, ${pages.notAccepted} pages not accepted`,
  );
  return lines.join("\n");
}

function reportPage({ file, match, held, digest }: Checked): string[] {
  const lines: string[] = [];
  if (match.spec === null) return (held?.fresh ?? []).flatMap((finding) => reportFinding(file, finding));
  const { spec } = match;
  if (!held) return [`${file}: ${spec.service} has no register (specs/${spec.service}/docs.yaml)`];
  for (const finding of held.fresh) lines.push(...reportFinding(file, finding));
  for (const { entry, find } of held.rotten)
    lines.push(
      `${file}: entry ${entry} no longer applies: ${find.place} / ${find.fact} = ${find.page}`,
      `  do: correct or remove it in specs/${spec.service}/docs.yaml; if the page was put right, the spec may have to follow`,
    );
  if (!held.accepted && match.how !== "lost")
    lines.push(
      `${file}: the facts of this page are those of no accepted edition of ${spec.operationId} (${digest}${held.edition ? `, nearest is ${held.edition}` : ""})`,
      "  do: compare it with the last edition (docs:diff), settle the findings, then docs:check --accept",
    );
  return lines;
}

function reportFinding(file: string, finding: Finding): string[] {
  const { service, operation, line, place, fact, page, spec, message, quote } = finding;
  const head = `${file}:${line}: ${operation}: ${place}: ${fact}: ${message}`;
  const row = quote ? [`  page: ${quote}`] : [];
  const entry = `{ place: ${JSON.stringify(place)}, fact: ${JSON.stringify(fact)}, page: ${JSON.stringify(page)} }`;
  if (fact === "operation" || (place === "page" && !service))
    return [head, ...row, "  do: look at the page: cut off, moved, replaced by another one, or no page at all?"];
  if (service)
    return [
      head,
      ...row,
      `  spec: ${place} in specs/${service}, ${fact}: ${spec}`,
      `  do: correct the spec, or register it: ${entry}`,
    ];
  return [
    head,
    ...row,
    `  itself: ${spec}`,
    `  do: nothing, if nobody needs the operation; else write its spec (docs:draft), or register it: ${entry}`,
  ];
}

export function toJson(checks: Checked[], summary: Summary): unknown {
  return {
    summary,
    pages: checks.map(({ file, match, digest, compared, held }) => ({
      file,
      service: match.spec?.service ?? null,
      operation: match.spec?.operationId ?? null,
      outcome: outcomeOf(match),
      digest,
      edition: held?.edition ?? null,
      accepted: match.spec !== null && held?.accepted === true,
      compared,
      registered: held?.registered.map(({ finding, entries }) => ({ id: idOf(finding), entries, ...finding })) ?? [],
      findings: held?.fresh.map((finding) => ({ id: idOf(finding), ...finding })) ?? [],
      rotten: held?.rotten ?? [],
    })),
  };
}

const outcomes = { exact: "checked", near: "checked as the nearest operation", lost: "lost operation" };

function outcomeOf(match: Checked["match"]): string {
  if (match.spec !== null) return outcomes[match.how];
  return match.why === "no spec" ? "checked against itself" : match.why;
}
