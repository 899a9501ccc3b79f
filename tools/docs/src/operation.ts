// Which operation a page describes: method and path from its URI section, or the action of an RPC page.
import type { Issue } from "./block.js";
import type { Operation } from "./model.js";
import type { Placed, Walk } from "./walk.js";

const methods = "GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS";
const withMethod = new RegExp(`(?:^|[\\s:：>•-])(${methods})\\b[\\s:：]*(.*)$`, "s");
const methodAlone = new RegExp(`^(?:(?:request |http )?method\\s*:\\s*)?(${methods})$`, "i");
/** "URI: /v1/…", "PATH: /v1/…": any short label may stand before it. */
const pathAlone = /^(?:(?!https?\s*:)[A-Za-z][\w -]{0,24}[:：]\s*)?((?:https?:\/\/|\/)\S*.*)$/is;

interface Pattern {
  method: string | null;
  path: string;
  host: string | null;
  query: string[];
  line: number;
  example: boolean;
}

const nothing: Operation = {
  method: null,
  path: null,
  action: null,
  version: null,
  host: null,
  query: [],
  source: null,
  line: null,
  alternatives: [],
};

export function readOperation(walk: Walk, issues: Issue[]): Operation {
  const section = walk.placed.filter((spot) => spot.base === "uri" || spot.section === "uri");
  let patterns = section.length ? findPatterns(section) : [];
  if (!patterns.length && !walk.sections.has("uri")) {
    patterns = findPatterns(
      walk.placed.filter((spot) => (spot.section === "request" || spot.section === "function") && spot.kind === "text"),
    );
    if (patterns.length)
      issues.push({
        code: "uri_section_missing",
        line: patterns[0]?.line ?? 0,
        message: "the page has no URI section: the pattern stands elsewhere",
      });
  }
  const documented = patterns.filter((pattern) => !pattern.example);
  const best =
    documented.find((pattern) => pattern.method) ??
    documented[0] ??
    patterns.find((pattern) => pattern.method && pattern.path.includes("{"));
  if (!best) {
    const line = section[0]?.line;
    if (line !== undefined)
      issues.push({ code: "uri_not_read", line, message: "there is a URI section, but no method and path in it" });
    return { ...nothing };
  }
  if (!best.method) {
    // "/v1/{id}" on its own: the method may stand in a pattern that is marked as an example.
    const same = patterns.find(
      (pattern) => pattern.method && pattern.path.split("/").length === best.path.split("/").length,
    );
    if (same) best.method = same.method;
    else
      issues.push({
        code: "method_not_read",
        line: best.line,
        message: "the URI section names no method",
        quote: best.path,
      });
  }
  const alternatives = documented.filter(
    (pattern) => pattern !== best && (pattern.path !== best.path || (pattern.method && pattern.method !== best.method)),
  );
  if (alternatives.length)
    issues.push({
      code: "several_uris",
      line: best.line,
      message: `the page documents ${alternatives.length + 1} URIs; the first is taken`,
      quote: alternatives.map((pattern) => `${pattern.method ?? ""} ${pattern.path}`).join(" | "),
    });
  return {
    ...nothing,
    method: best.method,
    path: best.path,
    host: best.host,
    query: [...new Set(patterns.filter((pattern) => pattern.path === best.path).flatMap((pattern) => pattern.query))],
    source: "page",
    line: best.line,
    alternatives: alternatives.map(({ method, path, line }) => ({ method, path, line })),
  };
}

function findPatterns(section: Placed[]): Pattern[] {
  const patterns: Pattern[] = [];
  let waiting: string | null = null;
  for (const spot of section) {
    if (spot.kind === "table") continue;
    const example =
      spot.section === "example" ||
      spot.section === "request example" ||
      spot.section === "response example" ||
      /\bexamples?\b/i.test(spot.label);
    const lines = spot.kind === "code" ? spot.text.slice(0, 4000).split("\n") : [spot.text.slice(0, 4000)];
    lines.forEach((source, at) => {
      const text = source.trim();
      const alone = methodAlone.exec(text)?.[1];
      if (alone) {
        waiting = alone.toUpperCase();
        // "URI: /v1/..." may come before "Method: GET".
        const last = patterns[patterns.length - 1];
        if (last && !last.method) last.method = waiting;
        return;
      }
      const found = withMethod.exec(text);
      const rest = found?.[2] ?? pathAlone.exec(text)?.[1];
      const target = rest === undefined ? null : readTarget(rest);
      if (!target) return;
      // The lines of a query string may be broken.
      if (spot.kind === "code" && target.query.length)
        target.query.push(
          ...queryNames(
            lines
              .slice(at + 1)
              .join("")
              .replace(/\s+/g, ""),
          ),
        );
      patterns.push({ method: found?.[1] ?? waiting, ...target, line: spot.line + at, example });
      waiting = null;
    });
  }
  return patterns;
}

