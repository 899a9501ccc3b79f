// Rehearses main.ts against a cloud on this machine, with the permissions of `deno task start` and no other.
import assert from "node:assert/strict";
import { createEmulator } from "@restorekit/emulator";
import config from "./deno.json" with { type: "json" };

const cloud = createEmulator({ pace: { waitMs: 50, restoreMs: 500 } });
const [instance] = cloud.state.instances("opentelekomcloud-dcs");

Deno.test("restores the newest backup, once", async () => {
  await Deno.mkdir("intents", { recursive: true });
  const listener = await cloud.listen();
  const [, ...args] = config.tasks.start.replace(/--allow-net=\S+/, "--allow-net=127.0.0.1").split(" ");
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [...args],
    env: {
      OS_ACCESS_KEY: cloud.credentials.ak,
      OS_SECRET_KEY: cloud.credentials.sk,
      OS_PROJECT_ID: cloud.credentials.projectId,
      DCS_ENDPOINT: listener.endpoint("opentelekomcloud-dcs"),
      INSTANCE: instance.id,
      POLL_MS: "100",
    },
  }).output();
  const [said, complained] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  console.log(said.trim());

  assert.equal(code, 0, complained);
  assert.equal(said, `restoring ${instance.backups[0].id}\nsucceeded\n`);
  assert.equal(instance.restores.length, 1);
  await listener.close();
});
