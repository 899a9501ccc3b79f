import { type Call, page, type Reply } from "../call.js";
import type { Instance } from "../state.js";
import { active, phaseOf } from "../tasks.js";
import { local, regionOf, respond } from "./common.js";

export function describeInstances(call: Call): Reply {
  const { body, now } = call;
  const {
    Limit = 20,
    Offset = 0,
    InstanceId,
    InstanceIds,
    InstanceName,
    SearchKey,
    SearchKeys,
    Status,
    ProjectIds,
  } = body;
  const names = [SearchKey, ...((SearchKeys as string[] | undefined) ?? [])].filter((name) => name !== undefined);
  const ids = [InstanceId, ...((InstanceIds as string[] | undefined) ?? [])].filter((id) => id !== undefined);
  const all = call.state
    .instances("tencentcloud-redis")
    .filter(({ region }) => region === regionOf(call))
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .filter(({ name }) => InstanceName === undefined || name.includes(InstanceName as string))
    .filter(({ id, name }) => names.length === 0 || names.some((key) => id === key || name.includes(key as string)))
    .filter(
      (instance) => !(Status as number[] | undefined)?.length || (Status as number[]).includes(statusOf(instance, now)),
    )
    .filter(() => !(ProjectIds as number[] | undefined)?.length || (ProjectIds as number[]).includes(0))
    .sort((a, b) => b.createdAt - a.createdAt);
  return respond({
    TotalCount: all.length,
    InstanceSet: page(all, Offset as number, Limit as number).map((instance) => describe(instance, now)),
  });
}

/** 0 to be initialised, 1 in process, 2 running. */
export function statusOf(instance: Instance, now: number): number {
  if (typeof instance.status === "number") return instance.status;
  const task = active(instance, now);
  if (!task) return 2;
  return task.kind === "clone" && phaseOf(task, now) === "waiting" ? 0 : 1;
}

const TITLES: Record<string, string> = { restore: "Restoring", backup: "Backing up", clone: "Creating" };

function describe(instance: Instance, now: number) {
  const task = active(instance, now);
  const status = statusOf(instance, now);
  const cluster = instance.mode === "cluster";
  return {
    InstanceName: instance.name,
    InstanceId: instance.id,
    Appid: 1250000000,
    ProjectId: 0,
    RegionId: 1,
    ZoneId: 100003,
    VpcId: 1,
    SubnetId: 1,
    Status: status,
    WanIp: "10.0.0.10",
    Port: 6379,
    Createtime: local(instance.createdAt),
    Size: instance.sizeMb,
    SizeUsed: 0,
    Type: cluster ? 16 : 15,
    AutoRenewFlag: 0,
    DeadlineTime: "",
    Engine: instance.engine,
    ProductType: cluster ? "cluster" : "standalone",
    UniqVpcId: "vpc-emulated",
    UniqSubnetId: "subnet-emulated",
    BillingMode: 0,
    InstanceTitle: task ? TITLES[task.kind] : status === 2 ? "Running" : "Not running",
    OfflineTime: "",
    SubStatus: 0,
    Tags: [],
    InstanceNode: [],
    RedisShardSize: instance.sizeMb,
    RedisShardNum: 1,
    RedisReplicasNum: 1,
    PriceId: 0,
    CloseTime: "",
    SlaveReadWeight: 0,
    InstanceTags: [],
    ProjectName: null,
    NoAuth: instance.password === undefined,
    ClientLimit: 10000,
    DtsStatus: 0,
    NetLimit: 96,
    PasswordFree: instance.password === undefined ? 1 : 0,
    Vip6: "",
    ReadOnly: 0,
    RemainBandwidthDuration: "",
    DiskSize: 0,
    MonitorVersion: "5s",
    ClientLimitMin: 10000,
    ClientLimitMax: 40000,
    NodeSet: [
      { NodeType: 0, NodeId: 1, ZoneId: 100003, ZoneName: "" },
      { NodeType: 1, NodeId: 2, ZoneId: 100003, ZoneName: "" },
    ],
    Region: instance.region,
    WanAddress: "",
    PolarisServer: "",
    RedisClusterId: "",
    DedicatedClusterId: "",
    ProductVersion: "local",
    CurrentProxyVersion: "5.8.0",
    CurrentRedisVersion: instance.version,
    UpgradeProxyVersion: "",
    UpgradeRedisVersion: "",
    BackupMode: "NormalLevelBackup",
    DeleteProtectionSwitch: 0,
  };
}
