import type { Fault, ServiceName } from "@restorekit/emulator";
import type { Random } from "./random.js";

export const SERVICES: readonly ServiceName[] = [
  "tencentcloud-redis",
  "opentelekomcloud-dcs",
  "huaweicloud-geminidb",
  "huaweicloud-rds",
];

/** What one process is like. */
export interface Being {
  /** It stops for ever at its n-th await: before what it waits for happens, or after. */
  dies: { at: number; when: "before" | "after" } | undefined;
  /** How far its clock is ahead. */
  skewMs: number;
  /** How long after the one before it this one comes. */
  comesAfterMs: number;
  /** When its caller aborts, counted from its coming. */
  abortAfterMs: number | undefined;
}

/** Another actor, who restores the same instance without asking anybody. */
export interface Rival {
  /** `window`: between pre-flight and submit. Otherwise so long after the beginning. */
  when: "window" | number;
  backup: 0 | 1;
  /** DCS: whether his restore carries a remark of his own. */
  remark: boolean;
  lateMs: number;
  stuck: boolean;
}

/** A second process of ours, working on the same folder meanwhile. */
export interface Racer {
  atMs: number;
  does: "restore" | "sameKey" | "resume" | "reconcile" | "wait";
  being: Being;
}

/** One schedule. Times are milliseconds. */
export interface Plan {
  service: ServiceName;
  settleMs: number;
  lookMs: number;
  cloudAheadMs: number;
  pace: { waitMs: number; restoreMs: number; rdsVisibleMs: number };
  /** What happens to the submits, in their order. */
  submits: Fault[][];
  /** The submit's connection breaks, and it arrives so much later all the same. */
  ghostMs: number | undefined;
  /** Share of the reads that go wrong. */
  readFaults: number;
  /** Earlier restores in the vendor's records. */
  history: number;
  beings: Being[];
  rivals: Rival[];
  racers: Racer[];
  store: {
    /** Whether a dead holder's lease is free at once, as with files, or only when it has run out, as in a database. */
    lease: "detected" | "expires";
    latencyMs: number;
    /** One operation in so many takes this long. */
    stall: { share: number; ms: number };
    failures: number;
  };
  waitMs: number;
  /** A finished restore is followed by another one of the same instance. */
  again: boolean;
}

/** The promise holds where the clocks of two processes differ by no more than this, the façade's default. */
const SKEW_MS = 300_000;

export function drawPlan(random: Random): Plan {
  const settleMs = random.pick([60_000, 300_000, 300_000]);
  // Execution and listing together may lag as much as the settle time allows for, and no more.
  const ghostMs = random.chance(0.08) ? random.int(0, settleMs / 2) : undefined;
  const latest = settleMs - (ghostMs ?? 0) - 5_000;
  const deaths = random.weighted({ "0": 40, "1": 40, "2": 15, "4": 5 });
  const being = (mortal: boolean): Being => ({
    dies: mortal
      ? { at: random.int(1, random.pick([30, 60, 250])), when: random.pick(["before", "after"]) }
      : undefined,
    skewMs: random.chance(0.8) ? 0 : random.int(-SKEW_MS / 2, SKEW_MS / 2),
    comesAfterMs: random.pick([0, 1_000, 60_000, 700_000, 3_600_000]),
    abortAfterMs: random.chance(0.1) ? random.int(0, random.pick([100, 10_000, 400_000])) : undefined,
  });
  return {
    service: random.pick(SERVICES),
    settleMs,
    lookMs: random.pick([10_000, 20_000, 60_000]),
    cloudAheadMs: random.chance(0.8)
      ? 0
      : random.int(-1, 1) * random.pick([5_000, 290_000, 3_600_000, 200_000_000, 4e9]),
    pace: {
      waitMs: random.pick([0, 2_000]),
      restoreMs: random.pick([500, 14_500, 30_000, 240_000, 1_200_000]),
      rdsVisibleMs: random.pick([0, 3_000]),
    },
    submits: Array.from({ length: 3 }, () => drawSubmit(random, latest)),
    ghostMs,
    readFaults: random.pick([0, 0, 0, 0.05, 0.2, 0.5]),
    history: random.pick([0, 0, 0, 1, 3, 25]),
    beings: [...Array.from({ length: Number(deaths) }, () => being(true)), being(false)],
    rivals: Array.from({ length: random.weighted({ "0": 65, "1": 28, "2": 7 }) as unknown as number }, () => ({
      when: random.chance(0.5) ? ("window" as const) : random.int(0, random.pick([5_000, 100_000, 900_000])),
      backup: random.pick([0, 1] as const),
      remark: random.chance(0.7),
      lateMs: random.chance(0.3) ? random.int(0, settleMs - 5_000) : 0,
      stuck: random.chance(0.04),
    })),
    racers: Array.from({ length: random.weighted({ "0": 60, "1": 30, "2": 10 }) as unknown as number }, () => ({
      atMs: random.int(0, random.pick([500, 5_000, 100_000, 1_000_000])),
      does: random.pick(["restore", "sameKey", "resume", "reconcile", "wait"] as const),
      being: being(random.chance(0.3)),
    })),
    store: {
      lease: random.pick(["detected", "expires"]),
      latencyMs: random.pick([0, 0, 5, 400]),
      stall: random.chance(0.1) ? { share: 8, ms: random.int(20_000, 1_500_000) } : { share: 0, ms: 0 },
      failures: random.chance(0.85) ? 0 : 0.15,
    },
    waitMs: random.pick([0, 20_000, 600_000, 7_200_000]),
    again: random.chance(0.15),
  };
}

function drawSubmit(random: Random, latestMs: number): Fault[] {
  const faults: Fault[] = [];
  const kind = random.weighted({
    none: 30,
    dropAfter: 18,
    dropBefore: 12,
    errorAfter: 9,
    errorBefore: 7,
    refuse: 4,
    throttle: 4,
    slow: 12,
  });
  if (kind === "errorAfter" || kind === "errorBefore") faults.push({ kind, status: random.pick([500, 502, 503, 504]) });
  else if (kind === "slow") faults.push({ kind, ms: random.int(1_000, random.pick([20_000, 90_000, 200_000])) });
  else if (kind === "throttle") faults.push(random.chance(0.5) ? { kind } : { kind, retryAfterSeconds: 30 });
  else if (kind !== "none") faults.push({ kind });
  if (random.chance(0.35)) faults.push({ kind: "late", ms: random.int(0, latestMs) });
  if (random.chance(0.12)) faults.push({ kind: "fail" });
  if (random.chance(0.04)) faults.push({ kind: "undocumented", state: random.pick(["paused-by-operator", 77]) });
  if (random.chance(0.04)) faults.push({ kind: "duplicate" });
  return faults;
}
