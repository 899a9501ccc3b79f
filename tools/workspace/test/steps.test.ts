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

/** A registry: by the path of a package, the versions that it has of it. */
let registered: Record<string, Record<string, { dist: { integrity: string } }>> = {};
const server = createServer(({ url = "" }, response) => {
  const versions = registered[decodeURIComponent(url).slice(1)];
  const known = url === "/-/ping" || versions !== undefined;
  response.writeHead(known ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify({ versions }));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  mkdirSync(at("../bin"));
  mkdirSync(at("../temp"));
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

const loopback = () => ({ npm_config_registry: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
interface Released {
  name: string;
  version: string;
  integrity: string;
}
const registryOf = (all: readonly Released[]) => {
  return Object.fromEntries(all.map(({ name, version, integrity }) => [name, { [version]: { dist: { integrity } } }]));
};
const head = async () => (await git("git rev-parse HEAD")).trim();
const temp = () => ({ "runner.temp": at("../temp") });
/** The commit of the versions. */
let released = "";
const MINUTES = { timeout: 300_000 };

test("what installs, installs what the lockfile says", MINUTES, async () => {
  for (const { place } of scripts.filter(({ step }) => step.name === "Install"))
    if (place.startsWith("ci.yml")) good(await run(place));
    // Held to be the same line by workflows.test.ts.
    else done.add(place);
  expect(await git("git status --porcelain")).toBe("");
  done.add("release.yml build: Install what they were set with");
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
  // What a stranger smuggled into the patch stops it.
  await git("git switch -q main; git branch -qD docs/follow");
  const patch = readFileSync(at(".git/docs/changes.patch"), "utf8");
  const elsewhere = patch
    .replaceAll("specs/identity/docs.yaml", ".github/new.yml")
    .replace(/^index .*$/m, "new file mode 100644")
    .replace("--- a/.github/new.yml", "--- /dev/null")
    .replace(/^@@.*/ms, "@@ -0,0 +1 @@\n+# mine\n");
  writeFileSync(at(".git/docs/changes.patch"), elsewhere);
  const smuggled = await run("docs.yml propose: Apply");
  expect(smuggled.status, smuggled.stderr).toBe(1);
  expect(smuggled.stderr).toContain("not part of following the pages: .github/new.yml");
  await git("git switch -q main; git branch -qD docs/follow");
  writeFileSync(at(".git/docs/changes.patch"), patch);
  good(await run("docs.yml propose: Apply"));
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
  const sha = await head();
  const versions = await run("release.yml build: Versions and changelogs", temp());
  good(versions);
  expect(versions.outputs).toBe("propose=yes\n");

  await git("git reset -q --hard origin/main");
  const patch = readFileSync(at("../temp/versions/versions.patch"), "utf8");
  const receive = (text: string) => {
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
  const opened = await run("release.yml propose: Pull request", { "github.sha": sha }, { GH_SAYS: "0" });
  good(opened);
  expect(opened.asked).toContain("pr create --head release/next --title Version packages");
  const again = await run("release.yml propose: Pull request", { "github.sha": sha }, { GH_SAYS: "1" });
  expect(again.asked).not.toContain("pr create");
  // A run of an older commit that comes late must not undo what the newer one proposed.
  await git("git push -q --delete origin release/next");
  const late = await run(
    "release.yml propose: Pull request",
    { "github.sha": sha.replace(/^./, "x") },
    { GH_SAYS: "0" },
  );
  good(late);
  expect(late.asked).toBe("auth setup-git\n");
  expect(await git("git ls-remote origin release/next")).toBe("");
  expect(await git("git diff --name-only main release/next -- packages/core")).toBe(
    "packages/core/CHANGELOG.md\npackages/core/package.json\n",
  );
});

test("versions that the registry lacks are packed, with their notes, and arrive unchanged", MINUTES, async () => {
  await git("git switch -q main; git merge -q --ff-only release/next; git push -q origin main");
  const none = await run("release.yml build: Versions and changelogs", temp());
  good(none);
  expect(none.outputs).toBe("");
  released = await head();
  const today = await run("release.yml build: Versions of today", { "github.sha": released });
  expect(today.outputs).toBe(`commit=${released}\n`);
  good(await run("release.yml build: Pack"));
  const packages: Released[] = JSON.parse(readFileSync(at("release/release.json"), "utf8")).packages;
  const next = (event: string, env = loopback()) => {
    return run("release.yml build: What is next", { "github.event_name": event }, env);
  };
  expect((await next("push")).outputs).toBe("publish=yes\n");
  expect((await next("push", { npm_config_registry: "http://127.0.0.1:9/" })).status).not.toBe(0);
  registered = registryOf(packages);
  expect((await next("push")).outputs).toBe("");
  expect((await next("workflow_dispatch")).outputs).toBe("publish=yes\n");
  // One package with other content, while another is lacking.
  const [first, second] = packages;
  registered = registryOf([{ ...first, integrity: second?.integrity } as Released]);
  const different = await next("push");
  expect(different).toMatchObject({ status: 1, outputs: "" });
  expect(different.stdout).toContain("::error::the registry has other content under a version");
  registered = {};

  const { outputs } = await run("release.yml build: Digest");
  const [, digest = ""] = /^digest=([0-9a-f]{64})$/m.exec(outputs) ?? [];
  const check = "release.yml publish: Are these the files that were built";
  good(await run(check, { "needs.build.outputs.digest": digest }));
  writeFileSync(at("release/mine.js"), "// mine\n");
  expect((await run(check, { "needs.build.outputs.digest": digest })).status).toBe(1);

  const about = { "github.repository": "example/example", "needs.build.outputs.commit": "0123456" };
  const announced = await run("release.yml announce: Tags and releases", about, { GH_ENDS: "1" });
  expect(announced.asked).toMatch(/^release view (@restorekit\/\S+@\S+)\nrelease create \1 --target 0123456 /);
  expect(announced.status).not.toBe(0);
  const notes = readFileSync(at("release/notes/list.tsv"), "utf8");
  writeFileSync(at("release/notes/list.tsv"), "@restorekit/huaweicloud-rds@0.2.0-rc.1\t0.md\n");
  const candidate = await run("release.yml announce: Tags and releases", about, { GH_ENDS: "1" });
  expect(candidate.asked).toContain("\nrelease create @restorekit/huaweicloud-rds@0.2.0-rc.1 --prerelease --target ");
  writeFileSync(at("release/notes/list.tsv"), notes);
  const list = notes.trim().split("\n");
  expect(list.length).toBe(JSON.parse(readFileSync(at("release/release.json"), "utf8")).packages.length);
  for (const line of list) expect(readFileSync(at(`release/notes/${line.split("\t")[1]}`), "utf8")).toMatch(/^### /);
  const there = await run("release.yml announce: Tags and releases", about);
  good(there);
  expect(there.asked).not.toContain("release create");
});

test("versions that were never published are, though a changeset was merged since", MINUTES, async () => {
  const before = readFileSync(at("release/release.json"), "utf8");
  // Another run, another checkout.
  await git("git clean -qfd");
  writeFileSync(at(".changeset/later.md"), '---\n"@restorekit/core": patch\n---\n\nSomething else.\n');
  await git(
    "git switch -q main; echo >> packages/core/README.md; git add .changeset packages/core; git commit -qm Later; git push -q origin main",
  );
  const sha = await head();

  rmSync(at("../temp/versions"), { recursive: true });
  expect((await run("release.yml build: Versions and changelogs", temp())).outputs).toBe("propose=yes\n");
  const today = await run("release.yml build: Versions of today", { "github.sha": sha });
  expect(today.outputs).toBe(`commit=${released}\n`);
  good(await run("release.yml build: Pack"));
  // The same bytes: nothing of the later change is in them.
  expect(readFileSync(at("release/release.json"), "utf8")).toBe(before);
  const next = await run("release.yml build: What is next", { "github.event_name": "push" }, loopback());
  expect(next.outputs).toBe("publish=yes\n");
});

test("versions that were set while a changeset waited are passed over, and that is said", async () => {
  await git(
    "git switch -q main; git reset -q --hard origin/main; printf '\\n## 0.9.9\\n' >> packages/core/CHANGELOG.md; git commit -qam 'Both at once'",
  );
  const today = await run("release.yml build: Versions of today", { "github.sha": await head() });
  expect(today).toMatchObject({ status: 0, outputs: "" });
  expect(today.stdout).toContain("::warning::versions were set in ");
  // Before the first release there are no versions.
  const first = (await git("git rev-list --max-parents=0 HEAD")).trim();
  const none = await run("release.yml build: Versions of today", { "github.sha": first });
  expect(none).toMatchObject({ status: 0, outputs: "", stdout: "no versions yet\n" });
});

test("sizes are measured, which takes the registry", MINUTES, async ({ skip }) => {
  // Built before: nothing of what was merged since has to be.
  await git(`git reset -q --hard ${released}`);
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

test("a package that was removed with its changelog hides no release before it", async () => {
  await git(
    `git reset -q --hard ${released}; git rm -q packages/identity/CHANGELOG.md; echo x > .changeset/x.md; git add -A; git commit -qm Remove`,
  );
  const today = await run("release.yml build: Versions of today", { "github.sha": await head() });
  expect(today).toMatchObject({ status: 0, outputs: `commit=${released}\n` });
});

test("changesets that release nothing are told of", MINUTES, async () => {
  await git(`git switch -q main; git reset -q --hard ${released}`);
  writeFileSync(at(".changeset/private.md"), '---\n"@restorekit/bump": patch\n---\n\nSomething.\n');
  await git("git add -A; git commit -qm Private");
  const versions = await run("release.yml build: Versions and changelogs", temp());
  expect(versions).toMatchObject({ status: 1, outputs: "" });
  expect(versions.stdout).toContain("::error::the changesets name nothing that is released");
});

test("a prerelease is proposed, waits for nothing, and ends as a proposal too", MINUTES, async () => {
  const versions = async () => {
    rmSync(at("../temp/versions"), { recursive: true, force: true });
    const ended = await run("release.yml build: Versions and changelogs", temp());
    good(ended);
    return ended.outputs;
  };
  const propose = async () => {
    await git("git reset -q --hard HEAD~1; git branch -qD release/next || true");
    mkdirSync(at(".git/release"), { recursive: true });
    cpSync(at("../temp/versions/versions.patch"), at(".git/release/versions.patch"));
    good(await run("release.yml propose: Apply"));
    await git("git switch -q main; git merge -q --ff-only release/next");
  };
  const version = () => JSON.parse(readFileSync(at("packages/core/package.json"), "utf8")).version as string;
  await git(`git reset -q --hard ${released}; npx changeset pre enter rc`);
  writeFileSync(at(".changeset/next.md"), '---\n"@restorekit/core": minor\n---\n\nSomething new.\n');
  await git("git add -A; git commit -qm 'Begin a prerelease'");
  expect(await versions()).toBe("propose=yes\n");
  await propose();
  expect(version()).toMatch(/^0\.\d+\.0-rc\.0$/);
  const today = await run("release.yml build: Versions of today", { "github.sha": await head() });
  expect(today.outputs).toBe(`commit=${await head()}\n`);
  expect(await versions()).toBe("");
  await git("git switch -q main; npx changeset pre exit; git commit -qam 'End the prerelease'");
  expect(await versions()).toBe("propose=yes\n");
  await propose();
  expect(version()).toMatch(/^0\.\d+\.0$/);
});

test("no script is forgotten", () => {
  expect([...done, ...Object.keys(NOT_HERE)].sort()).toEqual(scripts.map(({ place }) => place).sort());
});
