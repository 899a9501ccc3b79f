import services from "tencentcloud-sdk-nodejs/tencentcloud/services/redis/index.js";

export function write(url) {
  const credential = { secretId: "DEMOACCESSKEY", secretKey: "demo-secret-key" };
  const httpProfile = { protocol: "http://", endpoint: new URL(url).host };
  const client = new services.redis.v20180412.Client({ credential, region: "ap-guangzhou", profile: { httpProfile } });
  return client.RestoreInstance({ InstanceId: "crs-1", BackupId: "b-1" });
}
