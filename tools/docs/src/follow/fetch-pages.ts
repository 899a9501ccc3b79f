// Brings pages: one at a time from a host, with a pause between, and only what has changed.
import { setTimeout as pause } from "node:timers/promises";
import { largestPage } from "../page.js";
import { type Limits, type Reply, request } from "./request.js";
import { everythingAllowed, type Robots, readRobots } from "./robots.js";
import type { Store, Target } from "./store.js";

export interface FetchOptions {
  /** Milliseconds between two requests to a host, unless it asks for more. */
  delay: number;
  limits?: Partial<Limits>;
  /** Told as they happen. */
  progress?: (result: Fetched) => void;
}

export type Fetched = Target &
  ({ outcome: "unchanged" | "new" } | { outcome: "failed"; why: string } | { outcome: "forbidden"; why: string });

/** A host that asks for more than this is left alone. */
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
  await Promise.all([...hosts].map(([origin, own]) => fetchHost(origin, own, store, options, tell)));
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

async function fetchHost(
  origin: string,
  targets: readonly Target[],
  store: Store,
  options: FetchOptions,
  tell: (result: Fetched) => void,
): Promise<void> {
  const limits: Limits = { timeout: 30_000, size: largestPage, ...options.limits };
  let robots: Robots;
  try {
    robots = await robotsOf(origin, limits);
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
      const reply = await request(target.url, conditions(store, target), limits);
      // It has had enough of us: the rest is for another day.
      if (reply.status === 429 || reply.status === 503) stopped = `the host answered ${reply.status}`;
      tell({ ...target, ...keep(reply, target, store) });
    } catch (error) {
      tell({ ...target, outcome: "failed", why: messageOf(error) });
    }
  }
}

async function robotsOf(origin: string, limits: Limits): Promise<Robots> {
  const { status, body } = await request(`${origin}/robots.txt`, {}, limits);
  if (status === 200) return readRobots(new TextDecoder().decode(body));
  // No rules are no restriction; a host that cannot say is left alone.
  if (status >= 500 || status === 429) throw new Error(`the host answered ${status}`);
  return everythingAllowed;
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
  if (status === 304) return { outcome: "unchanged" };
  if (status !== 200) return { outcome: "failed", why: `the host answered ${status}` };
  const type = headers.get("content-type") ?? "";
  if (!/^text\/|^application\/(?:xhtml\+xml|octet-stream)|^$/i.test(type))
    return { outcome: "failed", why: `the content type is ${type}` };
  if (body.byteLength === 0) return { outcome: "failed", why: "the page is empty" };
  const announced = headers.get("content-length");
  if (announced !== null && headers.get("content-encoding") === null && Number(announced) !== body.byteLength)
    return { outcome: "failed", why: `cut off after ${body.byteLength} of ${announced} bytes` };
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  store.put(target, body, /html/i.test(type) ? "html" : "txt", {
    ...(etag ? { etag } : {}),
    ...(lastModified ? { lastModified } : {}),
  });
  return { outcome: "new" };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
