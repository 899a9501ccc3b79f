// Takes a GeminiDB Redis instance back to the newest of its listed points in time, and waits for the end.
import { huaweicloudGeminidb, type Progress, restorekit } from "restorekit";
import { fileIntents } from "restorekit/file";

const { env } = Bun;
const instance = need("INSTANCE");
const gemini = huaweicloudGeminidb({
  region: need("HW_REGION_NAME"),
  projectId: need("HW_PROJECT_ID"),
  endpoint: env.GEMINIDB_ENDPOINT,
  credentials: { ak: need("HW_ACCESS_KEY"), sk: need("HW_SECRET_KEY") },
});
const kit = restorekit({ intents: fileIntents(env.INTENTS ?? "./intents") });

const now = Date.now();
const range = { from: new Date(now - 86_400_000), to: new Date(now) };
const points = await kit.restorableTimes(gemini, instance, range);
const moments = points.map((time) => (time.kind === "point" ? time.at : time.to)).sort((a, b) => Number(a) - Number(b));
const at = moments.at(-1);
if (!at) throw new Error(`${instance} has no point of the last day`);
console.log(`${moments.length} points, the newest ${at.toISOString()}`);

// The order has a key: run twice for the same moment, the second run restores nothing.
const restore = await kit.restore(gemini, { instance, from: { at }, overwrite: instance, key: at.toISOString() });
if (restore.outcome === "accepted") {
  const deadline = new Date(now + 3_600_000);
  const onProgress = ({ waitingFor, rawState }: Progress) => console.error(waitingFor, rawState ?? "");
  const { end } = await restore.task.wait({ deadline, intervalMs: Number(env.POLL_MS ?? 10_000), onProgress });
  console.log(end);
  process.exitCode = end === "succeeded" ? 0 : 1;
} else {
  console.error(restore.outcome, "next" in restore ? restore.next : "");
  process.exitCode = 1;
}

function need(name: string): string {
  const value = env[name];
  if (value) return value;
  console.error(`set ${name}`);
  process.exit(2);
}
