// What changed between two contracts, in the words that docs:diff uses for pages.
import { createHash } from "node:crypto";

/** breaking: code that followed the old contract can stop working. wording-only: nothing a program can notice. */
export type ChangeClass = "breaking" | "additive" | "wording-only";

export interface Change {
  /** What kind of change; stable, and oasdiff's name where it has one. */
  id: string;
  /** The operationId; null where the whole service changed. */
  operation: string | null;
  /** Where: "body source.type", "response 200 backups[].id", "query offset", "operation", "service". */
  place: string;
  before: string | null;
  after: string | null;
  class: ChangeClass;
  /** The same for the same change, however often and beside whatever else it is compared. */
  fingerprint: string;
}

export type Bump = "major" | "minor" | "patch" | "none";

const ranks = ["wording-only", "additive", "breaking"] as const;

export function worstOf(classes: Iterable<ChangeClass>): ChangeClass | undefined {
  return ranks[Math.max(-1, ...[...classes].map((one) => ranks.indexOf(one)))];
}

const bumps: readonly Bump[] = ["none", "patch", "minor", "major"];

export function higher(a: Bump, b: Bump): Bump {
  return bumps.indexOf(a) >= bumps.indexOf(b) ? a : b;
}

/** What semantic versioning asks for from 1.0 on. */
export function bumpOf(worst: ChangeClass | undefined): Bump {
  if (worst === undefined) return "none";
  return worst === "breaking" ? "major" : worst === "additive" ? "minor" : "patch";
}

/** What a package has to declare: before 1.0 the minor version is the one that may break. */
export function requiredBump(worst: ChangeClass | undefined, version: string): Bump {
  const bump = bumpOf(worst);
  if (!version.startsWith("0.")) return bump;
  return bump === "major" ? "minor" : bump === "none" ? "none" : "patch";
}

export type Say = (
  id: string,
  spot: { operation: string | null; place: string },
  before: unknown,
  after: unknown,
  kind: ChangeClass,
) => void;

/** Collects changes; the same change said twice is one. */
export function collector(): { changes: Change[]; say: Say } {
  const changes: Change[] = [];
  const known = new Set<string>();
  const say: Say = (id, { operation, place }, from, to, kind) => {
    const [before, after] = [show(from), show(to)];
    const text = JSON.stringify([id, operation, place, before, after]);
    const fingerprint = createHash("sha256").update(text).digest("hex").slice(0, 12);
    if (known.has(fingerprint)) return;
    known.add(fingerprint);
    changes.push({ id, operation, place, before, after, class: kind, fingerprint });
  };
  return { changes, say };
}

function show(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}
