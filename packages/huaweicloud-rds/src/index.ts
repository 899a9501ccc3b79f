export { createClient, type HuaweicloudRds, operations, service } from "./generated/client.js";
