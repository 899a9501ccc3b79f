import { StoreError } from "./errors.js";
import { isOpen, targetKey } from "./intent.js";
import type { IntentStore, Stored } from "./store.js";

/**
 * Intents in memory: for tests and simulations, and for restores that need no second process.
 *
 * @param documents where they are kept, as JSON; hand the same map to a second store to simulate a process that comes after
 */
export function memoryIntents(documents = new Map<string, string>()): IntentStore {
  const leases = new Map<string, object>();

  return {
    async create(intent) {
      if (documents.has(intent.id)) {
        throw new StoreError("exists", `there is an intent ${intent.id} already`, "Resume it.");
      }
      return put({ intent, version: 1 });
    },

    async read(id) {
      const document = documents.get(id);
      return document === undefined ? undefined : JSON.parse(document);
    },

    async update(intent, version) {
      const document = documents.get(intent.id);
      if (document === undefined) throw new StoreError("missing", `there is no intent ${intent.id}`, "Check its id.");
      if ((JSON.parse(document) as Stored).version !== version) {
        throw new StoreError("conflict", `intent ${intent.id} has changed meanwhile`, "Read it again.");
      }
      return put({ intent, version: version + 1 });
    },

    async *list({ target, open } = {}) {
      const prefix = target === undefined ? "" : `${targetKey(target)}-`;
      for (const [id, document] of documents) {
        // Ten thousand of them are not parsed for the sake of one target.
        if (!id.startsWith(prefix)) continue;
        const stored: Stored = JSON.parse(document);
        if (target !== undefined && stored.intent.target !== target) continue;
        if (open === true && !isOpen(stored.intent)) continue;
        yield stored;
      }
    },

    async lease(target) {
      if (leases.has(target)) return undefined;
      const mine = {};
      leases.set(target, mine);
      const held = () => leases.get(target) === mine;
      return {
        renew: async () => held(),
        async release() {
          if (held()) leases.delete(target);
        },
      };
    },
  };

  function put(stored: Stored): Stored {
    const document = JSON.stringify(stored);
    documents.set(stored.intent.id, document);
    return JSON.parse(document);
  }
}
