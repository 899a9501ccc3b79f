import { type End, huaweicloudRds, type IntentStore, type Progress, restorekit } from "restorekit";

interface Options {
  instance: string;
  /** The moment to go back to; default: the latest that can be restored. */
  at?: Date;
  region: string;
  projectId: string;
  endpoint?: string;
  credentials: { ak: string; sk: string };
  intents: IntentStore;
  intervalMs?: number;
  onProgress?: (progress: Progress) => void;
}

/** Takes an RDS instance back to a moment of its own past, and waits for the end. */
export async function restoreToMoment({ instance, at, intents, intervalMs, onProgress, ...cloud }: Options) {
  const rds = huaweicloudRds(cloud);
  const kit = restorekit({ intents });

  const now = new Date();
  const range = at ? { from: at, to: at } : { from: new Date(now.getTime() - 86_400_000), to: now };
  const found = await kit.restorableTimes(rds, instance, range);
  const latest = Math.max(...found.map((time) => (time.kind === "window" ? time.to : time.at).getTime()));
  if (found.length === 0) throw new Error(`${instance} cannot be taken back to ${at?.toISOString() ?? "any moment"}`);

  const moment = at ?? new Date(Math.min(latest, now.getTime()));
  const restore = await kit.restore(rds, { instance, from: { at: moment }, overwrite: instance });
  switch (restore.outcome) {
    case "accepted": {
      const deadline = new Date(Date.now() + 3_600_000);
      const end: End = await restore.task.wait({ deadline, intervalMs, onProgress });
      return { end: end.end, moment };
    }
    case "unknown":
      return { end: restore.outcome, moment, next: restore.next };
    default:
      return { end: restore.outcome, moment };
  }
}
