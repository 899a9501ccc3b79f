import { type Clock, systemClock } from "./clock.js";
import { valueAt } from "./data.js";
import { ApiError, CallError, InputError, TransportError } from "./errors.js";
import { quietly } from "./foreign.js";
import type { Operation, TaskStates } from "./operation.js";
import type { CallOptions } from "./options.js";
import { type Paged, paginate } from "./paginate.js";

/** How a task stands, with the vendor's own state kept. */
export interface TaskView {
  /** Undefined while the service does not list the task yet. */
  readonly state: string | number | undefined;
  readonly detail: string | undefined;
  readonly progress: string | number | undefined;
  /** The record as it came. */
  readonly record: unknown;
}

/** How waiting ended. Only `succeeded` and `failed` say anything about the task's own end. */
export interface WaitEnd extends TaskView {
  readonly end: "succeeded" | "failed" | "timedOut" | "aborted" | "unrecognised";
  readonly polls: number;
  /** The last poll that failed; a failed poll is not a failed task. */
  readonly lastError: CallError | RangeError | undefined;
}

export interface WaitOptions {
  /** When to give up waiting. The task goes on. */
  deadline: Date;
  /** Milliseconds between polls, give or take a fifth; at least 10, and what the service asks for. Default 10,000. */
  intervalMs?: number | undefined;
  /** Ends the waiting. The task goes on. */
  signal?: AbortSignal | undefined;
  /** The task's id, where the operation lists tasks. */
  id?: string | number | undefined;
  /** Told of each poll that got through. What it throws is ignored: the waiting goes on. */
  onProgress?: ((view: TaskView) => void) | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
}

/** This many refusals of credentials in a row end the waiting: no later poll will see more. */
const MOST_DENIALS = 3;
/** A shorter interval would only keep the service busy. */
const SHORTEST_MS = 10;
/** Ends a poll between its pages. */
const OVER = new Error("over");

/**
 * Polls a task until it ends, is in a state that is not documented, or the deadline comes.
 * @throws {ApiError} when the service keeps refusing the credentials
 * @throws {InputError} when the input can never be sent
 * @throws {TransportError} when the client itself refuses to send (`refusedHere`), such as without credentials
 * @throws {RangeError} for a deadline that is no time, an interval that is none, or a list without `id`
 */
export async function waitForTask<I extends object, R>(
  operation: Operation & { readonly task: TaskStates },
  call: (input: I, options?: CallOptions) => Promise<R>,
  input: I,
  options: WaitOptions,
): Promise<WaitEnd> {
  const { deadline, intervalMs = 10_000, clock = systemClock, random = Math.random } = options;
  const signal = options.signal ?? new AbortController().signal;
  const { task } = operation;
  let view: TaskView = { state: undefined, detail: undefined, progress: undefined, record: undefined };
  let lastError: WaitEnd["lastError"];
  let denials = 0;
  if (Number.isNaN(deadline.getTime())) throw new RangeError("deadline is not a time");
  if (!(intervalMs >= 0)) throw new RangeError("intervalMs is not a number of milliseconds");
  if (task.record.endsWith("[]") && task.id !== undefined && options.id === undefined) {
    throw new RangeError(`${operation.id} lists tasks: id must say which one to wait for`);
  }

  for (let polls = 0; ; ) {
    const done = (end: WaitEnd["end"]): WaitEnd => ({ ...view, end, polls, lastError });
    if (signal.aborted) return done("aborted");
    if (left() <= 0) return done("timedOut");
    let asked = 0;
    try {
      polls++;
      const record = await findRecord();
      denials = 0;
      view = Object.freeze(look(task, record));
      const { state } = view;
      quietly(() => options.onProgress?.(view));
      if (state !== undefined) {
        if (task.succeeded.includes(state)) return done("succeeded");
        if (task.failed.includes(state)) return done("failed");
        if (!task.running.includes(state)) return done("unrecognised");
      }
    } catch (error) {
      // The top of the loop says how it ended.
      if (error === OVER) continue;
      // A list that cannot be walked this time is a failed poll too.
      if (!(error instanceof CallError || error instanceof RangeError) || error instanceof InputError) throw error;
      if (error instanceof TransportError && error.failure === "refusedHere") throw error;
      lastError = error;
      if (error instanceof ApiError) asked = error.retryAfter ?? 0;
      if (error instanceof ApiError && denied(error) && ++denials >= MOST_DENIALS) throw error;
    }
    const pause = Math.max(SHORTEST_MS, intervalMs * (0.8 + 0.4 * random()), asked);
    // Aborting shows at the top of the loop.
    await clock.sleep(Math.max(0, Math.min(pause, left())), signal).catch(() => {});
  }

  function left() {
    return deadline.getTime() - clock.now();
  }

  /** One request of a poll, with the time that is left by then. */
  function ask(page: I): Promise<R> {
    if (signal.aborted || left() <= 0) throw OVER;
    return call(page, { signal, timeout: { overall: left() } });
  }

  async function findRecord(): Promise<unknown> {
    const place = task.record.replace(/\[\]$/, "");
    const wanted = (record: unknown) =>
      task.id === undefined || options.id === undefined || String(valueAt(record, task.id)) === String(options.id);
    if (!task.record.endsWith("[]")) {
      const record = valueAt(await ask(input), place);
      return wanted(record) ? record : undefined;
    }
    if (operation.pagination === undefined) {
      const records = valueAt(await ask(input), place);
      return Array.isArray(records) ? records.find(wanted) : undefined;
    }
    for await (const record of paginate(operation as Paged, ask, input)) if (wanted(record)) return record;
    return undefined;
  }
}

/** Tencent Cloud refuses credentials with HTTP 200. */
function denied({ status, code }: ApiError) {
  return status === 401 || status === 403 || /^(AuthFailure|UnauthorizedOperation)\b/.test(code);
}

function look(task: TaskStates, record: unknown): TaskView {
  const read = (name: string | undefined) => (name === undefined ? undefined : valueAt(record, name));
  const scalar = (value: unknown) => (typeof value === "string" || typeof value === "number" ? value : undefined);
  const detail = scalar(read(task.detail));
  return {
    state: scalar(read(task.state)),
    detail: detail === undefined || detail === "" ? undefined : String(detail),
    progress: scalar(read(task.progress)),
    record,
  };
}
