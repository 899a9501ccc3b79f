import { type Answer, type Draft, RunningCall, type Shared } from "./call.js";
import { type Clock, systemClock } from "./clock.js";
import { InputError, TransportError, type Verdict } from "./errors.js";
import type { Operation, Service } from "./operation.js";
import { type CallOptions, type ClientOptions, checkTimeout } from "./options.js";
import { createLimiter } from "./rate-limit.js";
import { createBudget } from "./retry.js";
import type { Means } from "./send/types.js";
import type { Scheme } from "./sign/types.js";
import { isSignal } from "./signal.js";
import { createSigner } from "./signer.js";

export type Transport = (operation: Operation, draft: Draft, call: CallOptions) => Promise<Answer>;

const TWICE: Verdict = {
  executed: "no",
  why: "This runtime's fetch may send a write twice: send it from a server, or set allowBrowserWrites.",
};

export function createTransport<C extends object>(
  service: Service,
  scheme: Scheme<C> | undefined,
  options: ClientOptions<C>,
  means: Means,
): Transport {
  const clock = clockOf(options);
  const shared: Shared<C> = {
    service,
    means,
    clock,
    signer: createSigner(service, scheme, options, clock),
    // A clock that only tells the time is a wall clock, which may be set; windows are counted on a steady one.
    limiter: options.limiter ?? createLimiter(options.sleep ? clock : undefined),
    budget: createBudget(),
    hooks: [options.hooks ?? []].flat(),
    timeout: options.timeout ?? {},
    retry: options.retry ?? {},
    random: options.random ?? Math.random,
    maxBytes: options.maxBytes ?? 8 * 1024 * 1024,
  };
  return async (operation, draft, call) => {
    const place = { service: service.name, operation: operation.id };
    if (operation.effect !== "read" && means.refuseWrites) throw new TransportError(place, "refusedHere", TWICE);
    const problem = (name: string, text: string) => new InputError(place, name, text);
    checkTimeout(call.timeout, problem);
    if (call.signal && !isSignal(call.signal))
      throw problem("signal", "must be an AbortSignal that can be listened to");
    return new RunningCall(shared, operation, draft, call).run();
  };
}

function clockOf({ now, sleep = systemClock.sleep }: ClientOptions<object>): Clock {
  return { now: now ? () => Number(now()) : systemClock.now, sleep };
}
