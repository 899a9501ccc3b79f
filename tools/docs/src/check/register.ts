// The discrepancy registers: what is known to differ, and where it is found.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { literal } from "../literal.js";
import type { Finding } from "./finding.js";

/** Where an entry is found: the place, the fact, and what the page has there. */
export interface Find {
  place: string;
  fact: string;
  page: string;
  /** Where it differs from the entry's operation; "*" for every one. */
  operation?: string | string[];
  /** The editions of the page that have it; all where absent. */
  on?: string[];
}

export interface Entry {
  id: string;
  operation?: string;
  place: string;
  page: string;
  truth: string;
  why?: string;
  strength: string;
  source: string;
  finds?: Find[];
  /** Where a draft of the page differs from the spec because of it: places of facts, with `*` for anything. */
  drafts?: string[];
  /** False where no page of an operation can show it; `unseen` says why. */
  visible?: boolean;
  unseen?: string;
}

export interface Edition {
  /** Of all facts. */
  digest: string;
  /** Of all but the operation's method, path, action, version and host. */
  rest?: string;
  /** Of the title, by which a page is known again that says little else any more. */
  title?: string | undefined;
  /** By place: hashes of what its values mean, by which meanings that change places are noticed. */
  meanings?: Record<string, string> | undefined;
  /** Where the same page is kept in another dialect, whose words may differ. */
  dialect?: string | undefined;
}

export interface PageEntry {
  url: string;
  locator: string;
  revision: string;
  dialect: string;
  /** By name: the facts of each known edition of the page. */
  editions?: Record<string, Edition>;
}

export interface Register {
  service: string;
  file: string;
  pages: Record<string, PageEntry>;
  discrepancies: Entry[];
  /** Operations of the service that pages speak of and that have no spec. */
  operations: string[];
  /** Hosts of the vendor's documentation, beside those of the pages: redirects may lead there. */
  hosts: string[];
}

export function loadRegisters(root: string): Register[] {
  const specs = join(root, "specs");
  if (!existsSync(specs)) return [];
  return readdirSync(specs)
    .sort()
    .map((service) => ({ service, file: join(specs, service, "docs.yaml") }))
    .filter(({ file }) => existsSync(file))
    .map(({ service, file }) => readRegister(service, file, readFileSync(file, "utf8")));
}

export function readRegister(service: string, file: string, text: string): Register {
  const document = (parse(text) ?? {}) as Partial<Register>;
  return {
    service,
    file,
    pages: document.pages ?? {},
    discrepancies: document.discrepancies ?? [],
    operations: document.operations ?? [],
    hosts: document.hosts ?? [],
  };
}

/** What is wrong with a register itself. */
export function faultsOf({ discrepancies, pages, operations }: Register): string[] {
  const faults: string[] = [];
  const ids = new Set<string>();
  const taken = new Map<string, string>();
  for (const entry of discrepancies) {
    if (ids.has(entry.id)) faults.push(`${entry.id} stands twice`);
    ids.add(entry.id);
    if (entry.visible === false) {
      if (!entry.unseen) faults.push(`${entry.id} is not visible, and does not say why (unseen)`);
      if (entry.finds?.length) faults.push(`${entry.id} is not visible, and yet has finds`);
    } else if (!entry.finds?.length && stateOf(entry, pages) === "visible")
      faults.push(`${entry.id} has neither finds nor visible: false`);
    for (const find of entry.finds ?? []) {
      for (const operation of operationsOf(entry, find)) {
        if (operation !== "*" && !pages[operation] && !operations.includes(operation))
          faults.push(`${entry.id} is of ${operation}, which has no page`);
        for (const edition of find.on ?? [])
          if (operation !== "*" && !pages[operation]?.editions?.[edition])
            faults.push(`${entry.id} is on the edition ${edition} of ${operation}, which is not accepted`);
        const key = JSON.stringify([operation, find.place, find.fact, find.page, find.on ?? []]);
        const other = taken.get(key);
        if (other) faults.push(`${entry.id} and ${other} have the same find: ${find.place} / ${find.fact}`);
        taken.set(key, entry.id);
      }
    }
  }
  return faults;
}

/** The operations a find is of; "*" for all of the service. */
function operationsOf(entry: Entry, find: Pick<Find, "operation">): string[] {
  return [find.operation ?? entry.operation ?? "*"]
    .flat()
    .map((operation) => (operation === "shared" ? "*" : operation));
}

