// Facts inside a description: default, range and value list, in the layouts of all dialects.
import type { Cell, Part } from "./block.js";
import type { Facets } from "./model.js";
import { unitOf, zoneOf } from "./units.js";
import { type CellLabel, cellLabel } from "./vocabulary.js";

const none = /^(?:n\/a|none|-|--|not involved|no default value|no constraints?)?\.?$/i;

interface Labelled {
  label: CellLabel | "enumeration" | null;
  part: Part;
}

/** Parts with the label they stand under, and what follows a label on its own line as a part of its own. */
function labelled(parts: Part[]): Labelled[] {
  const result: Labelled[] = [];
  let label: Labelled["label"] = null;
  for (const part of parts) {
    if (part.kind === "text") {
      const colon = part.text.indexOf(":");
      const word = colon === -1 ? part.text : part.text.slice(0, colon);
      const rest = colon === -1 ? "" : part.text.slice(colon + 1).trim();
      const next: Labelled["label"] = enumerationLabel.test(word)
        ? "enumeration"
        : word.length < 40
          ? cellLabel(word)
          : null;
      if (next && (rest || colon !== -1 || cellLabel(part.text))) {
        label = next;
        if (rest) result.push({ label, part: { kind: "text", text: rest } });
        continue;
      }
    }
    result.push({ label, part });
  }
  return result;
}

const enumerationLabel =
  /^(?:enumerat(?:ion|ed) values?|enumerations?|enum values?|possible values|supported values|options|value options|valid values?|values?|value range|the (?:value|options?) (?:can be|are|is|are as follows))$/i;
