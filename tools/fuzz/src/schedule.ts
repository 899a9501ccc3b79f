import { getEventListeners } from "node:events";
import { createLimiter, type ResponseEvent } from "@restorekit/core";
import { createVirtualClock } from "./clock.js";
import { createCloud } from "./cloud.js";
import { accountOf, type Ledger } from "./ledger.js";
import { drawPlan, type Plan, type PlannedCall } from "./plan.js";
import { createRandom } from "./random.js";
import { connect, keysOf, type Options, operationOf, RATE } from "./services.js";
import { type Ending, judgeCall, type Violation } from "./verdicts.js";

/** What may be put in the way on purpose, to see whether it is found. */
export type Sabotage = (fetch: NonNullable<Options["fetch"]>) => NonNullable<Options["fetch"]>;

export interface Outcome {
  violations: Violation[];
  calls: number;
  writes: number;
  attempts: number;
  /** What was met, by name. */
  met: Map<string, number>;
  log: string[];
}

/** More events than any schedule has: whoever gets here goes round in circles. */
const MOST_EVENTS = 20_000;
/** A deaf `fetch` is waited for this much longer than the deadline. */
const GRACE_MS = 100;

/** Plays one schedule in virtual time. The same numbers give the same schedule. */
export async function playSchedule(
  seed: number,
  index: number,
  sabotage: Sabotage = (fetch) => fetch,
): Promise<Outcome> {
  const clock = createVirtualClock();
  const origin = clock.now();
  const plan = drawPlan(createRandom(seed, index));
  const ledger: Ledger = new Map();
  const violations: Violation[] = [];
  const log: string[] = [];
  const met = new Map<string, number>();
  const counted: number[] = [];
  const opened = new Map<number, number>();
  let attempts = 0;

  const cloud = createCloud({
    ...plan,
    seed: [seed, index],
    clock,
    ledger,
    attemptMs: plan.timeout.attempt,
    accepts: () => (plan.revoked !== undefined && clock.now() - origin >= plan.revoked ? 2 : 0),
    operationName,
    counted: (instance) => {
      if (operationOf(plan.kind, operationName(instance)).rateLimit) counted.push(clock.now());
    },
  });
  const note = (event: ResponseEvent) => {
    met.set(event.outcome, (met.get(event.outcome) ?? 0) + 1);
    log.push(
      `${clock.now() - origin} ms: call ${event.call} ${event.operation} attempt ${event.attempt}: ${event.outcome}`,
    );
  };
  const client = connect(plan.kind, {
    fetch: sabotage(cloud),
    now: () => clock.now() + plan.clockOff,
    sleep: clock.sleep,
    random: createRandom(seed, index, 1).next,
    limiter: createLimiter(clock),
    credentials: provider(plan, clock, origin),
    timeout: plan.timeout,
    retry: { attempts: plan.attempts, capMs: 3_000 },
    maxBytes: plan.maxBytes,
    hooks: {
      onRequest(event) {
        attempts++;
        opened.set(event.call, (opened.get(event.call) ?? 0) + 1);
      },
      onResponse: note,
      onEnd: (event) => opened.set(event.call, (opened.get(event.call) ?? 0) - 1_000),
    },
  });

  const controllers = new Map<number, AbortController>();
  const endings = plan.calls.map(run);
  for (let events = 0; await clock.step(); events++) {
    if (events < MOST_EVENTS) continue;
    violations.push({ rule: "hangs", detail: "goes round in circles" });
    break;
  }

  for (const [at, call] of plan.calls.entries()) {
    const operation = operationOf(plan.kind, call.operation);
    for (const violation of judgeCall(operation, accountOf(ledger, call.instance), endings[at]?.ending())) {
      violations.push({ ...violation, detail: `${call.operation} ${call.instance}: ${violation.detail}` });
    }
  }
  violations.push(...leaks(), ...overRate(counted));
  return {
    violations,
    calls: plan.calls.length,
    writes: plan.calls.filter((call) => operationOf(plan.kind, call.operation).effect !== "read").length,
    attempts,
    met,
    log: [JSON.stringify(plan), ...log],
  };

  function operationName(instance: string) {
    return plan.calls.find((call) => call.instance === instance)?.operation ?? "";
  }

  function run(call: PlannedCall) {
    let ending: Ending;
    const controller = controllers.get(call.signal) ?? new AbortController();
    controllers.set(call.signal, controller);
    if (call.abort !== undefined)
      clock.at(call.start + call.abort, () => controller.abort(new Error("the caller's own reason")));
    clock.at(call.start, () => {
      const begun = clock.now();
      const input = { instance_id: call.instance, ...inputOf(call) };
      const timeout = {
        ...(call.attempt === undefined ? {} : { attempt: call.attempt }),
        ...(call.overall === undefined ? {} : { overall: call.overall }),
      };
      const ended = (end: Ending) => {
        ending = end;
        const error = end && "error" in end ? end.error : undefined;
        log.push(`${clock.now() - origin} ms: ${call.instance} ended: ${error ?? "result"}`);
        // The signal may have aborted long before this call began.
        const latest = begun + (call.overall ?? plan.timeout.overall) + (plan.deaf ? GRACE_MS : 0);
        if (clock.now() > latest)
          violations.push({ rule: "late", detail: `${call.instance} by ${clock.now() - latest} ms` });
      };
      const running = client[call.operation]?.(input, { signal: controller.signal, timeout });
      running?.then(
        (value) => ended({ value }),
        (error: unknown) => ended({ error }),
      );
      watchAbort(controller.signal, () => ending);
    });
    return { ending: () => ending };
  }

  /** An aborted call ends at once: before time passes, or the grace of a deaf `fetch` later. */
  function watchAbort(signal: AbortSignal, ending: () => Ending) {
    const check = () => {
      const late = plan.deaf ? GRACE_MS + 1 : 1;
      clock.at(late, () => {
        if (!ending()) violations.push({ rule: "late", detail: "an aborted call went on" });
      });
    };
    if (signal.aborted) check();
    else signal.addEventListener("abort", check, { once: true });
    watchers.set(signal, (watchers.get(signal) ?? 0) + (signal.aborted ? 0 : 1));
  }

  function* leaks(): Generator<Violation> {
    if (clock.waiting() > 0) yield { rule: "leaks", detail: `${clock.waiting()} timers` };
    for (const [instance, { open }] of ledger) {
      if (open > 0 && !plan.deaf) yield { rule: "leaks", detail: `${open} connections of ${instance}` };
    }
    for (const { signal } of controllers.values()) {
      const left = getEventListeners(signal, "abort").length - (signal.aborted ? 0 : (watchers.get(signal) ?? 0));
      if (left > 0) yield { rule: "leaks", detail: `${left} abort listeners` };
    }
    for (const [call, count] of opened) {
      if (count < -1_000 || count >= 0) yield { rule: "leaks", detail: `call ${call}: hooks heard no end, or two` };
    }
  }
}

