// The operation as a whole: method, path, host, rate limit, statuses, error codes, credentials, columns.

import type { Count, Say } from "./finding.js";
import { nothing } from "./finding.js";
import { edits } from "./match.js";
import { recordCodes, type View } from "./view.js";

export function compareOperation(view: View, how: "exact" | "near", say: Say, count: Count): void {
  const { page, spec } = view;
  const { operation } = page;
  const here = { line: operation.line ?? 1, quote: operation.path ?? operation.action ?? "" };
  const call = spec.action ?? `${spec.method} ${spec.path}`;
  const fact = (name: "method" | "path" | "action" | "version", want: string | null): void => {
    count.compared += 1;
    const is = name === "path" ? (operation.path?.replace(/(?<=.)\/+$/, "") ?? null) : operation[name];
    if (want === null || is === want) return;
    const lost = how === "near" ? `this page no longer describes ${call}: ` : "";
    say("operation", name, is, want, here, `${lost}the ${name} is ${is ?? "not said"}, the spec has ${want}`);
  };
  if (spec.action === null) {
    fact("method", spec.method);
    fact("path", spec.path);
  } else {
    fact("action", spec.action);
    fact("version", spec.version);
  }
  compareHosts(view, say, count);
  const rate = page.rateLimit;
  const limit = rate ? `${rate.limit} in ${{ second: 1, minute: 60, hour: 3600 }[rate.per]} s` : null;
  count.compared += 1;
  if (limit !== spec.rate && (limit === null || spec.rate === null || perSecond(limit) !== perSecond(spec.rate)))
    say(
      "operation",
      "rate limit",
      limit,
      spec.rate ?? nothing,
      rate ? { line: rate.line, quote: rate.text } : here,
      `the rate limit is ${limit ?? "not on the page"}, the spec has ${spec.rate ?? "none"}`,
    );
  compareStatuses(view, say, count);
  compareErrors(view, say, count);
  compareCredentials(view, say, count);
  if (spec.method === "PUT" && spec.effect === "overwrites")
    say(
      "operation",
      "effect",
      operation.method,
      spec.effect,
      here,
      "HTTP calls this method idempotent, and yet every call has an effect of its own",
    );
}

function compareHosts({ page, spec, lines }: View, say: Say, count: Count): void {
  const known = (host: string): boolean =>
    spec.hosts.some((template) =>
      new RegExp(`^${template.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[\\w-]+")}$`).test(host),
    );
  const hosts = new Map<string, { line: number; quote: string }>();
  const seen = (host: string, line: number, quote: string): void => {
    if (!hosts.has(host)) hosts.set(host, { line, quote: quote.trim().slice(0, 120) });
  };
  // A note on hosts, and the host itself; what is linked to is no endpoint.
  const domain = spec.hosts[0]?.split(".").slice(-2).join(".") ?? "";
  lines.forEach((text, i) => {
    if (!domain || !text.includes(domain) || /https?:\/\/(?:console|cloud|docs|support|github|www)\./.test(text))
      return;
    for (const match of text.matchAll(/(?:[\w-]+\.)+(?:com|eu|de)\b/g))
      if (match[0].endsWith(`.${domain}`) && match[0].length < 100) seen(match[0], i + 1, text);
  });
  for (const { url, line } of page.examples) {
    const host = /^https?:\/\/([^/?]+)/.exec(url ?? "")?.[1];
    if (host) seen(host, line, url ?? "");
  }
  if (page.operation.host) seen(page.operation.host, page.operation.line ?? 1, page.operation.host);
  const real = [...hosts].filter(([host]) => !/[{}<>]/.test(host));
  for (const [host, where] of real) {
    count.compared += 1;
    if (!known(host)) say("operation", "host", host, spec.hosts[0], where, `${host} is no host of the service`);
  }
  count.compared += 1;
  const stated = real.filter(([host]) => known(host)).map(([host]) => host);
  if (page.operation.host) {
    const more = spec.hosts.filter((host) => !/[{}]/.test(host) && !stated.includes(host));
    if (more.length)
      say(
        "operation",
        "further hosts",
        [page.operation.host],
        more,
        { line: page.operation.line ?? 1, quote: page.operation.host },
        `the page has one host, the spec also ${more.join(", ")}`,
      );
  } else if (!stated.length) {
    const [placeholder] = hosts.keys();
    say(
      "operation",
      "host",
      placeholder ?? null,
      spec.hosts[0],
      { line: page.operation.line ?? 1, quote: placeholder ?? "" },
      "the page has a placeholder or nothing for the host",
    );
  }
}

