// What does not compile. Nothing here runs: `@ts-expect-error` fails the build where the next line would be accepted.
import { createClient } from "@restorekit/huaweicloud-rds";
import {
  huaweicloudGeminidb,
  huaweicloudRds,
  memoryIntents,
  opentelekomcloudDcs,
  restorekit,
  tencentcloudRedis,
} from "restorekit";

const keys = { ak: "", sk: "" };
const dcs = opentelekomcloudDcs({ region: "eu-de", projectId: "p", credentials: keys });
const gemini = huaweicloudGeminidb({ region: "cn-north-4", projectId: "p", credentials: keys });
const rds = huaweicloudRds({ region: "cn-north-4", projectId: "p", credentials: keys });
const redis = tencentcloudRedis({ region: "ap-guangzhou", credentials: { secretId: "", secretKey: "" } });
const kit = restorekit({ intents: memoryIntents() });
const client = createClient({ region: "cn-north-4", projectId: "p", credentials: keys });
const at = new Date();

export async function refused() {
  // @ts-expect-error DCS restores backups, not moments
  await kit.restore(dcs, { instance: "i", overwrite: "i", from: { at } });
  // @ts-expect-error GeminiDB restores moments, not backups
  await kit.restore(gemini, { instance: "i", overwrite: "i", from: { backup: "b" } });
  // @ts-expect-error one or the other
  await kit.restore(rds, { instance: "i", overwrite: "i", from: { backup: "b", at } });
  // @ts-expect-error another instance than the one that is restored
  await kit.restore(dcs, { instance: "i", overwrite: "j", from: { backup: "b" } });
  // @ts-expect-error nothing says that data will be lost
  await kit.restore(dcs, { instance: "i", from: { backup: "b" } });
  // @ts-expect-error only Tencent asks for a password
  await kit.restore(dcs, { instance: "i", overwrite: "i", from: { backup: "b" }, password: "p" });
  // @ts-expect-error Tencent lists no restorable moments
  await kit.restorableTimes(redis, "i", { from: at, to: at });
  // @ts-expect-error keys of another vendor
  tencentcloudRedis({ region: "ap-guangzhou", credentials: keys });

  // @ts-expect-error not one of the documented kinds of backup
  await client.listBackups({ instance_id: "i", backup_type: "monthly" });
  // @ts-expect-error instance_id is required
  await client.listBackups({ backup_type: "auto" });
  // @ts-expect-error a moment is milliseconds since 1970
  await client.restoreExistInstance({ source: { instance_id: "i", type: "timestamp", restore_time: "now" }, target });
  // @ts-expect-error a backup has an id
  await client.restoreExistInstance({ source: { instance_id: "i", type: "backup" }, target });

  const restore = await kit.restore(dcs, { instance: "i", overwrite: "i", from: { backup: "b" } });
  // @ts-expect-error only an accepted restore has a task
  await restore.task.wait({ deadline: at });
  // @ts-expect-error waiting without end
  if (restore.outcome === "accepted") await restore.task.wait({});
}

const target = { instance_id: "i" };
