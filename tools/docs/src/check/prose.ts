// The page's words against its tables, and against the spec.
import type { Parameter } from "../model.js";
import type { Say } from "./finding.js";
import { edits } from "./match.js";
import { formatOf } from "./samples.js";
import { quoteOf, type View } from "./view.js";

/** `knownActions`: those of the service; null where nobody knows them. */
export function compareProse(view: View, say: Say, knownActions: Set<string> | null): void {
  references(view, say);
  if (knownActions) actions(view, say, knownActions);
  sections(view, say);
  constraints(view, say);
  polling(view, say);
  for (const { parameter, place } of view.parameters) {
    if (view.byPlace.get(place)?.parameter !== parameter) continue;
    formats(view, parameter, place, say);
    spelling(view, parameter, place, say);
    meanings(view, parameter, place, say);
    listed(view, parameter, place, say);
  }
}

/** "See Table 4", where table 4 is something else; a link to a label the page does not have. */
function references({ page, lines }: View, say: Say): void {
  const labels = new Set(lines.flatMap((line) => /^\s*\.\. _([^:]+):\s*$/.exec(line)?.[1]?.toLowerCase() ?? []));
  lines.forEach((text, i) => {
    for (const match of text.matchAll(/:ref:`(Table \d+) <([^>`]+)>`/g)) {
      const [, name, label] = match;
      if (!labels.has((label as string).toLowerCase()))
        say(
          `reference ${name}`,
          "target",
          "not on this page",
          name,
          { line: i + 1, quote: match[0] },
          `${name} is a table of another page`,
        );
    }
    for (const match of text.matchAll(/https?:\/\/[\w.-]*?(?=https?:\/\/)/g))
      say(
        "links",
        "host",
        `${match[0]} twice`,
        "one host",
        { line: i + 1, quote: text.trim().slice(0, 100) },
        "two addresses run into one",
      );
  });
  // Flattened pages keep the words of a reference only.
  if (labels.size || page.dialect === "rst") return;
  for (const { text, line, section } of page.prose) {
    const number = /\bsee Table (\d+)\b/i.exec(text)?.[1];
    const target = page.tables.find(
      ({ caption }) => caption.startsWith(`Table ${number} `) || caption === `Table ${number}`,
    );
    if (number && section === "statuses" && target && target.kind !== "statuses")
      say(
        `reference Table ${number}`,
        "target",
        "not on this page",
        `Table ${number}`,
        { line, quote: text.slice(0, 120) },
        "that table of this page is about something else",
      );
  }
  for (const issue of page.issues)
    if (issue.code === "reference_to_other_place")
      say(
        `reference ${/Table \d+/.exec(issue.quote ?? "")?.[0] ?? "table"}`,
        "target",
        "another table",
        "a table that describes it",
        { line: issue.line, quote: issue.quote ?? "" },
        issue.message,
      );
}

/** "The X API", "API X": an operation nobody knows. */
function actions(view: View, say: Say, known: Set<string>): void {
  if (view.spec.action === null) return;
  for (const { parameter, place } of view.parameters)
    for (const match of parameter.description.matchAll(/\bthe (\w+) API\b|\bAPI ([A-Z]\w+)\b/g)) {
      const name = match[1] ?? match[2] ?? "";
      if (!/[a-z][A-Z]/.test(name) || known.has(name)) continue;
      say(place, "origin", name, null, quoteOf(view, parameter), `there is no operation ${name}`);
    }
}

function sections({ page, spec, lines }: View, say: Say): void {
  for (const { text, line, empty } of page.headings)
    if (empty)
      say(`section ${text}`, "content", null, "something", { line, quote: text }, "nothing stands below this heading");
  // The trail of headings above a help-centre page.
  const trail = lines.slice(0, 3).find((text) => /^Help Center\s*\//.test(text));
  const version = /\bAPIs? v(\d+(?:\.\d+)?)/i.exec(trail ?? "")?.[1];
  const own = /^\/v(\d+(?:\.\d+)?)/.exec(spec.path)?.[1];
  if (trail && version && own && Number(version) !== Number(own))
    say(
      "section trail",
      "version",
      `v${version}`,
      `v${own}`,
      { line: 1, quote: trail.slice(0, 120) },
      "the page stands among those of another version",
    );
}

/** A restriction has no place in a spec: each is kept in the register, with who is right about it. */
function constraints({ page, spec }: View, say: Say): void {
  const found = page.prose.filter(
    ({ text, section }) =>
      section === "constraints" ||
      (section === "function" &&
        /\b(?:only|cannot|not supported|must)\b/i.test(text) &&
        !/^Note: This API supports financial|before calling/i.test(text)),
  );
  for (const { text, line } of found) {
    if (/:$/.test(text) || /financial availability/.test(text)) continue;
    const key = salient(text);
    if (key)
      say(
        `constraint ${key}`,
        "restriction",
        normal(text),
        "no place for it",
        { line, quote: text.slice(0, 120) },
        "a restriction that the spec cannot hold",
      );
  }
  if (!found.length && spec.effect === "overwrites")
    say(
      "constraint",
      "restriction",
      null,
      "which instances it takes",
      { line: 1 },
      "the page names no restriction, though the call overwrites data",
    );
}

const telling =
  /\b(?:only|not?|cannot|unless|same|equal|at least|at most|must|proxy|cluster|single-node|master\/standby|read\/write splitting|upgraded|earlier versions|support\w*|all|MySQL|PostgreSQL|SQL Server|MariaDB|Redis|v?\d[\d.]*\d|\d)\b/gi;

/** The facts of a sentence, in its order: what is compared, numbers and names. The wording is not among them. */
const normal = (text: string): string => (text.match(telling) ?? []).join(" ").toLowerCase();

function salient(text: string): string {
  const topics: [string, RegExp][] = [
    ["storage", /\bstorage\b/i],
    ["time zone", /\btime zone\b/i],
    ["case sensitivity", /\bcase sensitiv/i],
    ["region", /\bcross-region\b/i],
    ["engine", /\bengine of\b/i],
    ["version", /\bversions?\b/i],
    ["kind of instance", /\binstances?\b/i],
  ];
  const topic = topics.find(([, words]) => words.test(text))?.[0] ?? "other";
  const engine = /\b(MySQL|PostgreSQL|SQL Server|MariaDB)\b/.exec(text)?.[1];
  return engine ? `${topic} ${engine}` : topic;
}

/** After a submit a caller needs to know where to look. */
function polling({ page, spec }: View, say: Say): void {
  if (!spec.polledBy) return;
  const text = [...page.prose.map((one) => one.text), ...page.parameters.map((one) => one.description)].join("\n");
  const name = spec.polledBy.toLowerCase();
  if (!text.toLowerCase().includes(name) && !/\bquer(?:y|ying) (?:the )?(?:task|job|restor|backup)/i.test(text))
    say(
      "operation",
      "poll",
      null,
      spec.polledBy,
      { line: page.operation.line ?? 1 },
      "the page does not say where to look how the task stands",
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

/** A parameter called otherwise in the text than in its row. */
function spelling(view: View, parameter: Parameter, place: string, say: Say): void {
  const names = new Map(
    view.parameters
      .filter(({ parameter: one }) => one.in === parameter.in)
      .map(({ parameter: one }) => [one.name.toLowerCase(), one.name]),
  );
  const text = parameter.description;
  for (const match of text.matchAll(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g)) {
    const name = names.get(match[0].toLowerCase());
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
