// A change of one fact between two revisions of a page.
import type { Parameter } from "./model.js";

/**
 * `wording-only`: a fact of the page is another one, and nobody who calls the API has to care: a corrected sample, a
 * value list or a range that the page prints no more. Prose that states no fact gives no change at all.
 */
export type ChangeClass = "breaking" | "additive" | "wording-only";

export interface Change {
  operation: string;
  /** Which fact: "path", "parameter", "type", "required", "values", "status", "error code"… */
  fact: string;
  /** Where: "query offset", "response 200 records[].id". */
  place: string;
  before: string | null;
  after: string | null;
  class: ChangeClass;
}

export type Bump = "major" | "minor" | "patch" | "none";

export interface Comparison {
  changes: Change[];
  bump: Bump;
  /** Why a comparison could not be made, or only in part. */
  doubts: string[];
}

export type Say = (fact: string, place: string, before: unknown, after: unknown, kind: ChangeClass) => void;

export function placeOf(parameter: Pick<Parameter, "in" | "status" | "path">): string {
  return parameter.in === "response"
    ? `response ${parameter.status ?? "?"} ${parameter.path}`
    : `${parameter.in} ${parameter.path}`;
}
