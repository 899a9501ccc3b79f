// A restore of TencentDB for Redis, in CommonJS: `require` takes ES modules from Node 20.19 and 22.12 on.
const { restorekit, tencentcloudRedis } = require("restorekit");
const { fileIntents } = require("restorekit/file");

/**
 * Restores an instance from its newest usable backup and waits for the end.
 * @returns how it ended, and whether the task was named by the reply (`answered`) or found in the records (`reconciled`)
 */
async function restoreNewest({ instance, password, folder, region, endpoint, credentials, settleMs, intervalMs }) {
  const redis = tencentcloudRedis({ region, endpoint, credentials });
  const kit = restorekit({ intents: fileIntents(folder), settleMs, lookMs: intervalMs });

  const backup = (await kit.listBackups(redis, instance)).find(({ usable }) => usable);
  if (!backup) throw new Error(`${instance} has no usable backup`);

  const restore = await kit.restore(redis, { instance, from: { backup }, overwrite: instance, password });
  if (restore.outcome !== "accepted") return { end: restore.outcome, next: restore.next };
  const deadline = new Date(Date.now() + 3_600_000);
  const { end } = await restore.task.wait({ deadline, intervalMs });
  return { end, found: restore.intent.task.found, task: restore.task.id };
}

module.exports = { restoreNewest };
