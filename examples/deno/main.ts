// Restores an instance of Open Telekom Cloud DCS from its newest usable backup, and waits for the end.
import { opentelekomcloudDcs, restorekit } from "restorekit";
import { fileIntents } from "restorekit/file";

const instance = need("INSTANCE");
const dcs = opentelekomcloudDcs({
  region: "eu-de",
  projectId: need("OS_PROJECT_ID"),
  endpoint: Deno.env.get("DCS_ENDPOINT"),
  credentials: { ak: need("OS_ACCESS_KEY"), sk: need("OS_SECRET_KEY") },
});
const kit = restorekit({ intents: fileIntents("intents") });

const backup = (await kit.listBackups(dcs, instance)).find(({ usable }) => usable);
if (!backup) throw new Error(`${instance} has no usable backup`);
console.log("restoring", backup.id);

const restore = await kit.restore(dcs, { instance, from: { backup }, overwrite: instance });
if (restore.outcome === "accepted") {
  const deadline = new Date(Date.now() + 3_600_000);
  const intervalMs = Number(Deno.env.get("POLL_MS") ?? 10_000);
  const { end } = await restore.task.wait({ deadline, intervalMs });
  console.log(end);
  Deno.exitCode = end === "succeeded" ? 0 : 1;
} else {
  console.error(restore.outcome, "next" in restore ? restore.next : "");
  Deno.exitCode = 1;
}

function need(name: string): string {
  const value = Deno.env.get(name);
  if (value) return value;
  console.error(`set ${name}`);
  Deno.exit(2);
}
