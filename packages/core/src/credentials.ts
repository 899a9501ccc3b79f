import type { Clock } from "./clock.js";

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

/** Refresh this long before the end, so that a signed request does not expire on its way. */
const EARLY_MS = 60_000;

/** One request for credentials at a time, kept until shortly before they expire. */
export function cacheCredentials<C extends object>(option: C | Provider<C>, clock: Clock): CredentialsCache<C> {
  if (typeof option !== "function") return { get: async () => option, expire: () => false };
  const provide = option as Provider<C>;
  let kept: Expiring<C> | undefined;
  let pending: Promise<Expiring<C>> | undefined;

  return {
    async get() {
      if (kept && !(kept.expiresAt && kept.expiresAt.getTime() - EARLY_MS <= clock.now())) return kept;
      pending ??= Promise.resolve()
        .then(provide)
        .finally(() => {
          pending = undefined;
        });
      kept = await pending;
      return kept;
    },
    expire(used) {
      if (kept === used) kept = undefined;
      return true;
    },
  };
}
