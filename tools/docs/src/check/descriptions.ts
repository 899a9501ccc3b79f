// What the description of one parameter says against its row, its name and itself.
import type { Parameter } from "../model.js";
import type { Say } from "./finding.js";
import { edits } from "./match.js";
import { formatOf } from "./samples.js";
import { quoteOf, type View } from "./view.js";

export function compareDescription(view: View, parameter: Parameter, place: string, say: Say): void {
  formats(view, parameter, place, say);
  flags(view, parameter, place, say);
  spelling(view, parameter, place, say);
  meanings(view, parameter, place, say);
  listed(view, parameter, place, say);
}

/** "Optional." in the text of a row whose column says Yes; a default of what must be given. */
function flags(view: View, parameter: Parameter, place: string, say: Say): void {
  if (parameter.in === "response" || parameter.in === "header" || parameter.required === null) return;
  const word =
    /^(?:\(?|This (?:parameter|field) is )(optional|mandatory|required)\b(?!\s*(?:if|when|only|for|in|unless|\w*ly))/i.exec(
      parameter.description,
    )?.[1];
  const said = word ? word.toLowerCase() !== "optional" : null;
  if (said !== null && said !== parameter.required)
    say(
      place,
      "required in words",
      said ? "yes" : "no",
      parameter.required ? "yes" : "no",
      quoteOf(view, parameter),
      `the text calls it ${word?.toLowerCase()}, the column says ${parameter.requiredText ?? "the opposite"}`,
    );
  if (parameter.required && parameter.default !== null)
    say(
      place,
      "default of a required one",
      parameter.default,
      null,
      quoteOf(view, parameter),
      "it must always be given, and yet there is a default",
    );
}

const zones = /\b(?:UTC|GMT|time ?zone|offset)\b/;

function formats(view: View, { description, ...parameter }: Parameter, place: string, say: Say): void {
  const quote = quoteOf(view, parameter);
  const format = formatOf(description);
  if (format?.doubled && /mm.*mm/.test(format.text))
    say(place, "format letters", "mm", "MM and mm", quote, "the format has the same letters for month and minute");
  const shown = format ? format.text : (/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/.exec(description)?.[0] ?? null);
  if (shown && !format?.offset && /[hH]{2}|\d\d:\d\d/.test(shown) && !zones.test(description))
    say(place, "zone", null, "a zone", quote, "a time without a word on its zone");
}

/** Each name by its place and its small letters. */
function namesOf(view: View): Map<string, string> {
  const names =
    spelled.get(view) ??
    new Map(view.parameters.map(({ parameter: { in: place, name } }) => [`${place} ${name.toLowerCase()}`, name]));
  spelled.set(view, names);
  return names;
}
const spelled = new WeakMap<View, Map<string, string>>();

/** A parameter called otherwise in the text than in its row. */
function spelling(view: View, parameter: Parameter, place: string, say: Say): void {
  const text = parameter.description;
  for (const match of text.matchAll(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g)) {
    const name = namesOf(view).get(`${parameter.in} ${match[0].toLowerCase()}`);
    if (name && name !== match[0])
      say(
        place,
        `spelling of ${name}`,
        match[0],
        name,
        quoteOf(view, parameter),
        `the text writes ${match[0]} for ${name}`,
      );
  }
  const brackets = /\[(\d+)\.(\d+)\]/.exec(text);
  if (brackets)
    say(
      place,
      "interval",
      brackets[0],
      `${brackets[1]} to ${brackets[2]}`,
      quoteOf(view, parameter),
      "a dot stands where the interval has its comma",
    );
}

const things: Record<string, RegExp> = {
  backup: /\b(?:backup|backuping|backed up)\b/i,
  restore: /\b(?:restor|recover)/i,
  instance: /\binstances?\b/i,
  task: /\b(?:task|job)s?\b/i,
};

/** What an operation lists, by the last segment of its path or the end of its action. */
function subjectOf(view: View): string | null {
  const last =
    view.spec.action ??
    view.spec.path
      .split("/")
      .filter((part) => !part.startsWith("{"))
      .pop() ??
    "";
  if (/backups$/i.test(last)) return "backup";
  if (/restores$|recover/i.test(last)) return "restore";
  if (/tasks?(?:list)?$|jobs$/i.test(last)) return "task";
  if (/instances$/i.test(last)) return "instance";
  return null;
}

function meanings(view: View, parameter: Parameter, place: string, say: Say): void {
  const { description, name } = parameter;
  const quote = quoteOf(view, parameter);
  const subject = view.spec.effect === "read" ? subjectOf(view) : null;
  const about = (text: string): string[] => Object.keys(things).filter((thing) => (things[thing] as RegExp).test(text));
  if (
    subject &&
    /^(?:limit|total\w*|\w*count|\w*_num)$/i.test(name) &&
    /\b(?:number|size|total|list)\b/i.test(description)
  ) {
    const first = description.split(/[.;]/)[0] ?? "";
    const said = about(first).filter((thing) => thing !== "instance" || !/instance (?:backup|restor)/i.test(first));
    if (said.length && !said.includes(subject))
      say(
        place,
        "subject",
        said.join(" and "),
        subject,
        quote,
        `the text counts ${said.join(" and ")}, the operation lists ${subject}`,
      );
    // Of all pages, or of this one?
    if (/^total/i.test(name) && /\b(?:returned|obtained|displayed)\b/i.test(first))
      say(place, "meaning", "returned ones", "all", quote, "a total that is said to count what is returned");
  }
  if (subject && parameter.values && /stat(?:us|e)$/i.test(name))
    for (const value of parameter.values) {
      const text = new RegExp(`\\b${value.replace(/[^\w-]/g, ".")}\\s*[:：-]\\s*([^.;]*)`).exec(description)?.[1] ?? "";
      const said = about(text).filter((thing) => thing !== "instance" && thing !== "task");
      if (said.length && !said.includes(subject))
        say(
          place,
          `subject of ${value}`,
          said.join(" and "),
          subject,
          quote,
          `${value} is explained with a ${said.join(" and ")}`,
        );
    }
  if (/_?id$/i.test(name) && /\bname\b/i.test(description) && !/\bid\b/i.test(description))
    say(place, "meaning", "a name", "an id", quote, "the name says id, the text says name");
  if (/^search/i.test(name) && /^ID\b/.test(description))
    say(place, "meaning", "an id", "a search word", quote, "a word to search for is called an id");
  if (/^end/i.test(name) && /\bstart(?:s|ed)?\b/i.test(description) && !/\bend/i.test(description))
    say(place, "meaning", "the start", "the end", quote, "the name says end, the text start");
  // "When the backup ends … started between": the bound of one thing, and the thing of another.
  if (/^end/i.test(name) && /\bends\b/i.test(description) && /\bstarted between\b/i.test(description))
    say(
      place,
      "meaning",
      "the end of what is listed",
      "its latest start",
      quote,
      "one sentence selects by the end, the next by the start",
    );
  rules(view, parameter, place, say);
  if (parameter.in === "query" && (parameter.type === "object" || parameter.items === "object"))
    say(place, "form", parameter.typeText, "a plain value", quote, "a query cannot carry objects");
}

/** "waiting: …" in the text, and another spelling in the list of values. */
function listed(view: View, parameter: Parameter, place: string, say: Say): void {
  const { values, description } = parameter;
  if (!values || !parameter.valuesStated) return;
  const words = [...description.matchAll(/(?:^|[\s.])([A-Za-z][\w.-]{2,40}): /g)].map((match) => match[1] as string);
  if (words.filter((word) => values.includes(word)).length + 1 < Math.min(2, values.length)) return;
  for (const word of words) {
    const meant = values.find((value) => !words.includes(value) && edits(value, word, 2) <= 2);
    if (!values.includes(word) && meant)
      say(
        place,
        "value in the text",
        word,
        meant,
        quoteOf(view, parameter),
        `the text explains ${word}, the list has ${meant}`,
      );
  }
}

/** Two sentences of one description that cannot both hold, and what is said of leaving a parameter out. */
function rules(view: View, parameter: Parameter, place: string, say: Say): void {
  const quote = quoteOf(view, parameter);
  const may = /\b(?:The )?(new [\w ]{3,40}?|[\w]+ names?) can contain (the [\w ]{3,40})/i.exec(parameter.description);
  if (may && new RegExp(`${may[1]} must be different from ${may[2]}`, "i").test(parameter.description))
    say(
      place,
      "rule",
      "may be, and must not be",
      "one of the two",
      quote,
      `two sentences on ${may[2]} contradict each other`,
    );
  const standard = /\b(?:left blank|not passed in), (the [\w ]{3,30}?) is (?:selected|used)\b/i.exec(
    parameter.description,
  )?.[1];
  if (standard)
    say(
      place,
      "absence",
      standard,
      parameter.default,
      quote,
      "left out it is said to mean a value that is no default of the spec",
    );
  const all = /not specified, all (\w+) are\b/i.exec(parameter.description)?.[1];
  const flag =
    all &&
    view.parameters.find(
      ({ parameter: one }) => one.name.endsWith(`_all_${all.replace(/s$/, "")}`) && one.default === "false",
    );
  if (flag)
    say(
      place,
      "absence",
      `all ${all}`,
      `${flag.parameter.name} false`,
      quote,
      `left out it means all ${all}, and so does not ${flag.parameter.name}`,
    );
}
