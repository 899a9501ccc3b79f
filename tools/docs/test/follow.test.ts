// The way from a changed page to a branch, from end to end: a server of our own, a working copy of our own.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { checkPage } from "../src/check/check.js";
import { loadRegisters } from "../src/check/register.js";
import { loadSpecs } from "../src/check/spec.js";
import { draftPage } from "../src/draft/draft.js";
import { quoted, worst } from "../src/follow/report.js";
import { readPage } from "../src/page.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const command = join(root, "tools/docs/dist/follow.js");

interface Wording {
  colours?: string[];
  size?: string;
  title?: string;
  status?: string;
}

const pageOf = ({
  colours = ["red", "green"],
  size = "No",
  title = "Name of the widget.",
  status = "202",
}: Wording = {}) => `
<html><body><h1>Turning a Widget</h1>
<h2>URI</h2><p>PUT /v2/{project_id}/widgets</p>
<table><caption>Table 1 URI parameters</caption><thead><tr><th>Parameter</th><th>Mandatory</th><th>Type</th><th>Description</th></tr></thead>
<tbody><tr><td>project_id</td><td>Yes</td><td>String</td><td>Project ID.</td></tr></tbody></table>
<h2>Request Parameters</h2>
<table><caption>Table 2 Request body parameters</caption><thead><tr><th>Parameter</th><th>Mandatory</th><th>Type</th><th>Description</th></tr></thead>
<tbody><tr><td>name</td><td>Yes</td><td>String</td><td>${title}</td></tr>
<tr><td>size</td><td>${size}</td><td>Integer</td><td>Size.</td></tr>
<tr><td>colour</td><td>No</td><td>String</td><td>Colour. The value can be ${colours.slice(0, -1).join(", ")}, or ${colours.at(-1)}.</td></tr></tbody></table>
<h2>Response Parameters</h2><p>Status code: ${status}</p>
<table><caption>Table 3 Response body parameters</caption><thead><tr><th>Parameter</th><th>Type</th><th>Description</th></tr></thead>
<tbody><tr><td>job_id</td><td>String</td><td>Job.</td></tr></tbody></table>
<h2>Example Request</h2><pre>{ "name": "left", "size": 3, "colour": "red" }</pre>
<h2>Example Response</h2><p>Status code: ${status}</p><pre>{ "job_id": "j-1" }</pre>
</body></html>`;

const folder = mkdtempSync(join(tmpdir(), "restorekit-follow-"));
const copy = join(folder, "copy");
const out = join(folder, "out");
const outputs = join(folder, "outputs");
let page = pageOf();
let etag = 1;
const server = createServer((request, response) => {
  if (request.url !== "/turn.html") response.writeHead(404).end();
  else if (request.headers["if-none-match"] === `"${etag}"`) response.writeHead(304).end();
  else response.writeHead(200, { "content-type": "text/html; charset=utf-8", etag: `"${etag}"` }).end(page);
});
const publish = (wording: Wording) => {
  page = pageOf(wording);
  etag += 1;
};

function git(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: copy, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout;
}

async function follow(
  ...more: string[]
): Promise<{ code: number; said: string; changed: boolean; committed: boolean }> {
  rmSync(outputs, { force: true });
  rmSync(out, { recursive: true, force: true });
  const child = spawn(
    process.execPath,
    [command, "--store", join(folder, "store"), "--out", out, "--branch", "docs/follow", "--delay", "0", ...more],
    { env: { ...process.env, RESTOREKIT_ROOT: copy, GITHUB_OUTPUT: outputs } },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  const code = await new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? -1)));
  const told = existsSync(outputs) ? readFileSync(outputs, "utf8") : "";
  return { code, said, changed: told.includes("changed=true"), committed: told.includes("committed=true") };
}

/** What a person does with the branch. */
function merge(): void {
  git("switch", "--quiet", "main");
  git("merge", "--quiet", "--ff-only", "docs/follow");
}

