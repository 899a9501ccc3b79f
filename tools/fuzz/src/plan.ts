import type { Random } from "./random.js";
import { type Kind, restOperations, rpcOperations } from "./services.js";

/** One call of a schedule. Times are milliseconds from the start. */
export interface PlannedCall {
  instance: string;
  operation: string;
  start: number;
  /** When its signal aborts; a negative time is before it starts. */
  abort: number | undefined;
  /** The number of the signal; calls may share one. */
  signal: number;
  attempt: number | undefined;
  overall: number | undefined;
}

/** A schedule: one client, what it is set to, and the calls it makes. */
export interface Plan {
  kind: Kind;
  token: boolean;
  calls: PlannedCall[];
  /** How far the client's clock is off, in milliseconds. */
  clockOff: number;
  timeout: { attempt: number; overall: number };
  attempts: number;
  maxBytes: number;
  deaf: boolean;
  /** Lifetime of credentials in milliseconds; undefined where they do not end. */
  lifetime: number | undefined;
  /** When all credentials so far are revoked. */
  revoked: number | undefined;
  provider: "prompt" | "slow" | "throws" | "hangs";
}

export function drawPlan(random: Random): Plan {
  const plan = drawMixed(random);
  return random.chance(0.05) ? crowded(plan) : plan;
}

/** Many at once against one limit, which give up while slow ones are on their way. */
function crowded(plan: Plan): Plan {
  const calls = Array.from({ length: 30 }, (_, index): PlannedCall => {
    const instance = `i-${index}`;
    return { instance, operation: "list", start: 0, abort: undefined, signal: index, attempt: 300, overall: 20_000 };
  });
  return { ...plan, calls, provider: "prompt" };
}

function drawMixed(random: Random): Plan {
  const kind = random.pick<Kind>(["rest", "rpc"]);
  const timeout = { attempt: random.pick([50, 300, 2_000, 60_000]), overall: random.pick([40, 500, 5_000, 180_000]) };
  const shared = random.chance(0.2);
  const names = Object.keys(kind === "rest" ? restOperations : rpcOperations);
  const calls = Array.from({ length: random.int(1, 9) }, (_, index): PlannedCall => {
    const own = random.chance(0.2);
    return {
      instance: `i-${index}`,
      operation: random.pick(names),
      start: random.chance(0.5) ? 0 : random.int(0, 3_000),
      abort: random.chance(0.25) ? random.int(-10, Math.min(timeout.overall, 4_000)) : undefined,
      signal: shared ? 0 : index,
      attempt: own ? random.int(1, 1_000) : undefined,
      overall: own ? random.int(1, 10_000) : undefined,
    };
  });
  return {
    kind,
    token: random.chance(0.3),
    calls,
    clockOff: random.chance(0.8) ? 0 : random.int(-100_000_000, 100_000_000),
    timeout,
    attempts: random.pick([1, 2, 3, 4, 4, 10, 50]),
    maxBytes: random.pick([4_096, 65_536]),
    deaf: random.chance(0.05),
    lifetime: random.chance(0.3) ? random.int(1, 120_000) : undefined,
    revoked: random.chance(0.2) ? random.int(0, 3_000) : undefined,
    provider: random.weighted({ prompt: 80, slow: 14, throws: 4, hangs: 2 }),
  };
}
