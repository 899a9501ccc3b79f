import type { Clock } from "./clock.js";
import { CredentialsError } from "./sign/credentials.js";

/** Credentials that may end: temporary keys and tokens. */
export type Expiring<C> = C & { readonly expiresAt?: Date };

/** Gives credentials when asked; asked again shortly before they expire and after the service refused them. */
export interface Provider<C> {
  (): Promise<Expiring<C>>;
  /** Where the credentials came from, once they were had. Never the secret. */
  readonly source?: string | undefined;
}

export interface CredentialsCache<C> {
  get(): Promise<C>;
  /** Forgets what is cached, unless it was replaced already. Says whether asking again can help. */
  expire(used: C): boolean;
}

/** Refresh this long before the end. Until shortly before it nobody waits for that: what is there still works. */
const EARLY_MS = 60_000;
/** So close to its end a signed request may expire on its way. */
const LATE_MS = 5_000;

/** Nobody waits longer than this for a request for credentials that others began: it may never end. */
const FORGOTTEN_MS = 60_000;

/** One request for credentials at a time, kept until shortly before they expire. */
export function cacheCredentials<C extends object>(option: C | Provider<C>, clock: Clock): CredentialsCache<C> {
  if (typeof option !== "function") return { get: async () => option, expire: () => false };
  const provide = option as Provider<C>;
  let kept: Expiring<C> | undefined;
  let pending: Promise<Expiring<C>> | undefined;
  let since = 0;

  return {
    async get() {
      if (kept && !endsWithin(kept, EARLY_MS)) return kept;
      // The clock may have been set back.
      if (pending && Math.abs(clock.now() - since) >= FORGOTTEN_MS) pending = undefined;
      pending ??= begin();
      try {
        if (!kept || endsWithin(kept, LATE_MS)) return await pending;
      } catch (error) {
        if (!kept || endsWithin(kept, 0)) throw error;
      }
      return kept;
    },
    expire(used) {
      if (kept === used) kept = undefined;
      return true;
    },
  };

  function begin() {
    since = clock.now();
    const asked: Promise<Expiring<C>> = Promise.resolve()
      .then(provide)
      .then((given) => {
        checkEnd(given);
        // What comes after it was forgotten may be older than what is kept.
        if (pending === asked) kept = given;
        return given;
      })
      .finally(() => {
        if (pending === asked) pending = undefined;
      });
    // Maybe nobody waits for it.
    asked.catch(() => {});
    return asked;
  }

  function endsWithin({ expiresAt }: Expiring<C>, ms: number) {
    return expiresAt != null && expiresAt.getTime() - ms <= clock.now();
  }
}

/** @throws {CredentialsError} for an end that is no time: the credentials would be kept for ever, or never */
function checkEnd(given: { readonly expiresAt?: unknown } | undefined) {
  const end = given?.expiresAt;
  if (end != null && !(end instanceof Date && !Number.isNaN(end.getTime())))
    throw new CredentialsError("malformed", "expiresAt");
}
