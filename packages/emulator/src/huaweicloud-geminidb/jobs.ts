import { type Call, page, type Reply } from "../call.js";
import { DAY } from "../state.js";
import { phaseOf, progressOf, type Task } from "../tasks.js";
import { fromOffset } from "../times.js";
import { ofProject, refuse, zoned } from "./common.js";

/** No document names the job of a restore in place. */
const NAME = "RestoreRedisPitr";

export function listJobs(call: Call): Reply {
  const { now } = call;
  const { id, project_id, status, name, offset = 0, limit = 50, start_time, end_time } = call.parameters;
  const end = end_time === undefined ? now : fromOffset(end_time as string);
  const start = start_time === undefined ? end - 30 * DAY : fromOffset(start_time as string);
  if (end - start > 30 * DAY) throw refuse(400, "DBS.280067", "The times are more than 30 days apart.");
  const found = id === undefined ? ofProject(call).flatMap(({ tasks }) => tasks) : [call.state.task(id as string)];
  const all = found
    .filter((task) => task !== undefined)
    .filter(({ instance }) => instance.service === "huaweicloud-geminidb" && instance.projectId === project_id)
    .filter((task) => now >= task.visibleAt && task.submittedAt + 1000 > start && task.submittedAt < end + 1000)
    .filter((task) => status === undefined || stateOf(task, now) === status)
    .filter(() => name === undefined || name === NAME)
    .sort((a, b) => b.submittedAt - a.submittedAt);
  const jobs = page(all, offset as number, limit as number).map((task) => ({
    id: task.id,
    name: NAME,
    status: stateOf(task, now),
    start_time: zoned(task.submittedAt),
    // Required, so a job that runs says when it should be done.
    end_time: zoned(task.endsAt),
    progress: stateOf(task, now) === "Running" ? `${progressOf(task, now)}%` : "",
    instance: { id: task.instance.id, name: task.instance.name },
    fail_reason: phaseOf(task, now) === "failed" ? (task.failure?.text ?? "") : "",
  }));
  return { status: 200, body: { jobs, total_count: all.length } };
}

function stateOf(task: Task, now: number): string {
  const phase = phaseOf(task, now);
  return {
    waiting: "Running",
    running: "Running",
    succeeded: "Completed",
    failed: "Failed",
    stuck: String(task.stuck),
  }[phase];
}
