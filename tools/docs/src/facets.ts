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
  const asItems = labelItems(parts);
  for (const part of parts) {
    if (part.kind === "text" || (asItems && itemLabel(part))) {
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

/** "- Range: 1 to 5": the label of a list item; in the middle of a list of values it may be one of them. */
function itemLabel(part: Part): CellLabel | null {
  const word = part.kind === "item" ? /^([A-Z][a-z]+(?: [A-Za-z]+){0,2})\s*:/.exec(part.text)?.[1] : undefined;
  return word === undefined ? null : cellLabel(word);
}

/** Whether the cell's list is one of labels: it begins with one, and that is the definition or not the only one. */
function labelItems(parts: Part[]): boolean {
  const first = parts.find((part) => part.kind === "item");
  const label = first ? itemLabel(first) : null;
  return label === "definition" || (label !== null && new Set(parts.map(itemLabel).filter(Boolean)).size > 1);
}

const enumerationLabel =
  /^(?:enumerat(?:ion|ed) values?|enumerations?|enum values?|possible values|supported values|options|value options|valid values?|values?|value range|the (?:value|options?) (?:can be|are|is|are as follows))$/i;
const token = /^["'“‘`]?(-?[A-Za-z0-9][\w.\-/+]*)["'”’`]?$/;

/** `twice` is told of a value that stands in one of two lists of the cell and not in the other. */
export function readFacets(
  description: Cell | null,
  defaults: Cell | null,
  ranges: Cell | null,
  twice: (value: string) => void = () => {},
): Facets {
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
  const rangeText = rangeParts
    .map((part) => part.text)
    .join(" ")
    .slice(0, 2000);
  const stated = statedValues(rangeParts);
  const explained = listed(
    prose.map(({ part }) => part),
    2,
  );
  if (stated && explained?.some((value) => stated.includes(value)))
    for (const value of [...stated, ...explained])
      if (!stated.includes(value) || !explained.includes(value)) twice(value);
  return {
    default: defaultOf(
      under("default")
        .map((part) => part.text)
        .join(" ") ||
        (defaults?.text ?? ""),
      text,
      rangeText,
    ),
    range: rangeOf(rangeText, (description?.text ?? "").slice(0, 5000)),
    values:
      stated ??
      explained ??
      paragraphs(prose.slice(prose.findIndex(({ part }) => /[.:]$/.test(part.text)) + 1).map(({ part }) => part)) ??
      codes(text) ??
      sentenceValues(text) ??
      wholeList(text),
    valuesStated: stated !== null,
    unit: unitOf((description?.text ?? "").slice(0, 5000)),
    zone: zoneOf((description?.text ?? "").slice(0, 5000)),
  };
}

/** Other ways to say what holds where nothing is set. */
const phrases = [
  /\bdefaults to (?:be )?["'“]?([\w.+\-/:%]*\w)/i,
  /\bdefault (?:number|quantity|limit|size|page size|setting|operation|method|mode|order|version) (?:is|:) ["'“]?([\w.+\-/:%]*\w)/i,
  /\bdefault (?!range )[A-Za-z]{1,20}(?: on each page)? is (-?\d+(?:,\d{3})*)(?:s|ms)?(?!\w|[.:/]\d)/i,
  /\bthe default (?:value|port|number) ["'“]?(-?\d+(?:,\d{3})*|true|false)["'”]? (?:is used|indicates|will be used)\b/i,
  /\bif (?:(?:it|this parameter|the parameter|this field|the value) is )?(?:left (?:empty|blank|unspecified)|empty|omitted|not (?:specified|set|provided|passed in)), (?:the (?:default )?value )?["'“]?([\w.+\-/:%]*\w)["'”]? (?:is|will be) used\b/i,
  /(?:^|[\s,;:(])(-?\d+(?:,\d{3})*)(?: [A-Za-z]{1,8})? \(default\)/i,
];

/** "Value range: 1-9. Default value: 4" in one line, "Range: 1 to 9 (default)". */
const besideRange = /\bdefault value(?: is|:) ["'“]?([\w.+\-/:%]*\w)|(?:^|[\s,;:(])(-?\d+(?:,\d{3})*) \(default\)/i;

function defaultOf(stated: string, prose: string, range: string): string | null {
  const value = stated.trim();
  if (value && !none.test(value))
    return clean(/^(?:the )?(?:default(?: value)? is )?(.{1,80}?)[.;]?$/is.exec(value)?.[1] ?? value.slice(0, 80));
  if (value) return null;
  const found =
    /\bby default, (?:this parameter|the [a-z ]{1,30}) is (?:set to )?([\w.+\-/:%]*\w)/i.exec(prose)?.[1] ??
    /(?:^|[\s(;,])(\d[\d,]*) (?:[\w/]+ ){1,8}by default\b/i.exec(prose)?.[1] ??
    /\bleft unspecified, (?:a maximum of )?(\d[\d,]*) /i.exec(prose)?.[1] ??
    /\bdefault(?: value)?(?: of this (?:parameter|field))?(?: is|:| is set to)\s+(?:set to )?["'“]?(\d{1,3}(?:,\d{3})+(?!\w)|[\w.+\-/:%]*\w)/i.exec(
      prose,
    )?.[1] ??
    /(?:^|[\s(;,])([\w.+-]*\w) (?:is used )?by default\b/i.exec(prose)?.[1] ??
    besideRange.exec(range)?.slice(1).find(Boolean) ??
    (/default|used/i.test(prose) ? phrases.map((phrase) => phrase.exec(prose)?.[1]).find(Boolean) : null) ??
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
  const bare = text.replace(/^["'“‘]|["'”’]$/g, "").trim();
  return /^\d{1,3}(?:,\d{3})+$/.test(bare) ? bare.replaceAll(",", "") : bare;
}

const amount = String.raw`(-?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)`;
const between = new RegExp(
  String.raw`(?<!\d,)(?:^|[\s[(:])${amount}\s*(?:to|–|—|-|~|and|,(?=\s)|(?<=[[(]-?[\d.]{1,20}\s{0,3}),)\s*${amount}(?![\w-]*[:\d]|\s*,\s*-?\d|[./]\d)`,
  "i",
);

/** How long a text may be: "1 to 64 characters", "up to 64 chars". */
export function lengthOf(text: string): string | null {
  const both = lengths.exec(text.slice(0, 5000));
  const most = both?.[2] ?? longest.exec(text.slice(0, 5000))?.[1];
  return most ? `${number(both?.[1])}..${number(most)}` : null;
}

const longest =
  /\b(?:up to|at most|a maximum of|no more than|(?:cannot|must not|does not) exceed|not exceeding|within) (\d[\d,]*) (?:chars?|characters|bytes)\b/i;
const lengths = /(?:^|[\s(:,])(\d[\d,]*)\s*(?:to|–|—|-|~)\s*(\d[\d,]*) (?:chars?|characters|bytes)\b/i;

const figure = String.raw`(-?\d[\d,]*)(?![\w-]*[\w]|[.,:/]\d| (?:chars?|characters|bytes|digits|bits|decimal)\b)`;
const highest = [
  new RegExp(
    String.raw`\bmax(?:imum)?(?: (?:value|number|quantity|limit|size))?(?: allowed)?(?: is|:|=)? ?${figure}`,
    "i",
  ),
  new RegExp(
    String.raw`(?:^|[.;,(] ?|\b(?:and|it|value|quantity|limit|size|parameter) )(?:(?:cannot|can't|can not|must not|should not|may not) exceed|not exceeding) ${figure}`,
    "i",
  ),
  new RegExp(
    String.raw`(?:^|[.;,(] ?|\b(?:and|(?:value|limit|size|it) (?:can be|is)) )(?:up to|at most|no more than) ${figure}(?: (?:items|entries|records|results))?(?=\s*(?:[.;,)]|$))`,
    "i",
  ),
];
const lowest = new RegExp(
  String.raw`\bmin(?:imum)?(?: (?:value|number|quantity|limit|size))?(?: allowed)?(?: is|:|=)? ?${figure}`,
  "i",
);
const within =
  /\bbetween (-?\d[\d,]*)(?: [A-Z]{1,3})?(?: \(default\))? and (-?\d[\d,]*)(?![\w-]*\w|[.,:/]\d| (?:chars?|characters|bytes|digits|decimal)\b)/i;

const mostReturned = [
  /\ba maximum of (\d[\d,]*) [A-Za-z ]{1,30}? (?:are|is|can be|will be) (?:returned|displayed|queried|created|deleted)\b/i,
  /\b(?:can|may) (?:create|query|delete|specify|add|select|set) (?:a maximum of|up to|at most) (\d[\d,]*)(?![\w-]*\w|[.,:/]\d)/i,
];
const integers = /\b(?:an integer|a number) from (-?\d[\d,]*) to (-?\d[\d,]*)(?![\w-]*\w|[.,:/]\d)/gi;

/** Without the sentences that speak of an example or of other amounts than the value. */
const ownWords = (text: string): string =>
  text
    .slice(0, 5000)
    .split(/(?<=[.;])\s+/)
    .filter(
      (one) => !/^(?:For example|If you set|e\.g\.)|\b(?:difference|sum|total number) (?:of|between)\b/i.test(one),
    )
    .join(" ");

/** The bounds of a number, in words that say something else of a text or a list: "up to 100", "maximum is 100". */
export function boundsOf(text: string): string | null {
  const said = ownWords(text);
  const [one, another] = [...said.matchAll(integers)];
  if (one && !another) return `${number(one[1])}..${number(one[2])}`;
  const both = within.exec(said);
  if (both) return `${number(both[1])}..${number(both[2])}`;
  const high = [...highest, ...mostReturned].map((pattern) => pattern.exec(said)?.[1]).find(Boolean);
  return high ? `${number(lowest.exec(said)?.[1])}..${number(high)}` : null;
}

/** The words with which the text seems to give a number a bound. */
export function saysBound(text: string): string | null {
  return (
    /\b(?:max(?:imum)?|exceed(?:ing)?|up to|at most|no more than)\b[^.;:]{0,20}? \d(?:[\d,]*\d)?/i.exec(
      ownWords(text),
    )?.[0] ?? null
  );
}

/** The words with which the text seems to give a number a default: not its range or step, and not another field's. */
export function saysDefault(name: string, text: string): string | null {
  const said =
    /(?<!\bby )\bdefault(?:s to)?\b(?! (?:range|minimum|maximum))[^.;:]{0,25} \d(?:[\d,]*\d)?/i.exec(
      text.slice(0, 5000),
    )?.[0] ?? null;
  const of = /^default value of ([a-z]\w*) is\b/.exec(said ?? "")?.[1];
  return of === undefined || of === name ? said : null;
}

/** A numeric range as `low..high`; anything else is wording and stays in the description. */
function rangeOf(stated: string, text: string): string | null {
  const low = /\bmin(?:imum)?(?: value| length)?\s*:\s*(-?\d[\d,]*)/i.exec(text)?.[1];
  const high = /\bmax(?:imum)?(?: value| length)?\s*:\s*(-?\d[\d,]*)/i.exec(text)?.[1];
  if (low || high) return `${number(low)}..${number(high)}`;
  const least = /\bminimum value(?: of this parameter)? is (-?\d[\d,]*)/i.exec(text)?.[1] ?? lowestOf(text);
  const most =
    /\bmaximum value(?: of this parameter)? is (-?\d[\d,]*)/i.exec(text)?.[1] ??
    /\b(?:less than or equal to|(?:cannot|must not) be (?:greater|more|larger) than) (-?\d[\d,]*)(?!\w|\.\d)/i.exec(
      text,
    )?.[1];
  if (least || most) return `${number(least)}..${number(most)}`;
  // "-1 or 1-99999" is more than the range.
  if (/\d or \d[\d,]*[-~–]\d/.test(text)) return null;
  const found = between.exec(stated.replace(/mask ranges? from \d+ to \d+/gi, ""));
  if (found) return `${number(found[1])}..${number(found[2])}`;
  // "10 to 4000 for TCP, 0 to 4000 for HTTP": each of them is the range of some value.
  const several = [...text.matchAll(ranging)].flatMap(([, said]) => {
    const ends = between.exec(` ${said}`);
    return ends ? [`${number(ends[1])}..${number(ends[2])}`] : [];
  });
  return several.length ? [...new Set(several)].join(", ") : null;
}

const noLess =
  /\b(?:greater than or equal to|(?:cannot|must not) be (?:lower|less|smaller) than|no less than) (-?\d[\d,]*)(?!\w|\.\d)/i;

/** "If it is greater than or equal to 600, …" is a condition, and no bound. */
function lowestOf(text: string): string | undefined {
  const found = noLess.exec(text);
  const before = found ? text.slice(Math.max(0, found.index - 80), found.index) : "";
  return /\bif [^,.;]*$/i.test(before) ? undefined : found?.[1];
}

const ranging =
  /(?<!mask )\b(?:value range|ranges?|value|length)(?: is| are|:)?(?: from| between| within)? *([[(]?-?\d[\d,]*(?:\.\d+)?\s*(?:to|–|—|-|~|,|and)\s*-?\d[^;.]{0,12})/gi;

function number(text: string | undefined): string {
  return text?.replaceAll(",", "") ?? "";
}

function statedValues(stated: Part[]): string[] | null {
  if (!stated.length) return null;
  return (
    listed(stated, 1) ?? paragraphs(stated) ?? sentenceValues(`value: ${stated.map((part) => part.text).join(", ")}`)
  );
}

/** "keep: they stay" and "drop: they go" in paragraphs of their own, as where a list has lost its marks. */
function paragraphs(stated: Part[]): string[] | null {
  const heads = stated.map(({ kind, text }) =>
    kind === "text" ? /^(\S{1,60}?)\s*[:：]\s/.exec(text)?.[1] : undefined,
  );
  const values = heads.map((head) => (head ? token.exec(head)?.[1] : undefined));
  const isLabel = (head: string | undefined): boolean =>
    /^(?:minimum|maximum|notes?|constraints?|default|format)$/i.test(head ?? "");
  // "X: the major version; Y: the minor one" are the pieces of a pattern.
  const isPattern = values.every((value) => value !== undefined && /^[A-Z]$/.test(value));
  return values.length > 1 &&
    !isPattern &&
    !heads.some(isLabel) &&
    values.every((value) => value !== undefined && !span.test(value))
    ? [...new Set(values as string[])]
    : null;
}

/** "1-99999": from one number to another, no value. */
const span = /^-?\d[\d,]*[-~–]\d[\d,]*$/;

/** "when the value of type is one of the following:": the list is that of another field, or of what is no value. */
function ofAnother(parts: Part[]): boolean {
  const first = parts.findIndex((part) => part.kind === "item");
  const lead = first > 0 ? (parts[first - 1] as Part) : null;
  return (
    lead?.kind === "text" &&
    /\b(?:when|if) the value of (?!this\b|the\b)[`'"]?[\w.-]+[`'"]? (?:is|can be)\b[^.]*$|\bnot (?:supported|allowed)\s*:$/i.test(
      lead.text.slice(-300),
    )
  );
}

/** `- manual: by hand`: a list whose every item begins with a value. */
function listed(parts: Part[], least: number): string[] | null {
  const values: string[] = [];
  const items = parts.filter((part) => part.kind === "item");
  if (ofAnother(parts)) return null;
  for (const item of items) {
    if (itemLabel(item)) return null;
    const head = /^([^\s:：]{1,60})(?:\s*[:：]|\s+[-–—]\s|\s*\(|$)/.exec(item.text)?.[1];
    const value = head && token.exec(head.replace(/[.,;]$/, ""))?.[1];
    if (!value || span.test(value)) return null;
    values.push(value);
  }
  // "rds.mysql.n1": what follows explains its pieces.
  if (values.length > 2 && parts.some(({ text }) => text.includes(`${values[0]}.${values[1]}.`))) return null;
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
    .split(/\s*,(?!(?<=\d,)\d{3}(?!\d))\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+/)
    .filter(Boolean)
    .map((word) => token.exec(word.trim())?.[1]);
  if (values.some((value) => value !== undefined && span.test(value))) return null;
  return values.length >= 2 && values.every((value) => value !== undefined) ? [...new Set(values as string[])] : null;
}
