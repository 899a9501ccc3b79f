import { type Credentials, verify } from "@restorekit/emulator/signature";
import type { Arrival } from "./fault-server.js";

/** The keys that the suite signs with. */
const KEYS: Credentials = {
  secretId: "DEMOACCESSKEY",
  secretKey: "demo-secret-key",
  ak: "DEMOACCESSKEY",
  sk: "demo-secret-key",
  token: "demo-token",
};

/** "valid", or what is wrong with the signature of a request. */
export async function signatureOf({ method, path, headers, body }: Arrival): Promise<string> {
  const refused = await verify({ method, target: path, headers, body }, KEYS, { now: Date.now() });
  return refused?.detail ?? "valid";
}
