// The parts of the gate, one by one: what is declared, what is shipped, what a report says, what git knows.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { compareReports } from "../src/api/compare.js";
import { type ChangeClass, requiredBump } from "../src/change.js";
import { bumpBetween, changesetFaults, declaredBumps } from "../src/gate/changesets.js";
import { judge } from "../src/gate/gate.js";
import { baseCommit, changedFiles, checkOut, NoBase } from "../src/gate/git.js";
import { touchedPackages } from "../src/gate/touched.js";
import { compileTypeTests } from "../src/gate/types.js";
import { usageOf } from "../src/gate/usage.js";
import { publicPackages } from "../src/workspace.js";
import { bundleOf, root, services } from "./bundles.js";

const folders: string[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "restorekit-bump-"));
  folders.push(folder);
  write(folder, files);
  return folder;
}

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

test.each<[ChangeClass | undefined, string, string]>([
  ["breaking", "0.0.0", "minor"],
  ["breaking", "0.4.2", "minor"],
  ["breaking", "1.0.0", "major"],
  ["breaking", "10.2.0", "major"],
  ["additive", "0.4.2", "patch"],
  ["additive", "1.4.2", "minor"],
  ["wording-only", "0.4.2", "patch"],
  ["wording-only", "1.4.2", "patch"],
  [undefined, "1.4.2", "none"],
])("a %s change of %s needs %s", (kind, version, want) => {
  expect(requiredBump(kind, version)).toBe(want);
});

