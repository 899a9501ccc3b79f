import type { EndpointName, Operation } from "./bundle.js";
import type { Fault } from "./faults.js";
import { find } from "./faults.js";
import type { Random } from "./random.js";
import type { Backup, Instance, RestoredFrom, State } from "./state.js";
import { active, type Task } from "./tasks.js";

/** How long things take, in milliseconds. */
export interface Pace {
  /** A task waits before it runs. Default 2 s. */
  waitMs: number;
  /** A restore runs. Default 30 s. */
  restoreMs: number;
  /** A backup runs. Default 20 s. */
  backupMs: number;
  /** RDS shows a job only after this: documented as several seconds. Default 3 s. */
  rdsVisibleMs: number;
}

export const PACE: Pace = { waitMs: 2_000, restoreMs: 30_000, backupMs: 20_000, rdsVisibleMs: 3_000 };

/** A login that the identity service takes. */
export interface Login {
  user: string;
  password: string;
  domain: string;
}

/** Tokens that the identity service issued. */
export type IssuedTokens = Map<string, { expiresAt: number; projectId: string | undefined }>;

/** One run of one operation. */
export interface Call {
  readonly operation: Operation;
  readonly parameters: Record<string, unknown>;
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string>>;
  readonly now: number;
  readonly state: State;
  readonly random: Random;
  readonly pace: Pace;
  readonly faults: readonly Fault[];
  readonly login: Login;
  readonly tokens: IssuedTokens;
  /** Where the emulator hears of the task that was started. */
  started?: Task;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** Undefined is an answer without a body. */
  body?: unknown;
}

export type Handler = (call: Call) => Reply;

/** What a service adds to the common parts. */
export interface Emulation {
  name: EndpointName;
  handlers: Record<string, Handler>;
  /** Puts the service's envelope round an error. */
  failure(error: { status: number; code: string; message: string }, call: FailedCall): unknown;
}

export interface FailedCall {
  operation: Operation | undefined;
  requestId: string;
}

/** Whether no lock holds the call back: a duplicated delivery is let through. */
export function forced({ faults }: Call): boolean {
  return find(faults, "duplicate") !== undefined;
}

/** The running task that keeps others out. */
export function lock(call: Call, instance: Instance): Task | undefined {
  return forced(call) ? undefined : active(instance, call.now);
}

interface Start {
  kind: Task["kind"];
  instance: Instance;
  backup?: Backup | undefined;
  time?: number;
  remark?: string;
  id?: string;
  visibleMs?: number;
  /** What the failed task says, where a fault makes it fail and says nothing itself. */
  failure: { code: string; text: string };
}

/** Starts a task, as the faults of the request would have it. */
export function startTask(call: Call, start: Start): Task {
  const { now, pace, faults, random } = call;
  const fail = find(faults, "fail");
  const undocumented = find(faults, "undocumented");
  const startsAt = now + pace.waitMs;
  const task: Task = {
    id: start.id ?? random.uuid(),
    kind: start.kind,
    instance: start.instance,
    backup: start.backup,
    time: start.time,
    remark: start.remark ?? "",
    submittedAt: now,
    startsAt,
    endsAt: startsAt + (start.kind === "backup" ? pace.backupMs : pace.restoreMs),
    visibleAt: now + Math.max(start.visibleMs ?? 0, find(faults, "late")?.ms ?? 0),
    ...(fail && { failure: { code: fail.code ?? start.failure.code, text: fail.text ?? start.failure.text } }),
    ...(undocumented && { stuck: undocumented.state }),
  };
  call.state.addTask(task);
  call.started = task;
  return task;
}

/** Starts a restore, and lets the instance remember it. */
export function startRestore(call: Call, start: Omit<Start, "kind">, from: RestoredFrom): Task {
  const task = startTask(call, { ...start, kind: "restore" });
  start.instance.restores.push({ from, at: call.now, task });
  start.backup?.restores.push(task);
  return task;
}

/** Starts a manual backup: its record and its task. */
export function startBackup(
  call: Call,
  start: Omit<Start, "kind" | "backup">,
  given: Partial<Pick<Backup, "name" | "remark" | "format" | "expiresAt">>,
): { backup: Backup; task: Task } {
  const { now, pace, state } = call;
  const finishedAt = now + pace.waitMs + pace.backupMs;
  const backup = state.addBackup(start.instance, { startedAt: now, finishedAt, ...given });
  const task = startTask(call, { ...start, kind: "backup", backup });
  backup.failed = task.failure !== undefined;
  backup.visibleAt = Math.max(now, task.visibleAt);
  return { backup, task };
}

/** The instances, backups or tasks of one page. */
export function page<T>(all: readonly T[], offset: number, limit: number): T[] {
  return all.slice(Math.max(0, offset), Math.max(0, offset) + limit);
}
