import type { Emulation } from "../call.js";
import {
  cloneInstances,
  describeAutoBackupConfig,
  describeBackupDetail,
  describeInstanceBackups,
  manualBackupInstance,
} from "./backups.js";
import { describeInstances } from "./instances.js";
import { restoreInstance } from "./restore.js";
import { describeTaskInfo, describeTaskList } from "./tasks.js";

/** Every error comes with HTTP 200. */
export const tencentcloudRedis: Emulation = {
  name: "tencentcloud-redis",
  handlers: {
    cloneInstances,
    describeAutoBackupConfig,
    describeBackupDetail,
    describeInstanceBackups,
    describeInstances,
    describeTaskInfo,
    describeTaskList,
    manualBackupInstance,
    restoreInstance,
  },
  failure: ({ code, message }, { requestId }) => ({
    Response: { Error: { Code: code, Message: message }, RequestId: requestId },
  }),
};
