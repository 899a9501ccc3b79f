// Every script of every workflow is run here, in a copy of the workspace, with what GitHub would give it; or it is listed
// with the reason why not. `gh` is ours: it writes down what it was asked. The registry is a loopback server.
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lacksNetwork } from "../network.mjs";
import { copyOfWorkspace } from "./copy.js";
import { scripts } from "./workflow.js";

const NOT_HERE: Record<string, string> = {
  "ci.yml test: Everything": "npm test is what runs this test",
  "ci.yml start: Start": "start.test.ts runs it",
  "ci.yml changeset: Is every change declared, and as what it is": "takes a minute: tools/bump/test/gate.test.ts",
  "docs.yml follow: Follow": "tools/docs/test/follow.test.ts runs it from end to end",
  "release.yml publish: Publish": "release:rehearse publishes that way, to a registry of its own",
  "release.yml verify: Install and audit": "audits signatures, which only the real registry makes",
};

const copy = copyOfWorkspace();
const { folder } = copy;
const at = (path: string) => join(folder, path);
const told = at("../outputs");
const summary = at("../summary");
const asked = at("../gh.txt");
const done = new Set<string>();

/** A registry that has nothing. */
const server = createServer((request, response) => {
  response.writeHead(request.url === "/-/ping" ? 200 : 404, { "content-type": "application/json" }).end("{}");
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  mkdirSync(at("../bin"));
  writeFileSync(
    at("../bin/gh"),
    `#!/bin/sh\nprintf '%s\\n' "$*" >> "$GH_ASKED"\nprintf '%s' "$GH_SAYS"\nexit "\${GH_ENDS:-0}"\n`,
  );
  chmodSync(at("../bin/gh"), 0o755);
});
afterAll(() => {
  server.close();
  copy.remove();
}, 60_000);

/** Runs a step's script, the values of its expressions given. Fails where one is not. */
async function run(place: string, values: Readonly<Record<string, string>> = {}, env: Record<string, string> = {}) {
  const script = scripts.find((one) => one.place === place);
  if (!script) throw new Error(`there is no step ${place}`);
  done.add(place);
  const given = { ...script.job.env, ...script.step.env };
  const filled = Object.entries(given).map(([name, text]) => [
    name,
    text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
      const value = { "github.token": "token", "github.workspace": folder, ...values }[expression];
      if (value === undefined) throw new Error(`${place}: what is ${expression}?`);
      return value;
    }),
  ]);
  for (const file of [told, summary, asked]) writeFileSync(file, "");
  const ended = await copy.bash(`PATH="${at("../bin")}:$PATH"\n${script.run}`, {
    ...Object.fromEntries(filled),
    GITHUB_OUTPUT: told,
    GITHUB_STEP_SUMMARY: summary,
    GH_ASKED: asked,
    ...env,
  });
  return { ...ended, outputs: readFileSync(told, "utf8"), asked: readFileSync(asked, "utf8") };
}

async function git(script: string): Promise<string> {
  const { status, stdout, stderr } = await copy.bash(script);
  expect(status, stderr).toBe(0);
  return stdout;
}

const good = (ended: { status: number | null; stdout: string; stderr: string }) =>
  expect(ended.status, ended.stdout + ended.stderr).toBe(0);

const nothingThere = () => ({ npm_config_registry: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
const MINUTES = { timeout: 300_000 };

test("what installs, installs what the lockfile says", MINUTES, async () => {
  for (const { place } of scripts.filter(({ step }) => step.name === "Install"))
    if (place.startsWith("ci.yml")) good(await run(place));
    // Held to be the same line by workflows.test.ts.
    else done.add(place);
  expect(await git("git status --porcelain")).toBe("");
});

test("a change of the documentation becomes a branch and a pull request", MINUTES, async () => {
  good(await run("docs.yml follow: Build"));
  expect(existsSync(at("tools/docs/dist/follow.js"))).toBe(true);

  const out = at("node_modules/.cache/docs-follow");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "pull-request.md"), "# What has changed\n");
  await git(
    "git switch -qc docs/follow; echo '# seen' >> specs/identity/docs.yaml; git commit -qam 'Follow the documentation'",
  );
  good(await run("docs.yml follow: Summary"));
  expect(readFileSync(summary, "utf8")).toBe("# What has changed\n");
  good(await run("docs.yml follow: Patch"));

  // Another machine, another checkout.
  await git("git switch -q main; git branch -qD docs/follow");
  cpSync(out, at(".git/docs"), { recursive: true });
  good(await run("docs.yml propose: Apply"));
  expect(await git("git diff --stat main docs/follow")).toContain("specs/identity/docs.yaml");
  const first = await run("docs.yml propose: Pull request", {}, { GH_SAYS: "0" });
  good(first);
  expect(first.asked).toMatch(/^auth setup-git\npr list .*\npr create --head docs\/follow /);
  expect(await git("git ls-remote origin docs/follow")).not.toBe("");
  const again = await run("docs.yml propose: Pull request", {}, { GH_SAYS: "1" });
  expect(again.asked).toContain("pr edit docs/follow");
  expect(again.asked).not.toContain("pr create");
  await git("git switch -q main; git branch -qD docs/follow");
});

