import type { Clock } from "./clock.js";
import { cacheCredentials } from "./credentials.js";
import type { Operation, Service } from "./operation.js";
import type { ClientOptions } from "./options.js";
import { CredentialsError } from "./sign/credentials.js";
import type { Scheme, Unsigned } from "./sign/types.js";

/** With which keys a client signs, and for what time. */
export interface Signer<C extends object = object> {
  /** The service's time in milliseconds since 1970, as far as it is known. */
  now(): number;
  /** Believes the `Date` of a service that said that the clock is off. */
  learn(date: string | null): void;
  /** Undefined where nothing is to be signed. @throws {CredentialsError} */
  keysFor(operation: Operation): Promise<C | undefined>;
  sign(request: Unsigned, keys: C | undefined): Promise<void>;
  /** Takes these keys for refused. Says whether asking for others can help. */
  refused(keys: C | undefined): boolean;
}

/** End of what a date can be signed with: the year 10000. */
const LAST_MS = 253_402_300_800_000;

export function createSigner<C extends object>(
  service: Service,
  scheme: Scheme<C> | undefined,
  { credentials, projectId }: ClientOptions<C>,
  clock: Clock,
): Signer<C> {
  const kept = credentials && cacheCredentials(credentials, clock);
  const host = new URL(service.endpoints[0]?.url.replace("{region}", "region") ?? "https://localhost").hostname;
  let skewMs = 0;
  const now = () => clock.now() + skewMs;
  return {
    now,
    learn(date) {
      // However far off: a machine without a clock battery begins in 1970. A date that is wrong itself costs a refusal.
      const server = Date.parse(date ?? "");
      if (server >= 0 && server < LAST_MS) skewMs = server - clock.now();
    },
    async keysFor({ anonymous }) {
      if (anonymous || !scheme) return undefined;
      const keys = await kept?.get();
      if (!keys) throw new CredentialsError("missing", "credentials");
      return keys;
    },
    async sign(request, keys) {
      if (keys) await scheme?.sign(request, { credentials: keys, now: new Date(now()), projectId, host });
    },
    refused: (keys) => keys !== undefined && kept?.expire(keys) === true,
  };
}
