// What the façade must allow and refuse. Compiled by types.test.ts; nothing here runs.
import {
  type Backup,
  huaweicloudGeminidb,
  huaweicloudRds,
  memoryIntents,
  opentelekomcloudDcs,
  restorekit,
  tencentcloudRedis,
} from "../../dist/index.js";

const redis = tencentcloudRedis({ region: "ap-guangzhou", credentials: { secretId: "", secretKey: "" } });
const dcs = opentelekomcloudDcs({ region: "eu-de", projectId: "p", credentials: { token: "" } });
const gemini = huaweicloudGeminidb({ region: "cn-north-4", projectId: "p", credentials: { ak: "", sk: "" } });
const rds = huaweicloudRds({ region: "cn-north-4", projectId: "p", credentials: { ak: "", sk: "" } });
const kit = restorekit({ intents: memoryIntents() });
const at = new Date();
declare const backup: Backup;
declare const some: string;

// What overwrites is repeated.
kit.restore(dcs, { instance: "i-1", overwrite: "i-1", from: { backup: "b" } });
kit.restore(dcs, { instance: "i-1", overwrite: "i-1", from: { backup } });
kit.restore(dcs, { instance: some, overwrite: some, from: { backup: "b" } });
// @ts-expect-error another instance than the one that is restored
kit.restore(dcs, { instance: "i-1", overwrite: "i-2", from: { backup: "b" } });
// @ts-expect-error nothing says that data will be lost
kit.restore(dcs, { instance: "i-1", from: { backup: "b" } });
// @ts-expect-error a flag is no confirmation
kit.restore(dcs, { instance: "i-1", overwrite: true, from: { backup: "b" } });

// DCS and Tencent restore backups.
kit.restore(redis, { instance: "i", overwrite: "i", from: { backup: "b" }, password: "p" });
// @ts-expect-error no point in time
kit.restore(dcs, { instance: "i", overwrite: "i", from: { at } });
// @ts-expect-error no point in time
kit.restore(redis, { instance: "i", overwrite: "i", from: { at } });
// @ts-expect-error one of the two
kit.restore(redis, { instance: "i", overwrite: "i", from: {} });
// @ts-expect-error only Tencent asks for a password
kit.restore(dcs, { instance: "i", overwrite: "i", from: { backup: "b" }, password: "p" });

// GeminiDB restores points in time.
kit.restore(gemini, { instance: "i", overwrite: "i", from: { at } });
kit.restore(gemini, { instance: "i", overwrite: "i", from: { at: "2026-01-05T10:00:00+08:00" } });
// @ts-expect-error no backup goes onto an existing Redis instance
kit.restore(gemini, { instance: "i", overwrite: "i", from: { backup: "b" } });
// @ts-expect-error a moment is no number
kit.restore(gemini, { instance: "i", overwrite: "i", from: { at: 1532001446987 } });

// RDS restores either, also of another instance.
kit.restore(rds, { instance: "i", overwrite: "i", from: { at } });
kit.restore(rds, { instance: "i", overwrite: "i", from: { backup: "b", instance: "j" }, databases: "all" });
// @ts-expect-error not both
kit.restore(rds, { instance: "i", overwrite: "i", from: { backup: "b", at } });
// @ts-expect-error only RDS restores from another instance
kit.restore(dcs, { instance: "i", overwrite: "i", from: { backup: "b", instance: "j" } });

// Times are listed where there are times.
kit.restorableTimes(gemini, "i", { from: at, to: at });
kit.restorableTimes(rds, "i", { from: at, to: at });
// @ts-expect-error DCS has none
kit.restorableTimes(dcs, "i", { from: at, to: at });
// @ts-expect-error Tencent has none
kit.restorableTimes(redis, "i", { from: at, to: at });

// A pre-flight takes the same, without the confirmation if you like.
kit.preflight(dcs, { instance: "i", from: { backup: "b" } });
kit.preflight(dcs, { instance: "i", overwrite: "i", from: { backup: "b" }, waive: ["instanceKind"] });
// @ts-expect-error without a readable task list nothing is restored
kit.preflight(dcs, { instance: "i", from: { backup: "b" }, waive: ["taskListReadable"] });
// @ts-expect-error no point in time
kit.preflight(dcs, { instance: "i", from: { at } });

// Outcomes are told apart; a deadline is obligatory.
const outcome = await kit.restore(dcs, { instance: "i", overwrite: "i", from: { backup: "b" } });
if (outcome.outcome === "accepted") outcome.task.wait({ deadline: at });
if (outcome.outcome === "unknown") outcome.next.trim();
// @ts-expect-error only an accepted restore has a task
outcome.task.wait({ deadline: at });
// @ts-expect-error no waiting without an end
if (outcome.outcome === "accepted") outcome.task.wait({});
// @ts-expect-error no waiting without an end
kit.wait(dcs, "intent", {});
