import { type Call, page, type Reply } from "../call.js";
import { DAY } from "../state.js";
import { ended, phaseOf, progressOf, type Task } from "../tasks.js";
import { withOffset } from "../times.js";
import { ofProject, refuse } from "./common.js";
import { statusOf } from "./instances.js";

export function listJobInfo(call: Call): Reply {
  const { now } = call;
  const { id, project_id } = call.parameters as { id: string; project_id: string };
  const task = call.state.task(id);
  const known = task && task.kind === "restore" && task.instance.service === "huaweicloud-rds";
  if (!known || task.instance.projectId !== project_id || now < task.visibleAt || now - task.submittedAt > 30 * DAY) {
    throw refuse(400, "DBS.200543", `The job ${id} does not exist.`);
  }
  return {
    status: 200,
    body: {
      job: {
        id: task.id,
        name: nameOf(task),
        status: stateOf(task, now),
        created: withOffset(task.submittedAt),
        ...(ended(task, now) && { ended: withOffset(task.endsAt) }),
        process: stateOf(task, now) === "Running" ? `${progressOf(task, now)}%` : "",
        instance: { id: task.instance.id, name: task.instance.name },
        ...(phaseOf(task, now) === "failed" && { fail_reason: task.failure?.text ?? "" }),
      },
    },
  };
}

export function listTasks(call: Call): Reply {
  const { now } = call;
  const { id, instance_id, name, status, offset = 0, limit = 10, start_time, end_time } = call.parameters;
  if (start_time !== undefined && end_time === undefined) {
    throw refuse(400, "DBS.280001", "Parameter error: start_time goes with end_time.");
  }
  const all = ofProject(call)
    .filter((instance) => instance_id === undefined || instance.id === instance_id)
    .flatMap(({ tasks }) => tasks)
    .filter((task) => task.kind === "restore" && now >= task.visibleAt && now - task.submittedAt <= 30 * DAY)
    .filter((task) => id === undefined || task.id === id)
    .filter((task) => name === undefined || nameOf(task) === name)
    .filter((task) => status === undefined || stateOf(task, now) === status)
    .filter(({ submittedAt }) => submittedAt + 1000 > Number(start_time ?? -Infinity))
    .filter(({ submittedAt }) => submittedAt <= Number(end_time ?? Infinity))
    .sort((a, b) => b.submittedAt - a.submittedAt);
  const tasks = page(all, offset as number, limit as number).map((task) => ({
    id: task.id,
    name: nameOf(task),
    instance_id: task.instance.id,
    instance_name: task.instance.name,
    instance_status: statusOf(task.instance, now),
    order_id: "",
    process: ended(task, now) ? "" : String(progressOf(task, now)),
    fail_reason: phaseOf(task, now) === "failed" ? (task.failure?.text ?? "") : "",
    create_time: withOffset(task.submittedAt),
    end_time: withOffset(task.endsAt),
    status: stateOf(task, now),
  }));
  return { status: 200, body: { tasks, actions: [...new Set(all.map(nameOf))], total_count: all.length } };
}

/** Only the SQL Server name is documented. */
function nameOf({ instance }: Task): string {
  const engine = instance.engine.charAt(0) + instance.engine.slice(1).toLowerCase();
  return `Restore${engine}InInstance`;
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
