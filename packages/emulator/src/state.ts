import type { ServiceName } from "./bundle.js";
import type { Random } from "./random.js";
import { ended, type Task } from "./tasks.js";

// Nothing here changes by itself: what a task or backup is at a moment follows from its times.

/** A managed instance, of any of the services. Tests may change every field that is not readonly. */
export interface Instance {
  readonly id: string;
  readonly service: ServiceName;
  name: string;
  region: string;
  readonly projectId: string;
  readonly createdAt: number;
  engine: string;
  version: string;
  /** The vendor's kind: Tencent ProductType, DCS cache_mode, GeminiDB mode, RDS type. */
  mode: string;
  /** Memory, or storage for RDS. */
  sizeMb: number;
  /** The vendor's raw status; while set it wins over what the tasks say. */
  status?: string | number;
  /** What Tencent asks for on a restore; no password, none is asked for. */
  password?: string;
  /** How long automatic backups, and the window of RDS, reach back. */
  keepDays: number;
  /** The policy of GeminiDB. */
  pitr?: { enabled: boolean; intervalMinutes: number; keepDays: number; since: number };
  readonly backups: Backup[];
  readonly tasks: Task[];
  /** Every restore that was executed on it, in order: the place to assert "exactly once". */
  readonly restores: Restore[];
}

export interface Backup {
  readonly id: string;
  readonly instance: Instance;
  name: string;
  kind: "manual" | "auto";
  startedAt: number;
  finishedAt: number;
  expiresAt: number;
  remark: string;
  sizeBytes: number;
  format: "rdb" | "aof";
  /** DCS: whether it says that it can be restored. */
  restorable: boolean;
  failed: boolean;
  deletedAt?: number;
  /** Until then no list shows it. Default: its start. */
  visibleAt: number;
  /** The restores that read it. */
  readonly restores: Task[];
}

export type RestoredFrom = { backup: string; sourceInstance: string } | { time: number; sourceInstance: string };

export interface Restore {
  readonly from: RestoredFrom;
  readonly at: number;
  readonly task: Task;
}

export interface Project {
  id: string;
  name: string;
  domainId: string;
}

/** What an emulated cloud holds. */
export interface State {
  readonly projects: Project[];
  instances(service?: ServiceName): Instance[];
  /** @throws when there is none */
  instance(id: string): Instance;
  findInstance(service: ServiceName, id: string): Instance | undefined;
  findBackup(service: ServiceName, id: string): Backup | undefined;
  backups(service: ServiceName): Backup[];
  tasks(service: ServiceName): Task[];
  task(id: string | number): Task | undefined;
  /** @throws when there is no such service */
  addInstance(service: ServiceName, given?: InstanceGiven): Instance;
  addBackup(instance: Instance | string, given?: BackupGiven): Backup;
  addTask(task: Task): void;
  /** The next of the numbers that serve as ids. */
  serial(): number;
}

export type InstanceGiven = Partial<
  Omit<Instance, "service" | "backups" | "tasks" | "restores"> & { backups: BackupGiven[] }
>;
export type BackupGiven = Partial<Omit<Backup, "instance" | "restores">>;

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

const KINDS: Record<ServiceName, Pick<Instance, "engine" | "version" | "mode" | "region" | "sizeMb">> = {
  "tencentcloud-redis": { engine: "Redis", version: "6.2", mode: "standalone", region: "ap-guangzhou", sizeMb: 4096 },
  "opentelekomcloud-dcs": { engine: "Redis", version: "5.0", mode: "ha", region: "eu-de", sizeMb: 2048 },
  "huaweicloud-geminidb": { engine: "redis", version: "5.0", mode: "Cluster", region: "cn-north-4", sizeMb: 24_576 },
  "huaweicloud-rds": { engine: "MySQL", version: "8.0", mode: "Ha", region: "cn-north-4", sizeMb: 102_400 },
};