describe("what is declared", () => {
  const changeset = (...lines: string[]) => `---\n${lines.join("\n")}\n---\n\nWhat changed.\n`;

  test("counts from changesets that are new or were changed, the highest of each package", () => {
    const base = folderOf({
      ".changeset/old.md": changeset('"a": major'),
      ".changeset/edited.md": changeset('"b": patch'),
    });
    const head = folderOf({
      ".changeset/README.md": "no changeset",
      ".changeset/old.md": changeset('"a": major'),
      ".changeset/edited.md": changeset('"b": minor'),
      ".changeset/new.md": changeset('"b": patch', '"c": patch'),
    });
    expect([...declaredBumps(base, head)]).toEqual([
      ["b", "minor"],
      ["c", "patch"],
    ]);
  });

  test("one that waited and has another name now speaks for no new change", () => {
    const base = folderOf({ ".changeset/old.md": changeset('"a": minor') });
    const head = folderOf({ ".changeset/new.md": changeset('"a": minor') });
    expect([...declaredBumps(base, head)]).toEqual([]);
  });

  test("what could not be read at the base can be mended", () => {
    const base = folderOf({ ".changeset/odd.md": "no front matter" });
    const head = folderOf({ ".changeset/odd.md": changeset('"a": minor') });
    expect([...declaredBumps(base, head)]).toEqual([["a", "minor"]]);
  });

  test("a changeset that cannot be read is named", () => {
    const head = folderOf({ ".changeset/odd.md": "no front matter" });
    expect(() => declaredBumps(folderOf({}), head)).toThrow(".changeset/odd.md: ");
  });

  describe("what breaks the release", () => {
    const workspace = (versions: Record<string, string>, files: Record<string, string>) =>
      folderOf({
        "pnpm-workspace.yaml": "packages: [packages/*]\n",
        "packages/tool/package.json": JSON.stringify({ name: "tool", version: "0.0.0", private: true }),
        ...Object.fromEntries(
          Object.entries(versions).map(([name, version]) => [
            `packages/${name}/package.json`,
            JSON.stringify({ name, version }),
          ]),
        ),
        ...Object.fromEntries(
          Object.entries(versions).map(([name, version]) => [
            `packages/${name}/CHANGELOG.md`,
            `# ${name}\n\n## ${version}\n`,
          ]),
        ),
        ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`.changeset/${name}.md`, text])),
      });
    const versions = { a: "0.3.0", b: "1.2.0" };
    const faults = (
      before: Record<string, string>,
      after: Record<string, string>,
      raised: Record<string, string> = versions,
    ) => changesetFaults(workspace(versions, before), workspace(raised, after));

    test.each([
      ["a package that is not there", '"c": patch', "c is no package of this workspace"],
      ["a private package", '"tool": patch', "tool is private and never released"],
      ["major before 1.0", '"a": major', "a is 0.3.0: major would make it 1.0.0; before 1.0 what breaks is minor"],
    ])("%s", (_, line, want) => {
      expect(faults({}, { one: changeset(line, '"b": major') })).toEqual([`.changeset/one.md: ${want}`]);
    });

    const pending = { one: changeset('"a": minor', '"b": patch') };
    test("a changeset that waited is gone, and nothing was released", () => {
      expect(faults(pending, {})).toEqual([
        ".changeset/one.md: no longer says minor for a, which is still 0.3.0: that would never be released",
        ".changeset/one.md: no longer says patch for b, which is still 1.2.0: that would never be released",
      ]);
      expect(faults(pending, { one: changeset('"a": patch', '"b": patch') })).toHaveLength(1);
      expect(faults(pending, {}, { a: "0.3.1", b: "1.2.1" })).toHaveLength(1);
    });

    test("a version that no changelog tells of: the release would never look for it", () => {
      const [before, after] = [
        workspace(versions, {}),
        workspace({ ...versions, a: "0.4.0", c: "0.1.0", d: "0.0.0" }, {}),
      ];
      expect(changesetFaults(before, after)).toEqual([]);
      for (const name of ["a", "b", "c", "d"]) rmSync(join(after, `packages/${name}/CHANGELOG.md`));
      expect(changesetFaults(before, after)).toEqual([
        'packages/a/CHANGELOG.md: has no "## 0.4.0", which a is now',
        'packages/c/CHANGELOG.md: has no "## 0.1.0", which c is now',
      ]);
    });

    test("a prerelease keeps its changesets, until it ends", () => {
      const raised = { a: "0.4.0-rc.1", b: "1.2.1-rc.1" };
      const [before, after] = [
        workspace({ a: "0.4.0-rc.0", b: "1.2.1-rc.0" }, pending),
        workspace(raised, { "pre/one": pending.one }),
      ];
      expect(changesetFaults(before, after)).toEqual([]);
      expect(changesetFaults(after, workspace({ a: "0.4.0", b: "1.2.1" }, {}))).toEqual([]);
      expect(changesetFaults(after, workspace(raised, {}))).toHaveLength(2);
      expect([...declaredBumps(before, after)]).toEqual([]);
    });

    test("released, renamed, raised and added to is well", () => {
      expect(faults(pending, {}, { a: "0.4.0", b: "1.3.0" })).toEqual([]);
      expect(faults(pending, { two: pending.one })).toEqual([]);
      expect(faults(pending, { one: changeset('"a": minor', '"b": major') })).toEqual([]);
      expect(faults({ one: changeset() }, {})).toEqual([]);
    });
  });

  test.each([
    ["0.1.0", "0.2.0", "minor"],
    ["0.1.0", "0.1.1", "patch"],
    ["0.9.0", "1.0.0", "major"],
    ["1.0.0", "1.0.0", "none"],
    ["1.0.0", "0.9.0", "none"],
    ["0.1.0", "0.2.0-rc.0", "minor"],
    ["0.1.0", "1.0.0-rc.0", "major"],
    ["0.2.0-rc.0", "0.2.0-rc.1", "patch"],
    ["0.2.0-rc.1", "0.2.0", "minor"],
    ["0.2.0", "0.2.0-rc.1", "none"],
    ["0.2.0", "later", "none"],
  ])("a release commit from %s to %s counts as %s", (before, after, want) => {
    expect(bumpBetween(before, after)).toBe(want);
  });
});

