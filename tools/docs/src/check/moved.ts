// Meanings that have changed places. A digest of facts holds no words, as it would change with each edit of them; so an
// edition keeps two hashes for the meanings of a list: of the texts alone, and of each with its value.
import { placeOf } from "../change.js";
import { codeMeanings, meaningsOf } from "../meanings.js";
import type { Page } from "../model.js";
import { hash, type Say } from "./finding.js";
import type { Edition } from "./register.js";

interface Meant {
  place: string;
  /** Of the texts, whichever value each belongs to. */
  texts: string;
  /** Of the texts with their values. */
  pairs: string;
  line: number;
}

/** By place, as an edition keeps them: "texts pairs". */
export function meaningsIn(page: Page): Record<string, string> {
  return Object.fromEntries(listed(page).map(({ place, texts, pairs }) => [place, `${texts} ${pairs}`]));
}

/** Whether the meanings on the page are those of the edition, each behind another value. */
export const isMoved = (page: Page, edition: Edition): boolean =>
  listed(page, new Set(Object.keys(edition.meanings ?? {}))).some((meant) => known(meant, [edition]) === "moved");

/** A meaning in other words is none of ours to judge; the same words behind other values are. */
export function compareMoved(page: Page, editions: Record<string, Edition>, say: Say): void {
  const places = new Set(Object.values(editions).flatMap(({ meanings }) => Object.keys(meanings ?? {})));
  for (const meant of listed(page, places)) {
    if (known(meant, Object.values(editions)) !== "moved") continue;
    const names = Object.keys(editions).filter((name) => known(meant, [editions[name] as Edition]) === "moved");
    say(
      meant.place,
      "meanings",
      meant.pairs,
      null,
      { line: meant.line },
      `the meanings are those of the edition ${names.join(", ")}, each behind another value (docs:diff shows them)`,
    );
  }
}

function known({ place, texts, pairs }: Meant, editions: Edition[]): "same" | "moved" | "unknown" {
  const kept = editions.flatMap(({ meanings }) => meanings?.[place] ?? []).map((text) => text.split(" "));
  const alike = kept.filter(([words]) => words === texts);
  if (alike.some(([, order]) => order === pairs)) return "same";
  return alike.length ? "moved" : "unknown";
}

/** Of the places given, or of all. */
function listed(page: Page, places: Set<string> | null = null): Meant[] {
  const found = new Map<string, Meant>();
  const add = (place: string, meanings: Map<string, string>, line: number): void => {
    const told = [...meanings].filter(([, text]) => text !== "");
    if (found.has(place) || new Set(told.map(([, text]) => text)).size < 2) return;
    const short = (lists: unknown[]): string => hash(JSON.stringify(lists.map((one) => JSON.stringify(one)).sort()));
    const texts = short(told.map(([, text]) => text)).slice(0, 8);
    found.set(place, { place, texts, pairs: short(told).slice(0, 8), line });
  };
  for (const parameter of page.parameters)
    if (parameter.values && (places?.has(placeOf(parameter)) ?? true))
      add(placeOf(parameter), meaningsOf(parameter.values, parameter.description), parameter.line);
  if (places?.has("errors") ?? true) add("errors", codeMeanings(page), page.errorCodes[0]?.line ?? 1);
  return [...found.values()];
}