function compareStatuses({ page, spec, success }: View, say: Say, count: Count): void {
  // An RPC page names no status at all: its dialect has no place for it.
  if (spec.action !== null && !page.responses.length) return;
  const said = new Set(page.responses.map(({ status }) => String(status)));
  const where = { line: page.responses[0]?.line ?? headingLine(page.headings, /status/i), quote: "" };
  const isGood = (status: string): boolean => /^2/.test(status);
  for (const status of spec.statuses.filter(isGood)) {
    count.compared += 1;
    if (!said.has(status))
      say(`status ${status}`, "status", null, status, where, `the spec has an answer ${status}, the page does not`);
  }
  // A page names some of the errors, or none.
  const errors = spec.statuses.filter((status) => !isGood(status));
  count.compared += errors.length;
  const named = [...said].filter((status) => !isGood(status));
  const more = errors.filter((status) => !said.has(status));
  if (more.length) say("error statuses", "missing", named, more, where, `the spec also has ${more.join(", ")}`);
  const table = page.tables.find(({ kind }) => kind === "statuses");
  const tabled = new Set(page.tables.filter(({ kind }) => kind === "statuses").flatMap(({ rows }) => rows.flat()));
  for (const { status, line, description } of page.responses) {
    count.compared += 1;
    // "Status code: 400" above an answer, and no such row in the table of statuses.
    if (table && ![...tabled].some((cell) => cell.startsWith(String(status))))
      say(
        `status ${status}`,
        "table",
        null,
        status,
        { line: table.line, quote: table.caption },
        `the page has an answer ${status}, and its table of statuses does not`,
      );
    if (!spec.statuses.includes(String(status)))
      say(
        `status ${status}`,
        "status",
        status,
        null,
        { line, quote: `${status} ${description}` },
        `the page has an answer ${status}, the spec does not`,
      );
    // "Restored successfully", where the answer only says that it will be.
    if (
      String(status) === success &&
      spec.polledBy !== null &&
      /\bsuccess/i.test(description) &&
      !/\b(?:task|job|accepted|submitted|created|request)\b/i.test(description)
    )
      say(
        `status ${status}`,
        "meaning",
        "done",
        "accepted",
        { line, quote: `${status} ${description}` },
        "the answer is said to mean that it is done; it only means that it was accepted",
      );
  }
}

function headingLine(headings: { text: string; line: number }[], words: RegExp): number {
  return headings.find(({ text }) => words.test(text))?.line ?? 1;
}

function compareErrors({ page, spec, success }: View, say: Say, count: Count): void {
  const twice = new Set<string>();
  for (const { code, line, description } of page.errorCodes) {
    count.compared += 1;
    if (twice.has(code))
      say(
        `error ${code}`,
        "duplicate",
        code,
        null,
        { line, quote: `${code} | ${description}` },
        `${code} stands twice`,
      );
    twice.add(code);
  }
  if (recordCodes(page, spec, success).length) return;
  // Some pages leave their codes to a list of all of them: one finding, not one for every code.
  if (!page.errorCodes.length) {
    if (spec.errors.size)
      say("errors", "list", null, [...spec.errors.keys()], { line: 1 }, "the page lists no error codes");
    return;
  }
  const said = new Set(page.errorCodes.map(({ code }) => code));
  for (const code of spec.errors.keys()) {
    count.compared += 1;
    if (!said.has(code))
      say(
        `error ${code}`,
        "error code",
        null,
        code,
        { line: page.errorCodes[0]?.line ?? 1, quote: "" },
        `the spec has ${code}, the page does not`,
      );
  }
  for (const { code, line, status, description } of page.errorCodes) {
    count.compared += 1;
    const where = { line, quote: `${code} | ${description}` };
    const want = spec.errors.get(code);
    if (want === undefined && !spec.serviceErrors.has(code)) {
      const meant = [...spec.errors.keys()].find((known) => !said.has(known) && edits(known, code, 3) <= 3);
      say(
        `error ${code}`,
        "error code",
        code,
        meant ?? null,
        where,
        `the page has ${code}, the spec does not${meant ? `; meant is perhaps ${meant}` : ""}`,
      );
    } else if (status !== null && want !== undefined && status !== want)
      say(`error ${code}`, "status", status, want, where, `${code} comes with ${status}, in the spec with ${want}`);
  }
  sameMeanings(page.errorCodes, say);
}

/** Of "60 in 60 s". */
function perSecond(limit: string): number {
  const [requests, seconds] = limit.split(" in ").map((part) => Number.parseInt(part, 10));
  return (requests ?? Number.NaN) / (seconds ?? Number.NaN);
}

/** Two codes with one text: which of them comes, the page does not tell. */
function sameMeanings(codes: { code: string; description: string; line: number }[], say: Say): void {
  const filler = /^(?:the|a|an|is|has|have|been|of|api|error|this|for)$/;
  const words = (text: string): string =>
    [...new Set(text.toLowerCase().match(/[a-z]+/g) ?? [])]
      .filter((word) => !filler.test(word))
      .sort()
      .join(" ");
  const known = new Map<string, string>();
  for (const { code, description, line } of codes) {
    const key = words(description);
    const other = known.get(key);
    if (!key) continue;
    if (other)
      say(
        `error ${code}`,
        "meaning",
        other,
        "a meaning of its own",
        { line, quote: `${code} | ${description}` },
        `${code} and ${other} have the same meaning`,
      );
    else known.set(key, code);
  }
}

function compareCredentials({ page, spec }: View, say: Say, count: Count): void {
  if (!spec.signed || spec.action !== null) return;
  count.compared += 1;
  if (
    !page.parameters.some(({ in: place, name }) => place === "header" && /^(?:x-auth-token|authorization)$/i.test(name))
  )
    say(
      "header X-Auth-Token",
      "parameter",
      null,
      "a token or a signature",
      { line: page.operation.line ?? 1 },
      "the page names no header for credentials",
    );
}
