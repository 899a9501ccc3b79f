// A function that begins a restore of Huawei Cloud RDS, and one invocation later tells how far it is. What it answers is
// for its caller to keep: the function has no disk of its own, so its intents end with it.
import { createClient } from "@restorekit/huaweicloud-rds";
import { huaweicloudRds, memoryIntents, restorekit } from "restorekit";

const { HW_REGION_NAME: region, HW_PROJECT_ID: projectId, RDS_ENDPOINT: endpoint } = process.env;
const cloud = {
  region,
  projectId,
  endpoint,
  credentials: { ak: process.env.HW_ACCESS_KEY, sk: process.env.HW_SECRET_KEY },
};
const rds = huaweicloudRds(cloud);

/**
 * `{ instance, overwrite }` begins a restore from the newest backup; `{ job }` looks after it.
 *
 * Nothing is thrown once it may have been sent: an invocation that fails is repeated by the platform.
 */
export async function handler(event) {
  if ("job" in event) {
    const { job } = await createClient(cloud).listJobInfo({ id: event.job });
    return { job: event.job, status: job?.status ?? "not listed yet", progress: job?.process };
  }
  const { instance, overwrite } = event;
  // The records have a minute to show a restore whose reply was lost: give the function five.
  const kit = restorekit({
    intents: memoryIntents(),
    settleMs: 60_000,
    audit: (line) => console.log(JSON.stringify(line)),
  });
  const backup = (await kit.listBackups(rds, instance)).find(({ usable }) => usable);
  if (!backup) return { outcome: "notStarted", next: `${instance} has no usable backup` };
  const restore = await kit.restore(rds, { instance, from: { backup }, overwrite });
  switch (restore.outcome) {
    case "accepted":
      return { outcome: restore.outcome, job: restore.task.id, backup: backup.id };
    case "unknown":
      return { outcome: restore.outcome, next: restore.next };
    default:
      return { outcome: restore.outcome, error: restore.error?.message };
  }
}
