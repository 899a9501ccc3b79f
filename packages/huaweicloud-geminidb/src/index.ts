export { createClient, type HuaweicloudGeminidb, operations, service } from "./generated/client.js";
