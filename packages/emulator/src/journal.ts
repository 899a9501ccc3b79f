import type { EndpointName } from "./bundle.js";

/** What became of one request. It holds no header, no query and no body, so no secret. */
export interface Entry {
  readonly at: number;
  readonly service: EndpointName | undefined;
  /** Undefined where the request matched no operation. */
  readonly operation: string | undefined;
  readonly method: string;
  /** The instance that the request named. */
  readonly instance: string | undefined;
  /** How often it ran: 0 for a refused or lost one, 2 for a duplicated one. */
  readonly executed: number;
  /** What the sender got. */
  readonly outcome: "answered" | "lost";
  /** The status that was sent, or would have been. */
  readonly status: number;
  /** The error code that was sent, or would have been. */
  readonly code: string | undefined;
  /** The task that it started. */
  readonly task: string | undefined;
  readonly faults: readonly string[];
  readonly requestId: string;
}

/** Every request received. */
export interface Journal {
  /** The latest entries, oldest first. */
  readonly entries: readonly Entry[];
  /** How many requests there were, also those that `entries` no longer holds. */
  readonly received: number;
  /** How often an operation was asked for and ran. */
  count(operation: string, service?: EndpointName): { received: number; executed: number };
  clear(): void;
}

export function createJournal(size: number): Journal & { write(entry: Entry): void } {
  let entries: Entry[] = [];
  let received = 0;
  const counts = new Map<string, { received: number; executed: number }>();

  return {
    get entries() {
      return size === 0 ? [] : entries.slice(-size);
    },
    get received() {
      return received;
    },
    count(operation, service) {
      const sum = { received: 0, executed: 0 };
      for (const [key, count] of counts) {
        const [of, id] = key.split(" ");
        if (id !== operation || (service !== undefined && of !== service)) continue;
        sum.received += count.received;
        sum.executed += count.executed;
      }
      return sum;
    },
    clear() {
      entries = [];
      received = 0;
      counts.clear();
    },
    write(entry) {
      received++;
      const key = `${entry.service} ${entry.operation}`;
      const count = counts.get(key) ?? { received: 0, executed: 0 };
      counts.set(key, { received: count.received + 1, executed: count.executed + entry.executed });
      entries.push(entry);
      // Cut in batches: cutting at every entry would copy the whole each time.
      if (entries.length > 2 * size + 100) entries = entries.slice(entries.length - size);
    },
  };
}
