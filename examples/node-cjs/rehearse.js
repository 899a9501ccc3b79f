// Rehearses main.js against a cloud on this machine that runs the restore and loses the reply.
const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { promisify } = require("node:util");
const { createEmulator } = require("@restorekit/emulator");

rehearse().catch((error) => {
  console.error(error);
  process.exit(1);
});

async function rehearse() {
  const cloud = createEmulator({ pace: { waitMs: 50, restoreMs: 1500 } });
  const listener = await cloud.listen();
  const [instance] = cloud.state.instances("tencentcloud-redis");
  instance.password = "its password";
  const intents = mkdtempSync(join(tmpdir(), "intents-"));
  const env = {
    ...process.env,
    TENCENTCLOUD_REGION: "ap-guangzhou",
    TENCENTCLOUD_SECRET_ID: cloud.credentials.secretId,
    TENCENTCLOUD_SECRET_KEY: cloud.credentials.secretKey,
    TENCENTCLOUD_REDIS_ENDPOINT: listener.endpoint("tencentcloud-redis"),
    INSTANCE: instance.id,
    INSTANCE_PASSWORD: instance.password,
    INTENTS: intents,
    SETTLE_MS: "500",
    POLL_MS: "100",
  };

  cloud.faults.next("restoreInstance", { kind: "dropAfter" }, { service: "tencentcloud-redis" });
  const { stdout } = await promisify(execFile)(process.execPath, ["main.js"], { env, timeout: 60_000 });
  console.log(stdout.trim());

  // The records of Tencent name nobody: the only new restore of the instance is ours.
  const result = JSON.parse(stdout);
  assert.deepEqual(result, { end: "succeeded", found: "reconciled", task: String(instance.restores[0].task.id) });
  assert.equal(instance.restores.length, 1);
  await listener.close();
  rmSync(intents, { recursive: true });
  console.log("1 order, 1 lost reply, 1 restore");
}
