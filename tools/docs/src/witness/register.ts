// The register of the differences between specs and SDKs: who is right, and why.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Sdk } from "./fetch-sdk.js";
import type { Difference } from "./model.js";

export interface Entry {
  id: string;
  /** Who is right; `both` where the two describe different things that are both true. */
  right: "spec" | "sdk" | "both" | "open";
  why: string;
  /** Place → "spec / SDK", as it was when somebody looked. */
  places: Record<string, string>;
}

export interface Register {
  sdk: Sdk;
  differences: Entry[];
}

const rights = new Set(["spec", "sdk", "both", "open"]);

export function readRegister(file: string): Register {
  const { sdk, differences = [] } = parse(readFileSync(file, "utf8")) as Register;
  const seen = new Set<string>();
  const places = new Set<string>();
  for (const { id, right, why, places: own } of differences) {
    const wrong = (what: string) => new Error(`${file}: ${id}: ${what}`);
    if (!id || seen.has(id)) throw wrong("the id is missing or stands twice");
    seen.add(id);
    if (!rights.has(right)) throw wrong("right is none of spec, sdk, both, open");
    if (typeof why !== "string" || why.trim() === "") throw wrong("the reason is missing");
    for (const place of Object.keys(own ?? {})) {
      if (places.has(place)) throw wrong(`${place} is registered twice`);
      places.add(place);
    }
  }
  return { sdk, differences };
}

export interface Verdict {
  /** Differences nobody has judged. */
  unregistered: Difference[];
  /** Registered differences that are no more, or are others now. */
  stale: string[];
}

export function judge(differences: readonly Difference[], entries: readonly Entry[]): Verdict {
  const current = new Map(differences.map(({ place, between }) => [place, between]));
  const registered = new Map(
    entries.flatMap(({ id, places }) => Object.entries(places).map(([place, between]) => [place, { id, between }])),
  );
  const stale: string[] = [];
  for (const [place, { id, between }] of registered) {
    const now = current.get(place);
    if (now === undefined) stale.push(`${id}: ${place}: registered as "${between}", and both agree now`);
    else if (now !== between) stale.push(`${id}: ${place}: registered as "${between}", and is "${now}" now`);
  }
  return { unregistered: differences.filter(({ place }) => !registered.has(place)), stale };
}