describe("what is shipped", () => {
  const manifest = (more: object = {}) =>
    JSON.stringify({ name: "@restorekit/one", version: "0.1.0", files: ["dist"], ...more });
  const packing = readFileSync(join(root, "tools/release/packing.cjs"), "utf8");
  const workspace = {
    "pnpm-workspace.yaml": "packages: [packages/*]\n",
    "specs/one/restore.yaml": "x",
    "tools/release/packing.cjs": packing,
  };
  const touched = (files: string[], before: object = {}, after: object = {}) => {
    const base = folderOf({ ...workspace, "packages/one/package.json": manifest(before) });
    const head = folderOf({ ...workspace, "packages/one/package.json": manifest(after) });
    return touchedPackages(publicPackages(head), files, base, head).get("@restorekit/one") ?? [];
  };

  test.each([
    "specs/one/restore.yaml",
    "specs/one/shared.yaml",
    "packages/one/src/index.ts",
    "packages/one/rolldown.config.js",
    "packages/one/bin/anything.mjs",
    "packages/one/README.md",
    "packages/one/LICENSE",
    "packages/one/dist/guide.md",
  ])("%s", (file) => expect(touched([file])).toEqual([file]));

  test.each([
    "specs/one/docs.yaml",
    "specs/two/restore.yaml",
    "packages/one/test/types/pins.ts",
    "packages/one/CHANGELOG.md",
    "packages/one/docs/notes.md",
    "README.md",
    "tsconfig.base.json",
    "packages/onemore/src/index.ts",
  ])("not %s", (file) => expect(touched([file])).toEqual([]));

  test("of the manifest what those who install the package notice", () => {
    const file = "packages/one/package.json";
    expect(touched([file], {}, { dependencies: { two: "1.0.0" } })).toEqual([file]);
    expect(touched([file], {}, { exports: {} })).toEqual([file]);
    expect(touched([file], {}, { version: "0.2.0", scripts: { x: "y" }, devDependencies: { z: "1" } })).toEqual([]);
    expect(touched([file], {}, { scripts: { build: "tsc" } })).toEqual([file]);
    expect(touched([file], { devDependencies: { rolldown: "1" } }, { devDependencies: { rolldown: "2" } })).toEqual([
      file,
    ]);
  });

  test("of the packing hook what it makes of the manifest", () => {
    const file = "tools/release/packing.cjs";
    const touched = (hook: string) => {
      const one = { ...workspace, "packages/one/package.json": manifest({ keywords: ["x"] }) };
      const [base, head] = [folderOf(one), folderOf({ ...one, [file]: hook })] as [string, string];
      return touchedPackages(publicPackages(head), [file], base, head).get("@restorekit/one") ?? [];
    };
    expect(touched(packing.replace("devDependencies,", "devDependencies, keywords,"))).toEqual([file]);
    expect(touched(packing.replace("scripts,", "scripts, author,"))).toEqual([]);
    expect(touched(`${packing}// More.\n`)).toEqual([]);
    expect(() => touched(packing.replace("beforePacking(", "async beforePacking("))).toThrow(
      "packing.cjs: beforePacking gives no manifest",
    );
  });

  test.each([
    ["what it installs for all", "node ../../node_modules/typescript/bin/tsc", "7.0.0", ["package.json"]],
    ["nothing that only others are built with", "tsc", "7.0.0", []],
    ["a catalog", "node ../../node_modules/typescript/bin/tsc", "catalog:", ["pnpm-workspace.yaml"]],
  ])("of the workspace itself %s", (_, build, range, want) => {
    const [base, head] = ["7.0.0", "7.1.0"].map((version) =>
      folderOf({
        ...workspace,
        "pnpm-workspace.yaml": `packages: [packages/*]\ncatalog: { typescript: ${version} }\n`,
        "package.json": JSON.stringify({ devDependencies: { typescript: range.replace("7.0.0", version) } }),
        "packages/one/package.json": manifest({ scripts: { build } }),
      }),
    ) as [string, string];
    const changed = range === "catalog:" ? ["pnpm-workspace.yaml"] : ["package.json"];
    expect(touchedPackages(publicPackages(head), changed, base, head).get("@restorekit/one") ?? []).toEqual(want);
  });

  test("of the workspace's settings those that the package is made with", () => {
    const touched = (one: object, before: string, after: string) => {
      const [base, head] = [before, after].map((catalog) =>
        folderOf({
          "pnpm-workspace.yaml": `packages: [packages/*]\n${catalog}`,
          "packages/one/package.json": manifest(one),
          "tools/release/packing.cjs": packing,
          "packages/one/tsconfig.json": '{ "extends": "../../tsconfig.base.json" }',
        }),
      ) as [string, string];
      const changed = ["pnpm-workspace.yaml", "tsconfig.base.json"];
      return touchedPackages(publicPackages(head), changed, base, head).get("@restorekit/one");
    };
    const both = ["pnpm-workspace.yaml", "tsconfig.base.json"];
    const [yaml1, yaml2] = ["catalog: { yaml: 2.0.0 }\n", "catalog: { yaml: 2.1.0 }\n"];
    expect(touched({ dependencies: { yaml: "catalog:" } }, yaml1, yaml2)).toEqual(both);
    expect(touched({ dependencies: { yaml: "catalog:old" } }, `catalogs:\n  old: { yaml: 1.0.0 }\n`, "")).toEqual(both);
    expect(touched({ devDependencies: { typescript: "catalog:" } }, "catalog: { typescript: 7.0.0 }", "")).toEqual(
      both,
    );
    expect(touched({ dependencies: { yaml: "2.0.0" } }, yaml1, yaml2)).toEqual(["tsconfig.base.json"]);
    expect(touched({ devDependencies: { yaml: "catalog:" } }, yaml1, yaml2)).toEqual(["tsconfig.base.json"]);
  });
});

