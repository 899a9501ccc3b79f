import { ApiError, type CallOptions, paginate } from "@restorekit/core";
import { operations, service, type TencentcloudRedis } from "@restorekit/tencentcloud-redis";
import { gather } from "../fleet/gather.js";

type Instance = Awaited<ReturnType<TencentcloudRedis["describeInstances"]>>["InstanceSet"][number];

/** Looks at what changes: each by itself, or those of many restores together. */
export interface Looks {
  instance(id: string, call: CallOptions): Promise<{ found: Instance | undefined; serverTime: string | null }>;
  task(subject: { TaskId: number }, call?: CallOptions): Promise<Task>;
}

interface Task {
  readonly state: string | number;
  readonly detail?: string;
  readonly progress?: number;
}

export const RESTORE_A_BACKUP = "010";
export const RESTORES = { TaskTypes: [RESTORE_A_BACKUP] as ["010"] };
const { describeTaskInfo: poll, describeTaskList: list } = operations;
/** A page has room for a thousand; but of those who ask together, one wrong id is found by halves. */
const MOST_INSTANCES = 100;
const MOST_TASKS = 1_000;

/** A task as {@link Looks} show it: in the words of the poll or the numbers of the list, whichever told. */
export const TASK = {
  ...poll,
  task: {
    record: ".",
    state: "state",
    detail: "detail",
    progress: "progress",
    running: [...poll.task.running, ...list.task.running],
    succeeded: [...poll.task.succeeded, ...list.task.succeeded],
    failed: [...poll.task.failed, ...list.task.failed],
  },
};

export function looksOf(
  redis: TencentcloudRedis,
  { gatherMs, sleep }: { gatherMs: number; sleep(ms: number, signal: AbortSignal): Promise<void> },
): Looks {
  const single: Looks = {
    async instance(id, call) {
      const { result, response } = await redis.describeInstances({ InstanceId: id }, call).withResponse();
      const found = result.InstanceSet.find(({ InstanceId }) => InstanceId === id);
      return { found, serverTime: response.headers.get("date") };
    },
    async task({ TaskId }, call) {
      const { Status, TaskMessage } = await redis.describeTaskInfo({ TaskId }, call);
      // One official source writes Error.
      return { state: Status.toLowerCase(), detail: TaskMessage };
    },
  };
  if (gatherMs <= 0) return single;

  const options = { waitMs: gatherMs, sleep };
  const place = (operation: string) => ({ service: service.name, operation });
  const instances = gather(askInstances, {
    ...options,
    place: place("describeInstances"),
    most: MOST_INSTANCES,
    isolates,
  });
  const tasks = gather(askTasks, { ...options, place: place(list.id), most: MOST_TASKS });
  return {
    instance: async (id, call) => (await instances(id, call)) ?? { found: undefined, serverTime: null },

    /** Only what runs on, or has succeeded, is told by the list: it neither says why nor knows all. */
    async task(subject, call = {}) {
      const seen = await tasks(subject.TaskId, call);
      return seen && !list.task.failed.some((state) => state === seen.state) ? seen : single.task(subject, call);
    },
  };

  async function askInstances(ids: readonly string[]) {
    const input = { InstanceIds: [...ids], Limit: ids.length };
    const { result, response } = await redis.describeInstances(input).withResponse();
    const serverTime = response.headers.get("date");
    const byId = new Map(result.InstanceSet.map((instance) => [instance.InstanceId, instance]));
    return new Map(ids.map((id) => [id, { found: byId.get(id), serverTime }]));
  }

  /** Walks the list until all are found, or it ends. */
  async function askTasks(ids: readonly number[]) {
    const wanted = new Set(ids);
    const found = new Map<number, Task>();
    for await (const task of paginate(list, redis.describeTaskList, RESTORES)) {
      if (!wanted.delete(task.TaskId)) continue;
      found.set(task.TaskId, { state: task.Result, progress: task.Progress });
      if (wanted.size === 0) break;
    }
    return found;
  }
}

/** An id that is none spoils the question for all others. */
const isolates = (error: unknown) =>
  error instanceof ApiError && /^(InvalidParameter|ResourceNotFound|MissingParameter)/.test(error.code);
