import assert from "node:assert/strict";
import { type CallError, paginate, waitForTask } from "@restorekit/core";
import { startCloud } from "./cloud.js";
import { createClient, operations } from "./generated/opentelekomcloud-cbr/client.js";

const keys = { ak: "example-access-key", sk: "example-secret-key" };
const cloud = await startCloud(keys);
// Against the cloud itself: a region, keys from the environment, and no endpoint.
const options = { region: "eu-de", projectId: "f841e01fd2b14e7fa41b6ae7aa6b0594", endpoint: cloud.endpoint };
const cbr = createClient({ ...options, credentials: keys });

const backup_id = "a5200268-74a5-4806-acc6-95793ab0228b";
const server_id = "94eba8b2-acc9-4d82-badc-127144cc5526";
const restore = { server_id, mappings: [] };

// With another secret the signature is another one, and nothing runs.
const stranger = createClient({ ...options, credentials: { ...keys, sk: "something-else" } });
const refused = await stranger.restoreBackup({ backup_id, restore }).catch((error: CallError) => error);
assert(refused instanceof Error);
console.log(`with a wrong key: ${refused.message}, executed: ${refused.executed}`);

// The answer is lost. Overwriting is not repeated: the error says that it may have run.
const lost = await cbr.restoreBackup({ backup_id, restore }).catch((error: CallError) => error);
assert(lost instanceof Error);
console.log(`with a lost answer: ${lost.message} executed: ${lost.executed}`);
assert.equal(lost.executed, "maybe");

// So look, where the vendor says that restores are listed, and wait for what is found.
const filter = { operation_type: "restore", resource_id: server_id } as const;
for await (const task of paginate(operations.listOpLogs, cbr.listOpLogs, filter)) {
  assert(task.id);
  if (task.extra_info?.restore?.backup_id !== backup_id) continue;
  const deadline = new Date(Date.now() + 60_000);
  const { end } = await waitForTask(operations.listOpLogs, cbr.listOpLogs, filter, { id: task.id, deadline });
  console.log(`task found ${task.status}, ended: ${end}`);
}

const restores = cloud.received.filter((line) => line.startsWith("POST"));
console.log(`requests to restore: ${restores.length}`);
assert.equal(restores.length, 1);
cloud.close();
