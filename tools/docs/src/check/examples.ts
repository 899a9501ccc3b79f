// Samples against the spec: every printed value, and the request line.
import { type Count, hash, type Say, short } from "./finding.js";
import { shape } from "./match.js";
import { leavesOf, type Sample, samplesOf, type View } from "./view.js";

export function compareExamples(view: View, say: Say, count: Count): void {
  for (const sample of samplesOf(view)) {
    const { example, name } = sample;
    const where = { line: example.line, quote: example.raw.trim().slice(0, 80) };
    if (example.body === "broken" || example.body === "partial")
      say(
        name,
        "json",
        `sha256:${hash(example.raw.replace(/\s+/g, " ").trim())}`,
        "JSON",
        where,
        `the sample is not JSON: ${example.error ?? "values are left out"}`,
      );
    else if (example.body === "json") compareBody(view, sample, say, count);
    if (example.url !== null) compareRequestLine(view, sample, say, count);
  }
}

function documented({ spec, success }: View, sample: Sample): unknown[] {
  if (sample.side === "request") return spec.requests;
  const own = spec.answers.get(sample.status);
  if (own?.length) return own;
  return sample.status === success ? [] : (spec.answers.get("default") ?? []);
}

/** Index-free comparison would hide a swap of two items; with the index a moved item is noticed. */
function exactLeaves(body: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string, depth: number): void => {
    if (depth > 30 || found.size > 5000) return;
    if (value && typeof value === "object") {
      const entries = Object.entries(value);
      if (!entries.length) found.set(path, JSON.stringify(value));
      for (const [name, member] of entries)
        walk(member, Array.isArray(value) ? `${path}[${name}]` : path ? `${path}.${name}` : name, depth + 1);
    } else found.set(path, JSON.stringify(value));
  };
  walk(body, "", 0);
  return found;
}

/** So few values are compared one by one even if most differ. */
const few = 6;

function compareBody(view: View, sample: Sample, say: Say, count: Count): void {
  const is = exactLeaves(sample.body);
  let best: Map<string, string> | null = null;
  let agreed = -1;
  for (const want of documented(view, sample).map(exactLeaves)) {
    const same = [...is].filter(([path, value]) => want.get(path) === value).length;
    if (same > agreed || (same === agreed && best && want.size < best.size)) {
      best = want;
      agreed = same;
    }
  }
  count.compared += is.size;
  const where = { line: sample.example.line, quote: sample.example.raw.trim().slice(0, 80) };
  if (!best || (agreed < is.size * 0.6 && is.size > few)) {
    // Another sample altogether: one finding, not one a value.
    say(
      sample.name,
      "sample",
      `sha256:${hash(JSON.stringify([...is].sort()))}`,
      best ? "another sample" : null,
      where,
      best ? "the spec has another sample here" : "the spec has no sample here",
    );
    return;
  }
  const lineOf = (path: string): { line: number; quote: string } => {
    const key = /([^.[\]]+)(?:\[\d+\])?$/.exec(path)?.[1] ?? path;
    const lines = sample.example.raw.split("\n");
    const at = lines.findIndex((text) => text.includes(`"${key}"`));
    return at === -1 ? where : { line: sample.example.line + at, quote: lines[at]?.trim().slice(0, 80) ?? "" };
  };
  for (const [path, value] of is) {
    const want = best.get(path);
    if (want !== value)
      say(
        `${sample.name} ${path}`,
        "value",
        plain(value),
        want === undefined ? null : plain(want),
        lineOf(path),
        want === undefined ? "the spec's sample lacks it" : `the spec's sample has ${plain(want)}`,
      );
  }
  for (const [path, want] of best)
    if (!is.has(path))
      say(`${sample.name} ${path}`, "value", null, plain(want), where, "only the spec's sample has it");
}

/** A string keeps its quotes only where it could be taken for something else. */
function plain(value: string): string {
  if (!value.startsWith('"')) return value;
  const text = JSON.parse(value) as string;
  return text === "" || /^(?:-?\d+(?:\.\d+)?|true|false|null)$/.test(text) ? value : text;
}

function compareRequestLine(view: View, { example, name }: Sample, say: Say, count: Count): void {
  const { spec, fields } = view;
  const where = { line: example.line, quote: (example.url ?? "").slice(0, 120) };
  const [address = "", query = ""] = (example.url ?? "").split(/\?(.*)/s);
  const path = address.replace(/^https?:\/\/[^/]*/, "") || "/";
  count.compared += 2;
  if (example.method !== null && example.method !== spec.method)
    say(`${name} line`, "method", example.method, spec.method, where, `the sample sends ${example.method}`);
  const known = shape(spec.path).split("/");
  const parts = (path.replace(/\/+$/, "") || "/").split("/");
  const fits =
    spec.action !== null
      ? path === "/"
      : parts.length === known.length && known.every((segment, i) => segment === "{}" || segment === parts[i]);
  if (!fits) say(`${name} line`, "path", short(path), spec.path, where, "the sample calls another path");
  else
    known.forEach((segment, i) => {
      const value = parts[i] as string;
      if (segment !== "{}" || /[{}<>]/.test(value)) return;
      const field = (spec.path.split("/")[i] as string).replace(/[{}]/g, "");
      compareValue(view, `path ${field}`, `${name} line ${field}`, decodeURIComponentSafely(value), say, where);
    });
  const placeholders = /<[^>]*common[^>]*>/i.test(query);
  if (spec.action !== null)
    say(
      `${name} line`,
      "form",
      placeholders ? "GET with a placeholder" : "GET",
      "POST with a JSON body",
      where,
      "the sample is a URL; the client sends a JSON body and headers",
    );
  for (const pair of query.split("&").filter(Boolean)) {
    const [key = "", value = ""] = pair.split(/=(.*)/s);
    if (/^<.*>$/.test(key) || (spec.action !== null && /^(?:Action|Version|Region)$/.test(key))) {
      if (key === "Action" && value !== spec.action)
        say(`${name} line`, "action", value, spec.action, where, "the sample calls another action");
      continue;
    }
    count.compared += 1;
    const wire = key.replace(/\.\d+(?:\..*)?$/, "");
    const place = spec.action === null ? `query ${wire}` : `body ${wire}`;
    if (!fields.has(place) && !fields.has(`${place}[]`)) {
      say(
        `${name} line ${key}`,
        "parameter",
        /[{}<>]/.test(value) ? key : pair,
        null,
        where,
        `the sample sends ${key}, which ${view.alone ? "no table has" : "the spec does not know"}`,
      );
      continue;
    }
    if (value === "" || /[{}<>]/.test(value)) continue;
    // A bare plus is read as a space.
    if (/^[^%]*\d\+\d/.test(value))
      say(`${name} line ${key}`, "encoding", "+", "%2B", where, "a plus sign in a query is read as a space");
    compareValue(view, place, `${name} line ${key}`, decodeURIComponentSafely(value), say, where);
  }
}

function compareValue(
  { spec, fields }: View,
  place: string,
  at: string,
  value: string,
  say: Say,
  where: { line: number; quote: string },
): void {
  const field = fields.get(place);
  const want = [
    ...(field?.samples ?? []).map(textOf),
    ...(field?.in === "body" ? spec.requests.flatMap((body) => leavesOf(body)) : [])
      .filter(({ path }) => path.replace(/\[\]$/, "") === field?.path)
      .map((leaf) => textOf(leaf.value)),
  ];
  if (!want.includes(value))
    say(at, "value", value, [...new Set(want)], where, "the spec's samples have another value");
}

/** An object may have a toString of its own that is none. */
const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