/** What the check finds on the first page is known: only what comes later is news. */
function register(operation: string, url: string): void {
  const file = join(copy, "specs/widgets/docs.yaml");
  const head = `pages:\n  ${operation}:\n    url: ${url}\n    locator: turn.html\n    revision: "2024-01-01"\n    dialect: html\n`;
  writeFileSync(file, head);
  const { held } = checkPage(readPage("turn.html", page), page, {
    specs: loadSpecs(copy),
    registers: loadRegisters(copy),
  });
  const finds = (held?.fresh ?? []).map(({ place, fact, page: is }) => ({ place, fact, page: is }));
  const entry = {
    id: "W1",
    operation,
    place: "page",
    page: "silent",
    truth: "-",
    strength: "open",
    source: "us",
    finds,
  };
  writeFileSync(file, `${head}${stringify({ discrepancies: [entry] })}`);
}

const body = () => readFileSync(join(out, "pull-request.md"), "utf8");
const changesets = () => readdirSync(join(copy, ".changeset")).filter((name) => name.startsWith("docs-"));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/turn.html`;
  const draft = draftPage(readPage("turn.html", page), { url });
  if ("refused" in draft) throw new Error(draft.refused);
  for (const path of ["specs/widgets", "packages/widgets", "docs", ".changeset"])
    mkdirSync(join(copy, path), { recursive: true });
  const files: Record<string, string> = {
    [`specs/widgets/${draft.file}`]: draft.operation,
    "specs/widgets/shared.yaml": draft.shared,
    "specs/widgets/docs.yaml": "pages: {}\n",
    "packages/widgets/package.json": '{ "name": "@example/widgets", "version": "1.0.0" }',
    ".changeset/config.json": "{}\n",
    ".gitignore": "node_modules\n",
  };
  for (const [path, content] of Object.entries(files)) writeFileSync(join(copy, path), content);
  const generated = spawnSync(
    process.execPath,
    [join(root, "tools/codegen/dist/generate.js"), "specs", "--out", "packages/{service}/src/generated"],
    { cwd: copy, encoding: "utf8" },
  );
  if (generated.status !== 0) throw new Error(generated.stderr);
  register(draft.operationId, url);
  git("init", "--quiet", "-b", "main");
  git("config", "user.name", "Test");
  git("config", "user.email", "test@example.invalid");
  git("add", "-A");
  git("commit", "--quiet", "-m", "Begin");
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

describe("from page to branch", { timeout: 60_000 }, () => {
  test("the first sight of a page that agrees with its spec is accepted on a branch", async () => {
    const { code, said, changed, committed } = await follow();
    expect(code, said).toBe(0);
    expect({ changed, committed }, body()).toEqual({ changed: true, committed: true });
    expect(git("diff", "--stat", "main", "docs/follow")).toContain("specs/widgets/docs.yaml");
    expect(git("diff", "--stat", "main", "docs/follow")).toContain("specs/widgets/docs.yaml");
    expect(body()).toContain("No earlier page");
    expect(changesets()).toEqual([]);
    merge();
  });

  test("a page that has not changed is no news", async () => {
    const { code, said, changed } = await follow();
    expect(code, said).toBe(0);
    expect(changed).toBe(false);
    expect(existsSync(out)).toBe(false);
    expect(git("status", "--porcelain")).toBe("");
  });

  test("other words for the same facts are no news", async () => {
    publish({ title: "What the widget is called, by everybody." });
    expect(await follow()).toMatchObject({ code: 0, changed: false });
  });

  test("changed facts become a table, a changeset and a commit", async () => {
    publish({ colours: ["red", "blue"], size: "Yes" });
    const { code, said, changed, committed } = await follow();
    expect(code, said).toBe(0);
    expect({ changed, committed }).toEqual({ changed: true, committed: true });
    const text = body();
    expect(text).toMatch(/\| `body size` \| required \| `false` \| `true` \| breaking \| line \d+, table 2, row 2 \|/);
    expect(text).toMatch(
      /\| `body colour` \| values \| `red, green` \| `red, blue` \| breaking \| line \d+, table 2, row 3 \|/,
    );
    expect(text).toContain("suggested bump **major**");
    expect(text).toContain("- [ ] line");
    const [changeset = ""] = changesets();
    expect(readFileSync(join(copy, ".changeset", changeset), "utf8")).toMatch(
      /^---\n"@example\/widgets": major\n---\n\nThe documentation has changed\.\n\n- PUT .*: required of `body size`: `false` → `true`\n/s,
    );
    expect(git("log", "--format=%s", "-1", "docs/follow").trim()).toBe("Follow the documentation");
    // What a person has to settle is not accepted by itself.
    expect(git("diff", "--stat", "main", "docs/follow")).not.toContain("docs.yaml");
    git("switch", "--quiet", "main");
    // Until then every run says the same, to the byte.
    expect(await follow()).toMatchObject({ changed: true, committed: true });
    expect(body()).toBe(text);
    git("switch", "--quiet", "main");
    publish({});
    expect(await follow()).toMatchObject({ code: 0, changed: false });
  });

  test("a sample, an error code, a status and the purpose have a place on the page too", async () => {
    publish({});
    const kept = page;
    page = kept.replace('"size": 3', '"size": 4').replaceAll("202", "200");
    const { code, said } = await follow();
    expect(code, said).toBe(0);
    const lines = page.split("\n");
    const lineOf = (text: string) => lines.findIndex((line) => line.includes(text)) + 1;
    expect(body()).toContain(
      `| \`request example size\` | example value | \`3\` | \`4\` | wording-only | line ${lineOf('"size": 4')} |`,
    );
    expect(body()).toMatch(/\| `responses` \| status \| `202` \| `200` \| breaking \| line \d+ \|/);
    git("switch", "--quiet", "main");
    page = kept;
    etag += 1;
    expect(await follow()).toMatchObject({ code: 0, changed: false });
  });

  test("a page that became another operation's is a change to settle, and not accepted by itself", async () => {
    const kept = page;
    page = kept
      .replace("PUT /v2/{project_id}/widgets", "POST /v7/gadgets")
      .replaceAll("job_id", "gadget")
      .replaceAll("colour", "shade")
      .replaceAll(/\bname\b/g, "label")
      .replaceAll("size", "weight")
      .replace("Turning a Widget", "Making a Gadget");
    etag += 1;
    const { code, said, changed } = await follow();
    expect(code, said).toBe(0);
    expect(changed).toBe(true);
    expect(body()).toContain("the page no longer describes turnWidget: it has `POST /v7/gadgets`, which has no spec");
    expect(body()).toMatch(
      /\| `operation` \| path \| `\/v2\/\{project_id\}\/widgets` \| `\/v7\/gadgets` \| breaking \|/,
    );
    git("switch", "--quiet", "main");
    page = kept;
    etag += 1;
    expect(await follow()).toMatchObject({ code: 0, changed: false });
  });

  test("a page that is gone is not taken for a change", async () => {
    const kept = page;
    page = "<html><body><h1>Sorry</h1><p>Not here.</p></body></html>";
    etag += 1;
    const { said, changed, committed } = await follow();
    expect({ changed, committed }, said).toEqual({ changed: true, committed: false });
    expect(body()).toContain("cannot be read");
    expect(changesets()).toEqual([]);
    git("switch", "--quiet", "main");
    page = kept;
    etag += 1;
    expect(await follow()).toMatchObject({ code: 0, changed: false });
  });

  test("a host that is not there fails the run, and changes nothing", async () => {
    const file = join(copy, "specs/widgets/docs.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/url: .*/, "url: http://127.0.0.1:9/turn.html"));
    const { code, said, changed } = await follow();
    expect(code).toBe(1);
    expect(said).toContain("turnWidget: robots.txt");
    expect(changed).toBe(false);
    writeFileSync(file, text);
  });

  test("wrong usage is told", async () => {
    expect(await follow("--delay=-1")).toMatchObject({ code: 2 });
    expect(await follow("--nonsense")).toMatchObject({ code: 2 });
  });
});

test.each([
  [null, "–"],
  ["a | b", "`a ¦ b`"],
  ["`@everyone` [x](http://y)", "`'@everyone' [x](http://y)`"],
  ["a\nb", "`a b`"],
])("%j is quoted as %s", (text, expected) => expect(quoted(text)).toBe(expected));

test("the worst bump counts", () => {
  expect(worst(["patch", "major", "none"])).toBe("major");
  expect(worst([])).toBe("none");
});
