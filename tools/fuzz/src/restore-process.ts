import type { Clock } from "@restorekit/core";
import { type Intent, type IntentStore, memoryIntents, StoreError } from "restorekit";
import type { VirtualClock } from "./clock.js";
import type { Random } from "./random.js";
import type { Being, Plan } from "./restore-plan.js";

/** A process, as far as it can stop for ever. */
export interface Life {
  readonly dead: boolean;
  /** Ends it from outside. */
  end(): void;
  /** Fulfilled when it dies. */
  readonly death: Promise<"died">;
  /** Waits for something, if the process lives to see it; a dead process waits for ever. */
  live<T>(work: () => Promise<T>): Promise<T>;
}

const never = () => new Promise<never>(() => {});

export function createLife({ dies }: Being): Life {
  let awaits = 0;
  let dead = false;
  let tell = (_: "died") => {};
  const death = new Promise<"died">((resolve) => {
    tell = resolve;
  });
  const die = () => {
    dead = true;
    tell("died");
  };
  return {
    get dead() {
      return dead;
    },
    death,
    end: die,
    async live(work) {
      if (dead) return never();
      const last = ++awaits === dies?.at;
      if (last && dies?.when === "before") {
        die();
        return never();
      }
      const seen = await work().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      if (last) die();
      if (dead) return never();
      if ("error" in seen) throw seen.error;
      return seen.value;
    },
  };
}

/** The clock of a process: it may be off, and stops with it. */
export function clockOf(clock: VirtualClock, life: Life, skewMs: number): Clock {
  return {
    now: () => clock.now() + skewMs,
    sleep: (ms, signal) => life.live(() => clock.sleep(ms, signal)),
  };
}

/** What all processes of a schedule have in common: documents that outlive them, and leases. */
export interface Folder {
  readonly documents: Map<string, string>;
  /** Called with each intent that is about to be stored. */
  onWrite: (intent: Intent) => void;
  /** Nothing fails or stalls any more. */
  healed: boolean;
  open(life: Life): IntentStore;
}

export function createFolder(plan: Plan["store"], clock: VirtualClock, random: Random): Folder {
  const documents = new Map<string, string>();
  const inner = memoryIntents(documents);
  const leases = new Map<string, { life: Life; expires: number }>();
  const folder: Folder = { documents, onWrite: () => {}, healed: false, open };
  return folder;

  function open(life: Life): IntentStore {
    /** Half of the failures come after the fact. */
    const slowly = <T>(work: () => Promise<T>) =>
      life.live(async () => {
        await lag();
        if (folder.healed || !random.chance(plan.failures)) {
          const done = await work();
          await lag();
          return done;
        }
        if (random.chance(0.5)) await work();
        throw new StoreError("unavailable", "the store is away", "Try again.");
      });
    return {
      create: (intent) => slowly(() => inner.create(intent)),
      read: (id) => slowly(() => inner.read(id)),
      update: (intent, version) =>
        slowly(async () => {
          folder.onWrite(intent);
          return inner.update(intent, version);
        }),
      async *list(filter) {
        await slowly(async () => {});
        yield* inner.list(filter);
      },
      lease: (target, ttlMs) => slowly(async () => lease(target, ttlMs)),
    };

    function lease(target: string, ttlMs: number) {
      const held = leases.get(target);
      if (held && holds(held)) return undefined;
      const mine = { life, expires: clock.now() + ttlMs };
      leases.set(target, mine);
      const isMine = () => leases.get(target) === mine && holds(mine);
      return {
        renew: () =>
          slowly(async () => {
            if (!isMine()) return false;
            mine.expires = clock.now() + ttlMs;
            return true;
          }),
        release: () =>
          slowly(async () => {
            if (leases.get(target) === mine) leases.delete(target);
          }),
      };
    }
  }

  function holds({ life, expires }: { life: Life; expires: number }) {
    return plan.lease === "detected" ? !life.dead : clock.now() < expires;
  }

  async function lag() {
    if (folder.healed) return;
    const stalls = plan.stall.share > 0 && random.int(1, plan.stall.share) === 1;
    const ms = stalls ? plan.stall.ms : random.int(0, plan.latencyMs);
    if (ms > 0) await new Promise<void>((resolve) => clock.at(ms, resolve));
  }
}
