import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmulator, type Emulator, type ServiceName } from "@restorekit/emulator";
import { expect, test } from "vitest";
import { fileIntents } from "../src/file/index.js";
import {
  type Adapter,
  huaweicloudGeminidb,
  huaweicloudRds,
  opentelekomcloudDcs,
  restorekit,
  tencentcloudRedis,
} from "../src/index.js";
import { intentsOf, NAMES, SERVICES, world } from "./world.js";

/** Rounds over all services and transitions; 7 are more than 200 kills. */
const ROUNDS = Number(process.env.ROUNDS ?? 1);
const ADAPTERS = {
  "tencentcloud-redis": tencentcloudRedis,
  "opentelekomcloud-dcs": opentelekomcloudDcs,
  "huaweicloud-geminidb": huaweicloudGeminidb,
  "huaweicloud-rds": huaweicloudRds,
};
const POINTS = (["planned", "submitting", "accepted", "unknown", "succeeded"] as const).flatMap((state) =>
  (["before", "after"] as const).map((when) => ({ state, when })),
);

test.each(NAMES)("%s: kill -9 at every transition, resumed to the right end", { timeout: 600_000 }, async (name) => {
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, point] of POINTS.entries()) await once(name, point, round * POINTS.length + index);
  }
});

async function once(name: ServiceName, point: (typeof POINTS)[number], number: number) {
  const folder = mkdtempSync(join(tmpdir(), "restorekit-kill-"));
  // A cloud for each, for the sake of its limit of 60 calls a minute.
  const emulator = createEmulator({ pace: { waitMs: 5, restoreMs: 40, rdsVisibleMs: 0 } });
  const listener = await emulator.listen();
  const { ak, sk, secretId, secretKey, projectId } = emulator.credentials;
  const region =
    name === "tencentcloud-redis" ? "ap-guangzhou" : name === "opentelekomcloud-dcs" ? "eu-de" : "cn-north-4";
  const credentials = name === "tencentcloud-redis" ? { secretId, secretKey } : { ak, sk };
  const options = { region, projectId, credentials, endpoint: listener.endpoint(name) };
  const order = { ...(await world().order(name)), password: undefined };
  if (name === "huaweicloud-geminidb") order.from = { at: newestPoint(emulator) };
  if (point.state === "unknown") emulator.faults.next(SERVICES[name].submit, { kind: "dropAfter" }, { service: name });
  const instance = emulator.state.instance(SERVICES[name].instance);

  const argument = JSON.stringify({ folder, adapter: ADAPTERS[name].name, options, order, ...point });
  const child = spawn(process.execPath, [join(import.meta.dirname, "victim.mjs"), argument], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // Every third time the parent kills as well, at a moment of its own.
  child.stdout.once("data", () => number % 3 === 2 && setTimeout(() => child.kill("SIGKILL"), (number * 13) % 90));
  const signal = await new Promise((resolve) => child.on("exit", (_, by) => resolve(by)));
  expect([name, point, signal]).toEqual([name, point, "SIGKILL"]);

  const intents = fileIntents(folder);
  const found = await intentsOf(intents);
  const ran = instance.restores.length;
  expect(ran).toBeLessThanOrEqual(1);
  const [intent] = found;
  if (intent === undefined) expect(ran).toBe(0);
  else if ("problem" in intent) throw intent;
  else {
    // The next process comes twenty minutes later, when all records have settled.
    const clock = { now: () => Date.now() + 1_200_000, sleep: () => new Promise<void>((go) => setTimeout(go, 20)) };
    const kit = restorekit({ intents, clock });
    const adapter = ADAPTERS[name](options as never) as Adapter;
    const outcome = await kit.resume(adapter, intent.id);
    if (outcome.outcome === "accepted") {
      const end = await outcome.task.wait({ deadline: new Date(Date.now() + 1_230_000), intervalMs: 20 });
      expect([ran, end.end]).toEqual([1, "succeeded"]);
    } else expect([ran, outcome.outcome]).toEqual([ran, ran === 1 ? "succeeded" : "notStarted"]);
    expect(instance.restores.length).toBe(ran);
  }
  await listener.close();
  rmSync(folder, { recursive: true });
}

function newestPoint(emulator: Emulator) {
  const { pitr } = emulator.state.instance(SERVICES["huaweicloud-geminidb"].instance);
  const step = (pitr?.intervalMinutes ?? 20) * 60_000;
  const since = Math.ceil((pitr?.since ?? 0) / 1000) * 1000;
  return new Date(since + Math.floor((Date.now() - since) / step) * step).toISOString();
}
