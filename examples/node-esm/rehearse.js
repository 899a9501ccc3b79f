// Rehearses main.js against a cloud on this machine: once undisturbed, and once killed while its restore is on the way.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmulator } from "@restorekit/emulator";

const cloud = createEmulator({ pace: { waitMs: 50, restoreMs: 500 } });
const listener = await cloud.listen();
const [instance] = cloud.state.instances("opentelekomcloud-dcs");
const intents = mkdtempSync(join(tmpdir(), "intents-"));
const env = {
  ...process.env,
  OS_ACCESS_KEY: cloud.credentials.ak,
  OS_SECRET_KEY: cloud.credentials.sk,
  OS_PROJECT_ID: cloud.credentials.projectId,
  DCS_ENDPOINT: listener.endpoint("opentelekomcloud-dcs"),
  INSTANCE: instance.id,
  INTENTS: intents,
  POLL_MS: "100",
};

console.log("— undisturbed");
assert.deepEqual(await run().ended, { code: 0, signal: null });
assert.equal(instance.restores.length, 1);

console.log("— killed before the reply comes");
cloud.faults.next("restoreInstance", { kind: "slow", ms: 60_000 }, { service: "opentelekomcloud-dcs" });
const victim = run();
while (instance.restores.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
victim.child.kill("SIGKILL");
assert.deepEqual(await victim.ended, { code: null, signal: "SIGKILL" });

console.log("— started again");
const second = run();
assert.deepEqual(await second.ended, { code: 0, signal: null });
assert.match(second.said(), /^carrying on \S+ found submitting$/m);
assert.equal(instance.restores.length, 2, "the restore was sent a second time");

await listener.close();
rmSync(intents, { recursive: true });
console.log("2 orders, 1 kill, 2 restores");

function run() {
  const child = spawn(process.execPath, ["main.js"], { env, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
    process.stdout.write(chunk);
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  return { child, ended, said: () => said };
}
