// HTTP as hosts of documentation speak it: redirects, encodings, charsets, validators, walls, and hosts that are busy.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FetchOptions, fetchPages } from "../src/follow/fetch-pages.js";
import { Store, type Target } from "../src/follow/store.js";
import { domainOf, isSameVendor } from "../src/follow/vendor.js";
import { wallOf } from "../src/follow/wall.js";
import { type Answer, closeHosts, type Host, serve, text } from "./host.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "restorekit-wild-"));
});
afterEach(async () => {
  await closeHosts();
  rmSync(folder, { recursive: true });
});

const target = (host: Host, path: string, hosts: string[] = []): Target => ({
  service: "s",
  operation: "page",
  url: `${host.origin}${path}`,
  hosts,
});
const fetched = async (one: Target, options: Partial<FetchOptions> = {}) =>
  (await fetchPages([one], new Store(folder), { delay: 0, ...options }))[0];
const kept = (): string => readFileSync(join(folder, "new/s/page.html"), "utf8");
const portOf = ({ origin }: Host): string => new URL(origin).host;

describe("redirects between hosts", () => {
  test("of one vendor are followed, under the robots.txt of the new host too", async () => {
    const to = await serve({ "/there": text("moved") });
    const from = await serve({ "/here": text("", { location: `${to.origin}/there` }, 301) });
    expect(await fetched(target(from, "/here", [portOf(to)]))).toMatchObject({ outcome: "new" });
    expect(kept()).toBe("moved");
    expect(to.requests.map(({ path }) => path)).toEqual(["/robots.txt", "/there"]);
  });

  test("are not followed where the new host's robots.txt forbids it, nor to a host nobody has named", async () => {
    const to = await serve({ "/robots.txt": text("User-agent: *\nDisallow: /there"), "/there": text("moved") });
    const from = await serve({ "/here": text("", { location: `${to.origin}/there` }, 302) });
    expect(await fetched(target(from, "/here", [portOf(to)]))).toMatchObject({
      outcome: "failed",
      why: expect.stringContaining("robots.txt disallows"),
    });
    expect(to.requests.map(({ path }) => path)).toEqual(["/robots.txt"]);
    expect(await fetched(target(from, "/here"))).toMatchObject({
      outcome: "failed",
      why: expect.stringContaining("another vendor's host"),
    });
    expect(to.requests).toHaveLength(1);
  });

  test("of a robots.txt are followed within the vendor", async () => {
    const to = await serve({ "/robots.txt": text("User-agent: *\nDisallow: /") });
    const from = await serve({
      "/robots.txt": text("", { location: `${to.origin}/robots.txt` }, 301),
      "/a": text("x"),
    });
    expect(await fetched(target(from, "/a", [portOf(to)]))).toMatchObject({ outcome: "forbidden" });
  });

  test.each<[string, string, string[], boolean]>([
    ["http://support.example.com/a", "https://support.example.com/a", [], true],
    ["https://support.example.com/a", "https://support-intl.example.com/b", [], true],
    ["https://docs.example.co.uk/a", "https://docs.other.co.uk/a", [], false],
    ["https://docs.example.com.cn/a", "https://www.example.com.cn/a", [], true],
    ["https://www.example.com/a", "https://example.org/a", [], false],
    ["https://www.example.com/a", "https://example.org/a", ["example.org"], true],
    ["https://www.example.com/a", "https://www.example.com:8443/a", [], false],
    ["https://example.com.evil.net/a", "https://example.com/a", [], false],
    ["http://10.0.0.1/a", "http://11.0.0.1/a", [], false],
  ])("%s to %s, also named %j: %s", (from, to, hosts, want) => {
    expect(isSameVendor(new URL(from), new URL(to), hosts)).toBe(want);
  });
  test("an address without names is its own domain", () => expect(domainOf("127.0.0.1")).toBe("127.0.0.1"));
});

const openssl = spawnSync("openssl", ["version"]).status === 0;

