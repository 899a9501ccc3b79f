import type { Emulation } from "../call.js";
import { copyInstance, deleteBackupFile, listBackupRecords } from "./backups.js";
import { isV1 } from "./common.js";
import { listInstances, showInstance } from "./instances.js";
import { listRestoreRecords, restoreInstance } from "./restore.js";

/** Both versions of the API; a handler asks the call which one it is. */
export const opentelekomcloudDcs: Emulation = {
  name: "opentelekomcloud-dcs",
  handlers: {
    copyInstance,
    copyInstanceV1: copyInstance,
    deleteBackupFile,
    deleteBackupFileV1: deleteBackupFile,
    listBackupRecords,
    listBackupRecordsV1: listBackupRecords,
    listInstances,
    listInstancesV1: listInstances,
    listRestoreRecords,
    listRestoreRecordsV1: listRestoreRecords,
    restoreInstance,
    restoreInstanceV1: restoreInstance,
    showInstance,
    showInstanceV1: showInstance,
  },
  failure({ code, message }, { operation, requestId }) {
    if (code.startsWith("APIGW.")) return { error_code: code, error_msg: message, request_id: requestId };
    // What v1.0 is documented to send is not what was seen of it.
    if (operation && isV1(operation)) return { error: { code, message, ext_message: null } };
    return { error_code: code, error_msg: message, error_ext_msg: null };
  },
};
