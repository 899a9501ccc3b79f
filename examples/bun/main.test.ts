// Rehearses main.ts against a cloud on this machine.
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmulator } from "@restorekit/emulator";

const cloud = createEmulator({ pace: { waitMs: 50, restoreMs: 500 } });
const listener = await cloud.listen();
const [instance] = cloud.state.instances("huaweicloud-geminidb");
// Four points; the next one comes in ten minutes.
instance.pitr = { enabled: true, intervalMinutes: 20, keepDays: 1, since: Date.now() - 90 * 60_000 };
const intents = mkdtempSync(join(tmpdir(), "intents-"));
const env = {
  ...process.env,
  HW_REGION_NAME: "cn-north-4",
  HW_ACCESS_KEY: cloud.credentials.ak,
  HW_SECRET_KEY: cloud.credentials.sk,
  HW_PROJECT_ID: cloud.credentials.projectId,
  GEMINIDB_ENDPOINT: listener.endpoint("huaweicloud-geminidb"),
  INSTANCE: instance.id,
  INTENTS: intents,
  POLL_MS: "100",
};

afterAll(async () => {
  await listener.close();
  rmSync(intents, { recursive: true });
});

test("restores the newest point, once", async () => {
  const { code, said } = await run();
  console.log(said.trim());
  expect(said).toMatch(/^4 points, the newest \S+Z\nsucceeded\n$/);
  expect(code).toBe(0);
  expect(instance.restores).toHaveLength(1);
}, 30_000);

test("started again for the same point, it restores nothing", async () => {
  const { code, complained } = await run();
  expect(complained).toContain("unfinished");
  expect(code).toBe(1);
  expect(instance.restores).toHaveLength(1);
}, 30_000);

async function run() {
  const child = Bun.spawn([process.execPath, "main.ts"], { env, stdout: "pipe", stderr: "pipe" });
  const [said, complained] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, said, complained };
}
