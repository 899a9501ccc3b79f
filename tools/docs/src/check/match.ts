// Which spec a page belongs to.
import type { Page } from "../model.js";
import { closenessOf, closest, last } from "./closeness.js";
import { knownPage } from "./known.js";
import type { Register } from "./register.js";
import type { SpecOperation } from "./spec.js";

export type Match =
  /**
   * `exact`: by action, or by method and path. `near`: all but these agree, so these have changed. `lost`: it is the page
   * of the operation, and no operation can be read from it any more.
   */
  | { spec: SpecOperation; how: "exact" | "near" }
  /** `or`: others of which it could be the page as well. */
  | { spec: SpecOperation; how: "lost"; or: SpecOperation[] }
  /** `lost operation`: its headings announce an operation, and none can be read. */
  | { spec: null; why: "no operation" | "lost operation" | "no spec" | "no dialect" | "unreadable" };

/** Placeholders may be called differently; versions may not. */
export const shape = (path: string): string => path.replace(/\{[^{}]*\}/g, "{}").replace(/\/+$/, "") || "/";

export function matchSpec(page: Page, specs: SpecOperation[], registers: Register[]): Match {
  if (page.dialect === null)
    return { spec: null, why: page.issues[0]?.code === "dialect_unknown" ? "no dialect" : "unreadable" };
  const exact = candidates(page, specs);
  const best = exact.length > 1 ? closest(page, exact)?.spec : exact[0];
  if (best) return { spec: best, how: "exact" };
  const [known, ...others] = knownPage(page, specs, registers);
  const near = known ?? nearest(page, specs);
  if (near) {
    const or = [...new Set([...others, ...otherVersions(near, page, specs)])];
    const isUnclear = isLost(page) || (!hasOperation(page) && or.length > others.length);
    return isUnclear ? { spec: near, how: "lost", or } : { spec: near, how: "near" };
  }
  if (!isLost(page) && hasOperation(page)) return { spec: null, why: "no spec" };
  return { spec: null, why: announcesOperation(page) ? "lost operation" : "no operation" };
}

/** The same operation in another version: what is left of a page without its URI may be of either. */
function otherVersions(near: SpecOperation, page: Page, specs: SpecOperation[]): SpecOperation[] {
  const call = ({ service, method, path }: SpecOperation): string =>
    `${service} ${method} ${shape(path).replace(/^\/v[\d.]+(?=\/)/, "")}`;
  const least = closenessOf(page, near).share - 0.15;
  return specs.filter(
    (spec) =>
      spec !== near && spec.action === null && call(spec) === call(near) && closenessOf(page, spec).share >= least,
  );
}

const hasOperation = ({ operation }: Page): boolean => operation.path !== null || operation.action !== null;

/** Cut off, or replaced by something else: there is nothing left to compare. */
const isLost = (page: Page): boolean => !hasOperation(page) && !page.parameters.length;

/** Headings under which an operation's page says what is called, and how; or nothing at all below its title. */
function announcesOperation(page: Page): boolean {
  if (page.outcomes.operation === "unread" && page.headings.some(({ text }) => /\bUR[IL]s?\b/i.test(text))) return true;
  if (page.dialect === "help-centre" && !page.tables.length && !page.headings.length && page.prose.length <= 1)
    return true;
  // Pages on metrics or paging have a section on their function too.
  const isCalled = page.headings.some(({ text }) => /\bUR[IL]s?\b|^(?:request|response|debugging)\b/i.test(text));
  const isEnd = page.tables.length === 0 && page.prose.at(-1)?.section === "function";
  return page.prose.some(
    ({ section, text }) =>
      section === "function" &&
      (isCalled || isEnd || /\bthis (?:API|interface|operation)\b|\bis used to\b/i.test(text)),
  );
}

function candidates({ operation, parameters }: Page, specs: SpecOperation[]): SpecOperation[] {
  if (operation.action !== null) return specs.filter(({ action }) => action === operation.action);
  if (operation.path === null) return [];
  const found = specs.filter(
    (spec) =>
      spec.action === null && spec.method === operation.method && shape(spec.path) === shape(operation.path as string),
  );
  // The operation of another service may have the same method and path: what it takes and gives tells them apart.
  const names = new Set(parameters.map(({ name }) => name));
  return found.length > 1 || names.size < 5
    ? found
    : found.filter((spec) => spec.fields.filter(({ path }) => names.has(last(path))).length >= names.size / 4);
}

/**
 * A page whose method, path or action has no spec may be that of a known operation with a changed one. Then nearly all
 * of its names are known ones, and its pattern differs in one place, or its own samples call the known operation.
 */
function nearest(page: Page, specs: SpecOperation[]): SpecOperation | null {
  const { operation } = page;
  if (page.dialect === "tencent-markdown") return nearestAction(page, specs);
  if (operation.path === null && operation.method === null && !page.parameters.length) return null;
  const fitting = specs.filter((spec) => spec.action === null && isAlike(page, spec));
  const best = closest(page, fitting);
  return best && best.share >= 0.7 ? best.spec : null;
}

function nearestAction(page: Page, specs: SpecOperation[]): SpecOperation | null {
  // A page on common parameters names actions too, and describes none.
  if (!page.parameters.some(({ in: place }) => place === "response")) return null;
  const { action } = page.operation;
  const said = page.examples.flatMap(({ url }) => /[?&]Action=(\w+)/.exec(url ?? "")?.[1] ?? []);
  const known = specs.filter(
    (spec) => spec.action !== null && (said.includes(spec.action) || page.title === spec.action),
  );
  if (known[0]) return known[0];
  return specs.find((spec) => spec.action && action && edits(spec.action, action, 2) <= 2) ?? null;
}

function isAlike(page: Page, spec: SpecOperation): boolean {
  const { method, path } = page.operation;
  const known = shape(spec.path).split("/");
  // What the page's own samples call.
  const called = page.examples.some(({ url, method: sent }) => {
    const parts = url
      ?.replace(/^https?:\/\/[^/]*/, "")
      .split("?")[0]
      ?.split("/");
    return (
      parts?.length === known.length &&
      known.every((segment, i) => segment === "{}" || segment === parts[i]) &&
      (sent ?? method ?? spec.method) === spec.method
    );
  });
  if (path === null) return called;
  const parts = shape(path).split("/");
  const different = known.flatMap((segment, i) => (segment === parts[i] ? [] : [[segment, parts[i] ?? ""] as const]));
  if (parts.length !== known.length) return called && Math.abs(parts.length - known.length) === 1;
  if (!different.length) return called || (closenessOf(page, spec).shared >= 2 && closenessOf(page, spec).share >= 0.9);
  const [pair] = different;
  if (different.length !== 1 || !pair || method !== spec.method) return called && different.length <= 1;
  const [one, other] = pair;
  if (one === "{}" || other === "{}") return called;
  const isVersion = /^v\d/.test(one) && /^v\w/.test(other);
  return called || isVersion || edits(one, other, 2) <= Math.min(2, one.length / 3);
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