const token = /^["'“‘`]?(-?[A-Za-z0-9][\w.\-/+]*)["'”’`]?$/;

export function readFacets(description: Cell | null, defaults: Cell | null, ranges: Cell | null): Facets {
  const parts = labelled(description?.parts ?? []);
  const prose = parts.filter(({ label }) => label === null || label === "definition" || label === "constraints");
  const under = (...labels: Labelled["label"][]): Part[] =>
    parts.filter(({ label }) => labels.includes(label)).map(({ part }) => part);
  const rangeParts = [...under("range", "enumeration"), ...(ranges?.parts ?? [])];
  const text = prose
    .filter(({ part }) => part.kind === "text")
    .map(({ part }) => part.text)
    .join(" ")
    .slice(0, 5000);
  const stated = statedValues(rangeParts);
  return {
    default: defaultOf(
      under("default")
        .map((part) => part.text)
        .join(" ") ||
        (defaults?.text ?? ""),
      text,
    ),
    range: rangeOf(
      rangeParts
        .map((part) => part.text)
        .join(" ")
        .slice(0, 2000),
      (description?.text ?? "").slice(0, 5000),
    ),
    values:
      stated ??
      listed(
        prose.map(({ part }) => part),
        2,
      ) ??
      codes(text) ??
      sentenceValues(text) ??
      wholeList(text),
    valuesStated: stated !== null,
    unit: unitOf((description?.text ?? "").slice(0, 5000)),
    zone: zoneOf((description?.text ?? "").slice(0, 5000)),
  };
}

function defaultOf(stated: string, prose: string): string | null {
  const value = stated.trim();
  if (value && !none.test(value))
    return clean(/^(?:the )?(?:default(?: value)? is )?(.{1,80}?)[.;]?$/is.exec(value)?.[1] ?? value.slice(0, 80));
  if (value) return null;
  const found =
    /\bby default, (?:this parameter|the [a-z ]{1,30}) is (?:set to )?([\w.+\-/:%]*\w)/i.exec(prose)?.[1] ??
    /(?:^|[\s(;,])(\d[\d,]*) (?:[\w/]+ ){1,8}by default\b/i.exec(prose)?.[1] ??
    /\bleft unspecified, (?:a maximum of )?(\d[\d,]*) /i.exec(prose)?.[1] ??
    /\bdefault(?: value)?(?: of this (?:parameter|field))?(?: is|:| is set to)\s+(?:set to )?["'“]?([\w.+\-/:%]*\w)/i.exec(
      prose,
    )?.[1] ??
    /(?:^|[\s(;,])([\w.+-]*\w) (?:is used )?by default\b/i.exec(prose)?.[1] ??
    null;
  // "is the default", "selected by default": words of the sentence, not values.
  return found &&
    !/^(?:the|a|an|is|are|used|selected|enabled|disabled|it|this|set|returned|queried|and|not|value|empty|determined|created|displayed|applied|left|sorted)$/i.test(
      found,
    )
    ? clean(found)
    : null;
}

function clean(text: string): string {
  return text.replace(/^["'“‘]|["'”’]$/g, "").trim();
}

const amount = String.raw`(-?\d[\d,]*(?:\.\d+)?)`;
const between = new RegExp(String.raw`(?:^|[\s[(:])${amount}\s*(?:to|–|—|-|~|,|and)\s*${amount}(?![\w-]*[:\d])`, "i");

/** How long a text may be: "1 to 64 characters", "up to 64 chars". */
export function lengthOf(text: string): string | null {
  const both = lengths.exec(text.slice(0, 5000));
  const most = both?.[2] ?? longest.exec(text.slice(0, 5000))?.[1];
  return most ? `${number(both?.[1])}..${number(most)}` : null;
}

const longest =
  /\b(?:up to|at most|a maximum of|no more than|(?:cannot|must not|does not) exceed|not exceeding|within) (\d[\d,]*) (?:chars?|characters|bytes)\b/i;
const lengths = /(?:^|[\s(:,])(\d[\d,]*)\s*(?:to|–|—|-|~)\s*(\d[\d,]*) (?:chars?|characters|bytes)\b/i;

/** A numeric range as `low..high`; anything else is wording and stays in the description. */
function rangeOf(stated: string, text: string): string | null {
  const low = /\bmin(?:imum)?(?: value| length)?\s*:\s*(-?\d[\d,]*)/i.exec(text)?.[1];
  const high = /\bmax(?:imum)?(?: value| length)?\s*:\s*(-?\d[\d,]*)/i.exec(text)?.[1];
  if (low || high) return `${number(low)}..${number(high)}`;
  const least =
    /\bminimum value(?: of this parameter)? is (-?\d[\d,]*)/i.exec(text)?.[1] ??
    /\b(?:greater than or equal to|(?:cannot|must not) be (?:lower|less|smaller) than|no less than) (-?\d[\d,]*)(?!\w|\.\d)/i.exec(
      text,
    )?.[1];
  const most =
    /\bmaximum value(?: of this parameter)? is (-?\d[\d,]*)/i.exec(text)?.[1] ??
    /\b(?:less than or equal to|(?:cannot|must not) be (?:greater|more|larger) than) (-?\d[\d,]*)(?!\w|\.\d)/i.exec(
      text,
    )?.[1];
  if (least || most) return `${number(least)}..${number(most)}`;
  const sentence =
    /\b(?:value range|ranges?|value|length)(?: is| are|:)?(?: from| between| within)? *([[(]?-?\d[\d,]*(?:\.\d+)?\s*(?:to|–|—|-|~|,|and)\s*-?\d[^;.]{0,12})/i.exec(
      text,
    )?.[1];
  const found = between.exec(stated) ?? (sentence ? between.exec(` ${sentence}`) : null);
  return found ? `${number(found[1])}..${number(found[2])}` : null;
}

function number(text: string | undefined): string {
  return text?.replaceAll(",", "") ?? "";
}

function statedValues(stated: Part[]): string[] | null {
  if (!stated.length) return null;
  return listed(stated, 1) ?? sentenceValues(`value: ${stated.map((part) => part.text).join(", ")}`);
}

/** `- manual: by hand`: a list whose every item begins with a value. */
function listed(parts: Part[], least: number): string[] | null {
  const values: string[] = [];
  const items = parts.filter((part) => part.kind === "item");
  for (const item of items) {
    const head = /^([^\s:：]{1,60})(?:\s*[:：]|\s+[-–—]\s|\s*\(|$)/.exec(item.text)?.[1];
    const value = head && token.exec(head.replace(/[.,;]$/, ""))?.[1];
    if (!value) return null;
    values.push(value);
  }
  return values.length >= least ? [...new Set(values)] : null;
}

/** "0: off; 1: on". */
function codes(text: string): string[] | null {
  const values = [...text.matchAll(/(?:^|[;,.(]\s*|\s)["“]?(-?[A-Za-z0-9][\w-]{0,40})["”]?\s*[:：](?=\s+\w)/g)].map(
    (match) => match[1] as string,
  );
  const numeric = values.filter((value) => /^-?\d+$/.test(value));
  if (numeric.length >= 2) return [...new Set(numeric)];
  const first = text.search(/;/);
  return first !== -1 && values.length >= 2 && values.length === text.split(";").length ? [...new Set(values)] : null;
}

/** A description that is nothing but a list: "Engine: Redis-2.8, Redis-4.0", "Range: a,b,c". */
function wholeList(text: string): string[] | null {
  const list = /^[A-Z][A-Za-z]*(?: [a-z]+){0,3}: (\S+(?:(?:,\s?| and | or )\S+){1,30})$/.exec(
    text.replace(/\.$/, ""),
  )?.[1];
  const values = list?.split(/,\s?(?:and |or )?| and | or /).map((word) => token.exec(word)?.[1]);
  return values?.every((value) => value !== undefined) ? [...new Set(values as string[])] : null;
}

/** "The value can be A, B, or C." */
function sentenceValues(text: string): string[] | null {
  const list =
    /\b(?:values? (?:can|may|must) be(?: either| one of)?|options?(?: are| include)?\s*:?|valid values?(?: are|:)|enumerat(?:ed|ion) values?(?: are|:)?|value range\s*:|possible values(?: are|:)|values?:)\s+([^.;:]{1,400}?)(?:[.;]|$)/i.exec(
      text,
    )?.[1];
  if (!list || !/,|\bor\b|\band\b/.test(list)) return null;
  const values = list
    .split(/\s*,\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+/)
    .filter(Boolean)
    .map((word) => token.exec(word.trim())?.[1]);
  return values.length >= 2 && values.every((value) => value !== undefined) ? [...new Set(values as string[])] : null;
}
