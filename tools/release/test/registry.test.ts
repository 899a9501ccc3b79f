import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { pack } from "../src/pack.js";
import { install, installedIn } from "../src/project.js";
import { startRegistry } from "../src/registry.js";
import { knownOf, probe } from "../src/remote.js";
import { publishSet } from "../src/send.js";
import { registryOf } from "../src/set.js";
import { folderWith, workspaceWith } from "./fixtures.js";
import { registryOrReason, useRegistry } from "./local-registry.js";

const { registry, reason } = await registryOrReason();
useRegistry(registry);
const dist = new URL("../dist/registry.js", import.meta.url).href;

const [yes, no] = [() => true, () => false];

describe.skipIf(registry === undefined)(`the local registry ${reason}`, { timeout: 60_000 }, async () => {
  const { url = "", npmrc = "" } = registry ?? {};

  const alone = process.env.CI !== "true" && !(await probe(await registryOf(undefined)).then(yes, no));
  const title = "gives what was published to it, and passes on what it is asked for besides";
  test.skipIf(alone)(alone ? `${title} skipped: there is no network` : title, async () => {
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

  test("never asks elsewhere for what is ours, so that an older one cannot slip in", async () => {
    const asked: string[] = [];
    const elsewhere = createServer(({ url = "" }, answer) => {
      asked.push(decodeURIComponent(url));
      answer.writeHead(404, { "content-type": "application/json" }).end("{}");
    }).listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    const before = process.env.npm_config_registry;
    process.env.npm_config_registry = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    const other = await startRegistry({ progress: () => {} });
    if (before === undefined) delete process.env.npm_config_registry;
    else process.env.npm_config_registry = before;
    for (const name of ["@restorekit/core", "restorekit", "openapi-fetch"]) await knownOf(other.url, name);
    await other.stop();
    elsewhere.close();
    expect(asked).toEqual(["/openapi-fetch"]);
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
    for (let tries = 0; tries < 50 && (await probe(its).then(yes, no)); tries++) await sleep(100);
    await expect(probe(its)).rejects.toThrow("cannot be reached");
  });
});
