import { fileIntents } from "restorekit/file";
import { restoreToMoment } from "./restore.js";

const { env } = process;
const result = await restoreToMoment({
  instance: need("INSTANCE"),
  at: env.AT ? new Date(env.AT) : undefined,
  region: need("HW_REGION_NAME"),
  projectId: need("HW_PROJECT_ID"),
  endpoint: env.RDS_ENDPOINT,
  credentials: { ak: need("HW_ACCESS_KEY"), sk: need("HW_SECRET_KEY") },
  intents: fileIntents(env.INTENTS ?? "./intents"),
  intervalMs: Number(env.POLL_MS ?? 10_000),
  onProgress: ({ waitingFor, rawState, progress }) => console.error(waitingFor, rawState ?? "", progress ?? ""),
});
console.log(JSON.stringify(result));
process.exitCode = result.end === "succeeded" ? 0 : 1;

function need(name: string): string {
  const value = env[name];
  if (value) return value;
  console.error(`set ${name}`);
  process.exit(2);
}
