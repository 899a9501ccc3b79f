// What a page restricts in words, and the facts of each sentence: what is compared, numbers and names.
import type { Page } from "../model.js";

export interface Restriction {
  /** What it is about, and of which engine: "version MySQL". */
  topic: string;
  /** In the order of the sentence; its wording is not among them. */
  facts: string;
  text: string;
  line: number;
}

/** Sentences of the section on constraints, and those of the function that restrict something. */
export function restrictionsOf(page: Page): Restriction[] {
  return page.prose
    .filter(
      ({ text, section }) =>
        section === "constraints" ||
        (section === "function" &&
          /\b(?:only|cannot|not supported|must)\b/i.test(text) &&
          !/^Note: This API supports financial|before calling/i.test(text)),
    )
    .map(({ text, line }) => ({ topic: topicOf(text), facts: factsOf(text), text, line }));
}

/** A sentence that only leads to a list, or to another edition of the service. */
export const isLead = ({ text }: Restriction): boolean => /:$/.test(text) || /financial availability/.test(text);

const telling =
  /\b(?:only|not?|cannot|unless|same|equal|at least|at most|must|proxy|cluster|single-node|master\/standby|read\/write splitting|upgraded|earlier versions|support\w*|all|MySQL|PostgreSQL|SQL Server|MariaDB|Redis|v?\d[\d.]*\d|\d)\b/gi;

const factsOf = (text: string): string => (text.match(telling) ?? []).join(" ").toLowerCase();

const topics: [string, RegExp][] = [
  ["storage", /\bstorage\b/i],
  ["time zone", /\btime zone\b/i],
  ["case sensitivity", /\bcase sensitiv/i],
  ["region", /\bcross-region\b/i],
  ["engine", /\bengine of\b/i],
  ["version", /\bversions?\b/i],
  ["kind of instance", /\binstances?\b/i],
];

function topicOf(text: string): string {
  const topic = topics.find(([, words]) => words.test(text))?.[0] ?? "other";
  const engine = /\b(MySQL|PostgreSQL|SQL Server|MariaDB)\b/.exec(text)?.[1];
  return engine ? `${topic} ${engine}` : topic;
}