// Without openssl there is no certificate for a TLS host of our own.
describe.skipIf(!openssl)("TLS", { timeout: 60_000 }, () => {
  test("http is followed to https, and https never to http", async () => {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const made = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "1",
      "-keyout",
      key,
      "-out",
      cert,
      ...subject,
    ];
    execFileSync("openssl", made, { stdio: "ignore" });
    let back = "";
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      if (request.url === "/page") response.writeHead(200, { "content-type": "text/html" }).end("safe");
      else if (request.url === "/back") response.writeHead(302, { location: back }).end();
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const safe = `localhost:${(server.address() as AddressInfo).port}`;
    const plain = await serve({
      "/up": text("", { location: `https://${safe}/page` }, 301),
      "/down": text("", { location: `https://${safe}/back` }, 301),
      "/page": text("unsafe"),
    });
    back = `${plain.origin}/page`;
    const pages = ["up", "down"].map((name) => `  ${name}: { url: "${plain.origin}/${name}", locator: "1" }\n`);
    mkdirSync(join(folder, "specs/s"), { recursive: true });
    writeFileSync(
      join(folder, "specs/s/docs.yaml"),
      `hosts: ["${safe}", "${portOf(plain)}"]\npages:\n${pages.join("")}`,
    );
    const command = fileURLToPath(new URL("../dist/fetch.js", import.meta.url));
    const child = spawn(process.execPath, [command, "--delay", "0"], {
      env: { ...process.env, RESTOREKIT_ROOT: `${folder}/`, NODE_EXTRA_CA_CERTS: cert },
    });
    let said = "";
    child.stdout.on("data", (chunk) => (said += chunk));
    const code = await new Promise((resolve) => child.on("close", resolve));
    server.close();
    server.closeAllConnections();
    expect(said).toMatch(/^new +s up$/m);
    expect(said).toMatch(/^failed +s down: redirected from https to http:/m);
    expect(code).toBe(1);
    const store = join(folder, "node_modules/.cache/docs-pages/new/s");
    expect(readFileSync(join(store, "up.html"), "utf8")).toBe("safe");
    expect(existsSync(join(store, "down.html"))).toBe(false);
  });
});

describe("what a page comes in", () => {
  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
  ])("%s", async (encoding, compress) => {
    const body = compress(Buffer.from("größer"));
    const host = await serve({
      "/a": text(body, { "content-encoding": encoding, "content-length": String(body.length) }),
    });
    expect(await fetched(target(host, "/a"))).toMatchObject({ outcome: "new" });
    expect(kept()).toBe("größer");
  });

  const latin = Buffer.from("<p>gr\xf6\xdfer</p>", "latin1");
  const chinese = Buffer.from([0xbb, 0xd8, 0xb5, 0xb5]);
  test.each<[string, string, Buffer, string]>([
    ["the header's charset", "text/html; charset=ISO-8859-1", latin, "<p>größer</p>"],
    ["GBK", 'text/html;charset="gbk"', chinese, "回档"],
    [
      "the charset the page names itself",
      "text/html",
      Buffer.concat([Buffer.from('<meta charset="iso-8859-1">'), latin]),
      '<meta charset="utf-8"><p>größer</p>',
    ],
    ["UTF-8 that says so", "text/html; charset=utf-8", Buffer.from("größer"), "größer"],
    ["UTF-8 that says nothing", "text/html", Buffer.from("größer"), "größer"],
  ])("%s", async (_, type, body, want) => {
    const host = await serve({ "/a": text(body, { "content-type": type }) });
    expect(await fetched(target(host, "/a"))).toMatchObject({ outcome: "new" });
    expect(kept()).toBe(want);
  });

  test.each<[string, string, Buffer, string]>([
    ["Latin 1 that says nothing", "text/html", latin, "the page is not in UTF-8, and names no other charset"],
    [
      "Latin 1 that says UTF-8",
      "text/html; charset=utf-8",
      latin,
      "the page is not in UTF-8, and names no other charset",
    ],
    ["NUL", "text/html", Buffer.from("<p>a\0b</p>"), "the page has NUL characters: it is no text"],
  ])("%s is not kept", async (_, type, body, why) => {
    const host = await serve({ "/a": text(body, { "content-type": type }) });
    expect(await fetched(target(host, "/a"))).toMatchObject({ outcome: "failed", why });
  });

  test("UTF-16 that its mark names", async () => {
    const body = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("größer", "utf16le")]);
    const host = await serve({ "/a": text(body, { "content-type": "text/html" }) });
    expect(await fetched(target(host, "/a"))).toMatchObject({ outcome: "new" });
    expect(kept()).toBe("größer");
  });

  test("a charset that nobody knows", async () => {
    const host = await serve({ "/a": text("x", { "content-type": "text/html; charset=x-none" }) });
    expect(await fetched(target(host, "/a"))).toMatchObject({
      outcome: "failed",
      why: "the charset x-none is not known",
    });
  });
});

