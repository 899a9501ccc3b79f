import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lacksNetwork } from "../network.mjs";
import { createRoot } from "./root.js";

test("npm start without a network says so before npm's own words", () => {
  const root = createRoot({
    "package.json": JSON.stringify({
      devEngines: { packageManager: { name: "pnpm", version: "12.21.0", onFail: "ignore" } },
    }),
    "pnpm-lock.yaml": "",
    "pnpm-workspace.yaml": "",
  });
  const env = { ...process.env, npm_config_offline: "true", npm_config_cache: join(root, "cache") };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "tools/workspace/start.mjs")], {
    encoding: "utf8",
    env,
  });
  expect(status).toBe(1);
  const lines = stdout.split("\n").filter((line) => line !== "");
  expect(lines[2]).toMatch(/^There is no network: the npm registry is not reachable/);
  expect(lines.slice(3).join("\n")).toContain("ENOTCACHED");
  expect(stderr).toContain("install failed (exit 1); nothing after it was run.");
});

test.each([
  ["npm error code ENOTFOUND\nnpm error network request to https://registry.example/pnpm failed", true],
  ["npm error code EAI_AGAIN", true],
  ["ERR_PNPM_META_FETCH_FAIL  GET https://registry.example/x: getaddrinfo", true],
  ["ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with frozen-lockfile", false],
  ["npm error code E404", false],
])("%j", (output, want) => {
  expect(lacksNetwork(output)).toBe(want);
});
