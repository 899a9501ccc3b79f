// The model of a page: what its reader, the diff, and later the check, the draft and the register work on.
import type { Issue } from "./block.js";

export type Dialect = "tencent-markdown" | "rst" | "help-centre" | "html";
export type Place = "path" | "query" | "header" | "body" | "response";

/** Every row of a table ends in exactly one of the three. */
export interface RowCounts {
  rows: number;
  interpreted: number;
  /** Read and set aside on purpose; the table says why. */
  skipped: number;
  notUnderstood: number;
}

export type TableKind = "parameters" | "structure" | "statuses" | "errors" | "other";

export interface Table {
  caption: string;
  /** The nearest heading or label above. */
  section: string;
  headers: string[][];
  rows: string[][];
  line: number;
  rowLines: number[];
  kind: TableKind;
  /** Why its rows were skipped or not understood. */
  reason: string | null;
  counts: RowCounts;
}

export interface Operation {
  method: string | null;
  path: string | null;
  action: string | null;
  version: string | null;
  host: string | null;
  /** Names in the query string of the URI pattern. */
  query: string[];
  /** "page" where the page says so, "convention" where the dialect implies it: an RPC action is POST /. */
  source: "page" | "convention" | null;
  line: number | null;
  /** Further patterns in the URI section. */
  alternatives: { method: string | null; path: string; line: number }[];
}

export type ScalarType = "string" | "integer" | "number" | "boolean" | "object" | "array" | "any" | "file";

/** Facts that stand inside a description. */
export interface Facets {
  default: string | null;
  range: string | null;
  /** The documented value list; null where there is none. */
  values: string[] | null;
  /** The list stands under a label such as "Enumeration values:", rather than in prose. */
  valuesStated: boolean;
  /** Of the value: `ms`, `GB`; null where the description gives none. */
  unit: string | null;
  /** Of a time: `UTC`; null where the description gives none. */
  zone: string | null;
}

/** "timestamp: in this mode restore_time is mandatory". */
export interface Condition {
  /** The value it holds for. */
  when: string;
  name: string;
  required: boolean;
}

export interface Parameter extends Facets {
  in: Place;
  /** Of a response parameter; null where the page does not say. */
  status: number | null;
  /** A response header rather than a body field. */
  header?: true;
  /** Shared by all operations of the service; the page says so. */
  common?: true;
  /** As printed: dotted, `[]` for array items, `{}` for the values of a map. */
  path: string;
  /** The last name of the path. */
  name: string;
  type: ScalarType | null;
  /** Of the items of an array. */
  items: ScalarType | null;
  /** The named structure the type refers to. */
  structure: string | null;
  typeText: string | null;
  required: boolean | null;
  requiredText: string | null;
  /** What the description says of other parameters. */
  conditions: Condition[];
  description: string;
  table: number;
  row: number;
  line: number;
}

/** A data structure on a page that describes no operation. */
export interface Structure {
  name: string;
  line: number;
  fields: Omit<Parameter, "in" | "status">[];
}

export interface Answer {
  status: number;
  description: string;
  source: "table" | "label" | "text";
  line: number;
}

export interface Example {
  kind: "request" | "response" | "unknown";
  status: number | null;
  title: string;
  raw: string;
  /** The request line, where there is one. */
  method: string | null;
  url: string | null;
  /** The parsed JSON body; absent where there is none or it is broken. */
  parsed?: unknown;
  /** "none": no body in it; "broken": looks like JSON and is not; "partial": several bodies or elisions. */
  body: "json" | "none" | "broken" | "partial" | "other";
  error: string | null;
  line: number;
}

export interface ErrorCode {
  code: string;
  status: number | null;
  description: string;
  table: number;
  row: number;
  line: number;
}

export interface RateLimit {
  limit: number;
  per: "second" | "minute" | "hour";
  text: string;
  line: number;
}

/** "lacking": the page does not say; "unread": it seems to, and we could not read it. */
export type Outcome = "read" | "lacking" | "unread";

/** What a page says outside of tables and examples. */
export interface Prose {
  text: string;
  line: number;
  /** The heading above. */
  heading: string;
  /** What that heading stands for: "uri", "statuses", "constraints"… */
  section: string | null;
}

export interface Heading {
  text: string;
  line: number;
  /** Nothing stands below it, not even a smaller heading. */
  empty: boolean;
}

export interface Page {
  file: string;
  dialect: Dialect | null;
  title: string;
  operation: Operation;
  tables: Table[];
  parameters: Parameter[];
  structures: Structure[];
  responses: Answer[];
  examples: Example[];
  errorCodes: ErrorCode[];
  rateLimit: RateLimit | null;
  constraints: { text: string; line: number }[];
  headings: Heading[];
  prose: Prose[];
  issues: Issue[];
  counts: RowCounts & { tables: number; reasons: Record<string, number> };
  outcomes: Record<
    "operation" | "parameters" | "responses" | "examples" | "errorCodes" | "rateLimit" | "constraints",
    Outcome
  >;
}
