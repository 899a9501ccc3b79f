import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmulator } from "@restorekit/emulator";
import { expect, test } from "vitest";
import { ids, planText } from "./fleet-world.js";

const COUNT = 60;
/** By then every record is taken for settled. */
const LATER_MS = 20 * 60_000;

interface Item {
  instance: string;
  end: string;
  why?: string;
}

test.each([5, 23, 41])(
  "kill -9 after %i restores: the next process restores the rest, and none twice",
  { timeout: 120_000 },
  async (moment) => {
    const folder = mkdtempSync(join(tmpdir(), "restorekit-fleet-"));
    const instances = ids(COUNT).map((id) => ({ id, backups: [{ id: `backup-of-${id}` }] }));
    const emulator = createEmulator({
      pace: { waitMs: 50, restoreMs: 300 },
      state: { "tencentcloud-redis": instances },
    });
    const listener = await emulator.listen();
    const { secretId, secretKey } = emulator.credentials;
    const endpoint = listener.endpoint("tencentcloud-redis");
    const options = { region: "ap-guangzhou", credentials: { secretId, secretKey }, endpoint };
    const restores = () => ids(COUNT).map((id) => emulator.state.instance(id).restores.length);

    const first = run({ laterMs: 0 });
    while (emulator.journal.count("restoreInstance").executed < moment) await new Promise((go) => setTimeout(go, 2));
    first.child.kill("SIGKILL");
    expect(await first.items).toBeUndefined();

    const second = await run({ laterMs: LATER_MS }).items;
    const done = second?.filter(({ end }) => end === "succeeded").length;
    // What was about to be sent may be left, unsent.
    const left = second?.filter(({ end }) => end !== "succeeded");
    expect(left?.map(({ end, why }) => [end, why])).toEqual(left?.map(() => ["notStarted", "notListed"]));
    expect(restores().filter((count) => count === 1)).toHaveLength(done ?? 0);
    expect(Math.max(...restores())).toBe(1);

    const third = await run({ laterMs: 2 * LATER_MS, again: ["notListed"] }).items;
    expect(third?.filter(({ end }) => end !== "succeeded")).toEqual([]);
    expect(restores()).toEqual(restores().map(() => 1));
    await listener.close();
    rmSync(folder, { recursive: true });

    /** A process; its items are undefined where it did not come to its end. */
    function run(more: { laterMs: number; again?: string[] }) {
      const argument = JSON.stringify({ folder, options, plan: planText(ids(COUNT)), ...more });
      const child = spawn(process.execPath, [join(import.meta.dirname, "fleet-victim.mjs"), argument], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (data) => {
        output += data;
      });
      const items = new Promise<Item[] | undefined>((resolve) =>
        child.on("exit", () => setTimeout(() => resolve(output === "" ? undefined : JSON.parse(output)), 50)),
      );
      return { child, items };
    }
  },
);
