// Invokes the bundle as the platform does, alone in an empty folder, against a cloud on this machine.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { createEmulator } from "@restorekit/emulator";

const cloud = createEmulator({ pace: { waitMs: 50, restoreMs: 1500, rdsVisibleMs: 0 } });
const listener = await cloud.listen();
const [instance] = cloud.state.instances("huaweicloud-rds");
const task = mkdtempSync(join(tmpdir(), "lambda-"));
copyFileSync("dist/index.mjs", join(task, "index.mjs"));
const bundle = readFileSync("dist/index.mjs");
console.log(`index.mjs: ${bundle.length} bytes, ${gzipSync(bundle, { level: 9 }).length} gzipped`);

const begun = await invoke({ instance: instance.id, overwrite: instance.id });
assert.equal(begun.outcome, "accepted");
let seen;
do {
  await new Promise((resolve) => setTimeout(resolve, 500));
  seen = await invoke({ job: begun.job });
} while (seen.status === "Running");
assert.equal(seen.status, "Completed");
assert.equal(instance.restores.length, 1);

await listener.close();
rmSync(task, { recursive: true });
console.log("1 order, 1 restore");

/** One invocation in a process of its own: nothing is remembered from one to the next. */
async function invoke(event) {
  console.log("event ", JSON.stringify(event));
  const program = `
    import { handler } from "./index.mjs";
    // As on the platform, what the function logs is not its result.
    console.log = console.error;
    process.stdout.write(JSON.stringify(await handler(${JSON.stringify(event)})));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: task,
    env: {
      HW_REGION_NAME: "cn-north-4",
      HW_ACCESS_KEY: cloud.credentials.ak,
      HW_SECRET_KEY: cloud.credentials.sk,
      HW_PROJECT_ID: cloud.credentials.projectId,
      RDS_ENDPOINT: listener.endpoint("huaweicloud-rds"),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const result = await text(child.stdout);
  console.log("result", result);
  return JSON.parse(result);
}
