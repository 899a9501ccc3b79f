// What the generated types must allow and refuse. Compiled by types.test.ts; nothing here runs.
import { ApiError } from "@restorekit/core";
import { createClient as geminidb } from "@restorekit/huaweicloud-geminidb";
import { createClient as rds } from "@restorekit/huaweicloud-rds";
import type { RestoreExistInstanceInput } from "@restorekit/huaweicloud-rds/operations";
import { createClient as dcs } from "@restorekit/opentelekomcloud-dcs";
import { createClient as redis } from "@restorekit/tencentcloud-redis";
import type { DescribeInstanceBackupsResult, RestoreInstanceCode } from "@restorekit/tencentcloud-redis/operations";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(_?: T) => {};

const redisClient = redis({ credentials: { secretId: "", secretKey: "" } });
const dcsClient = dcs({ credentials: { token: "" } });
const geminiClient = geminidb({ credentials: { ak: "", sk: "" } });
const rdsClient = rds({ credentials: { ak: "", sk: "" } });

// Required fields.
redisClient.restoreInstance({ InstanceId: "crs-1", BackupId: "b" });
// @ts-expect-error BackupId is required
redisClient.restoreInstance({ InstanceId: "crs-1" });
// @ts-expect-error a backup id of digits is text: it does not fit a number
redisClient.restoreInstance({ InstanceId: "crs-1", BackupId: 678362566696298 });
// @ts-expect-error no such input
redisClient.restoreInstance({ InstanceId: "crs-1", BackupId: "b", Passwort: "x" });
dcsClient.restoreInstance({ instance_id: "i", backup_id: "b" });
// @ts-expect-error the instance is required
dcsClient.restoreInstance({ backup_id: "b" });
geminiClient.restoreRedisPitr({ instance_id: "i", restore_time: "2022-06-01T18:50:20+0800" });
// @ts-expect-error the point in time is text with its offset
geminiClient.restoreRedisPitr({ instance_id: "i", restore_time: 1654080620000 });

// Results are unwrapped and typed.
redisClient
  .restoreInstance({ InstanceId: "", BackupId: "" })
  .then(({ TaskId }) => holds<Equal<typeof TaskId, number>>());
rdsClient.restoreToExistingInstance({ source: { instance_id: "a", backup_id: "b" }, target: { instance_id: "a" } });

// The source of a recovery is a union: a backup, or a point in time.
const target = { instance_id: "a" };
const source = (given: RestoreExistInstanceInput["source"]) =>
  rdsClient.restoreExistInstance({ source: given, target });
source({ instance_id: "a", backup_id: "b" });
source({ instance_id: "a", type: "backup", backup_id: "b" });
source({ instance_id: "a", type: "timestamp", restore_time: 1532001446987 });
// @ts-expect-error a point in time names its type
source({ instance_id: "a", restore_time: 1532001446987 });
// @ts-expect-error a time is not a backup
source({ instance_id: "a", type: "timestamp", backup_id: "b" });
// @ts-expect-error neither a backup nor a time
source({ instance_id: "a" });

// Value lists are open in answers and closed in requests.
declare const answer: DescribeInstanceBackupsResult;
const backup = answer.BackupSet[0];
if (backup) {
  const status: number = backup.Status;
  if (backup.Status === 77) holds<Equal<typeof status, number>>();
}
rdsClient.listInstances({ datastore_type: "MySQL" });
// @ts-expect-error not a documented engine
rdsClient.listInstances({ datastore_type: "Oracle" });

// Error codes are those of the operation, and open.
redisClient
  .restoreInstance({ InstanceId: "", BackupId: "" })
  .settled()
  .then((end) => {
    if (end.ok || !(end.error instanceof ApiError)) return;
    const code: RestoreInstanceCode = end.error.code;
    if (code === "ResourceUnavailable.InstanceLockedError" || code === "SomethingNew") return;
  });

// The raw client knows the bundle's paths.
redisClient.http.POST("/#Action=RestoreInstance", { body: { InstanceId: "", BackupId: "" } }).then(({ data }) => {
  const task: number | undefined = data?.Response.TaskId;
  return task;
});
// @ts-expect-error no such path
redisClient.http.POST("/#Action=DropInstance", {});
