// The unit of a value and the time zone of a time, as a description has them: "in milliseconds", "(unit: MB)", "UTC time".

/** Every name of a unit, and the one it is kept under. */
const units: Record<string, RegExp> = {
  ns: /^(?:ns|nanosecs?|nanoseconds?)$/i,
  µs: /^(?:[µμu]s|microsecs?|microseconds?)$/i,
  ms: /^(?:ms|msecs?|millisecs?|milliseconds?)$/i,
  s: /^(?:s|secs?|seconds?)$/i,
  min: /^(?:mins?|minutes?)$/i,
  h: /^(?:h|hours?)$/i,
  day: /^days?$/i,
  week: /^weeks?$/i,
  month: /^months?$/i,
  B: /^(?:B|bytes?)$/i,
  bit: /^bits?$/i,
  KB: /^(?:KB|kilobytes?)$/i,
  MB: /^(?:MB|megabytes?)$/i,
  GB: /^(?:GB|gigabytes?)$/i,
  TB: /^(?:TB|terabytes?)$/i,
  KiB: /^(?:KiB|kibibytes?)$/i,
  MiB: /^(?:MiB|mebibytes?)$/i,
  GiB: /^(?:GiB|gibibytes?)$/i,
  TiB: /^(?:TiB|tebibytes?)$/i,
  kbit: /^(?:kbit|kilobits?)$/i,
  Mbit: /^(?:Mbit|megabits?)$/i,
  Gbit: /^(?:Gbit|gigabits?)$/i,
  "%": /^(?:%|percent|percentage)$/i,
};

const long =
  "(?:nano|micro|milli)?sec(?:ond)?s?|min(?:ute)?s?|hours?|days?|weeks?|months?|(?:kilo|mega|giga|tera|kibi|mebi|gibi|tebi)?bytes?|(?:kilo|mega|giga)?bits?|percent(?:age)?";
/** "In second place" is no unit. */
const plural =
  "(?:nano|micro|milli)?sec(?:ond)?s|min(?:ute)?s|hours|days|weeks|months|(?:kilo|mega|giga|tera|kibi|mebi|gibi|tebi)?bytes|(?:kilo|mega|giga)?bits|percent";
const short = "[nµμum]s|[KMGT]i?B|[kMG]bit|[kMG]bps";
const perSecond = "(?:/s(?:ec(?:ond)?)?\\b| per second\\b)?";
/** Of one letter only where "unit" or brackets leave no doubt. */
const after = (lead: string, name: string, tail: string): RegExp =>
  new RegExp(`${lead}((?:${name})${perSecond})${tail}`, "gi");
const statements = [
  after(
    String.raw`\bunits?(?:\s+(?:is|are|of|in)(?: the)?|\s*[:：=])\s*["'“(]?`,
    `${long}|${short}|%|[sbh]`,
    "(?![\\w/-])",
  ),
  after(String.raw`\b(?:in|number of)\s+`, `${plural}|${short}`, "(?![\\w/-])"),
  after(String.raw`\b(?:UNIX|epoch)(?: time(?:stamp)?)?[ ,(]+`, long, "\\b"),
  after(String.raw`(?<=\s)[(（]`, `${long}|${short}|%|[sh]`, "[)）]"),
];

/** "1 to 20 seconds", "the default is 30 minutes", "Seconds to wait": where nothing says it better. */
const measured = "(?:nano|micro|milli)?sec(?:ond)?s|min(?:ute)?s|hours|days|weeks|months|percent";
const besideNumbers = [
  after(String.raw`\d ?(?:to|-|–|~) ?\d[\d,.]* ?`, `${measured}|${short}|%`, "(?![\\w/-])"),
  after(
    String.raw`\b(?:default|maximum|minimum|max\.?|min\.?)(?: value)?(?: is| of|:)? \d[\d,.]* ?`,
    `${measured}|${short}|%`,
    "(?![\\w/-]| (?:before|after|ago)\\b)",
  ),
  after("^", `${plural}|percentage`, "(?= )"),
];

const anywhere = after(String.raw`(?<![\w-])(?:\d[\d,.]* ?)?`, `${long}|${short}|%`, "(?![\\w-])");

/** Most descriptions have no unit at all. */
const anyUnit = new RegExp(`\\bunits?\\b|%|(?:${long}|${short})(?![\\w-])`, "i");

/** Every unit in the text, whatever it is of, in the order of the text. */
export const unitsIn = (text: string): (string | null)[] =>
  [...text.slice(0, 5000).matchAll(anywhere)].map((match) => named(match[1] ?? ""));

/** The units a description gives, under one name each, in alphabetical order: `ms`; null where it gives none. */
export function unitOf(text: string): string | null {
  if (!anyUnit.test(text)) return null;
  const found = (patterns: RegExp[]): string | null =>
    listOf(patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => named(match[1] ?? ""))));
  return found(statements) ?? found(besideNumbers);
}

function named(text: string): string | null {
  const bps = /^([kmg])bps$/i.exec(text)?.[1]?.toLowerCase();
  if (bps) return { k: "kbit/s", m: "Mbit/s", g: "Gbit/s" }[bps] ?? null;
  const [word = "", ...rate] = text.split(/\/| per /);
  const name = Object.keys(units).find((unit) => (units[unit] as RegExp).test(word));
  return name === undefined ? null : `${name}${rate.length ? "/s" : ""}`;
}

const zone = String.raw`(?:UTC|GMT|CST|CET|CEST|EST|EDT|PST|PDT|JST|IST|BST|MSK|SGT|HKT)(?:\s?[+-]\d{1,2}(?::?\d\d)?)?(?!\w)`;
const zoned = [
  String.raw`\btime ?zone(?: offset)?(?: used)?(?: is|:| of)?(?: the| in)? (${zone})`,
  String.raw`\b(${zone}),?(?: standard)? (?:time|date|format|offset)`,
  `[(（](${zone})(?: time)?[)）]`,
  String.raw`(?:\b(?:in|uses?)|,) (?:the )?(${zone})`,
].map((pattern) => new RegExp(pattern, "g"));
const spoken = /\b(Beijing|local) time\b/gi;

/** The time zones a description gives, in alphabetical order: `UTC`, `UTC+8`; null where it gives none. */
export function zoneOf(text: string): string | null {
  if (!/[A-Z]{3}| time\b/.test(text)) return null;
  const found = zoned.flatMap((statement) => [...text.matchAll(statement)].map((match) => match[1] ?? ""));
  const words = [...text.matchAll(spoken)].map((match) => (match[1] as string).toLowerCase());
  return listOf([...found.map(plainOffset), ...words]);
}

/** "UTC +08:00" and "UTC+8" are one zone. */
const plainOffset = (text: string): string =>
  text
    .replace(/\s/g, "")
    .replace(
      /([+-])0?(\d{1,2}?)(?::?(\d\d))?$/,
      (_, sign, hours, minutes) => `${sign}${Number(hours)}${minutes && minutes !== "00" ? `:${minutes}` : ""}`,
    );

function listOf(found: (string | null)[]): string | null {
  const names = [...new Set(found.filter((name) => name !== null))].sort();
  return names.length ? names.join(", ") : null;
}
