import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { pack } from "../src/pack.js";
import { install, installedIn } from "../src/project.js";
import { probe } from "../src/remote.js";
import { publishSet } from "../src/send.js";
import { folderWith, workspaceWith } from "./fixtures.js";
import { registryOrReason, useRegistry } from "./local-registry.js";

const { registry, reason } = await registryOrReason();
useRegistry(registry);
const dist = new URL("../dist/registry.js", import.meta.url).href;

describe.skipIf(registry === undefined)(`the local registry ${reason}`, { timeout: 60_000 }, () => {
  const { url = "", npmrc = "" } = registry ?? {};

  test("gives what was published to it, and passes on what it is asked for besides", async () => {
    const workspace = await workspaceWith([{ name: "@restorekit/served" }]);
    const manifest = join(workspace, "packages/served/package.json");
    const dependencies = { "openapi-fetch": "0.17.0" };
    writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, "utf8")), dependencies }));
    await publishSet(url, await pack(workspace, folderWith({})), () => {});
    const project = join(folderWith({}), "project");
    await install(project, { "@restorekit/served": "latest" }, npmrc);
    const names = installedIn(project).map(({ name, version }) => `${name}@${version}`);
    expect(names).toEqual(expect.arrayContaining(["@restorekit/served@0.1.0", "openapi-fetch@0.17.0"]));
  });

  test("never passes on what is ours, so that an older one cannot slip in", async () => {
    const { status } = await fetch(new URL("@restorekit%2fnever-published", url));
    expect(status).toBe(404);
  });

  test("ends with the process that started it, even if that is killed", async () => {
    const program = `const { startRegistry } = await import(${JSON.stringify(dist)});
      console.log((await startRegistry({ progress() {} })).url);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const its = await new Promise<string>((resolve) => child.stdout.once("data", (text) => resolve(`${text}`.trim())));
    await probe(its);
    child.kill("SIGKILL");
    for (
      let tries = 0;
      tries < 50 &&
      (await probe(its).then(
        () => true,
        () => false,
      ));
      tries++
    )
      await sleep(100);
    await expect(probe(its)).rejects.toThrow("cannot be reached");
  });
});
