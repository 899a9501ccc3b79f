import { type Call, forced, lock, type Reply, startRestore } from "../call.js";
import { backupInUse, backupPhase } from "../state.js";
import { findInstance, refuse, respond } from "./common.js";
import { statusOf } from "./instances.js";
import { newTaskId } from "./tasks.js";

export function restoreInstance(call: Call): Reply {
  const { BackupId, Password } = call.body as { BackupId: string; Password?: string };
  const instance = findInstance(call);
  const backup = call.state.findBackup("tencentcloud-redis", BackupId);
  if (!backup || backupPhase(backup, call.now) === "deleted") {
    throw refuse("InvalidParameterValue.BackupNotExists", `backup ${BackupId} does not exist`);
  }
  if (instance.password !== undefined && instance.password !== Password) {
    throw refuse("InvalidParameterValue.PasswordError", "the password of the instance is wrong");
  }
  const task = lock(call, instance);
  if (task) throw refuse("ResourceUnavailable.InstanceLockedError", "Redis has been locked by another process");
  if (typeof instance.status === "number" && statusOf(instance, call.now) !== 2) {
    throw refuse("ResourceUnavailable.InstanceStatusAbnormal", "the status of the instance is abnormal");
  }
  if (backupInUse(backup, call.now) && !forced(call)) {
    throw refuse("ResourceUnavailable.BackupLockedError", "backup has been locked by another task");
  }
  if (backupPhase(backup, call.now) !== "complete") {
    throw refuse("ResourceUnavailable.BackupStatusAbnormal", "the status of the backup is abnormal");
  }
  if (backup.sizeBytes > instance.sizeMb * 1024 ** 2) {
    throw refuse("ResourceUnavailable.BackupSpecError", "the instance is too small for the backup");
  }

  const { id } = startRestore(
    call,
    { instance, backup, id: newTaskId(call), failure: { code: "failed", text: "the data could not be loaded" } },
    { backup: backup.id, sourceInstance: backup.instance.id },
  );
  return respond({ TaskId: Number(id) });
}
