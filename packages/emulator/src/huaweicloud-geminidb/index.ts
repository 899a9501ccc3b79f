import type { Emulation } from "../call.js";
import { listBackups, listBackupsV3 } from "./backups.js";
import { listInstances } from "./instances.js";
import { listJobs } from "./jobs.js";
import { listRedisPitrRestoreTime, restoreRedisPitr, setRedisPitrPolicy, showRedisPitrPolicy } from "./pitr.js";

export const huaweicloudGeminidb: Emulation = {
  name: "huaweicloud-geminidb",
  handlers: {
    listBackups,
    listBackupsV3,
    listInstances,
    listJobs,
    listRedisPitrRestoreTime,
    restoreRedisPitr,
    setRedisPitrPolicy,
    showRedisPitrPolicy,
  },
  failure: ({ code, message }, { requestId }) => ({
    error_code: code,
    error_msg: message,
    ...(code.startsWith("APIGW.") && { request_id: requestId }),
  }),
};
