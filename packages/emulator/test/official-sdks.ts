import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// They are 50 MB, and one of them asks for a core that was never published: kept out of the workspace's installation.

const PACKAGE = {
  private: true,
  dependencies: {
    "tencentcloud-sdk-nodejs": "4.1.313",
    "@huaweicloud/huaweicloud-sdk-gaussdbfornosql": "3.1.215",
    "@huaweicloud/huaweicloud-sdk-core": "3.1.211",
  },
  overrides: { "@huaweicloud/huaweicloud-sdk-core": "$@huaweicloud/huaweicloud-sdk-core" },
};

const folder = fileURLToPath(new URL("../node_modules/.cache/official-sdks", import.meta.url));
const done = join(folder, "installed.json");

/** Loads modules of the official SDKs, or says why it cannot. */
export async function officialSdks(): Promise<{ load(name: string): unknown } | { missing: string }> {
  if (!existsSync(done)) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), JSON.stringify(PACKAGE));
    const problem = await install();
    if (problem !== undefined) return { missing: `the official SDKs could not be installed: ${problem}` };
    await writeFile(done, JSON.stringify(PACKAGE.dependencies));
  }
  return { load: createRequire(join(folder, "package.json")) };
}

function install(): Promise<string | undefined> {
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock", "--fetch-retries=0"];
  return new Promise((resolve) => {
    const npm = spawn("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    let output = "";
    npm.stderr.on("data", (chunk) => {
      output += chunk;
    });
    npm.on("error", (error) => resolve(error.message));
    npm.on("close", (code) => {
      const line = output.split("\n").find((line) => line.includes("npm error"));
      resolve(code === 0 ? undefined : (line ?? `npm ended with ${code}`));
    });
  });
}
