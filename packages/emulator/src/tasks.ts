import type { Backup, Instance } from "./state.js";

/** Something that takes its time on an instance. Its phase follows from its times. */
export interface Task {
  readonly id: string;
  readonly kind: "restore" | "backup" | "clone";
  readonly instance: Instance;
  readonly backup: Backup | undefined;
  /** What a restore to a point in time goes back to. */
  readonly time: number | undefined;
  readonly remark: string;
  readonly submittedAt: number;
  /** Until then it waits. */
  readonly startsAt: number;
  endsAt: number;
  /** Until then no poll and no list shows it. */
  visibleAt: number;
  /** Set where it ends badly; the code where the service has codes for it. */
  failure?: { code: string; text: string };
  /** A raw state that nobody documents: once running, it shows this and never ends. */
  stuck?: string | number;
}

export type Phase = "waiting" | "running" | "stuck" | "succeeded" | "failed";

export function phaseOf(task: Task, now: number): Phase {
  if (now < task.startsAt) return "waiting";
  if (task.stuck !== undefined) return "stuck";
  if (now < task.endsAt) return "running";
  return task.failure ? "failed" : "succeeded";
}

export function ended(task: Task, now: number): boolean {
  return ["succeeded", "failed"].includes(phaseOf(task, now));
}

/** 0 to 100. */
export function progressOf(task: Task, now: number): number {
  if (phaseOf(task, now) === "succeeded") return 100;
  const share = (now - task.startsAt) / (task.endsAt - task.startsAt);
  return Math.min(99, Math.max(0, Math.floor(share * 100)));
}

/** The task that holds the instance now. */
export function active(instance: Instance, now: number): Task | undefined {
  // The newest that runs is the one; older ones have ended, or were there before a forced duplicate.
  return instance.tasks.findLast((task) => !ended(task, now));
}
