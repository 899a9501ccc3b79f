export { createClient, operations, service, type TencentcloudRedis } from "./generated/client.js";
