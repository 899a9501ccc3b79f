// Rehearses the Worker in workerd against a cloud on this machine.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createEmulator } from "@restorekit/emulator";

const cloud = createEmulator({ pace: { waitMs: 50, restoreMs: 500 } });
const listener = await cloud.listen();
const [instance] = cloud.state.instances("tencentcloud-redis");
instance.password = "its password";
const port = await freePort();
const worker = spawn("workerd", ["serve", "config.capnp", `--socket-addr=http=127.0.0.1:${port}`], {
  env: {
    ...process.env,
    TENCENTCLOUD_REGION: "ap-guangzhou",
    TENCENTCLOUD_SECRET_ID: cloud.credentials.secretId,
    TENCENTCLOUD_SECRET_KEY: cloud.credentials.secretKey,
    TENCENTCLOUD_REDIS_ENDPOINT: listener.endpoint("tencentcloud-redis"),
    WORKER_TOKEN: "rehearsal",
  },
  stdio: "inherit",
});

try {
  const { BackupSet } = await untilItListens(() => get(`backups/${instance.id}`));
  console.log("backups", BackupSet.map(({ BackupId }) => BackupId).join(", "));

  const order = { backup: BackupSet[0].BackupId, password: instance.password };
  const restore = await get(`restores/${instance.id}`, order);
  let task = await get(`tasks/${restore.TaskId}`);
  while (task.Status === "preparing" || task.Status === "running") {
    await new Promise((resolve) => setTimeout(resolve, 100));
    task = await get(`tasks/${restore.TaskId}`);
  }
  console.log("task", restore.TaskId, task.Status);
  assert.equal(task.Status, "succeed");

  cloud.faults.next("restoreInstance", { kind: "dropAfter" }, { service: "tencentcloud-redis" });
  const lost = await get(`restores/${instance.id}`, order);
  console.log("reply lost: executed", lost.executed);
  assert.equal(lost.executed, "maybe");
  assert.equal(instance.restores.length, 2);
} finally {
  worker.kill();
  await listener.close();
}
console.log("2 orders, 2 restores");

async function get(path, order) {
  const init = order ? { method: "POST", body: JSON.stringify(order) } : {};
  const url = `http://127.0.0.1:${port}/${path}`;
  const response = await fetch(url, { ...init, headers: { authorization: "Bearer rehearsal" } });
  return response.json();
}

async function untilItListens(ask) {
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 100 || worker.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}