/** "https://{endpoint}/v1/{id}?limit={limit}" → host, path and names of the query. */
function readTarget(source: string): { path: string; host: string | null; query: string[] } | null {
  let text = source.trim();
  let host: string | null = null;
  const origin = /^https?:\/\/\s*((?:\{[^{}]*\}|<[^<>]*>|[^/\s{}<>])+)/i.exec(text);
  if (origin) {
    const name = origin[1] as string;
    host = /[{}<>*]/.test(name) ? null : name.toLowerCase();
    text = text.slice(origin[0].length).trimStart();
  } else if (text.startsWith("{")) {
    const endpoint = /^\{[\w* -]*(?:endpoint|host|domain)[\w* -]*\}/i.exec(text)?.[0];
    if (endpoint) text = text.slice(endpoint.length);
  }
  // Nothing but a host is its root.
  if (!text && origin) return { path: "/", host, query: [] };
  if (!text.startsWith("/")) return null;
  // "/v3/endpoints{?interface,service_id}": the query as a template.
  const template = /\{[?&]([^{}]*)\}/.exec(text);
  if (template) text = text.slice(0, template.index);
  const named = (template?.[1] ?? "").split(/[\s,]+/).filter((name) => /^[\w.-]+$/.test(name));
  let braces = 0;
  let end = 0;
  for (; end < text.length; end += 1) {
    const char = text[end] as string;
    if (char === "{") braces += 1;
    else if (char === "}") braces -= 1;
    else if (braces <= 0 && (/\s/.test(char) || char === "?" || char === "#")) break;
  }
  const path = text
    .slice(0, end)
    .replace(/\{\s*([^{}]*?)\s*\}/g, (_, name: string) => `{${name.replace(/\s+/g, "")}}`)
    .replace(/\\/g, "")
    .replace(/[.,;:"'`）)]+$/, "");
  if (!/^\/(?:[\w{}$@.~:*%+\-/()]|$)*$/.test(path)) return null;
  return { path, host, query: [...named, ...(text[end] === "?" ? queryNames(text.slice(end)) : [])] };
}

function queryNames(text: string): string[] {
  return [...text.slice(0, 4000).matchAll(/(?:^|[?&]|&amp;)\s*([A-Za-z_][\w.\-[\]]*)\s*=/g)].map(
    (match) => match[1] as string,
  );
}

/** The action, version and host an RPC page states. */
export function readAction(
  walk: Walk,
  rows: { name: string; description: string; line: number }[],
  issues: Issue[],
): Operation | null {
  const value = (name: string): { value: string; line: number } | null => {
    const row = rows.find((candidate) => candidate.name === name);
    const text = row?.description.slice(0, 500) ?? "";
    const found = /(?::|：|\bAPI is)\s*`?"?([A-Za-z0-9](?:[\w.-]*\w)?)"?`?[.。]?\s*$/.exec(text)?.[1];
    // "For example, that of the list is DescribeThings" is said of all actions.
    return row && found && !/\b(?:for example|such as|e\.g\.)/i.test(text) ? { value: found, line: row.line } : null;
  };
  const action = value("Action");
  const host = readHost(walk);
  if (!action) {
    const row = rows.find((candidate) => candidate.name === "Action");
    if (row && host)
      issues.push({
        code: "action_not_read",
        line: row.line,
        message: "the Action row does not name the action",
        quote: row.description,
      });
    return null;
  }
  const sample = walk.placed.find((spot) => spot.kind === "code" && /[?&]Action=\w|X-TC-Action:\s*\w/.test(spot.text));
  const named =
    sample && sample.kind === "code" ? /(?:[?&]Action=|X-TC-Action:\s*)(\w+)/.exec(sample.text)?.[1] : undefined;
  if (sample && named && named !== action.value)
    issues.push({
      code: "action_contradicts_example",
      line: sample.line,
      message: `the example calls ${named}, the table says ${action.value}`,
    });
  return {
    ...nothing,
    method: "POST",
    path: "/",
    action: action.value,
    version: value("Version")?.value ?? null,
    host,
    source: "convention",
    line: action.line,
  };
}

function readHost(walk: Walk): string | null {
  for (const spot of walk.placed) {
    if (spot.kind !== "text" || (spot.base !== "function" && spot.base !== null)) continue;
    const host = /\bdomain name[^:：]{0,40}[:：]\s*((?:[a-z0-9-]+\.)+[a-z]{2,})/i.exec(spot.text.slice(0, 500))?.[1];
    if (host) return host.toLowerCase();
  }
  return null;
}
