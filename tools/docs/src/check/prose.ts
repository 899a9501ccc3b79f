// The page's words against its tables, and against the spec.
import { purposeOf, verbIn } from "../purpose.js";
import { compareDescription } from "./descriptions.js";
import type { Say } from "./finding.js";
import { isLead, restrictionsOf } from "./restrictions.js";
import { quoteOf, type View } from "./view.js";

/** `knownActions`: those of the service; null where nobody knows them. */
export function compareProse(view: View, say: Say, knownActions: Set<string> | null): void {
  references(view, say);
  if (knownActions) actions(view, say, knownActions);
  sections(view, say);
  constraints(view, say);
  polling(view, say);
  purpose(view, say);
  for (const { parameter, place } of view.parameters) {
    if (view.byPlace.get(place)?.parameter !== parameter) continue;
    compareDescription(view, parameter, place, say);
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
    // Most lines have one address at most, and need no closer look.
    if (text.indexOf("://") === text.lastIndexOf("://")) return;
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

/** Verbs that fit an effect, whatever the operation is called. */
const fitting: Record<string, string[]> = {
  read: ["read"],
  creates: ["create", "back up"],
  deletes: ["delete", "clear"],
  overwrites: ["restore"],
};

/** "Deletes an instance", on the page of restoreInstance. */
function purpose({ page, spec, alone }: View, say: Say): void {
  const said = purposeOf(page);
  const name = verbIn(page.operation.action ?? (alone ? page.title : spec.operationId));
  if (!page.prose.some(({ section }) => section === "function"))
    say("operation", "purpose", null, name, { line: 1 }, "no section says what the operation does");
  if (said === null || name === null || said.verb === name) return;
  if (!alone && fitting[spec.effect]?.includes(said.verb)) return;
  say(
    "operation",
    "purpose",
    said.verb,
    name,
    { line: said.line, quote: said.text.slice(0, 120) },
    `by its description the operation is to ${said.verb} something, by its name to ${name}`,
  );
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
  const found = restrictionsOf(page);
  for (const one of found) {
    if (isLead(one)) continue;
    const { topic, facts, text, line } = one;
    say(
      `constraint ${topic}`,
      "restriction",
      facts,
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
