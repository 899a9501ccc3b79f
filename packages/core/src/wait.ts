import { type Clock, systemClock } from "./clock.js";
import { ApiError, CallError, InputError } from "./errors.js";
import type { Operation, TaskStates } from "./operation.js";
import { type Paged, paginate } from "./paginate.js";
import { valueAt } from "./record.js";
import type { CallOptions } from "./transport.js";

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
  readonly lastError: CallError | undefined;
}

export interface WaitOptions {
  /** When to give up waiting. The task goes on. */
  deadline: Date;
  /** Milliseconds between polls, give or take a fifth. Default 10,000. */
  intervalMs?: number;
  /** Ends the waiting. The task goes on. */
  signal?: AbortSignal;
  /** The task's id, where the operation lists tasks. */
  id?: string | number;
  onProgress?(view: TaskView): void;
  clock?: Clock;
  random?: () => number;
}

/** This many refusals of credentials in a row end the waiting: no later poll will see more. */
const MOST_DENIALS = 3;

/**
 * Polls a task until it ends, is in a state that is not documented, or the deadline comes.
 * @throws {ApiError} when the service keeps refusing the credentials
 * @throws {InputError} when the input can never be sent
 * @throws {RangeError} for a deadline that is no time, or a list without `id`
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
  let lastError: CallError | undefined;
  let denials = 0;
  if (Number.isNaN(deadline.getTime())) throw new RangeError("deadline is not a time");
  if (task.record.endsWith("[]") && task.id !== undefined && options.id === undefined) {
    throw new RangeError(`${operation.id} lists tasks: id must say which one to wait for`);
  }

  for (let polls = 0; ; ) {
    const left = deadline.getTime() - clock.now();
    const done = (end: WaitEnd["end"]): WaitEnd => ({ ...view, end, polls, lastError });
    if (signal.aborted) return done("aborted");
    if (left <= 0) return done("timedOut");
    try {
      polls++;
      const record = await findRecord({ signal, timeout: { overall: left } });
      denials = 0;
      view = look(task, record);
      options.onProgress?.(view);
      const { state } = view;
      if (state !== undefined) {
        if (task.succeeded.includes(state)) return done("succeeded");
        if (task.failed.includes(state)) return done("failed");
        if (!task.running.includes(state)) return done("unrecognised");
      }
    } catch (error) {
      if (!(error instanceof CallError) || error instanceof InputError) throw error;
      lastError = error;
      if (error instanceof ApiError && denied(error) && ++denials >= MOST_DENIALS) throw error;
    }
    const pause = intervalMs * (0.8 + 0.4 * random());
    // Aborting shows at the top of the loop.
    await clock.sleep(Math.max(0, Math.min(pause, deadline.getTime() - clock.now())), signal).catch(() => {});
  }

  async function findRecord(callOptions: CallOptions): Promise<unknown> {
    const place = task.record.replace(/\[\]$/, "");
    const wanted = (record: unknown) =>
      task.id === undefined || options.id === undefined || String(valueAt(record, task.id)) === String(options.id);
    if (!task.record.endsWith("[]")) {
      const record = valueAt(await call(input, callOptions), place);
      return wanted(record) ? record : undefined;
    }
    if (operation.pagination === undefined) {
      const records = valueAt(await call(input, callOptions), place);
      return Array.isArray(records) ? records.find(wanted) : undefined;
    }
    for await (const record of paginate(operation as Paged, call, input, callOptions))
      if (wanted(record)) return record;
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
