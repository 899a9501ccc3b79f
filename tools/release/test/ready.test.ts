// What is released by mistake stays on the registry. The commands are run from their sources, as in the workflow's job,
// in a workspace where they are the only tool.

import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ended } from "../src/run.js";
import { commit, type Fixture, workspaceWith } from "./fixtures.js";

async function workspace(fixture: Partial<Fixture>, changeset?: string) {
  const folder = await workspaceWith([{ name: "@restorekit/ready", ...fixture }]);
  const release = join(import.meta.dirname, "..");
  for (const part of ["src", "packing.cjs", "package.json"]) {
    cpSync(join(release, part), join(folder, "tools/release", part), { recursive: true });
  }
  mkdirSync(join(folder, ".changeset"));
  writeFileSync(join(folder, ".changeset/README.md"), "How to write one.\n");
  if (changeset) writeFileSync(join(folder, ".changeset", changeset), '---\n"@restorekit/ready": patch\n---\n\nIt.\n');
  await commit(folder, "ready");
  return folder;
}

/** Notes every request, and has no package. */
async function emptyRegistry() {
  const asked: string[] = [];
  const server = createServer(({ method, url }, answer) => {
    asked.push(`${method} ${url}`);
    answer.writeHead(url === "/-/ping" ? 200 : 404).end("{}");
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

const start = (folder: string, command: string, ...args: string[]) => {
  return ended([process.execPath, `tools/release/src/${command}.ts`, ...args], { cwd: folder });
};

const NEVER = "no version was given to @restorekit/ready: 0.0.0 is not released. Add a changeset for each\n";
const WAITING = /^release:\w+: 1 changesets wait \(brave-cat\.md\): merge the "Version packages" commit first/;

describe("nothing is released", { timeout: 30_000 }, () => {
  test("by release:pack while changesets wait", async () => {
    const folder = await workspace({}, "brave-cat.md");
    const { code, output } = await start(folder, "pack-set", "--out", "release");
    expect({ code, there: existsSync(join(folder, "release")) }).toEqual({ code: 1, there: false });
    expect(output).toMatch(WAITING);
  });

  test("by release:publish while changesets wait, whether it packs or not", async () => {
    const folder = await workspace({}, "brave-cat.md");
    const { asked, url } = await emptyRegistry();
    for (const from of [[], ["--from", "release"]]) {
      const { code, output } = await start(folder, "publish", "--registry", url, ...from);
      expect(code).toBe(1);
      expect(output).toMatch(WAITING);
    }
    expect(asked).toEqual([]);
  });

  test("that was never given a version", async () => {
    const folder = await workspace({ version: "0.0.0" });
    const { asked, url } = await emptyRegistry();
    const published = await start(folder, "publish", "--registry", url);
    expect(published).toMatchObject({ code: 1, output: `release:publish: ${NEVER}` });
    expect(asked).toEqual(["GET /-/ping"]);
    const packed = await start(folder, "pack-set", "--out", "release");
    expect(packed).toMatchObject({ code: 1, output: `release:pack: ${NEVER}` });
    expect(existsSync(join(folder, "release/release.json"))).toBe(false);
  });

  test("by release:verify's word while the tree is not the commit", async () => {
    const folder = await workspace({});
    const { url } = await emptyRegistry();
    writeFileSync(join(folder, "packages/ready/index.js"), "export const x = 2;\n");
    const { code, stdout, output } = await start(folder, "verify", "--registry", url);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(output).toContain("release:verify: commit or put aside first what is not in the commit:\n M packages/ready");
  });

  test("but what has its version and waits for nothing is packed", async () => {
    const folder = await workspace({ version: "0.1.0" });
    const { code, output } = await start(folder, "pack-set", "--out", "release");
    expect(code, output).toBe(0);
    expect(existsSync(join(folder, "release/release.json"))).toBe(true);
  });
});
