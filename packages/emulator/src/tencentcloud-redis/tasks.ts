import { type Call, page, type Reply } from "../call.js";
import { DAY } from "../state.js";
import { ended, phaseOf, progressOf, type Task } from "../tasks.js";
import { chosen, fromLocal, local, refuse, regionOf, respond } from "./common.js";

const TYPES: Record<Task["kind"], { code: string; text: string }> = {
  restore: { code: "010", text: "FLOW_RESTOREBACKUP" },
  backup: { code: "012", text: "FLOW_BACKUPINSTANCE" },
  clone: { code: "026", text: "FLOW_CLONEBACKUP" },
};

/** Task ids are numbers here. */
export function newTaskId(call: Call): string {
  return String(call.state.serial());
}

export function describeTaskInfo(call: Call): Reply {
  const { now } = call;
  const task = call.state.task(call.body.TaskId as number);
  const known = task?.instance.service === "tencentcloud-redis" && task.instance.region === regionOf(call);
  if (!task || !known || now < task.visibleAt) {
    throw refuse("InvalidParameter.InvalidParameter", `task ${call.body.TaskId} does not exist`);
  }
  return respond({
    Status: stateOf(task, now),
    StartTime: local(task.submittedAt),
    TaskType: TYPES[task.kind].text,
    InstanceId: task.instance.id,
    TaskMessage: phaseOf(task, now) === "failed" ? (task.failure?.text ?? "") : "",
  });
}

function stateOf(task: Task, now: number) {
  const phase = phaseOf(task, now);
  // Two words are documented for a failure; the fault's code may choose the other one.
  if (phase === "failed") return task.failure?.code === "error" ? "error" : "failed";
  return { waiting: "preparing", running: "running", succeeded: "succeed", stuck: String(task.stuck) }[phase];
}

export function describeTaskList(call: Call): Reply {
  const { now, body } = call;
  const { Limit = 20, Offset = 0, TaskTypes, Result, BeginTime, EndTime } = body;
  const begin = BeginTime === undefined ? now - 30 * DAY : fromLocal(BeginTime as string);
  const end = EndTime === undefined ? now : fromLocal(EndTime as string);
  const all = chosen(call)
    .flatMap(({ tasks }) => tasks)
    .filter((task) => now >= task.visibleAt)
    // The times have no milliseconds: a task belongs to the second that it shows.
    .filter((task) => task.submittedAt + 1000 > begin && task.submittedAt < end + 1000)
    .filter(
      (task) => !(TaskTypes as string[] | undefined)?.length || (TaskTypes as string[]).includes(TYPES[task.kind].code),
    )
    .filter((task) => !(Result as number[] | undefined)?.length || (Result as number[]).includes(resultOf(task, now)))
    .sort((a, b) => b.submittedAt - a.submittedAt || Number(b.id) - Number(a.id));
  return respond({
    TotalCount: all.length,
    Tasks: page(all, Offset as number, Limit as number).map((task) => ({
      TaskId: Number(task.id),
      StartTime: local(task.submittedAt),
      EndTime: ended(task, now) ? local(task.endsAt) : "",
      TaskType: TYPES[task.kind].code,
      InstanceName: task.instance.name,
      InstanceId: task.instance.id,
      ProjectId: 0,
      Progress: progressOf(task, now) / 100,
      Result: resultOf(task, now),
    })),
  });
}

/** A state that the polling shows in a word is a number here: 3 is documented nowhere. */
function resultOf(task: Task, now: number): number {
  const phase = phaseOf(task, now);
  if (phase === "stuck") return typeof task.stuck === "number" ? task.stuck : 3;
  return { waiting: 0, running: 1, succeeded: 2, failed: 4 }[phase];
}
