import { fileURLToPath } from "node:url";
import { type Bundle, readBundle } from "./bundle.js";
import { type Ledger, readLedger } from "./ledger.js";

export const SERVICES = [
  "tencentcloud-redis",
  "opentelekomcloud-dcs",
  "huaweicloud-geminidb",
  "huaweicloud-rds",
  "identity",
] as const;

/** The bundle that a service's package carries. */
export function loadBundle(service: string): Bundle {
  return readBundle(fileURLToPath(import.meta.resolve(`@restorekit/${service}/openapi.json`)));
}

export function loadLedger(service: string): Ledger {
  return readLedger(fileURLToPath(new URL(`../ledger/${service}.yaml`, import.meta.url)));
}