export function createState(random: Random, now: () => number, project: Project): State {
  const instances = new Map<string, Instance>();
  const backups = new Map<string, Backup>();
  const tasks = new Map<string, Task>();
  const byService = new Map(Object.keys(KINDS).map((service) => [service as ServiceName, [] as Instance[]]));
  let serial = 6_954_227;

  return {
    projects: [project],
    instances: (service) => (service ? [...(byService.get(service) ?? [])] : [...instances.values()]),
    instance(id) {
      const found = instances.get(id);
      if (!found) throw new Error(`no instance ${id}`);
      return found;
    },
    findInstance(service, id) {
      const found = instances.get(id);
      return found?.service === service ? found : undefined;
    },
    findBackup(service, id) {
      const found = backups.get(id);
      return found?.instance.service === service ? found : undefined;
    },
    backups: (service) => [...backups.values()].filter(({ instance }) => instance.service === service),
    tasks: (service) => [...tasks.values()].filter((task) => task.instance.service === service),
    task: (id) => tasks.get(String(id)),
    addInstance,
    addBackup,
    addTask(task) {
      tasks.set(task.id, task);
      task.instance.tasks.push(task);
    },
    serial: () => serial++,
  };

  function addInstance(service: ServiceName, given: InstanceGiven = {}) {
    if (!Object.hasOwn(KINDS, service)) {
      throw new Error(`no service ${service} with instances; there are ${Object.keys(KINDS).join(", ")}`);
    }
    const { backups: initial = [], ...fields } = given;
    const id = given.id ?? newInstanceId(service, random);
    const createdAt = given.createdAt ?? now() - 30 * DAY;
    const instance: Instance = {
      id,
      service,
      name: `emulated-${id.slice(-6)}`,
      projectId: project.id,
      createdAt,
      keepDays: 7,
      ...KINDS[service],
      ...(service === "huaweicloud-geminidb" && {
        pitr: { enabled: true, intervalMinutes: 20, keepDays: 1, since: createdAt },
      }),
      ...fields,
      backups: [],
      tasks: [],
      restores: [],
    };
    instances.set(id, instance);
    byService.get(service)?.push(instance);
    for (const backup of initial) addBackup(instance, backup);
    return instance;
  }

  function addBackup(of: Instance | string, given: BackupGiven = {}) {
    const instance = typeof of === "string" ? instances.get(of) : of;
    if (!instance) throw new Error(`no instance ${of}`);
    const startedAt = given.startedAt ?? now() - DAY;
    const id = given.id ?? newBackupId(instance.service, random);
    const backup: Backup = {
      id,
      name: `backup_${new Date(startedAt).toISOString().replace(/\D/g, "").slice(0, 14)}`,
      kind: "manual",
      startedAt,
      finishedAt: startedAt + MINUTE,
      expiresAt: startedAt + 7 * DAY,
      remark: "",
      sizeBytes: 880_232,
      format: "rdb",
      restorable: true,
      failed: false,
      visibleAt: startedAt,
      ...given,
      instance,
      restores: [],
    };
    instance.backups.push(backup);
    backups.set(id, backup);
    return backup;
  }
}

function newInstanceId(service: ServiceName, random: Random) {
  if (service === "tencentcloud-redis") return `crs-${random.hex(8)}`;
  if (service === "opentelekomcloud-dcs") return random.uuid();
  return `${random.hex(32)}in${service === "huaweicloud-rds" ? "01" : "12"}`;
}

function newBackupId(service: ServiceName, random: Random) {
  if (service === "tencentcloud-redis") return random.uuid();
  if (service === "opentelekomcloud-dcs") return random.uuid();
  return `${random.hex(32)}br${service === "huaweicloud-rds" ? "01" : "12"}`;
}

export type BackupPhase = "building" | "failed" | "complete" | "expired" | "deleted";

export function backupPhase(backup: Backup, now: number): BackupPhase {
  if (backup.deletedAt !== undefined && now >= backup.deletedAt) return "deleted";
  if (now < backup.finishedAt) return "building";
  if (backup.failed) return "failed";
  return now >= backup.expiresAt ? "expired" : "complete";
}

/** Whether the lists know of it. */
export function listed(backup: Backup, now: number): boolean {
  return now >= backup.visibleAt && backupPhase(backup, now) !== "deleted";
}

/** Whether a restore reads the backup at the moment, of whatever instance. */
export function backupInUse(backup: Backup, now: number): boolean {
  return backup.restores.some((task) => !ended(task, now));
}
