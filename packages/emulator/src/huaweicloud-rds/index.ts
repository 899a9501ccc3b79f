import type { Emulation } from "../call.js";
import { createManualBackup, deleteManualBackup, listBackups } from "./backups.js";
import { listInstances } from "./instances.js";
import { listJobInfo, listTasks } from "./jobs.js";
import { listRestoreTimes, restoreExistInstance } from "./restore.js";

export const huaweicloudRds: Emulation = {
  name: "huaweicloud-rds",
  handlers: {
    createManualBackup,
    deleteManualBackup,
    listBackups,
    listInstances,
    listJobInfo,
    listRestoreTimes,
    listTasks,
    restoreExistInstance,
    restoreToExistingInstance: restoreExistInstance,
  },
  failure: ({ code, message }, { requestId }) => ({
    error_code: code,
    error_msg: message,
    ...(code.startsWith("APIGW.") && { request_id: requestId }),
  }),
};
