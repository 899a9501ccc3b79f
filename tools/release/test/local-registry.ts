import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { lacksNetwork } from "../../workspace/network.mjs";
import { type Registry, startRegistry } from "../src/registry.js";
import { RunError } from "../src/run.js";

/** A registry for the tests of a file, and why there is none: the first start on a machine needs the network. */
export async function registryOrReason(): Promise<{ registry?: Registry; reason: string }> {
  try {
    return { registry: await startRegistry({ progress: () => {} }), reason: "" };
  } catch (error) {
    if (process.env.CI === "true" || !(error instanceof RunError) || !lacksNetwork(error.output)) throw error;
    return { reason: "skipped: there is no network to install verdaccio from" };
  }
}

/** Lets npm publish to it in this process, and ends it after the last test. */
export function useRegistry(registry: Registry | undefined) {
  const folder = mkdtempSync(join(tmpdir(), "restorekit-npmrc-"));
  const before = process.env.NPM_CONFIG_USERCONFIG;
  beforeAll(() => {
    writeFileSync(join(folder, ".npmrc"), registry?.npmrc ?? "");
    process.env.NPM_CONFIG_USERCONFIG = join(folder, ".npmrc");
  });
  afterAll(async () => {
    if (before === undefined) delete process.env.NPM_CONFIG_USERCONFIG;
    else process.env.NPM_CONFIG_USERCONFIG = before;
    rmSync(folder, { recursive: true });
    await registry?.stop();
  });
}
