import { after, type Clock } from "./clock.js";
import type { Failure } from "./errors.js";
import { onAbort } from "./signal.js";

/** What ends a call, or a part of it, before it is done. Far cheaper than an AbortSignal, which it makes on demand. */
export class Stop {
  readonly #clock: Clock;
  readonly #told = new Set<() => void>();
  readonly #undo: (() => void)[] = [];
  #why: Failure | undefined;
  #controller: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What ended it. Undefined while it goes on. */
  get why(): Failure | undefined {
    return this.#why;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#why) this.#controller.abort(this.#why);
    return this.#controller.signal;
  }

  /** Ends it for this reason after `ms`. */
  after(ms: number, why: Failure): this {
    this.#undo.push(after(this.#clock, ms, () => this.#end(why)));
    return this;
  }

  /** Ends it for this reason when a signal aborts. */
  with(signal: AbortSignal | undefined, why: Failure): this {
    if (signal) this.#undo.push(onAbort(signal, () => this.#end(why)));
    return this;
  }

  /** A stop of its own that this one ends too. */
  part(): Stop {
    const part = new Stop(this.#clock);
    part.#undo.push(this.onEnd((why) => part.#end(why)));
    return part;
  }

  /** Runs something at its end, at once if that has come; gives what forgets it again. */
  onEnd(run: (why: Failure) => void): () => void {
    const told = () => run(this.#why as Failure);
    if (this.#why) told();
    else this.#told.add(told);
    return () => this.#told.delete(told);
  }

  /** Waits for a promise, but no longer than this lasts, and `graceMs` more for what may have heard of the end itself. */
  orEnd<T>(promise: Promise<T>, graceMs = 0): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let forgetGrace = () => {};
      const forget = this.onEnd((why) => {
        if (graceMs === 0) reject(why);
        else forgetGrace = after(this.#clock, graceMs, () => reject(why));
      });
      // A transport of the caller's own may give any thenable, or none.
      Promise.resolve(promise)
        .then(resolve, reject)
        .finally(() => {
          forget();
          forgetGrace();
        });
    });
  }

  /** Ends nothing any more; no timer and no listener stays behind. */
  clear(): void {
    for (const undo of this.#undo) undo();
  }

  #end(why: Failure): void {
    if (this.#why) return;
    this.#why = why;
    for (const told of this.#told) told();
    this.#controller?.abort(why);
  }
}
