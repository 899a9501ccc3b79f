// What a freshly fetched page means for us.

import type { Change, Comparison } from "../change.js";
import { comparePages } from "../changes.js";
import type { Checked, World } from "../check/check.js";
import { checkFile } from "../check/check.js";
import { loadPage } from "../load.js";
import type { Page } from "../model.js";
import { purposeOf } from "../purpose.js";
import type { Store, Target } from "./store.js";

/**
 * `same`: the facts are those of an accepted edition. `changed`: they are not, and there is a page to compare with.
 * `first`: they are not, and there is none. `unreadable`: no operation can be read from it, or another one.
 */
export type News = { target: Target; file: string; checked: Checked } & (
  | { kind: "same" | "first" | "unreadable" }
  | { kind: "changed"; before: Page; comparison: Comparison }
);

export function newsOf(target: Target, store: Store, world: World): News | null {
  const file = store.page("new", target);
  if (file === null) return null;
  const checked = checkFile(file, world);
  const news = { target, file, checked };
  if (checked.page.dialect === null || checked.page.operation.path === null) return { ...news, kind: "unreadable" };
  // An error page, or one that was replaced by its neighbour.
  if (checked.match.spec !== null && checked.match.spec.operationId !== target.operation)
    return { ...news, kind: "unreadable" };
  // No digest holds that meanings have changed places.
  const isMoved = checked.held?.fresh.some(({ fact }) => fact === "meanings") ?? false;
  if (checked.match.spec !== null && checked.held?.accepted && !isMoved) return { ...news, kind: "same" };
  const known = store.page("known", target);
  if (known === null) return { ...news, kind: "first" };
  const before = loadPage(known);
  const comparison = comparePages(before, checked.page);
  return { ...news, kind: "changed", before, comparison };
}

/** Where on the page a change stands; of what is gone, where it stood. */
export function placeOfChange({ fact, place, before: was, after: is }: Change, before: Page, after: Page): string {
  const gone = is === null;
  const page = gone ? before : after;
  const at = (one: { line: number; table?: number; row?: number }) =>
    `line ${one.line}${one.table === undefined ? "" : `, table ${one.table + 1}, row ${(one.row ?? 0) + 1}`}${gone ? " of the old page" : ""}`;
  // "body source.type: restore_time with timestamp" and "body source.type: backup" stand in the row of source.type.
  const name = fact === "condition" || fact === "meaning" ? place.replace(/: [^:]*$/, "") : place;
  const parameter = page.parameters.find(({ in: side, status, path }) =>
    side === "response" ? name === `response ${status ?? "?"} ${path}` : name === `${side} ${path}`,
  );
  if (parameter) return at(parameter);
  const code = page.errorCodes.find(
    (error) => place === `errors ${error.code}` || (place === "errors" && error.code === (is ?? was)),
  );
  if (code) return at(code);
  const status = page.responses.find((answer) => place === "responses" && String(answer.status) === (is ?? was));
  if (status) return at({ line: status.line });
  for (const structure of page.structures) {
    const field = structure.fields.find(({ path }) => name === `${structure.name} ${path}`);
    if (field) return at(field);
  }
  const line = fact.startsWith("example") ? lineInExample(page, place, is ?? was ?? "") : lineOfOperation(page, fact);
  return line === null ? "the page as a whole" : at({ line });
}

function lineOfOperation(page: Page, fact: string): number | null {
  if (fact === "rate limit") return page.rateLimit?.line ?? null;
  return (fact === "purpose" ? purposeOf(page)?.line : null) ?? page.operation.line;
}

/** The line of a sample that has the name and the value. */
function lineInExample(page: Page, place: string, value: string): number | null {
  const name = /([^.\s[\]]+)(?:\[\d+\])?$/.exec(place)?.[1] ?? "";
  for (const { raw, line, url, method } of page.examples) {
    if (url !== null && value.endsWith(url.replace(/^https?:\/\/[^/?]*/, "")) && value.startsWith(method ?? ""))
      return line;
    const at = raw.split("\n").findIndex((text) => text.includes(`"${name}"`) && text.includes(value));
    if (at !== -1) return line + at;
  }
  return null;
}