describe("validators", () => {
  const answering =
    (header: string, value: string, validator: Record<string, string>): Answer =>
    (request, response) =>
      request.headers[header] === value ? response.writeHead(304).end() : text("page", validator)(request, response);

  test.each([
    ["a weak ETag", "if-none-match", 'W/"1"', { etag: 'W/"1"' }],
    [
      "Last-Modified alone",
      "if-modified-since",
      "Mon, 01 Jan 2024 00:00:00 GMT",
      { "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" },
    ],
  ])("%s is sent back as it came; a 304 has no body", async (_, header, value, validator) => {
    const host = await serve({ "/a": answering(header, value, validator) });
    expect(await fetched(target(host, "/a"))).toMatchObject({ outcome: "new" });
    expect(await fetched(target(host, "/a"))).toMatchObject({ outcome: "unchanged" });
    expect(kept()).toBe("page");
  });

  test("a page without any is fetched anew each time", async () => {
    const host = await serve({ "/a": text("page") });
    await fetched(target(host, "/a"));
    expect(await fetched(target(host, "/a"))).toMatchObject({ outcome: "new" });
  });

  test("a 304 nobody asked for is no page", async () => {
    const host = await serve({ "/a": (_, response) => response.writeHead(304).end() });
    expect(await fetched(target(host, "/a"))).toMatchObject({ outcome: "failed", why: expect.stringContaining("304") });
  });
});

describe("a busy host", { timeout: 30_000 }, () => {
  const busyOnce = (after: string, status = 429): Answer => {
    let asked = 0;
    return (request, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(status, { "retry-after": after }).end();
      else text("page")(request, response);
    };
  };

  test.each([
    ["seconds", () => "1"],
    ["a date", () => new Date(Date.now() + 1500).toUTCString()],
  ])("that says when to come back, in %s, is asked once more then", async (_, after) => {
    const host = await serve({ "/a": busyOnce(after()) });
    expect(await fetched(target(host, "/a"))).toMatchObject({ outcome: "new" });
    const [first, second] = host.requests.filter(({ path }) => path === "/a").map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(400);
  });

  test("that wants us back much later, or does not say, is left alone", async () => {
    const host = await serve({ "/a": busyOnce("3600", 503) });
    expect(await fetched(target(host, "/a"))).toMatchObject({
      outcome: "failed",
      why: "the host answered 503, and asks to come back in 3600 s",
    });
    host.routes["/a"] = busyOnce("soon");
    expect(await fetched(target(host, "/a"))).toMatchObject({ outcome: "failed", why: "the host answered 429" });
    expect(host.requests.filter(({ path }) => path === "/a")).toHaveLength(2);
  });
});

describe("a wall", () => {
  const walls: [string, string][] = [
    ["JavaScript", "<html><body><noscript>Please enable JavaScript to continue.</noscript></body></html>"],
    [
      "JavaScript",
      "<html><body><h1>One moment</h1><p>This site requires JavaScript.</p><script>go()</script></body></html>",
    ],
    ["human", "<html><title>Robot check</title><body>Enter the CAPTCHA below.</body></html>"],
    ["browser", "<html><title>Just a moment...</title><body>Checking your browser before accessing.</body></html>"],
    ["denies", "<html><body><h1>Access Denied</h1>You don't have permission.</body></html>"],
  ];
  test.each(walls)("%s: answered with 200 it is no changed page, and the last page stays", async (why, body) => {
    const host = await serve({ "/a": text("<h1>Page</h1>", { etag: '"1"' }) });
    await fetched(target(host, "/a"));
    host.routes["/a"] = text(body);
    expect(await fetched(target(host, "/a"))).toMatchObject({
      outcome: "failed",
      why: expect.stringMatching(new RegExp(`shows another page instead: .*${why}`)),
    });
    expect(kept()).toBe("<h1>Page</h1>");
  });

  test("answered with 403 it says so", async () => {
    const host = await serve({ "/a": text("<h1>Attention Required!</h1>", {}, 403) });
    expect(await fetched(target(host, "/a"))).toMatchObject({
      outcome: "failed",
      why: "the host answered 403; it checks the browser",
    });
  });

  test.each([
    ["a table", "<p>Enable JavaScript in the console.</p><table><tr><td>x</td></tr></table>"],
    ["a long text", `<p>${"Words of a page. ".repeat(300)}Please enable JavaScript.</p>`],
    ["a script about it", "<p>Restoring a jar.</p><script>alert('enable JavaScript')</script>"],
  ])("%s makes it a page", (_, html) => expect(wallOf(html)).toBeNull());
});
