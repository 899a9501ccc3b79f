// The page of a known operation, whatever it says now: known again by what is left of it.
import type { Page } from "../model.js";
import { closenessOf } from "./closeness.js";
import { restOf, titleOf } from "./digest.js";
import type { PageEntry, Register } from "./register.js";
import type { SpecOperation } from "./spec.js";

/** Several where it could be the page of any of them; none where nothing of it is known. */
export function knownPage(page: Page, specs: SpecOperation[], registers: Register[]): SpecOperation[] {
  const rest = restOf(page);
  const title = titleOf(page);
  const own = segmentsOf(page.file);
  const found: { spec: SpecOperation; by: number }[] = [];
  for (const { service, pages } of registers)
    for (const [operationId, entry] of Object.entries(pages)) {
      const spec = specs.find((one) => one.service === service && one.operationId === operationId);
      if (spec) found.push({ spec, by: likeness(page, spec, entry, { rest, title, own }) });
    }
  const most = Math.max(0, ...found.map(({ by }) => by));
  return most > 0 ? found.filter(({ by }) => by === most).map(({ spec }) => spec) : [];
}

/** How sure it is that this is the entry's page; 0 where it is not. */
function likeness(
  page: Page,
  spec: SpecOperation,
  entry: PageEntry,
  { rest, title, own }: { rest: string; title: string | null; own: string[] },
): number {
  const editions = Object.values(entry.editions ?? {});
  // Nothing has changed but the operation's own facts.
  if (page.parameters.length && editions.some((edition) => edition.rest === rest)) return 10;
  const { share, overlap, shared, topmost } = closenessOf(page, spec);
  const alike = Math.max(overlap, topmost);
  const isTitled = title !== null && editions.some((edition) => edition.title === title);
  const isCalled = own[0]?.toLowerCase() === spec.operationId.toLowerCase();
  const segments = Math.max(sameEnd(own, entry), isCalled ? 1 : 0);
  // Cut off before the first table: its name is all there is.
  if (!page.parameters.length) {
    const isNamed = segments > 1 || (segments === 1 && isTelling(page.file));
    return isNamed || isTitled ? 1 + segments / 10 + (isTitled ? 0.5 : 0) : 0;
  }
  const isLike = shared >= 2 ? share >= 0.6 && alike >= 0.4 : shared === 1 && share === 1 && alike === 1;
  if ((segments > 0 || isTitled) && isLike) return 5 + alike + segments / 10;
  // By what it takes and gives alone: nearly the same of much, or exactly the same of a little.
  const isSame = shared >= 5 ? share >= 0.9 && alike >= 0.8 : shared >= 3 && share === 1 && overlap === 1;
  return isSame ? 2 + alike : 0;
}

const nameOnly = (file: string): string => file.replace(/\.[A-Za-z]+$/, "");

/** A file that is called as thousands of others are tells nothing. */
const isTelling = (file: string): boolean => {
  const name = nameOnly(file.split("/").pop() ?? "");
  return name.length >= 8 && !/^(?:index|page|readme|overview|before|after)$/i.test(name);
};

const segmentsOf = (source: string): string[] =>
  nameOnly(source)
    .split(/[\\/:]/)
    .reverse();

/** The same for every page that is held against the entry. */
const sources = new WeakMap<PageEntry, string[][]>();

/** How many folders and names at its end the file shares with where the page comes from. */
function sameEnd(own: string[], entry: PageEntry): number {
  const known =
    sources.get(entry) ??
    [entry.locator, entry.url].map((source) => segmentsOf(String(source ?? "").replace(/[?#].*$/, "")));
  sources.set(entry, known);
  let best = 0;
  for (const theirs of known) {
    let i = 0;
    while (i < own.length && own[i] !== "" && own[i] === theirs[i]) i += 1;
    best = Math.max(best, i);
  }
  return best;
}