describe("what cannot be read", () => {
  const files = { "pnpm-workspace.yaml": "packages: [packages/*]\n", "packages/one/package.json": '{ "name": "one" }' };
  test.each([
    ["packages/one/package.json", "{", "Expected property name"],
    ["packages/one/package.json", "[]", "is no manifest"],
    ["pnpm-workspace.yaml", "packages: [", "Flow sequence in block collection"],
    ["pnpm-workspace.yaml", "- packages", "holds no settings"],
    ["pnpm-workspace.yaml", "", "packages is no list of folders: undefined"],
    ["pnpm-workspace.yaml", "packages: ['**']", 'packages is no list of folders: ["**"]'],
    ["pnpm-workspace.yaml", "packages: ['!tools/x']", 'packages is no list of folders: ["!tools/x"]'],
  ])("%s is named: %j", (file, text, said) => {
    const folder = folderOf({ ...files, [file]: text });
    expect(() => publicPackages(folder)).toThrow(`${join(folder, file)}: ${said}`);
  });

  test("nothing else is: pnpm calls the same packages of this workspace public", () => {
    const { stdout } = spawnSync("pnpm", ["ls", "-r", "--depth", "-1", "--json"], { cwd: root, encoding: "utf8" });
    const listed: { name: string; private: boolean }[] = JSON.parse(stdout);
    const names = listed.filter((one) => !one.private).map(({ name }) => name);
    expect(
      publicPackages(root)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names.sort());
  });
});

