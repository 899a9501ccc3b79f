import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Bundle } from "./bundle.js";
import { type Entry, flatten } from "./flatten.js";

export type Ledger = Record<string, Entry> & {
  service?: {
    errors: Record<string, string>;
    /** Regions by server URL; a server of a named site has the name before it. */
    endpoints: Record<string, string>;
  };
};

export function readLedger(file: string): Ledger {
  return parse(readFileSync(file, "utf8")) as Ledger;
}

/** Every fact in which a bundle and the ledger differ, one line each. */
export function compareLedger(bundle: Bundle, ledger: Ledger): string[] {
  const { service, ...entries } = ledger;
  const flat = flatten(bundle);
  const differences: string[] = [];
  const servers = bundle.servers.map((server): [string, string] => [
    [server["x-site"], server.url].filter(Boolean).join(" "),
    (server["x-regions"] ?? []).toSorted().join(" "),
  ]);
  const endpoints = Object.fromEntries(servers);
  for (const url of new Set([...Object.keys(endpoints), ...Object.keys(service?.endpoints ?? {})])) {
    compare(`endpoint ${url}`, endpoints[url], service?.endpoints[url]);
  }
  for (const id of new Set([...Object.keys(flat), ...Object.keys(entries)])) {
    const [spec, book] = [flat[id], entries[id]];
    if (!spec || !book) {
      differences.push(`${id}: only in the ${spec ? "spec" : "ledger"}`);
      continue;
    }
    const errors = { ...service?.errors, ...book.errors };
    for (const key of ["call", "effect", "rate", "statuses", "pages", "task", "links"] as const) {
      compare(`${id} ${key}`, normal(spec[key]), normal(book[key]));
    }
    for (const [part, one, other] of [
      ["input", spec.input, book.input ?? {}],
      ["output", spec.output, book.output ?? {}],
      ["errors", spec.errors, errors],
    ] as const) {
      for (const place of new Set([...Object.keys(one), ...Object.keys(other)])) {
        compare(`${id} ${part} ${place}`, normal(one[place]), normal(other[place]));
      }
    }
  }
  return differences;

  function compare(place: string, spec: string | undefined, book: string | undefined) {
    if (spec !== book) differences.push(`${place}: spec has «${spec ?? "nothing"}», ledger has «${book ?? "nothing"}»`);
  }
}

function normal(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object" && !Array.isArray(value)) return JSON.stringify(Object.entries(value).sort());
  if (Array.isArray(value)) return value.map(String).sort().join(" ");
  return typeof value === "string" ? value.trim().replace(/\s+/g, " ") : JSON.stringify(value);
}