const watchers = new WeakMap<AbortSignal, number>();

function inputOf(call: PlannedCall): object {
  if (call.operation === "list") return { limit: 10 };
  return call.operation === "remove" ? {} : { backup_id: `b-${call.instance}` };
}

/** Credentials in generations: a new one with each request for them. */
function provider(plan: Plan, clock: { now(): number; at(ms: number, run: () => void): void }, origin: number) {
  let generation = 0;
  return async () => {
    const mine = plan.revoked !== undefined && clock.now() - origin >= plan.revoked ? 2 : ++generation && 1;
    if (plan.provider === "throws" && generation % 2 === 1) throw new Error("the provider's own error");
    if (plan.provider === "hangs") await new Promise(() => {});
    if (plan.provider === "slow") await new Promise<void>((resolve) => clock.at(30, resolve));
    const keys = keysOf(plan.kind, plan.token, mine);
    return plan.lifetime === undefined ? keys : { ...keys, expiresAt: new Date(clock.now() + plan.lifetime) };
  };
}

/** Windows of the documented length that hold more arrivals than the rate allows. */
function overRate(arrivals: readonly number[]): Violation[] {
  return arrivals.flatMap((start) => {
    const held = arrivals.filter((other) => other >= start && other < start + RATE.seconds * 1000).length;
    return held > RATE.requests ? [{ rule: "over the rate" as const, detail: `${held} arrivals in one window` }] : [];
  });
}