describe("what a report says", () => {
  const report = (code: string) => `# one\n\n## one\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
  const before = `import { Client } from 'one-client';
import type { Clock as Clock_2 } from 'clock';

export function send(to: string): void;

export class Sender extends Client {
    stop(): void;
}

export interface Options {
    name: string;
    size?: number;
}

export const table: {
    readonly first: {
        readonly path: "/a";
    };
};`;

  test.each<[string, string, string[]]>([
    [
      "export function send(to: string): void;",
      "export function send(to: number): void;",
      ["breaking api-changed one: function send"],
    ],
    ["export function send(to: string): void;", "", ["breaking api-removed one: function send"]],
    ["    size?: number;", "    size: number;", ["breaking api-changed one: interface Options.size"]],
    ["    size?: number;\n", "", ["breaking api-removed one: interface Options.size"]],
    [
      "    size?: number;",
      "    size?: number;\n    more?: string;",
      ["additive api-added one: interface Options.more"],
    ],
    ["    size?: number;", "    size?: number;\n    more: string;", ["breaking api-added one: interface Options.more"]],
    ['path: "/a"', 'path: "/b"', ["breaking api-changed one: const table.first.path"]],
    [
      '        readonly path: "/a";\n',
      '        readonly path: "/a";\n        readonly size: 1;\n',
      ["additive api-added one: const table.first.size"],
    ],
    [
      "    stop(): void;",
      "    stop(): void;\n    abstract start(): void;",
      ["breaking api-added one: class Sender.start"],
    ],
    ["    stop(): void;", "    start(): void;\n    stop(): void;", ["additive api-added one: class Sender.start"]],
    ["export class Sender", "export abstract class Sender", ["breaking api-changed one: class Sender"]],
    ...["private constructor();", "protected constructor();", "constructor(name: string, size?: number);"].map(
      (line): [string, string, string[]] => [
        "    stop(): void;",
        `    ${line}\n    stop(): void;`,
        ["breaking api-added one: class Sender.Constructor"],
      ],
    ),
    [
      "    stop(): void;",
      "    constructor(name?: string, ...more: string[]);\n    stop(): void;",
      ["additive api-added one: class Sender.Constructor"],
    ],
    ["'one-client'", "'other-client'", ["breaking api-changed one: import Client"]],
    ["{ Clock as Clock_2 }", "{ Watch as Clock_2 }", ["breaking api-changed one: import Clock_2"]],
    ["import { Client }", "import type { Client }", ["wording-only api-report-changed report"]],
    ["import type { Clock as Clock_2 } from 'clock';\n", "", ["wording-only api-report-changed report"]],
    [
      "import { Client } from 'one-client';\n",
      "class Client {\n}\n",
      ["additive api-added one: class Client", "breaking api-changed one: import Client"],
    ],
    [
      "export const table",
      "export class New {\n    run(): void;\n}\n\nexport const table",
      ["additive api-added one: class New"],
    ],
    [
      "export interface Options {",
      "// @deprecated\nexport interface Options {",
      ["wording-only api-report-changed report"],
    ],
  ])("%j becomes %j", (from, to, want) => {
    expect(before).toContain(from);
    const changes = compareReports(report(before), report(before.replace(from, to)));
    expect(changes.map(({ class: kind, id, place }) => `${kind} ${id} ${place}`).sort()).toEqual(want);
  });
});

test.each(["process.exit(2)", "console.log('out of memory'); process.exit(134)"])(
  "type tests that a compiler gave up on do not count as compiled: %s",
  (compiler) => {
    const one = { "pnpm-workspace.yaml": "packages: [packages/*]\n", "packages/one/package.json": '{ "name": "one" }' };
    const root = folderOf({ ...one, "node_modules/typescript/bin/tsc": compiler });
    const base = folderOf({ ...one, "packages/one/test/types/pins.ts": "export {};\n" });
    expect(() => compileTypeTests(base, root)).toThrow("the type tests cannot be compiled");
  },
);

describe("what git knows", () => {
  const git = (folder: string, ...args: string[]) => {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@restorekit.invalid"];
    const { status, stdout, stderr } = spawnSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  const repository = (files: Record<string, string>) => {
    const folder = folderOf(files);
    git(folder, "init", "-q", "-b", "main");
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", "one");
    return folder;
  };

  test("what was committed, changed and made since the base", () => {
    const folder = repository({ a: "1", b: "1", c: "1" });
    git(folder, "checkout", "-q", "-b", "work");
    write(folder, { a: "2" });
    git(folder, "commit", "-q", "-am", "two");
    write(folder, { b: "2", "new/d": "1" });
    const base = baseCommit(folder, undefined);
    expect(base).toBe(git(folder, "rev-parse", "main"));
    expect(changedFiles(folder, base)).toEqual(["a", "b", "new/d"]);
    const copy = checkOut(folder, base);
    folders.push(copy);
    expect(git(folder, "status", "--porcelain").split("\n")).toEqual(["M b", "?? new/"]);
  });

  test("what came to main since the branch left it is not its change", () => {
    const folder = repository({ a: "1" });
    const left = git(folder, "rev-parse", "main");
    git(folder, "checkout", "-q", "-b", "work");
    write(folder, { b: "1" });
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", "mine");
    git(folder, "checkout", "-q", "main");
    write(folder, { a: "2" });
    git(folder, "commit", "-q", "-am", "theirs");
    git(folder, "checkout", "-q", "work");
    for (const reference of [undefined, "main"]) expect(baseCommit(folder, reference)).toBe(left);
    expect(changedFiles(folder, baseCommit(folder, "main"))).toEqual(["b"]);
    git(folder, "checkout", "-q", "--orphan", "other");
    git(folder, "commit", "-q", "-m", "unrelated");
    expect(() => baseCommit(folder, "main")).toThrow("this branch has no commit in common with main");
  });

  test("a commit that cannot be read leaves nothing behind", () => {
    const folder = repository({ a: "1" });
    vi.stubEnv("TMPDIR", folderOf({}));
    expect(() => checkOut(folder, "nowhere")).toThrow(NoBase);
    expect(readdirSync(tmpdir())).toEqual([]);
  });

  test("a base that is not there is no comparison", () => {
    const folder = repository({ a: "1" });
    expect(() => baseCommit(folder, "nowhere")).toThrow(NoBase);
    git(folder, "checkout", "-q", "-b", "work");
    git(folder, "branch", "-D", "main");
    expect(() => baseCommit(folder, undefined)).toThrow("name one with --base");
  });

  test("a base before there was a workspace is no comparison", () => {
    const folder = repository({ a: "1" });
    write(folder, { "pnpm-workspace.yaml": "packages: [packages/*]\n" });
    expect(() => judge(folder, "main", () => {})).toThrow(NoBase);
  });

  test("a shallow clone is told how to become a whole one", () => {
    const folder = repository({ a: "1" });
    write(folder, { a: "2" });
    git(folder, "commit", "-q", "-am", "two");
    const clone = folderOf({});
    git(clone, "clone", "-q", "--depth", "1", `file://${folder}`, "it");
    expect(() => baseCommit(join(clone, "it"), "HEAD~1")).toThrow("git fetch --unshallow");
  });

  test("the command ends with 3 where there is nothing to compare with", { timeout: 60_000 }, () => {
    const program = fileURLToPath(new URL("../dist/check.js", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [program, "--base", "nowhere"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(stderr).toContain("bump:check: could not compare: there is no commit nowhere");
    expect(status).toBe(3);
  });
});

test.each(services)("the use of %s reads every field and calls every operation", (service) => {
  const bundle = bundleOf(service);
  const usage = usageOf(`@restorekit/${service}`, bundle);
  const ids = JSON.stringify(bundle).match(/"operationId":"\w+","summary"/g) ?? [];
  expect(ids.length).toBeGreaterThan(2);
  for (const id of ids) expect(usage).toContain(`client.${/:"(\w+)"/.exec(id)?.[1]}(`);
  expect(usage.match(/^take</gm)?.length).toBeGreaterThan(ids.length * 5);
});
