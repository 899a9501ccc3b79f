// The gate on the real workspace: changes planted in a copy, which is generated, built and judged as CI would.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judge } from "../src/gate/gate.js";
import { type PlantedCopy, plantedCopyOf } from "../src/prove/copy.js";
import { plantedBundle } from "../src/prove/plant.js";
import { plants } from "../src/prove/plants.js";
import { prove } from "../src/prove/prove.js";
import { compareBundles } from "../src/spec/compare.js";
import { build, publicPackages } from "../src/workspace.js";
import { bundleOf, root } from "./bundles.js";

test.each(plants)("the specs say that this is what it is: $title", async (plant) => {
  const { changes } = compareBundles(bundleOf(plant.service), await plantedBundle(root, plant));
  const rank = ["wording-only", "additive", "breaking"];
  expect(changes.map((change) => change.class).sort((a, b) => rank.indexOf(b) - rank.indexOf(a))[0]).toBe(plant.class);
  expect(changes.map(({ id }) => id)).toContain(plant.id);
});

describe("in a copy of the workspace", { timeout: 300_000 }, () => {
  let copy: PlantedCopy;
  beforeAll(() => {
    copy = plantedCopyOf(root);
  }, 300_000);
  afterAll(() => copy?.remove(), 300_000);

  const planted = (title: string) => {
    const plant = plants.find((one) => one.title === title);
    if (plant === undefined) throw new Error(`there is no plant ${title}`);
    return plant;
  };

  test("a harmless change passes as a patch", () => {
    expect(prove(copy, planted("response field added")).wrong).toEqual([]);
  });

  test("a breaking change fails as a patch, and the base's type tests do not compile", () => {
    expect(prove(copy, planted("field removed")).wrong).toEqual([]);
  });

  // The breaking change is still planted.
  test("without a changeset the command names the package and the files", () => {
    copy.changeset({});
    const { status, stdout } = check(copy.root);
    expect(stdout).toContain("✗ @restorekit/tencentcloud-redis 0.0.0: needs minor, there is no changeset");
    expect(stdout).toContain("    specs/tencentcloud-redis/describe-backup-detail.yaml\n");
    expect(stdout).toContain(
      "breaking     response-required-property-removed: describeBackupDetail response 200 Response.MemSize",
    );
    expect(stdout).toContain("breaking     type-test-failed: usage of @restorekit/tencentcloud-redis");
    expect(status).toBe(1);
  });

  test("declared right it passes", () => {
    copy.changeset({ "@restorekit/tencentcloud-redis": "minor" });
    const { status, stdout } = check(copy.root);
    expect(stdout).toContain("✓ @restorekit/tencentcloud-redis 0.0.0: needs minor, the changesets say minor");
    expect(status).toBe(0);
  });

  test("a manifest that promises less fails as a patch", () => {
    copy.reset();
    const file = join(copy.root, "packages/identity/package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    delete manifest.exports["./openapi.json"];
    writeFileSync(file, JSON.stringify({ ...manifest, engines: { node: ">=22" } }));
    copy.changeset({ "@restorekit/identity": "patch" });
    const { verdicts } = judge(copy.root, "main", () => {});
    const [identity] = verdicts;
    expect(identity).toMatchObject({ package: "@restorekit/identity", required: "minor", passed: false });
    expect(identity?.changes.map(({ id }) => id).sort()).toEqual(["engine-narrowed", "exports-entry-removed"]);
    copy.reset();
  });

  test("a changeset that breaks the release does not pass", () => {
    copy.reset();
    copy.changeset({ "@restorekit/bump": "patch", "@restorekit/identity": "major" });
    rmSync(join(copy.root, ".changeset/first-identity.md"));
    const { status, stdout } = check(copy.root);
    expect(stdout).toContain("✗ .changeset/planted.md: @restorekit/bump is private and never released\n");
    expect(stdout).toContain("✗ .changeset/planted.md: @restorekit/identity is 0.0.0: major would make it 1.0.0;");
    expect(stdout).toContain("✗ .changeset/first-identity.md: no longer says minor for @restorekit/identity");
    expect(status).toBe(1);
  });

  test("specs that were not generated from do not pass", () => {
    copy.reset();
    copy.plant({ ...planted("field removed"), service: "identity" });
    const { status, stdout } = check(copy.root);
    expect(stdout).toContain("the generated code does not follow from the specs");
    expect(status).toBe(1);
  });

  test("a harmless change of a spec hides nothing that the generator changed", () => {
    copy.reset();
    const edit = (name: string, from: string, to: string) => {
      const text = readFileSync(join(copy.root, name), "utf8");
      expect(text).toContain(from);
      writeFileSync(join(copy.root, name), text.replace(from, to));
    };
    // Of one client only: reading what each declares takes seconds.
    const closed = '...(codes.some((code) => code.startsWith("IAM.")) ? [] : ["(string & {})"])';
    edit("tools/codegen/src/emit/table.ts", ', "(string & {})"])};', `, ${closed}])};`);
    edit("specs/identity/shared.yaml", "x-errors:\n", "x-errors:\n  IAM.9999: { status: 400, meaning: New. }\n");
    const packages = publicPackages(copy.root);
    build(
      copy.root,
      packages.filter(({ name }) => name === "@restorekit/codegen"),
    );
    const args = ["tools/codegen/dist/generate.js", "specs", "--out", "packages/{service}/src/generated"];
    expect(spawnSync(process.execPath, args, { cwd: copy.root }).status).toBe(0);
    build(copy.root, packages);
    const { verdicts } = judge(copy.root, "main", () => {});
    const needs = Object.fromEntries(verdicts.map(({ package: name, required }) => [name, required]));
    expect(needs).toEqual({ "@restorekit/identity": "minor", "@restorekit/codegen": "minor" });
    const placesOf = (name: string) =>
      verdicts.find((one) => one.package === name)?.changes.map(({ class: kind, place }) => `${kind} ${place}`);
    const code = "@restorekit/identity/operations: type ServiceCode";
    expect(placesOf("@restorekit/identity")).toContain(`breaking ${code}`);
    expect(placesOf("@restorekit/codegen")).toContain(`breaking generated of @restorekit/identity: ${code}`);
  });
});

function check(folder: string) {
  const program = fileURLToPath(new URL("../dist/check.js", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "--base", "main"], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout: stdout + (status === 2 ? stderr : "") };
}
