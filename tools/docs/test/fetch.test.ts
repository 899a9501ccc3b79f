// Fetching, against a server of our own on the loopback interface.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FetchOptions, fetchPages } from "../src/follow/fetch-pages.js";
import { readRobots } from "../src/follow/robots.js";
import { Store, type Target } from "../src/follow/store.js";
import { type Answer, closeHosts, type Host, serve, text } from "./host.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "restorekit-fetch-"));
});
afterEach(async () => {
  await closeHosts();
  rmSync(folder, { recursive: true });
});

const target = (host: Host, path: string, operation = path.slice(1)): Target => ({
  service: "s",
  operation,
  url: `${host.origin}${path}`,
});

const fetched = (targets: Target[], options: Partial<FetchOptions> = {}) =>
  fetchPages(targets, new Store(folder), {
    delay: 0,
    ...options,
    limits: { timeout: 2000, size: 1000, ...options.limits },
  });

test("a page is kept with its validators, and asked for under them", async () => {
  const host = await serve({
    "/a": (request, response) =>
      request.headers["if-none-match"] === '"1"' &&
      request.headers["if-modified-since"] === "Mon, 01 Jan 2024 00:00:00 GMT"
        ? response.writeHead(304).end()
        : text("page", { etag: '"1"', "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" })(request, response),
  });
  expect(await fetched([target(host, "/a")])).toMatchObject([{ outcome: "new" }]);
  expect(readFileSync(join(folder, "new/s/a.html"), "utf8")).toBe("page");
  expect(await fetched([target(host, "/a")])).toMatchObject([{ outcome: "unchanged" }]);
  expect(host.requests[0]?.path).toBe("/robots.txt");
  expect(host.requests[1]?.headers["user-agent"]).toMatch(/^restorekit-docs\//);
  // Validators belong to an address.
  host.routes["/b"] = text("other", { etag: '"2"' });
  await fetched([target(host, "/b", "a")]);
  expect(host.requests.at(-1)?.headers["if-none-match"]).toBeUndefined();
});

test("one at a time from a host, with a pause between; hosts beside each other", async () => {
  const slow: Answer = (request, response) => setTimeout(() => text("x")(request, response), 30);
  const routes = { "/a": slow, "/b": slow, "/c": slow };
  const [one, two] = [await serve({ ...routes }), await serve({ ...routes })];
  const targets = [one, two].flatMap((host) =>
    ["/a", "/b", "/c"].map((path) => target(host, path, `${path.slice(1)}${host.origin.slice(-3)}`)),
  );
  const results = await fetched(targets, { delay: 60 });
  expect(results.map(({ operation }) => operation)).toEqual(targets.map(({ operation }) => operation));
  const [first, last] = [one, two].map(({ requests }) => [requests[0]?.at ?? 0, requests.at(-1)?.at ?? 0]) as [
    number[],
    number[],
  ];
  expect(first[0]).toBeLessThan(last[1] as number);
  expect(last[0]).toBeLessThan(first[1] as number);
  for (const host of [one, two]) {
    expect(host.open).toBe(1);
    const times = host.requests.map(({ at }) => at);
    for (const [i, at] of times.slice(1).entries()) expect(at - (times[i] ?? 0)).toBeGreaterThanOrEqual(58);
  }
});

describe("what is not kept", () => {
  const endless: Answer = (_, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    const more = () => {
      while (response.write("x".repeat(500)));
      response.once("drain", more);
    };
    more();
  };
  const cases: [string, Answer, RegExp][] = [
    ["404", text("", {}, 404), /answered 404/],
    ["500", text("", {}, 500), /answered 500/],
    ["a page that announces too much", text("x".repeat(1001)), /larger than 1000/],
    ["a page without an end", endless, /larger than 1000/],
    ["a compressed bomb", text(gzipSync("x".repeat(100_000)), { "content-encoding": "gzip" }), /larger than 1000/],
    ["an image", text("x", { "content-type": "image/png" }), /content type/],
    ["an empty page", text(""), /empty/],
    ["silence", () => {}, /within 300 ms/],
    [
      "silence in the middle",
      (_, response) => response.writeHead(200, { "content-type": "text/html" }).write("half"),
      /within 300 ms/,
    ],
    [
      "a page that is cut off",
      (_, response) => {
        response.writeHead(200, { "content-type": "text/html", "content-length": "100" }).write("half");
        setTimeout(() => response.destroy(), 20);
      },
      /.+/,
    ],
    ["a redirect in a circle", text("", { location: "/page" }, 302), /redirects/],
    ["a redirect to another host", text("", { location: "http://127.0.0.2:1/page" }, 302), /another vendor's host/],
    ["a redirect to another port", text("", { location: "http://127.0.0.1:1/page" }, 301), /another vendor's host/],
    ["a redirect to a file", text("", { location: "file:///etc/passwd" }, 307), /redirected to file:/],
  ];
  test.each(cases)("%s", async (_, answer, why) => {
    const host = await serve({ "/page": text("good", { etag: '"1"' }) });
    await fetched([target(host, "/page")]);
    host.routes["/page"] = answer;
    const [result] = await fetched([target(host, "/page")], { limits: { timeout: 300 } });
    expect(result).toMatchObject({ outcome: "failed", why: expect.stringMatching(why) });
    // The page that was there stays, whole, and nothing lies beside it.
    expect(readFileSync(join(folder, "new/s/page.html"), "utf8")).toBe("good");
    expect(readdirSync(join(folder, "new/s")).sort()).toEqual(["page.html", "page.stamp.json"]);
  });

  test("an address that is none", async () => {
    const bad = ["239/33293", "ftp://127.0.0.1/x", "http://user@127.0.0.1/x"].map((url, i) => ({
      service: "s",
      operation: `o${i}`,
      url,
    }));
    for (const result of await fetched(bad)) expect(result).toMatchObject({ outcome: "failed" });
    expect(existsSync(join(folder, "new"))).toBe(false);
  });

  test("a host that is not there", async () => {
    const host = await serve({});
    await closeHosts();
    expect(await fetched([target(host, "/a")])).toMatchObject([
      { outcome: "failed", why: expect.stringContaining("ECONNREFUSED") },
    ]);
  });
});

test("a redirect within the host is followed", async () => {
  const host = await serve({ "/a": text("", { location: "/b?x=1" }, 301), "/b?x=1": text("moved") });
  expect(await fetched([target(host, "/a")])).toMatchObject([{ outcome: "new" }]);
  expect(readFileSync(join(folder, "new/s/a.html"), "utf8")).toBe("moved");
});

test("a page that changes its kind leaves no second file", async () => {
  const host = await serve({ "/a": text("html") });
  await fetched([target(host, "/a")]);
  host.routes["/a"] = text("plain", { "content-type": "text/plain" });
  await fetched([target(host, "/a")]);
  expect(readdirSync(join(folder, "new/s")).sort()).toEqual(["a.stamp.json", "a.txt"]);
});

test("a host that has had enough is left alone", async () => {
  const host = await serve({ "/a": text("", {}, 429), "/b": text("b") });
  expect(await fetched([target(host, "/a"), target(host, "/b")])).toMatchObject([
    { outcome: "failed" },
    { outcome: "failed", why: expect.stringContaining("429") },
  ]);
  expect(host.requests.map(({ path }) => path)).toEqual(["/robots.txt", "/a"]);
});

describe("robots.txt", () => {
  test("is obeyed", async () => {
    const host = await serve({
      "/robots.txt": text("User-agent: *\nDisallow: /private", { "content-type": "text/plain" }),
      "/private/a": text("x"),
      "/b": text("x"),
    });
    expect(await fetched([target(host, "/private/a", "a"), target(host, "/b")])).toMatchObject([
      { outcome: "forbidden" },
      { outcome: "new" },
    ]);
    expect(host.requests.map(({ path }) => path)).toEqual(["/robots.txt", "/b"]);
  });

  test("that cannot be had stops us; a delay nobody can keep, too", async () => {
    const host = await serve({ "/robots.txt": text("", {}, 503), "/a": text("x") });
    expect(await fetched([target(host, "/a")])).toMatchObject([
      { outcome: "failed", why: expect.stringContaining("503") },
    ]);
    host.routes["/robots.txt"] = text("User-agent: *\nCrawl-delay: 3600", { "content-type": "text/plain" });
    expect(await fetched([target(host, "/a")])).toMatchObject([
      { outcome: "failed", why: expect.stringContaining("3600") },
    ]);
  });

  test("a delay that can be kept is kept", async () => {
    const host = await serve({ "/robots.txt": text("User-agent: *\nCrawl-delay: 0.1"), "/a": text("x") });
    await fetched([target(host, "/a")]);
    const [first, second] = host.requests.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(95);
    await pause(0);
  });

  test.each<[string, string, boolean]>([
    ["", "/a", true],
    ["User-agent: *\nDisallow:", "/a", true],
    ["User-agent: *\nDisallow: /", "/a", false],
    ["User-agent: other\nDisallow: /", "/a", true],
    ["User-agent: other\nUser-agent: *\nDisallow: /a", "/a/b", false],
    ["User-agent: *\nDisallow: /\n\nUser-agent: restorekit-docs\nDisallow: /x", "/a", true],
    ["User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true],
    ["User-agent: *\nDisallow: /*.html$", "/a/b.html", false],
    ["User-agent: *\nDisallow: /*.html$", "/a/b.html?x", true],
    ["User-agent: *\nDisallow: /*a*b", "/xaxb", false],
    ["# Disallow: /\nuser-agent : *\ndisallow : /p # private", "/p", false],
    ["Disallow: /", "/a", true],
  ])("%j on %s: %s", (robots, path, allowed) => expect(readRobots(robots).allows(path)).toBe(allowed));

  test("a hostile one costs nothing", () => {
    const robots = readRobots(`User-agent: *\n${`Disallow: /${"*a".repeat(5000)}$\n`.repeat(20)}`);
    const start = performance.now();
    robots.allows(`/${"a".repeat(2000)}`);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
