// What the description of one parameter says about whether others are required.
import type { Condition } from "./model.js";

const statement =
  /((?:[A-Za-z][\w.-]*)(?:(?:,\s*|\s+and\s+|,\s*and\s+|\s+or\s+)[A-Za-z][\w.-]*){0,4}) (?:is|are) (?:(not?|also) )?(mandatory|required|optional)\b/g;

/**
 * Only names the page documents count, and only under a value of the parameter's own list: "this parameter is
 * mandatory" speaks of none, and "the request id is required for troubleshooting" of no request.
 */
export function readConditions(
  own: string,
  description: string,
  values: string[] | null,
  names: Set<string>,
): Condition[] {
  if (!values) return [];
  const text = description.slice(0, 5000);
  if (!/ (?:is|are) /.test(text)) return [];
  const found: Condition[] = [];
  for (const match of text.matchAll(statement)) {
    const required = (match[3] !== "optional") !== (match[2] === "not" || match[2] === "no");
    for (const name of (match[1] as string).split(/,\s*(?:and\s+)?|\s+(?:and|or)\s+/)) {
      const when = valueBefore(text, match.index, values);
      if (when !== null && name !== own && names.has(name)) found.push({ when, name, required });
    }
  }
  return found;
}

function valueBefore(text: string, index: number, values: string[]): string | null {
  let last: string | null = null;
  let at = -1;
  for (const value of values.slice(0, 50)) {
    const place = text.lastIndexOf(`${value}:`, index);
    if (place > at) {
      at = place;
      last = value;
    }
  }
  return last;
}
