import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmulator, type Emulator, type Fault, type Listener, type ServiceName } from "@restorekit/emulator";
import {
  type Adapter,
  huaweicloudGeminidb,
  huaweicloudRds,
  type Outcome,
  opentelekomcloudDcs,
  restorekit,
  tencentcloudRedis,
} from "restorekit";
import { fileIntents } from "restorekit/file";

// Whole restores through the façade, against the emulator on this machine: real time, real sockets, intents on disk.

interface Rehearsal {
  service: ServiceName;
  /** What happens to the submit. */
  fault?: Fault;
  what: string;
  outcome: Outcome["outcome"];
  /** How often it must have run. */
  runs: 0 | 1;
}

const REHEARSALS: readonly Rehearsal[] = [
  { service: "tencentcloud-redis", what: "all is well", outcome: "accepted", runs: 1 },
  { service: "opentelekomcloud-dcs", what: "all is well", outcome: "accepted", runs: 1 },
  { service: "huaweicloud-geminidb", what: "all is well", outcome: "accepted", runs: 1 },
  { service: "huaweicloud-rds", what: "all is well", outcome: "accepted", runs: 1 },
  {
    service: "opentelekomcloud-dcs",
    fault: { kind: "dropAfter" },
    what: "ran, reply lost",
    outcome: "accepted",
    runs: 1,
  },
  {
    service: "tencentcloud-redis",
    fault: { kind: "dropBefore" },
    what: "request lost",
    outcome: "notStarted",
    runs: 0,
  },
];

const SUBMITS: Record<ServiceName, string> = {
  "tencentcloud-redis": "restoreInstance",
  "opentelekomcloud-dcs": "restoreInstance",
  "huaweicloud-geminidb": "restoreRedisPitr",
  "huaweicloud-rds": "restoreExistInstance",
};
const HEAD = ["service", "restored from", "rehearsed", "outcome", "end", "ran", "requests", "ms"];

/** @returns the rows of the table, and how many rehearsals went otherwise than they should */
export async function rehearseRestores(): Promise<{ rows: string[][]; surprises: number }> {
  const folder = await mkdtemp(join(tmpdir(), "restorekit-rehearsal-"));
  // The cloud of a rehearsal is quick, and its records are never late.
  const emulator = createEmulator({ pace: { waitMs: 10, restoreMs: 60, rdsVisibleMs: 0 } });
  const listener = await emulator.listen();
  const kit = restorekit({ intents: fileIntents(folder), by: "rehearsal", settleMs: 200, lookMs: 25 });
  const rows = [HEAD];
  let surprises = 0;
  try {
    for (const rehearsal of REHEARSALS) {
      const { service, fault, what } = rehearsal;
      const [instance] = emulator.state.instances(service);
      if (!instance) throw new Error(`no instance of ${service}`);
      const [before, ran] = [emulator.journal.received, instance.restores.length];
      const started = performance.now();
      if (fault) emulator.faults.next(SUBMITS[service], fault, { service });
      const from = await sourceOf(service, instance.id);
      const [outcome, end] = await restore(service, instance.id, from).catch((error) => [String(error), ""]);
      const runs = instance.restores.length - ran;
      const asWanted =
        outcome.startsWith(rehearsal.outcome) && end === (rehearsal.runs ? "succeeded" : "") && runs === rehearsal.runs;
      if (!asWanted) surprises++;
      const [requests, ms] = [emulator.journal.received - before, performance.now() - started];
      rows.push([
        service,
        from.at ? `point ${from.at.toISOString().slice(0, 16)}Z` : `backup ${shortened(String(from.backup))}`,
        what,
        asWanted ? outcome : `${outcome} ✗`,
        end || "-",
        `${runs}×`,
        String(requests),
        ms.toFixed(0),
      ]);
    }
  } finally {
    await listener.close();
    await rm(folder, { recursive: true });
  }
  return { rows, surprises };

  async function restore(service: ServiceName, instance: string, from: object): Promise<[string, string]> {
    const adapter = connect(service, emulator, listener);
    const done = await kit.restore(adapter, { instance, overwrite: instance, from });
    if (done.outcome !== "accepted") {
      return [`${done.outcome}${done.intent.proof ? `, ${done.intent.proof}` : ""}`, ""];
    }
    const { end } = await done.task.wait({ deadline: new Date(Date.now() + 5_000), intervalMs: 25 });
    return [`accepted, ${done.intent.task?.found}`, end];
  }

  async function sourceOf(service: ServiceName, instance: string): Promise<{ backup?: string; at?: Date }> {
    if (service === "huaweicloud-geminidb") {
      const range = { from: new Date(Date.now() - 7_200_000), to: new Date() };
      const gemini = connect(service, emulator, listener) as ReturnType<typeof huaweicloudGeminidb>;
      const points = await kit.restorableTimes(gemini, instance, range);
      const latest = points.findLast((point) => point.kind === "point");
      if (!latest) throw new Error("no point is listed");
      return { at: latest.at };
    }
    const backups = await kit.listBackups(connect(service, emulator, listener), instance);
    const usable = backups.find((backup) => backup.usable);
    if (!usable) throw new Error("no usable backup is listed");
    return { backup: usable.id };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the rehearsal goes through all services alike
function connect(service: ServiceName, emulator: Emulator, listener: Listener): Adapter<any, any> {
  const { ak, sk, secretId, secretKey, projectId } = emulator.credentials;
  const common = { endpoint: listener.endpoint(service), projectId, credentials: { ak, sk } };
  switch (service) {
    case "tencentcloud-redis":
      return tencentcloudRedis({ ...common, region: "ap-guangzhou", credentials: { secretId, secretKey } });
    case "opentelekomcloud-dcs":
      return opentelekomcloudDcs({ ...common, region: "eu-de" });
    case "huaweicloud-geminidb":
      return huaweicloudGeminidb({ ...common, region: "cn-north-4" });
    case "huaweicloud-rds":
      return huaweicloudRds({ ...common, region: "cn-north-4" });
  }
}

const shortened = (id: string) => (id.length > 14 ? `…${id.slice(-12)}` : id);
