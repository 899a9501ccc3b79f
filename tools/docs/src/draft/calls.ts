// The documented call of a page: which request example, which answer, and what the URL says of the parameters.
import type { Example, Page } from "../model.js";

export interface DocumentedCall {
  request: Example | null;
  /** The request's body; undefined where it has none. */
  body: unknown;
  /** The body stands in the URL, as text. */
  inUrl: boolean;
  path: Record<string, string>;
  query: Record<string, string | string[]>;
  /** Request examples that are left. */
  others: number;
}

export function documentedCall(page: Page, rpc: boolean): DocumentedCall {
  const requests = page.examples.filter(({ kind }) => kind === "request");
  const good = requests.find((example) => isObject(example.parsed)) ?? requests.find(({ url }) => url !== null);
  const request = good ?? requests[0] ?? null;
  const url = request?.url ?? null;
  const query = url === null ? {} : queryOf(url);
  const inUrl = rpc && !isObject(request?.parsed) && Object.keys(query).length > 0;
  return {
    request,
    body: inUrl ? unfold(query) : request?.parsed,
    inUrl,
    path: url === null || page.operation.path === null ? {} : pathOf(page.operation.path, url),
    query,
    others: Math.max(0, requests.length - 1),
  };
}

/** Bodies of answers: of a success where `status` is one, else of any example that is not of another status. */
export function answerBodies(page: Page, status: number | null): { line: number; body: unknown }[] {
  return page.examples
    .filter(({ kind, parsed }) => (kind === "response" || kind === "unknown") && parsed !== undefined)
    .filter((example) => (status === null ? true : example.status === null || example.status === status))
    .filter(({ parsed }) => status === null || !looksLikeError(parsed))
    .map(({ line, parsed }) => ({ line, body: parsed }));
}

function looksLikeError(body: unknown): boolean {
  return isObject(body) && ("error_code" in body || ("error_msg" in body && !("status" in body)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function queryOf(url: string): Record<string, string | string[]> {
  const at = url.indexOf("?");
  if (at < 0) return {};
  const result: Record<string, string | string[]> = Object.create(null);
  for (const part of url.slice(at + 1).split("&")) {
    const [, key = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(part.trim()) ?? [];
    if (!/^[A-Za-z][\w.[\]-]*$/.test(key) || isPlaceholder(value)) continue;
    const text = decoded(value);
    const known = result[key];
    result[key] = known === undefined ? text : [known, text].flat();
  }
  return result;
}

/** The last parts of the URL are those of the pattern; before them stand a host and placeholders for it. */
function pathOf(pattern: string, url: string): Record<string, string> {
  const bare = url.replace(/^https?:\/\/[^/]*/, "").replace(/[?#].*$/s, "");
  const given = bare.split("/").filter(Boolean);
  const wanted = pattern.split("/").filter(Boolean);
  const result: Record<string, string> = Object.create(null);
  const shift = given.length - wanted.length;
  if (shift < 0) return result;
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    const value = given[index + shift] as string;
    if (name !== undefined && !isPlaceholder(value)) result[name] = decoded(value);
  }
  return result;
}

function isPlaceholder(value: string): boolean {
  return value === "" || /[{}<>]|^\*+$/.test(value);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** "Status.0=1&Status.1=2" is a list, "Filters.0.Name=x" a list of objects. */
function unfold(query: Record<string, string | string[]>): Record<string, unknown> {
  // Whatever a name is, it is no more than a name.
  const result: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(query)) {
    const steps = key.split(".");
    let at: Record<string, unknown> = result;
    for (const [index, step] of steps.entries()) {
      if (index === steps.length - 1) at[step] = value;
      else {
        if (!isObject(at[step])) at[step] = Object.create(null);
        at = at[step] as Record<string, unknown>;
      }
    }
  }
  return lists(result) as Record<string, unknown>;
}

function lists(value: unknown): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, lists(item)]);
  return entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))
    ? entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item)
    : Object.fromEntries(entries);
}
