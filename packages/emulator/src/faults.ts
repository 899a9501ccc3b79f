import { type EndpointName, OPERATIONS } from "./bundle.js";
import { createRandom } from "./random.js";

/** Something that goes wrong with one request. */
export type Fault =
  /** The connection is refused: nothing was sent. Over loopback it is a reset, as `dropBefore`. */
  | { kind: "refuse" }
  /** The connection breaks; the request did not run. */
  | { kind: "dropBefore" }
  /** The request ran; the connection breaks before the answer. */
  | { kind: "dropAfter" }
  /** A gateway's answer; the request did not run. */
  | { kind: "errorBefore"; status?: 500 | 502 | 503 | 504 }
  /** A gateway's answer; the request ran. */
  | { kind: "errorAfter"; status?: 500 | 502 | 503 | 504 }
  /** The documented refusal for too many requests. */
  | { kind: "throttle"; retryAfterSeconds?: number }
  /** The answer takes its time. */
  | { kind: "slow"; ms: number }
  /** The task that it starts is visible only later. */
  | { kind: "late"; ms: number }
  /** The task that it starts fails, with this code where the service has codes. */
  | { kind: "fail"; code?: string; text?: string }
  /** The task that it starts goes into this state and stays there. */
  | { kind: "undocumented"; state: string | number }
  /** The clock of the cloud is ahead of yours by this much (or behind), for this request; for all with `times: Infinity`. */
  | { kind: "skew"; ms: number }
  /** The request arrives twice and runs twice, locks notwithstanding: the worst that a network can do. */
  | { kind: "duplicate" };

export type FaultKind = Fault["kind"];

export interface FaultScope {
  service?: EndpointName;
  /** How many requests are hit. Default 1. */
  times?: number;
  /** How many requests pass first. Default 0. */
  skip?: number;
}

export interface RandomFaults {
  /** Share of the requests that is hit, 0 to 1. */
  rate: number;
  /** Default: the seed of the emulator. */
  seed?: number;
  /** Default: all but `duplicate`, `undocumented` and `skew`, which no client can be right about. */
  kinds?: readonly FaultKind[];
  /** Only these operations. */
  operations?: readonly string[];
}

/** Scripted and seeded faults. */
export interface Faults {
  /**
   * Hits the next request of an operation (`*`: any) with one fault, or with several at once.
   * @throws when no service has the operation, or there is no such kind of fault
   */
  next(operation: string, fault: Fault | readonly Fault[], scope?: FaultScope): void;
  /**
   * Hits requests by chance. The same seed and the same requests give the same faults.
   * @throws when no service has one of the operations, or there is no such kind of fault
   */
  random(options: RandomFaults): void;
  /** Forgets all that is planned. */
  clear(): void;
  /** What is planned and has not happened. */
  readonly pending: number;
}

interface Planned {
  operation: string;
  faults: readonly Fault[];
  service: EndpointName | undefined;
  times: number;
  skip: number;
}

const BY_DEFAULT: readonly FaultKind[] = [
  "refuse",
  "dropBefore",
  "dropAfter",
  "errorBefore",
  "errorAfter",
  "throttle",
  "slow",
  "late",
  "fail",
];
const KINDS: readonly FaultKind[] = [...BY_DEFAULT, "undocumented", "skew", "duplicate"];

export function createFaults(seed: number): Faults & { take(service: EndpointName, operation: string): Fault[] } {
  let planned: Planned[] = [];
  let chance: { random: ReturnType<typeof createRandom>; options: RandomFaults } | undefined;

  return {
    next(operation, fault, { service, times = 1, skip = 0 } = {}) {
      if (operation !== "*") needOperation(operation, service);
      const faults = [fault].flat() as Fault[];
      needKinds(faults.map(({ kind }) => kind));
      planned.push({ operation, faults, service, times, skip });
    },
    random(options) {
      needKinds(options.kinds ?? []);
      for (const operation of options.operations ?? []) needOperation(operation);
      chance = { random: createRandom(options.seed ?? seed), options };
    },
    clear() {
      planned = [];
      chance = undefined;
    },
    get pending() {
      return planned.length;
    },
    take(service, operation) {
      const found: Fault[] = [];
      for (const plan of planned) {
        if (plan.service !== undefined && plan.service !== service) continue;
        if (plan.operation !== "*" && plan.operation !== operation) continue;
        if (plan.skip-- > 0) continue;
        plan.times--;
        found.push(...plan.faults);
        break;
      }
      planned = planned.filter(({ times }) => times > 0);
      if (found.length === 0 && chance) found.push(...draw(operation));
      return found;
    },
  };

  function draw(operation: string): Fault[] {
    const { random, options } = chance as NonNullable<typeof chance>;
    if (options.operations && !options.operations.includes(operation)) return [];
    if (random.next() >= options.rate) return [];
    const kind = random.pick(options.kinds ?? BY_DEFAULT);
    switch (kind) {
      case "errorBefore":
      case "errorAfter":
        return [{ kind, status: random.pick([500, 502, 503, 504]) }];
      case "slow":
        return [{ kind, ms: 1000 + Math.floor(random.next() * 30_000) }];
      case "late":
        return [{ kind, ms: 1000 + Math.floor(random.next() * 60_000) }];
      case "skew":
        return [{ kind, ms: (random.next() < 0.5 ? -1 : 1) * 3_600_000 }];
      case "undocumented":
        return [{ kind, state: "paused-by-operator" }];
      default:
        return [{ kind }];
    }
  }
}

// A fault that can never happen would let a test pass that proves nothing.
function needOperation(operation: string, service?: EndpointName) {
  const known = (service ? [OPERATIONS[service]] : Object.values(OPERATIONS)).flat();
  if (known.some(({ id }) => id === operation)) return;
  throw new Error(`no operation ${operation}${service ? ` in ${service}` : ""}`);
}

function needKinds(kinds: readonly string[]) {
  const unknown = kinds.find((kind) => !(KINDS as readonly string[]).includes(kind));
  if (unknown !== undefined) throw new Error(`no fault ${unknown}; there are ${KINDS.join(", ")}`);
}

/** The planned fault of a kind, if there is one. */
export function find<K extends FaultKind>(faults: readonly Fault[], kind: K) {
  return faults.find((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind);
}
