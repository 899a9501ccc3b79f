export type { Adapter, Findings, Sighting, Subject, TimedAdapter } from "./adapter.js";
export { type HuaweicloudGeminidbOptions, huaweicloudGeminidb } from "./adapters/huaweicloud-geminidb.js";
export {
  type FromRds,
  type HuaweicloudRdsExtra,
  type HuaweicloudRdsOptions,
  huaweicloudRds,
} from "./adapters/huaweicloud-rds.js";
export { type OpentelekomcloudDcsOptions, opentelekomcloudDcs } from "./adapters/opentelekomcloud-dcs.js";
export {
  type TencentcloudRedisExtra,
  type TencentcloudRedisOptions,
  tencentcloudRedis,
} from "./adapters/tencentcloud-redis.js";
export type { AuditLine } from "./context.js";
export { RestoreError, type RestoreProblem, StoreError, type StoreProblem } from "./errors.js";
export { FORMAT, type Intent, isIntent, isOpen, type Source, type State, TRANSITIONS, targetKey } from "./intent.js";
export { type Restorekit, type RestorekitOptions, restorekit, type Stoppable } from "./kit.js";
export { memoryIntents } from "./memory.js";
export type {
  Backup,
  Check,
  CheckName,
  End,
  FromBackup,
  FromTime,
  Instant,
  Outcome,
  Preflight,
  Progress,
  RestorableWindow,
  RestorePoint,
  RestoreTask,
  WaitOptions,
} from "./model.js";
export type { Waivable } from "./preflight.js";
export type { IntentFilter, IntentStore, Lease, Stored, Unreadable } from "./store.js";
export type { Order } from "./submit.js";
