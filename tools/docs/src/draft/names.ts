// Names for what the page does not name in our conventions.
import type { Page } from "../model.js";

const articles = /^(?:a|an|the|of|for|to|in|on|about|from|by|with|and|or|all)$/i;

/** Words that are taken in the generated modules. */
const taken = new Set(["service", "operations", "delete", "export", "import", "new", "return", "switch", "default"]);

/** The vendor's operation name in camelCase; `stated` says whether the page has it. */
export function nameOperation(page: Page): { operationId: string; stated: boolean } {
  const { action, method, path } = page.operation;
  if (action && /^[A-Za-z][A-Za-z0-9]*$/.test(action)) return { operationId: lowerFirst(action), stated: true };
  const words = (page.title.match(/[A-Za-z0-9]+/g) ?? []).filter((word) => !articles.test(word)).slice(0, 8);
  const [verb, ...rest] = words;
  const fromTitle = verb ? [imperative(verb.toLowerCase()), ...rest] : [];
  const fromPath = [
    (method ?? "call").toLowerCase(),
    ...(path ?? "").split("/").flatMap((part) => (/^[\w-]+$/.test(part) ? part.split(/[-_]/) : [])),
  ];
  const chosen = fromTitle.length > 1 ? fromTitle : fromPath;
  const name = lowerFirst(chosen.map(pascal).join(""));
  return { operationId: taken.has(name) || !/^[a-z]/.test(name) ? `call${pascal(name)}` : name, stated: false };
}

/** "querying" → "query": titles begin with a gerund, names with a verb. */
function imperative(word: string): string {
  const stem = /^(.*[aeiouy].*)ing$/.exec(word)?.[1];
  if (!stem) return word;
  if (/([bdgmnprt])\1$/.test(stem)) return stem.slice(0, -1);
  // A final e is lost before -ing, unless the stem ends as one that never had it.
  if (/(?:er|en|it|el|ow|ew|ay|ey|oy|y|x)$/.test(stem)) return stem;
  return /(?:[^aeiou][aeiouy][^aeiouwxy]|[aeiou][csvz]|[nr][cgsv]|[sz]|[uv]|[aeiou]ir|bl|g|creat)$/.test(stem)
    ? `${stem}e`
    : stem;
}

export function pascal(text: string): string {
  return (text.match(/[A-Za-z0-9]+/g) ?? []).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function lowerFirst(text: string): string {
  // "IAMToken" → "iamToken"
  const start = /^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+(?![a-z])|^[A-Z]/.exec(text)?.[0] ?? "";
  return start.toLowerCase() + text.slice(start.length);
}

export function kebab(operationId: string): string {
  return operationId
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}

/** What remains of a name in languages that change its spelling. */
export function folded(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
}
