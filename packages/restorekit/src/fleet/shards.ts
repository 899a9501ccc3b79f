import { targetKey } from "../intent.js";
import type { IntentStore } from "../store.js";

/**
 * Spreads intents over several stores, so that none of them has to look through those of a whole fleet. Their number and
 * order must stay as they are.
 */
export function shardedIntents(stores: readonly [IntentStore, ...IntentStore[]]): IntentStore {
  /** An id begins with the key of its target, so what belongs to one target lies in one store. */
  const of = (key: string) => stores[Number.parseInt(key.slice(0, 8), 16) % stores.length] ?? stores[0];

  return {
    create: (intent) => of(intent.id).create(intent),
    read: (id) => of(id).read(id),
    update: (intent, version) => of(intent.id).update(intent, version),
    lease: (target, ttlMs) => of(targetKey(target)).lease(target, ttlMs),
    async *list(filter = {}) {
      const asked = filter.target === undefined ? stores : [of(targetKey(filter.target))];
      for (const store of asked) yield* store.list(filter);
    },
  };
}