/** `waiting`: of a page of which no edition has been accepted yet. */
export function stateOf(entry: Entry, pages: Register["pages"]): "visible" | "invisible" | "waiting" {
  if (entry.visible === false) return "invisible";
  if (entry.finds?.length || !entry.operation) return "visible";
  const page = pages[entry.operation];
  return page && !page.editions ? "waiting" : "visible";
}

/** The entries that explain why a draft of the operation's page differs from its spec in this place. */
export function explaining({ discrepancies }: Register, operation: string, place: string): Entry[] {
  return discrepancies.filter((entry) => {
    const of = entry.finds?.length ? entry.finds.flatMap((find) => operationsOf(entry, find)) : operationsOf(entry, {});
    return (of.includes(operation) || of.includes("*")) && entry.drafts?.some((pattern) => glob(pattern, place));
  });
}

interface Expected {
  entry: Entry;
  find: Find;
}

/** What the register expects on an edition of a page; without an edition, whatever holds for all of them. */
function expectedOn(register: Register, operation: string, edition: string | null): Expected[] {
  const found: Expected[] = [];
  for (const entry of register.discrepancies)
    for (const find of entry.finds ?? []) {
      const of = operationsOf(entry, find);
      if (!of.includes(operation) && !of.includes("*")) continue;
      if (find.on && (edition === null || !find.on.includes(edition))) continue;
      found.push({ entry, find });
    }
  return found;
}

const glob = (pattern: string, text: string): boolean =>
  pattern === text ||
  (pattern.includes("*") && new RegExp(`^${pattern.split("*").map(literal).join(".*")}$`).test(text));

export const matches = (find: Find, finding: Finding): boolean =>
  glob(find.place, finding.place) && find.fact === finding.fact && glob(find.page, finding.page);

export interface Rotten {
  entry: string;
  find: Find;
}

export interface Held {
  edition: string | null;
  /** Whether the facts are those of the edition, rather than of a page that is merely nearest to it. */
  accepted: boolean;
  registered: { finding: Finding; entries: string[] }[];
  fresh: Finding[];
  rotten: Rotten[];
}

/** Holds the findings of one page against the register. */
export function hold(
  register: Register,
  operation: string,
  { digest, dialect }: { digest: string; dialect: string | null },
  findings: Finding[],
): Held {
  const editions = Object.entries(register.pages[operation]?.editions ?? {}).filter(
    ([, edition]) => !edition.dialect || !dialect || edition.dialect === dialect,
  );
  // Editions that differ in their words only have one digest; their findings tell them apart.
  const same = editions.filter(([, edition]) => edition.digest === digest).map(([name]) => name);
  const cost = ({ fresh, rotten }: Held): number => fresh.length + rotten.length;
  const nearest = (names: (string | null)[]): Held =>
    names
      .map((name) => compare(register, operation, name, findings))
      .reduce((best, one) => (cost(one) <= cost(best) ? one : best));
  if (same.length) return { ...nearest(same), accepted: true };
  // A page nobody has accepted is read as the edition it is nearest to.
  return nearest(editions.length ? editions.map(([name]) => name) : [null]);
}

/**
 * Of an operation without a spec, what the page says against itself may be registered too: under its name, which
 * `operations` of a register then has.
 */
export function holdUnspecified(registers: Register[], operation: string, findings: Finding[]): Held {
  const register = registers.find(({ operations }) => operations.includes(operation));
  const none: Held = { edition: null, accepted: true, registered: [], fresh: findings, rotten: [] };
  if (!register) return none;
  const own = register.discrepancies.filter((entry) => entry.operation === operation);
  return { ...compare({ ...register, discrepancies: own }, operation, null, findings), accepted: true };
}

function compare(register: Register, operation: string, edition: string | null, findings: Finding[]): Held {
  const expected = expectedOn(register, operation, edition);
  const registered: Held["registered"] = [];
  const fresh: Finding[] = [];
  const used = new Set<Find>();
  for (const finding of findings) {
    const fitting = expected.filter(({ find }) => matches(find, finding));
    for (const { find } of fitting) used.add(find);
    if (fitting.length) registered.push({ finding, entries: fitting.map(({ entry }) => entry.id) });
    else fresh.push(finding);
  }
  const rotten = expected.filter(({ find }) => !used.has(find)).map(({ entry, find }) => ({ entry: entry.id, find }));
  return { edition, accepted: false, registered, fresh, rotten };
}
