// Restores an instance of Open Telekom Cloud DCS from its newest usable backup. Its intent is on disk: killed at any
// moment and started again, it carries on what it finds there, and restores nothing twice.
import { otcCredentials } from "@restorekit/core/node";
import { opentelekomcloudDcs, restorekit } from "restorekit";
import { fileIntents } from "restorekit/file";

const { INSTANCE: instance, INTENTS = "./intents", DCS_ENDPOINT: endpoint, POLL_MS = "10000" } = process.env;
if (!instance) {
  console.error("set INSTANCE to the id of the instance whose data are to be overwritten");
  process.exit(2);
}

const credentials = otcCredentials();
const { region = "eu-de", projectId } = await credentials.settings();
const dcs = opentelekomcloudDcs({ region, projectId, endpoint, credentials });
const intents = fileIntents(INTENTS);
const kit = restorekit({ intents });

const outcome = (await carryOn()) ?? (await begin());
if (outcome.outcome === "accepted") {
  const deadline = new Date(Date.now() + 3_600_000);
  const { end } = await outcome.task.wait({ deadline, intervalMs: Number(POLL_MS) });
  console.log(end);
  process.exitCode = end === "succeeded" ? 0 : 1;
} else {
  // rejected, notStarted or unknown: nothing is sent again by itself, and `next` says what to do.
  console.error(outcome.outcome, outcome.error?.message ?? "", outcome.next ?? "");
  process.exitCode = 1;
}

/** What an earlier run of this program has left open. */
async function carryOn() {
  for await (const found of intents.list({ target: `${dcs.scope}/${instance}`, open: true })) {
    if ("error" in found) throw found.error;
    console.log("carrying on", found.intent.id, "found", found.intent.state);
    return kit.resume(dcs, found.intent.id);
  }
}

async function begin() {
  const backups = await kit.listBackups(dcs, instance);
  for (const { id, startedAt, usable } of backups) {
    console.log("backup", id, startedAt?.toISOString() ?? "", usable ? "" : "not usable");
  }
  const backup = backups.find(({ usable }) => usable);
  if (!backup) throw new Error(`${instance} has no usable backup`);
  return kit.restore(dcs, { instance, from: { backup }, overwrite: instance });
}
