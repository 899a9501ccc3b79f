export { createClient, type OpentelekomcloudDcs, operations, service } from "./generated/client.js";
