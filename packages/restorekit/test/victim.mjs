// Restores, and kills itself at a transition: before it is stored, or after.

import { fileIntents } from "../dist/file/index.js";
import {
  huaweicloudGeminidb,
  huaweicloudRds,
  opentelekomcloudDcs,
  restorekit,
  tencentcloudRedis,
} from "../dist/index.js";

const adapters = { huaweicloudGeminidb, huaweicloudRds, opentelekomcloudDcs, tencentcloudRedis };

const { folder, adapter, options, order, state, when } = JSON.parse(process.argv[2]);
const files = fileIntents(folder);

const dying = (work) => async (intent, version) => {
  const due = intent.state === state;
  if (due && when === "before") process.kill(process.pid, "SIGKILL");
  const stored = await work(intent, version);
  if (due && when === "after") process.kill(process.pid, "SIGKILL");
  return stored;
};

const intents = { ...files, create: dying(files.create), update: dying(files.update) };
const kit = restorekit({ intents, lookMs: 20 });
// In the middle of a write, with luck: the parent kills at a moment of its own.
process.stdout.write("ready\n");
const outcome = await kit.restore(adapters[adapter](options), order);
if (outcome.outcome === "accepted") {
  await outcome.task.wait({ deadline: new Date(Date.now() + 20_000), intervalMs: 20 });
}
