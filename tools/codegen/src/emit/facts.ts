import type { Schema } from "../openapi.js";
import { typesOf } from "../resolve.js";

/** Limits and the default of a schema as sentences; what the description says in the same numbers is left out. */
export function facts(schema: Schema, description = ""): string[] {
  const is = typesOf(schema);
  const has = (type: string) => is.includes(type);
  const sentences = [
    has("string") && range(schema.minLength, schema.maxLength, "character"),
    (has("integer") || has("number")) && numbers(schema),
    has("array") && range(schema.minItems, schema.maxItems, "item"),
    has("object") && range(schema.minProperties, schema.maxProperties, "entry"),
    schema.default !== undefined && `Default ${JSON.stringify(schema.default)}.`,
  ];
  return sentences.filter((each) => typeof each === "string").filter((each) => !isSaid(each, description));
}

function range(least: unknown, most: unknown, noun: string): string | undefined {
  const low = typeof least === "number" && least > 0 ? least : undefined;
  if (typeof most !== "number") return low === undefined ? undefined : `At least ${count(low, noun)}.`;
  if (low === undefined) return `At most ${count(most, noun)}.`;
  return low === most ? `Exactly ${count(most, noun)}.` : `${low} to ${count(most, noun)}.`;
}

function count(number: number, noun: string): string {
  if (number === 1) return `1 ${noun}`;
  return `${number} ${noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

function numbers({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Schema): string | undefined {
  const parts: string[] = [];
  if (minimum !== undefined && maximum !== undefined) parts.push(`${minimum} to ${maximum}`);
  else if (minimum !== undefined) parts.push(`at least ${minimum}`);
  else if (maximum !== undefined) parts.push(`at most ${maximum}`);
  if (exclusiveMinimum !== undefined) parts.push(`more than ${exclusiveMinimum}`);
  if (exclusiveMaximum !== undefined) parts.push(`less than ${exclusiveMaximum}`);
  if (multipleOf !== undefined) parts.push(`a multiple of ${multipleOf}`);
  const text = parts.join(", ");
  return text === "" ? undefined : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Compared without case, quotes and the final full stop: "default 20" in a description is enough. */
function isSaid(sentence: string, description: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll('"', "");
  const words = plain(sentence).slice(0, -1);
  const start = plain(description).indexOf(words);
  // "At most 10" is not said by "at most 100".
  return start >= 0 && !/[\w]/.test(plain(description).charAt(start + words.length));
}
