import { createLimiter, type Limiter, systemClock } from "@restorekit/core";
import { RestoreError } from "../errors.js";
import { keyedId } from "../intent.js";
import { checkNumber, type Restorekit, type RestorekitOptions, restorekit } from "../kit.js";
import { quietly } from "../quietly.js";
import { type Again, carry, keyOf, NEVER } from "./carry.js";
import { type Pace, paceOf } from "./pace.js";
import type { Adapters, Plan, PlanEntry } from "./plan.js";
import { type FleetEvent, type FleetItem, type FleetReport, type FleetTally, noEnds } from "./report.js";
import { slots } from "./slots.js";

export interface FleetOptions extends RestorekitOptions {
  /** The adapters that the plan was read with. */
  adapters: Adapters;
  /** How long each restore is waited for once the vendor has accepted it, in milliseconds. It goes on afterwards. */
  deadlineMs: number;
  /**
   * What a submit takes beside the plan, such as `{ password }` of the instance. Asked for right before each restore; it
   * is sent, and kept nowhere.
   */
  extra?: (entry: PlanEntry) => object | Promise<object>;
  /** Begins no further restore, sends nothing more, and ends the waiting. Run the plan again to carry on. */
  signal?: AbortSignal | undefined;
  /** Hears of every restore as it proceeds. What it throws is dropped. */
  onProgress?: (event: FleetEvent) => void;
  /** Other paces than those that fit the services' limits, by service. */
  pace?: Readonly<Record<string, Partial<Pace>>>;
  /**
   * Ends of an earlier run that you take for "it may be begun once more": each is a new restore of the same instance.
   * Only what was provably never sent is begun again without it.
   */
  again?: readonly Again[];
}

/** What the restores of one run share. */
export interface Fleet {
  readonly plan: Plan;
  readonly options: FleetOptions;
  readonly kit: Restorekit;
  /** Gives submits their turns. */
  readonly turns: Limiter;
  readonly now: () => number;
  readonly tell: (event: DistributiveOmit<FleetEvent, "tally">) => void;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/**
 * Runs a plan: every restore once, as fast as the services' limits allow, and no faster.
 *
 * What an earlier run of the plan did is in the intents: ended restores are not begun again, those under way are waited
 * for, unclear ones are looked up in the vendor's records. Nothing is submitted twice.
 * @throws {RestoreError} `input` where the plan names a service that `adapters` lacks, or an option is no number
 */
export async function runPlan(plan: Plan, options: FleetOptions): Promise<FleetReport> {
  const { clock = systemClock, adapters } = options;
  checkNumber("deadlineMs", options.deadlineMs);
  const ends = noEnds();
  let underWay = 0;
  const fleet: Fleet = {
    plan,
    options,
    kit: restorekit(options),
    turns: createLimiter(clock),
    now: () => clock.now(),
    tell(event) {
      const tally: FleetTally = { planned: plan.restores.length, underWay, ends };
      quietly(() => options.onProgress?.({ ...event, tally }));
    },
  };
  const startedAt = new Date(clock.now()).toISOString();
  const items: FleetItem[] = new Array(plan.restores.length);
  await Promise.all(
    [...lanes(plan, adapters)].map(([service, lane]) => runLane(paceOf(service, options.pace?.[service]), lane)),
  );
  return { plan: plan.name, startedAt, endedAt: new Date(clock.now()).toISOString(), items, ends };

  /** The restores of one service: they share its limits, and do not hold up those of others. */
  async function runLane(pace: Pace, lane: readonly number[]) {
    const atOnce = slots(pace.atOnce);
    const beginning = slots(pace.beginning);
    const running: Promise<void>[] = [];
    await rest(pace, lane);
    for (const index of lane) {
      const ended = await atOnce.take();
      const begun = await beginning.take();
      underWay++;
      running.push(one(index, pace, begun).finally(ended));
    }
    await Promise.all(running);
  }

  /** A run that continues another waits a window first: the earlier process may have used up what the limits allow. */
  async function rest({ submits, beginning }: Pace, lane: readonly number[]) {
    // Which of those that it began together were stored first is chance.
    for (const index of submits ? lane.slice(0, beginning) : []) {
      const { service, instance } = plan.restores[index] as PlanEntry;
      const id = keyedId(`${adapters[service]?.scope}/${instance}`, keyOf(plan.name, 1));
      if (!(await options.intents.read(id).catch(() => true))) continue;
      const ms = (submits?.seconds ?? 0) * 1_000 + SPARE_MS;
      return clock.sleep(ms, options.signal ?? NEVER).catch(() => {});
    }
  }

  async function one(index: number, pace: Pace, begun: () => void) {
    const entry = plan.restores[index] as PlanEntry;
    const item = await carry(fleet, entry, pace, begun);
    begun();
    items[index] = item;
    ends[item.end]++;
    underWay--;
    fleet.tell({ kind: "ended", entry, item });
  }
}

/** Clocks and timers are not exact. */
const SPARE_MS = 10;

/** The places in the plan of each service. */
function lanes(plan: Plan, adapters: Adapters): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, { service: name, line }] of plan.restores.entries()) {
    const adapter = Object.hasOwn(adapters, name) ? adapters[name] : undefined;
    if (!adapter) {
      throw new RestoreError("input", `${plan.file}:${line} names the service ${name}, which adapters lacks`, {
        next: "Give the adapters that the plan was read with.",
      });
    }
    const lane = found.get(adapter.service);
    if (lane) lane.push(index);
    else found.set(adapter.service, [index]);
  }
  return found;
}