test("changesets become a pull request with versions, and nothing else does", MINUTES, async () => {
  const versions = await run("release.yml build: Versions and changelogs");
  good(versions);
  expect(versions.outputs).toBe("next=propose\n");
  const next = await run("release.yml build: What is next", {
    "steps.versions.outputs.next": "propose",
    "github.event_name": "push",
  });
  expect(next.outputs).toBe("next=propose\n");

  await git("git reset -q --hard origin/main");
  const patch = readFileSync(at("release/versions.patch"), "utf8");
  const receive = (text: string) => {
    rmSync(at("release"), { recursive: true, force: true });
    mkdirSync(at(".git/release"), { recursive: true });
    writeFileSync(at(".git/release/versions.patch"), text);
  };
  // What a stranger smuggled into the patch stops it.
  receive(patch.replaceAll("packages/core/CHANGELOG.md", "packages/core/src/mine.md"));
  const smuggled = await run("release.yml propose: Apply");
  expect(smuggled.status).toBe(1);
  expect(smuggled.stderr).toContain("not part of a release: packages/core/src/mine.md");
  await git("git switch -q main; git branch -qD release/next");

  receive(patch);
  good(await run("release.yml propose: Apply"));
  const opened = await run("release.yml propose: Pull request", {}, { GH_SAYS: "0" });
  good(opened);
  expect(opened.asked).toContain("pr create --head release/next --title Version packages");
  expect((await run("release.yml propose: Pull request", {}, { GH_SAYS: "1" })).asked).not.toContain("pr create");
  expect(await git("git diff --name-only main release/next -- packages/core")).toBe(
    "packages/core/CHANGELOG.md\npackages/core/package.json\n",
  );
});

test("versions that the registry lacks are packed, with their notes, and arrive unchanged", MINUTES, async () => {
  await git("git switch -q main; git merge -q --ff-only release/next; git push -q origin main");
  const none = await run("release.yml build: Versions and changelogs");
  good(none);
  expect(none.outputs).toBe("");
  good(await run("release.yml build: Pack"));
  const values = { "steps.versions.outputs.next": "", "github.event_name": "push" };
  expect((await run("release.yml build: What is next", values, nothingThere())).outputs).toBe("next=publish\n");
  const deaf = await run("release.yml build: What is next", values, { npm_config_registry: "http://127.0.0.1:9/" });
  expect(deaf.status).not.toBe(0);

  const { outputs } = await run("release.yml build: Digest");
  const [, digest = ""] = /^digest=([0-9a-f]{64})$/m.exec(outputs) ?? [];
  const check = "release.yml publish: Are these the files that were built";
  good(await run(check, { "needs.build.outputs.digest": digest }));
  writeFileSync(at("release/publisher/publish.js"), "// mine\n");
  expect((await run(check, { "needs.build.outputs.digest": digest })).status).toBe(1);

  const about = { "github.repository": "example/example", "github.sha": "0123456" };
  const announced = await run("release.yml announce: Tags and releases", about, { GH_ENDS: "1" });
  expect(announced.asked).toMatch(/^release view (@restorekit\/\S+@\S+)\nrelease create \1 --target 0123456 /);
  expect(announced.status).not.toBe(0);
  const list = readFileSync(at("release/notes/list.tsv"), "utf8").trim().split("\n");
  expect(list.length).toBe(JSON.parse(readFileSync(at("release/release.json"), "utf8")).packages.length);
  for (const line of list) expect(readFileSync(at(`release/notes/${line.split("\t")[1]}`), "utf8")).toMatch(/^### /);
  const there = await run("release.yml announce: Tags and releases", about);
  good(there);
  expect(there.asked).not.toContain("release create");
});

test("sizes are measured, which takes the registry", MINUTES, async ({ skip }) => {
  const { stderr } = await run("size.yml measure: Measure");
  skip(process.env.CI !== "true" && lacksNetwork(stderr), "the registry is not reachable");
  expect(readFileSync(at("size.md"), "utf8"), stderr).toContain("| a client with one operation |");
});

test("the table of sizes becomes one comment", async () => {
  const table = "| size | today |\n| --- | --- |\n";
  writeFileSync(at("size.md"), table);
  good(await run("size.yml measure: Summary"));
  expect(readFileSync(summary, "utf8")).toBe(table);
  const values = { "github.repository": "example/example", "github.event.pull_request.number": "7" };
  const commented = await run("size.yml comment: Comment", values);
  expect(commented.asked).toBe("pr comment 7 --body-file comment.md --edit-last --create-if-none\n");
  expect(readFileSync(at("comment.md"), "utf8")).toBe(table);
});

test("no script is forgotten", () => {
  expect([...done, ...Object.keys(NOT_HERE)].sort()).toEqual(scripts.map(({ place }) => place).sort());
});
