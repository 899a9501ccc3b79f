import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { explain } from "./explain.js";

/** The objects of a document that may carry `x-` keys. */
export type Carrier = "document" | "server" | "operation" | "parameter" | "example";
const carriers: readonly Carrier[] = ["document", "server", "operation", "parameter", "example"];

export interface Fault {
  readonly trail: readonly string[];
  readonly message: string;
}

/** What vocabulary.schema.json says about the `x-` keys of one kind of object. */
class Vocabulary {
  readonly #keys = new Map<Carrier, ReadonlySet<string>>();
  readonly #checks = new Map<Carrier, ValidateFunction>();

  constructor(schema: VocabularySchema) {
    const ajv = new Ajv2020({ allErrors: true, strict: false, logger: false });
    ajv.addSchema(schema, "vocabulary");
    for (const carrier of carriers) {
      this.#keys.set(carrier, new Set(Object.keys(schema.$defs?.[carrier]?.properties ?? {})));
      this.#checks.set(carrier, ajv.compile({ $ref: `vocabulary#/$defs/${carrier}` }));
    }
  }

  keysOf(carrier: Carrier): ReadonlySet<string> {
    return this.#keys.get(carrier) ?? new Set();
  }

  /** Faults of the known `x-` keys of an object; unknown ones are the shape check's business. */
  check(carrier: Carrier, object: object): Fault[] {
    const keys = Object.fromEntries(Object.entries(object).filter(([key]) => this.keysOf(carrier).has(key)));
    const check = this.#checks.get(carrier);
    if (check === undefined || check(keys)) return [];
    return (check.errors ?? []).map((error: ErrorObject) => explain(error));
  }
}

interface VocabularySchema {
  $defs?: Record<string, { properties?: object }>;
  [key: string]: unknown;
}

/** The vocabulary of this version of codegen; it lies beside the sources and beside what is built from them. */
export const vocabulary = new Vocabulary(
  JSON.parse(readFileSync(new URL("../../vocabulary.schema.json", import.meta.url), "utf8")),
);
