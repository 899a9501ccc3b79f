// What changed in error codes, rate limit and restrictions, and in what values and codes mean.
import type { Say } from "./change.js";
import { isLead, type Restriction, restrictionsOf } from "./check/restrictions.js";
import { codeMeanings } from "./meanings.js";
import type { Page } from "./model.js";

export function compareErrorCodes(before: Page, after: Page, say: Say): void {
  const old = new Map(before.errorCodes.map((error) => [error.code, error]));
  const now = new Map(after.errorCodes.map((error) => [error.code, error]));
  const meant = codeMeanings(after);
  const renamed = new Map<string, string>();
  for (const [code, text] of codeMeanings(before)) {
    const alike = [...meant].filter(([other, words]) => words === text && text !== "" && !old.has(other));
    const [name] = alike[0] ?? [];
    if (!now.has(code) && name !== undefined && ![...renamed.values()].includes(name)) renamed.set(code, name);
  }
  for (const [code, error] of old) {
    const next = now.get(code);
    // Who looks for the code waits in vain. Otherwise the list is open: a code that leaves the page may still come.
    if (renamed.has(code)) say("error code", "errors", code, renamed.get(code), "breaking");
    else if (!next) say("error code", "errors", code, null, "wording-only");
    else if (next.status !== error.status)
      say("error status", `errors ${code}`, error.status, next.status, "wording-only");
  }
  const known = new Set([...old.keys(), ...renamed.values()]);
  for (const code of now.keys()) if (!known.has(code)) say("error code", "errors", null, code, "additive");
  compareMeanings(codeMeanings(before), codeMeanings(after), (code) => `errors ${code}`, say);
}

export function compareRateLimit(before: Page, after: Page, say: Say): void {
  const text = (page: Page): string | null =>
    page.rateLimit ? `${page.rateLimit.limit} per ${page.rateLimit.per}` : null;
  const from = text(before);
  const to = text(after);
  if (from === to) return;
  const change = perSecond(after) - perSecond(before);
  // As many requests, counted over another time.
  if (change === 0) return;
  const known = before.rateLimit !== null && after.rateLimit !== null;
  say("rate limit", "operation", from, to, !known ? "wording-only" : change < 0 ? "breaking" : "additive");
}

const seconds = { second: 1, minute: 60, hour: 3600 };

const perSecond = ({ rateLimit }: Page): number =>
  rateLimit ? rateLimit.limit / seconds[rateLimit.per] : Number.POSITIVE_INFINITY;

/** Words do not tell whether a restriction has become wider or narrower: a new or another one counts as breaking. */
export function compareRestrictions(before: Page, after: Page, say: Say): void {
  const key = ({ topic, facts }: Restriction): string => `${topic}: ${facts}`;
  const byKey = (page: Page): Map<string, Restriction> =>
    new Map(
      restrictionsOf(page)
        .filter((one) => !isLead(one) && one.facts !== "")
        .map((one) => [key(one), one]),
    );
  const old = byKey(before);
  const now = byKey(after);
  const come = [...now.values()].filter((one) => !old.has(key(one)));
  for (const from of old.values()) {
    if (now.has(key(from))) continue;
    const at = come.findIndex(({ topic }) => topic === from.topic);
    const [to] = at === -1 ? [] : come.splice(at, 1);
    say("restriction", `constraint ${from.topic}`, from.facts, to?.facts, to ? "breaking" : "additive");
  }
  for (const { topic, facts } of come) say("restriction", `constraint ${topic}`, null, facts, "breaking");
}

/** Other words are no other meaning; the same words, each behind another name, are. */
export function compareMeanings(
  before: Map<string, string>,
  after: Map<string, string>,
  placeOf: (name: string) => string,
  say: Say,
): void {
  const moved = [...before].filter(([name, text]) => after.has(name) && after.get(name) !== text);
  const sorted = (texts: (string | undefined)[]): string => JSON.stringify([...texts].sort());
  if (moved.length < 2 || moved.some(([, text]) => text === "")) return;
  if (sorted(moved.map(([, text]) => text)) !== sorted(moved.map(([name]) => after.get(name)))) return;
  // Who sends or tells one of them apart from the other does it the wrong way round now.
  for (const [name, text] of moved) say("meaning", placeOf(name), text, after.get(name), "breaking");
}
