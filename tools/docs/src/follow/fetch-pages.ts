// Brings pages: one at a time from a host, with a pause between, and only what has changed.
import { setTimeout as pause } from "node:timers/promises";
import { largestPage } from "../page.js";
import { toUtf8 } from "./charset.js";
import { type Limits, type Reply, request } from "./request.js";
import { everythingAllowed, type Robots, readRobots } from "./robots.js";
import type { Store, Target } from "./store.js";
import { isSameVendor } from "./vendor.js";
import { wallOf } from "./wall.js";

export interface FetchOptions {
  /** Milliseconds between two requests to a host, unless it asks for more. */
  delay: number;
  limits?: Partial<Limits>;
  /** Told as they happen. */
  progress?: (result: Fetched) => void;
}

export type Fetched = Target &
  ({ outcome: "unchanged" | "new" } | { outcome: "failed"; why: string } | { outcome: "forbidden"; why: string });

/** A host that asks for more than this, in milliseconds, is left alone. */
const longestDelay = 60_000;

export async function fetchPages(targets: readonly Target[], store: Store, options: FetchOptions): Promise<Fetched[]> {
  const hosts = new Map<string, Target[]>();
  const results: Fetched[] = [];
  const tell = (result: Fetched) => {
    results.push(result);
    options.progress?.(result);
  };
  for (const target of targets) {
    const origin = originOf(target.url);
    if (origin === null) tell({ ...target, outcome: "failed", why: "the address is no http(s) URL" });
    else hosts.set(origin, [...(hosts.get(origin) ?? []), target]);
  }
  const rules = new Rules({ timeout: 30_000, size: largestPage, ...options.limits });
  await Promise.all([...hosts].map(([origin, own]) => fetchHost(origin, own, store, options, rules, tell)));
  // In the order of the targets, whichever host was faster.
  return targets.flatMap(({ service, operation }) =>
    results.filter((result) => result.service === service && result.operation === operation),
  );
}

function originOf(address: string): string | null {
  try {
    const url = new URL(address);
    return /^https?:$/.test(url.protocol) && url.username === "" ? url.origin : null;
  } catch {
    return null;
  }
}

/** The robots.txt of every host, asked for once; and where a redirect of a page may lead. */
class Rules {
  readonly limits: Limits;
  readonly #robots = new Map<string, Promise<Robots>>();

  constructor(limits: Limits) {
    this.limits = limits;
  }

  robots(origin: string, hosts: readonly string[]): Promise<Robots> {
    const known = this.#robots.get(origin) ?? this.#ask(origin, hosts);
    this.#robots.set(origin, known);
    return known;
  }

  async page(target: Target, headers: Record<string, string>): Promise<Reply> {
    const from = new URL(target.url);
    return request(target.url, headers, this.limits, async (to) => {
      if (!isSameVendor(from, to, target.hosts ?? [])) return "another vendor's host";
      const robots = await this.robots(to.origin, target.hosts ?? []);
      return robots.allows(to.pathname + to.search) ? null : "its robots.txt disallows it";
    });
  }

  async #ask(origin: string, hosts: readonly string[]): Promise<Robots> {
    const from = new URL(`${origin}/robots.txt`);
    const { status, body } = await request(from.href, {}, this.limits, async (to) =>
      isSameVendor(from, to, hosts) ? null : "another vendor's host",
    );
    if (status === 200) return readRobots(new TextDecoder().decode(body));
    // No rules are no restriction; a host that cannot say is left alone.
    if (status >= 500 || status === 429) throw new Error(`the host answered ${status}`);
    return everythingAllowed;
  }
}

async function fetchHost(
  origin: string,
  targets: readonly Target[],
  store: Store,
  options: FetchOptions,
  rules: Rules,
  tell: (result: Fetched) => void,
): Promise<void> {
  let robots: Robots;
  try {
    robots = await rules.robots(origin, targets[0]?.hosts ?? []);
  } catch (error) {
    for (const target of targets) tell({ ...target, outcome: "failed", why: `robots.txt: ${messageOf(error)}` });
    return;
  }
  const delay = Math.max(options.delay, (robots.delay ?? 0) * 1000);
  let stopped = delay > longestDelay ? `the host asks for ${delay / 1000} s between requests` : null;
  for (const target of targets) {
    if (stopped !== null) {
      tell({ ...target, outcome: "failed", why: stopped });
      continue;
    }
    const { pathname, search } = new URL(target.url);
    if (!robots.allows(pathname + search)) {
      tell({ ...target, outcome: "forbidden", why: "the host's robots.txt disallows it" });
      continue;
    }
    await pause(delay);
    try {
      const headers = conditions(store, target);
      let reply = await rules.page(target, headers);
      // It says when to come back: once, if that is soon.
      const wait = isBusy(reply) ? waitOf(reply) : null;
      if (wait !== null && wait <= longestDelay) {
        await pause(Math.max(delay, wait));
        reply = await rules.page(target, headers);
      }
      // It has had enough of us: the rest is for another day.
      if (isBusy(reply)) {
        const later = waitOf(reply);
        stopped = `the host answered ${reply.status}${later === null ? "" : `, and asks to come back in ${Math.ceil(later / 1000)} s`}`;
        tell({ ...target, outcome: "failed", why: stopped });
      } else tell({ ...target, ...keep(reply, target, store) });
    } catch (error) {
      tell({ ...target, outcome: "failed", why: messageOf(error) });
    }
  }
}

const isBusy = ({ status }: Reply): boolean => status === 429 || status === 503;

/** Milliseconds, from seconds or a date; null where the host does not say. */
function waitOf({ headers }: Reply): number | null {
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

function conditions(store: Store, target: Target): Record<string, string> {
  const stamp = store.stamp(target);
  const headers: Record<string, string> = { Accept: "text/html, text/markdown, text/plain;q=0.9" };
  if (stamp?.etag) headers["If-None-Match"] = stamp.etag;
  if (stamp?.lastModified) headers["If-Modified-Since"] = stamp.lastModified;
  return headers;
}

type Outcome = { outcome: "unchanged" | "new" } | { outcome: "failed"; why: string };

function keep(reply: Reply, target: Target, store: Store): Outcome {
  const { status, headers, body } = reply;
  const failed = (why: string): Outcome => ({ outcome: "failed", why });
  if (status === 304)
    return store.stamp(target) ? { outcome: "unchanged" } : failed("the host answered 304, and there is no page here");
  const type = headers.get("content-type") ?? "";
  const wall = /html|^$/i.test(type) ? wallOf(new TextDecoder().decode(body)) : null;
  if (status !== 200) return failed(`the host answered ${status}${wall ? `; ${wall}` : ""}`);
  if (!/^text\/|^application\/(?:xhtml\+xml|octet-stream)|^$/i.test(type)) return failed(`the content type is ${type}`);
  if (body.byteLength === 0) return failed("the page is empty");
  const announced = headers.get("content-length");
  if (announced !== null && headers.get("content-encoding") === null && Number(announced) !== body.byteLength)
    return failed(`cut off after ${body.byteLength} of ${announced} bytes`);
  // Kept, it would be taken for a page whose every fact has changed.
  if (wall) return failed(`the host shows another page instead: ${wall}`);
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  store.put(target, toUtf8(body, type), /html/i.test(type) ? "html" : "txt", {
    ...(etag ? { etag } : {}),
    ...(lastModified ? { lastModified } : {}),
  });
  return { outcome: "new" };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
