// Rehearses main.js against a cloud on this machine.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createEmulator, type Restore } from "@restorekit/emulator";

const cloud = createEmulator({ pace: { waitMs: 50, restoreMs: 500, rdsVisibleMs: 0 } });
const listener = await cloud.listen();
const [instance] = cloud.state.instances("huaweicloud-rds");
assert(instance);
const moment = new Date(Date.now() - 3_600_000);
const intents = mkdtempSync(join(tmpdir(), "intents-"));
const env = {
  ...process.env,
  HW_REGION_NAME: "cn-north-4",
  HW_ACCESS_KEY: cloud.credentials.ak,
  HW_SECRET_KEY: cloud.credentials.sk,
  HW_PROJECT_ID: cloud.credentials.projectId,
  RDS_ENDPOINT: listener.endpoint("huaweicloud-rds"),
  INSTANCE: instance.id,
  AT: moment.toISOString(),
  INTENTS: intents,
  POLL_MS: "100",
};

const main = fileURLToPath(new URL("main.js", import.meta.url));
const { stdout } = await promisify(execFile)(process.execPath, [main], { env, timeout: 60_000 });
console.log(stdout.trim());
assert.deepEqual(JSON.parse(stdout), { end: "succeeded", moment: moment.toISOString() });
const restored: Restore["from"][] = instance.restores.map(({ from }) => from);
assert.deepEqual(restored, [{ time: moment.getTime(), sourceInstance: instance.id }]);

await listener.close();
rmSync(intents, { recursive: true });
console.log("1 order, 1 restore, to the millisecond");
