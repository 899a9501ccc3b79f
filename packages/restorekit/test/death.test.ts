import { describe, expect, test } from "vitest";
import { type IntentStore, memoryIntents } from "../src/index.js";
import { intentsOf, MINUTE, NAMES, SERVICES, world } from "./world.js";

/** A process that dies at its n-th await: before what it waits for happens, or after. Afterwards nothing works any more. */
function mortal(at: number, when: "before" | "after") {
  let awaits = 0;
  let dead = false;
  const died = () => Object.assign(new Error("the process is dead"), { name: "Died" });
  async function live<T>(work: () => Promise<T>): Promise<T> {
    if (dead) throw died();
    const last = ++awaits === at;
    if (last && when === "before") {
      dead = true;
      throw died();
    }
    try {
      return await work();
    } finally {
      if (last) dead = true;
      // biome-ignore lint/correctness/noUnsafeFinally: nobody is left to see the result
      if (last) throw died();
    }
  }
  const store = (inner: IntentStore): IntentStore => ({
    create: (intent) => live(() => inner.create(intent)),
    read: (id) => live(() => inner.read(id)),
    update: (intent, version) => live(() => inner.update(intent, version)),
    async *list(filter) {
      await live(async () => {});
      yield* inner.list(filter);
    },
    async lease(target, ttlMs) {
      const lease = await live(() => inner.lease(target, ttlMs));
      return lease && { renew: () => live(() => lease.renew()), release: () => live(() => lease.release()) };
    },
  });
  const around =
    (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
    (input, init) =>
      live(() => fetch(input, init));
  return { store, around, awaits: () => awaits, died: () => dead };
}

describe.each(NAMES)("%s", (name) => {
  test.each([
    ["before", undefined],
    ["after", undefined],
    ["before", "dropAfter"],
    ["after", "dropAfter"],
    ["before", "dropBefore"],
    ["after", "dropBefore"],
  ] as const)("dies at every await (%s it; submit: %s): resumed, never restored twice", async (when, fault) => {
    const ends = new Set<string>();
    for (let at = 1; ; at++) {
      const documents = new Map<string, string>();
      const process = mortal(at, when);
      const first = world({ intents: process.store(memoryIntents(documents)), around: process.around });
      if (fault) first.emulator.faults.next(SERVICES[name].submit, { kind: fault }, { service: name });
      const outcome = await first.restore(name).catch(() => undefined);
      if (outcome?.outcome === "accepted" && !process.died()) await first.wait(outcome).catch(() => undefined);
      if (!process.died()) {
        expect(at).toBeGreaterThan(12);
        break;
      }

      const intents = memoryIntents(documents);
      const { clock } = first;
      const next = world({ intents, cloud: first });
      const found = await intentsOf(intents);
      expect(found.length).toBeLessThanOrEqual(1);
      const ran = first.executed(name);
      expect(ran).toBeLessThanOrEqual(1);
      if (found[0] === undefined || "problem" in found[0]) {
        expect(ran).toBe(0);
        continue;
      }
      const resumed = await next.kit.resume(next.adapter(name), found[0].id).catch((error) => {
        throw new Error(`at await ${at}: ${error}`);
      });
      ends.add(`${found[0].state} > ${resumed.outcome}`);
      const after = await intentsOf(intents);
      if (ran === 0) expect([at, resumed.outcome]).toEqual([at, "notStarted"]);
      else if (resumed.outcome === "accepted") {
        const end = await next.kit.wait(next.adapter(name), found[0].id, {
          deadline: new Date(clock.now() + 30 * MINUTE),
        });
        expect(end.end).toBe("succeeded");
      } else expect([at, resumed.outcome]).toEqual([at, "succeeded"]);
      expect(after).toHaveLength(1);
      expect(first.executed(name)).toBe(ran);
    }
    expect([...ends]).toEqual(
      expect.arrayContaining(
        fault === "dropBefore"
          ? ["planned > notStarted", "submitting > notStarted", "unknown > notStarted"]
          : ["planned > notStarted", "submitting > accepted", "accepted > accepted"],
      ),
    );
  });
});
