// Which spec a page belongs to.
import type { Page } from "../model.js";
import type { SpecOperation } from "./spec.js";

export type Match =
  /** `exact`: by action, or by method and path. `near`: all but these agree, so these have changed. */
  { spec: SpecOperation; how: "exact" | "near" } | { spec: null; why: "no operation" | "no spec" | "unreadable" };

/** Placeholders may be called differently; versions may not. */
export const shape = (path: string): string => path.replace(/\{[^{}]*\}/g, "{}").replace(/\/+$/, "") || "/";

export function matchSpec(page: Page, specs: SpecOperation[]): Match {
  if (page.dialect === null) return { spec: null, why: "unreadable" };
  const { operation } = page;
  const exact = candidates(page, specs);
  const best = exact.length > 1 ? closest(page, exact)?.spec : exact[0];
  if (best) return { spec: best, how: "exact" };
  const near = nearest(page, specs);
  if (near) return { spec: near, how: "near" };
  return { spec: null, why: operation.path === null && operation.action === null ? "no operation" : "no spec" };
}

function candidates({ operation, parameters }: Page, specs: SpecOperation[]): SpecOperation[] {
  if (operation.action !== null) return specs.filter(({ action }) => action === operation.action);
  if (operation.path === null) return [];
  const found = specs.filter(
    (spec) =>
      spec.action === null &&
      spec.method === operation.method &&
      shape(spec.path) === shape(operation.path as string),
  );
  // The operation of another service may have the same method and path: what it takes and gives tells them apart.
  const names = new Set(parameters.map(({ name }) => name));
  return found.length > 1 || names.size < 5
    ? found
    : found.filter((spec) => spec.fields.filter(({ path }) => names.has(last(path))).length >= names.size / 4);
}

const last = (path: string): string => path.slice(path.lastIndexOf(".") + 1).replace(/\[\]$|\{\}$/g, "");

interface Closeness {
  spec: SpecOperation;
  /** Names that only one of the two has, over all names. */
  distance: number;
  shared: number;
}

/** Names that tell nothing: nearly every operation has them. */
const common =
  /^(?:project_id|instance_id|x-auth-token|content-type|x-language|action|version|region|requestid|error_code|error_msg|error_ext_msg)$/i;

function closest(page: Page, specs: SpecOperation[]): Closeness | null {
  const names = new Set(
    page.parameters
      .filter(({ name }) => !common.test(name))
      .map(({ in: place, path }) => `${place} ${path.replace(/\.N$/, "")}`),
  );
  let best: Closeness | null = null;
  for (const spec of specs) {
    const own = new Set(
      spec.fields.filter(({ path }) => !common.test(last(path))).map(({ in: place, path }) => `${place} ${path}`),
    );
    const shared = [...names].filter((name) => own.has(name)).length;
    const distance = 1 - shared / Math.max(1, new Set([...names, ...own]).size);
    if (!best || distance < best.distance) best = { spec, distance, shared };
  }
  return best;
}

/**
 * A page whose method, path or action has no spec may be that of a known operation with a changed one. It has to agree
 * in nearly everything else: documented names, and the spelling of the path.
 */
function nearest(page: Page, specs: SpecOperation[]): SpecOperation | null {
  const { operation } = page;
  if (operation.action !== null) {
    // A page on common parameters names actions too, and describes none.
    if (!page.parameters.some(({ in: place }) => place === "response")) return null;
    const said = page.examples.flatMap(({ url }) => /[?&]Action=(\w+)/.exec(url ?? "")?.[1] ?? []);
    const known = specs.filter(
      (spec) => spec.action !== null && (said.includes(spec.action) || page.title === spec.action),
    );
    if (known[0]) return known[0];
    const alike = specs.filter((spec) => spec.action && edits(spec.action, operation.action as string, 2) <= 2);
    return alike[0] ?? null;
  }
  // A sample or the query of the pattern names another operation than the pattern: the pattern is the odd one out.
  const path = operation.path;
  const close = specs.filter(({ action }) => action === null);
  if (path !== null) {
    const spelt = close.filter(
      (spec) =>
        (spec.method === operation.method && isMisspelt(spec.path, path)) ||
        (spec.method !== operation.method && shape(spec.path) === shape(path) && sameTitle(page, spec)),
    );
    const best = closest(page, spelt);
    if (best && (best.distance <= 0.5 || best.shared === 0)) return best.spec;
  }
  const best = closest(page, close);
  return best && best.shared >= 4 && best.distance <= 0.2 && near(best.spec, operation.path) ? best.spec : null;
}

/** One segment differs by a letter or two: a slip, not another resource. */
function isMisspelt(known: string, path: string): boolean {
  const a = shape(known).split("/");
  const b = shape(path).split("/");
  if (a.length !== b.length) return false;
  const different = a.flatMap((segment, i) => (segment === b[i] ? [] : [[segment, b[i] as string] as const]));
  const [pair] = different;
  if (different.length !== 1 || !pair) return false;
  const [one, other] = pair;
  if (/^v\d/.test(one) || /^v\d/.test(other)) return false;
  return one.length > 4 && edits(one, other, 2) <= 2;
}

function near(spec: SpecOperation, path: string | null): boolean {
  if (path === null) return true;
  const a = shape(spec.path).split("/");
  const b = shape(path).split("/");
  // Another version is another operation.
  return a[1] === b[1] && Math.abs(a.length - b.length) <= 1;
}

/** With a wrong method only what the page is about tells the operation. */
function sameTitle(page: Page, spec: SpecOperation): boolean {
  const words: Record<string, RegExp> = {
    read: /^(?:quer|list|obtain|get|describ|show|view|check)/i,
    deletes: /^(?:delet|remov|batch delet)/i,
    creates: /^(?:creat|back|add)/i,
    overwrites: /^(?:restor|recover)/i,
    changes: /^(?:modif|chang|set|configur|updat|enabl)/i,
  };
  return words[spec.effect]?.test(page.title) ?? false;
}

/** Levenshtein's distance, given up beyond `most`. */
export function edits(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most || a.length > 80 || b.length > 80) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min(
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
        (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] as number;
}
