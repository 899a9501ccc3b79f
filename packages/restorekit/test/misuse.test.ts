import { expect, test } from "vitest";
import { runPlan } from "../src/fleet/index.js";
import { restorekit } from "../src/index.js";
import { memoryIntents } from "../src/memory.js";
import { MINUTE, SERVICES, world } from "./world.js";

const NAME = "tencentcloud-redis";

test("an audit or a listener that rejects later ends no process", async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => void unheard.push(error);
  process.on("unhandledRejection", hear);
  const late = (() => Promise.reject(new Error("the database is gone"))) as () => void;
  const made = world({ kit: { audit: late } });
  const outcome = await made.restore(NAME);
  if (outcome.outcome !== "accepted") throw new Error(outcome.outcome);
  const deadline = new Date(made.clock.now() + 30 * MINUTE);
  expect((await outcome.task.wait({ deadline, onProgress: late })).end).toBe("succeeded");
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off("unhandledRejection", hear);
  expect(unheard).toEqual([]);
});

test.each(["settleMs", "skewMs", "lookMs"] as const)("%s that is no number of milliseconds is refused", (name) => {
  for (const value of [Number.NaN, -1, Number.POSITIVE_INFINITY, "300000" as never])
    expect(() => restorekit({ intents: memoryIntents(), [name]: value })).toThrow(
      expect.objectContaining({ problem: "input", message: expect.stringContaining(name) }),
    );
});

test("a fleet whose deadline is no number begins nothing", async () => {
  const { adapters, intents, clock, emulator } = world();
  const { instance } = SERVICES[NAME];
  const entry = { line: 1, service: NAME, instance, from: { backup: "demo-backup-1" }, overwrite: instance };
  const running = runPlan(
    { name: "p", file: "p.json", restores: [entry] },
    { adapters, intents, clock, deadlineMs: Number.NaN },
  );
  await expect(running).rejects.toMatchObject({ problem: "input" });
  expect(emulator.journal.count(SERVICES[NAME].submit).received).toBe(0);
});

test("what the service refuses is not told to be tried again later", async () => {
  const { kit, adapters } = world();
  await expect(kit.listBackups(adapters[NAME] as never, "crs-unknown1")).rejects.toMatchObject({
    problem: "input",
    next: "Nothing was sent. Check instance, region and project.",
  });
});
