export type { Again } from "./carry.js";
export type { Pace } from "./pace.js";
export {
  type Adapters,
  PLAN_FORMAT,
  type Plan,
  type PlanEntry,
  PlanError,
  type ReadPlanOptions,
  readPlan,
} from "./plan.js";
export type { FleetEnd, FleetEvent, FleetItem, FleetReport, FleetTally } from "./report.js";
export { type FleetOptions, runPlan } from "./run.js";
export { shardedIntents } from "./shards.js";
export type { LineProblem } from "./tree.js";
export type { YamlPackage } from "./yaml.js";
