import { open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "../errors.js";
import { FORMAT, isIntent, isOpen, targetKey } from "../intent.js";
import type { IntentStore, Stored, Unreadable } from "../store.js";
import { holderOf, type Judge, takeLock } from "./lock.js";
import { makeFolder, syncFolder, translate } from "./system.js";

export interface FileIntentsOptions {
  /**
   * Asked about the holder of a lock whom nothing here can judge: on another host, or in a container that is gone.
   * True takes the lock from him. Default: he lives, and the lock stays his.
   */
  isDead?: Judge;
  /** How long to wait for another process that writes, in milliseconds. Default 10,000. */
  patienceMs?: number;
}

const ID = /^[0-9a-z]+(-[0-9a-z]+)*$/;
/** Writers of different intents seldom meet, and the number of locks stays small. */
const LOCKS = 16;

/**
 * Intents as files, one JSON document each, for processes of one machine.
 *
 * A document is replaced as a whole: written beside, synced, renamed, and the folder synced. A lock keeps two writers
 * apart; it outlives no process, and is taken from none that lives. What cannot be read is reported and left alone. The
 * folder must be on a file system with hard links.
 * @param folder is made where it is missing, readable for its owner alone
 */
export function fileIntents(folder: string, { isDead, patienceMs = 10_000 }: FileIntentsOptions = {}): IntentStore {
  const queues = new Map<string, Promise<unknown>>();
  const fileOf = (id: string) => join(folder, `${id}.json`);

  return {
    create: (intent) =>
      writing(intent.id, async () => {
        if ((await textOf(intent.id)) !== undefined) {
          throw new StoreError("exists", `there is an intent ${intent.id} already`, "Resume it.");
        }
        return write({ version: 1, intent });
      }),

    async read(id) {
      if (!ID.test(id)) return undefined;
      const text = await textOf(id);
      return text === undefined ? undefined : parse(id, text);
    },

    update: (intent, version) =>
      writing(intent.id, async () => {
        const text = await textOf(intent.id);
        if (text === undefined) {
          throw new StoreError("missing", `there is no intent ${intent.id} in ${folder}`, "Check its id.");
        }
        if (parse(intent.id, text).version !== version) {
          throw new StoreError("conflict", `intent ${intent.id} has changed meanwhile`, "Read it again.");
        }
        return write({ version: version + 1, intent });
      }),

    async *list({ target, open: onlyOpen } = {}) {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw translate(error, folder);
      });
      const prefix = target === undefined ? "" : `${targetKey(target)}-`;
      for (const name of names.sort()) {
        if (!name.endsWith(".json") || !name.startsWith(prefix)) continue;
        const found = await look(name.slice(0, -".json".length));
        if (found === undefined) continue;
        if ("intent" in found && target !== undefined && found.intent.target !== target) continue;
        if ("intent" in found && onlyOpen === true && !isOpen(found.intent)) continue;
        yield found;
      }
    },

    async lease(target) {
      try {
        await makeFolder(folder);
        const held = await takeLock(lockOf(targetKey(target)), isDead);
        return held && { renew: () => held.holds(), release: () => held.release() };
      } catch (error) {
        throw translate(error, folder);
      }
    },
  };

  async function look(id: string): Promise<Stored | Unreadable | undefined> {
    try {
      const text = await textOf(id);
      return text === undefined ? undefined : parse(id, text);
    } catch (error) {
      if (error instanceof StoreError) return { id, error };
      throw error;
    }
  }

  async function textOf(id: string): Promise<string | undefined> {
    try {
      return await readFile(fileOf(id), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw translate(error, fileOf(id));
    }
  }

  /** @throws {StoreError} `corrupt`, `foreign` */
  function parse(id: string, text: string): Stored {
    const leave = "It was left as it is. Move it away when you know what became of that restore.";
    let document: Partial<Stored> | null;
    try {
      document = JSON.parse(text);
    } catch {
      throw new StoreError("corrupt", `${fileOf(id)} is not JSON`, leave);
    }
    const { version, intent } = typeof document === "object" && document !== null ? document : {};
    if ((intent as { format?: unknown } | undefined)?.format !== FORMAT) {
      throw new StoreError("foreign", `${fileOf(id)} is not an intent that this version knows`, leave);
    }
    if (!isIntent(intent) || intent.id !== id || !Number.isSafeInteger(version)) {
      throw new StoreError("corrupt", `${fileOf(id)} is damaged`, leave);
    }
    return { intent, version: version as number };
  }

  /** Replaces the document as a whole, under its lock. What is seen under its name is always the old or the new one. */
  async function write(stored: Stored): Promise<Stored> {
    const file = fileOf(stored.intent.id);
    const draft = join(folder, `.${stored.intent.id}.new`);
    const text = `${JSON.stringify(stored, null, 2)}\n`;
    try {
      const handle = await open(draft, "w", 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
      await syncFolder(folder);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      throw translate(error, file);
    }
    return JSON.parse(text);
  }

  /** One writer at a time: in this process by a queue, among processes by the lock. */
  async function writing<T>(id: string, work: () => Promise<T>): Promise<T> {
    if (!ID.test(id)) throw new StoreError("unavailable", `${id} is no id of an intent`, "Use the ids of restorekit.");
    const name = `writers-${Number(`0x${targetKey(id)}`) % LOCKS}`;
    const turn = (queues.get(name) ?? Promise.resolve()).then(() => locked(name, work));
    queues.set(
      name,
      turn.catch(() => {}),
    );
    return turn;
  }

  async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
    const lock = await patiently(name);
    try {
      return await work();
    } finally {
      // A lock that cannot be released ends with this process.
      await lock.release().catch(() => {});
    }
  }

  async function patiently(name: string) {
    for (const until = Date.now() + patienceMs; ; ) {
      try {
        await makeFolder(folder);
        const held = await takeLock(lockOf(name), isDead);
        if (held) return held;
      } catch (error) {
        throw translate(error, folder);
      }
      if (Date.now() >= until) break;
      await sleep(5 + Math.random() * 15);
    }
    const holder = await holderOf(lockOf(name));
    throw new StoreError(
      "locked",
      `${folder} is held by process ${holder?.pid} on ${holder?.host}`,
      `If that process is gone, delete ${lockOf(name)}, or let isDead tell.`,
    );
  }

  function lockOf(name: string) {
    return join(folder, ".locks", name);
  }
}
