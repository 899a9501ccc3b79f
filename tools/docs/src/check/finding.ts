// One difference between a page and its spec, or between two places of a page.
import { createHash } from "node:crypto";

export interface Finding {
  service: string;
  operation: string;
  /** Which place: "body Password", "response job_id", "example 1", "operation". */
  place: string;
  /** Which fact of it: "type", "required", "values", "name"… */
  fact: string;
  /** What the page has, in short; "-" where it has nothing. */
  page: string;
  /** What the spec, or the other place of the page, has. */
  spec: string;
  line: number;
  /** The row or words of the page. */
  quote: string;
  message: string;
}

export const nothing = "-";

export type Say = (
  place: string,
  fact: string,
  page: unknown,
  spec: unknown,
  where: { line: number; quote?: string },
  message: string,
) => void;

/** Facts looked at, and how they came out. */
export interface Count {
  compared: number;
}

/** Independent of line numbers: the same difference has the same id wherever it stands on the page. */
export function idOf(finding: Pick<Finding, "operation" | "place" | "fact" | "page">): string {
  return `${finding.operation} / ${finding.place} / ${finding.fact} = ${finding.page}`;
}

const longest = 90;

/** A value as the register writes it. Long ones, which might be sentences, are kept as a hash. */
export function short(value: unknown): string {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return nothing;
  const text = Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : JSON.stringify(value);
  const plain = text.replace(/\s+/g, " ").trim();
  return plain.length > longest ? `sha256:${hash(plain)}` : plain;
}

export function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
