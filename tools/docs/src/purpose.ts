// What an operation is for, by the first verb that says so: one word, whatever the wording.
import type { Page } from "./model.js";

const verbs: [string, RegExp][] = [
  ["restore", /\b(?:restor(?:e|es|ing|ed|ation)|recover(?:s|ing|ed|y)?|roll(?:s|ing|ed)? back|rewind(?:s|ing)?)\b/i],
  ["back up", /\b(?:back(?:s|ing|ed)? up)\b/i],
  [
    "delete",
    /\b(?:delet(?:e|es|ing|ed|ion)|remov(?:e|es|ing|ed|al)|destroy(?:s|ing|ed)?|drop(?:s|ping|ped)?|purg(?:e|es|ing))\b/i,
  ],
  ["clear", /\b(?:clear(?:s|ing|ed)?|clean(?:s|ing|ed)?|empt(?:y|ies|ying))\b/i],
  [
    "create",
    /\b(?:creat(?:e|es|ing|ed|ion)|add(?:s|ing|ed)?|purchas(?:e|es|ing|ed)|buy(?:s|ing)?|clon(?:e|es|ing|ed)|copy(?:ing)?|copies)\b/i,
  ],
  [
    "read",
    /\b(?:quer(?:y|ies|ying|ied)|list(?:s|ing|ed)?|obtain(?:s|ing|ed)?|view(?:s|ing|ed)?|show(?:s|ing|n)?|describ(?:e|es|ing|ed)|get(?:s|ting)?|display(?:s|ing|ed)?|download(?:s|ing|ed)?)\b/i,
  ],
  [
    "change",
    /\b(?:modif(?:y|ies|ying|ied|ication)|chang(?:e|es|ing|ed)|updat(?:e|es|ing|ed)|set(?:s|ting)?|reset(?:s|ting)?|configur(?:e|es|ing|ed|ation)|enabl(?:e|es|ing|ed)|disabl(?:e|es|ing|ed)|renam(?:e|es|ing|ed)|adjust(?:s|ing|ed)?|upgrad(?:e|es|ing|ed)|resiz(?:e|es|ing|ed))\b/i,
  ],
  ["restart", /\b(?:restart(?:s|ing|ed)?|reboot(?:s|ing|ed)?)\b/i],
  ["start", /\b(?:start(?:s|ing|ed)?)\b/i],
  ["stop", /\b(?:stop(?:s|ping|ped)?|cancel(?:s|ling|ing|led)?)\b/i],
];

/** The verb of a sentence that comes first. */
export function verbOf(text: string): string | null {
  let best: string | null = null;
  let at = Number.POSITIVE_INFINITY;
  for (const [verb, pattern] of verbs) {
    const index = pattern.exec(text)?.index ?? at;
    if (index < at) {
      at = index;
      best = verb;
    }
  }
  return best;
}

/** Of a name such as restoreInstance. */
export const verbIn = (name: string): string | null => verbOf(name.replace(/(?<=[a-z])(?=[A-Z])/g, " "));

export interface Purpose {
  verb: string;
  line: number;
  text: string;
}

/** From the section on what the operation does; null where no verb of ours is in it. */
export function purposeOf({ prose }: Page): Purpose | null {
  for (const { section, text, line } of prose) {
    if (section !== "function") continue;
    const verb = verbOf(text.slice(0, 300));
    if (verb) return { verb, line, text };
  }
  return null;
}
