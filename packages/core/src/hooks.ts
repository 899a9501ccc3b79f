import type { Executed } from "./errors.js";
import { quietly } from "./foreign.js";
import type { Operation } from "./operation.js";

/** What hooks, loggers and traces get to see. Everything that is not named here stays inside: headers, query, bodies. */
export interface CallEvent {
  readonly service: string;
  readonly operation: string;
  readonly effect: Operation["effect"];
  readonly method: string;
  readonly host: string;
  /** Also where the host does not say it: 443, or 80 over plain http. */
  readonly port: number;
  /** Path template, with the names of its parameters. */
  readonly path: string;
  /** Counts the calls of this process. */
  readonly call: number;
  /** Counts the attempts of a call, from 1. */
  readonly attempt: number;
}

export interface ResponseEvent extends CallEvent {
  readonly milliseconds: number;
  /** `result`, or the row of the retry policy. */
  readonly outcome: string;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly executed: Executed | undefined;
}

export interface RetryEvent extends ResponseEvent {
  readonly waitMs: number;
}

/** Called as a call proceeds. What a hook throws is dropped: watching a call cannot change what becomes of it. */
export interface Hooks {
  onRequest?(event: CallEvent): void;
  onResponse?(event: ResponseEvent): void;
  onRetry?(event: RetryEvent): void;
  /** After the last attempt, with what it came to. */
  onEnd?(event: ResponseEvent): void;
}

/** Anything that takes the message first, such as `console` or winston. pino takes the fields first: turn them round. */
export interface Logger {
  debug(message: string, fields: object): void;
  warn(message: string, fields: object): void;
}

/** Hooks that log: attempts and results at `debug`, retries and failures at `warn`. */
export function logTo(logger: Logger): Hooks {
  const title = (event: CallEvent) => `${event.service} ${event.operation}`;
  return {
    onRequest: (event) => logger.debug(`${title(event)}: sent`, event),
    onResponse: (event) =>
      event.outcome === "result"
        ? logger.debug(`${title(event)}: answered`, event)
        : logger.warn(`${title(event)}: ${event.outcome}`, event),
    onRetry: (event) => logger.warn(`${title(event)}: again after ${Math.round(event.waitMs)} ms`, event),
  };
}

/** Tells every hook. What they get is a frozen copy: nothing done to it reaches the call or another hook. */
export function tell<E extends CallEvent>(hooks: readonly Hooks[], name: keyof Hooks, event: E) {
  const shown = Object.freeze({ ...event });
  for (const hook of hooks) quietly(() => (hook[name] as ((event: E) => unknown) | undefined)?.call(hook, shown));
}
