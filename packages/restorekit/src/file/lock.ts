import { link, mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Holder, isGone, thisProcess } from "./process.js";

/** A lock that is held. */
export interface Held {
  /** Whether it is still held: nobody takes a lock from a process that lives. */
  holds(): Promise<boolean>;
  release(): Promise<void>;
}

/** Says of a holder, whom nothing here can judge, whether he is gone. */
export type Judge = (holder: Holder) => boolean;

interface Content extends Partial<Holder> {
  /** First, so that its place in the text is known: a release changes one byte, and needs no space on a full disk. */
  free: 0 | 1;
  nonce: string;
}

const PLACE_OF_FREE = '{"free":'.length;

const GENERATION = /^\d{1,15}$/;

/**
 * Takes a lock, if its last holder has released it or is certainly gone. Undefined while it is held.
 *
 * A lock is a folder of numbered files, of which the highest tells. To take it, a process links a file of the next
 * number: of two, one fails. The highest is never deleted, so a number is never given out again: who comes late with an
 * old number sees a higher one and gives way. Nothing has to be taken away from anybody, which is where stale locks go
 * wrong.
 */
export async function takeLock(folder: string, judge: Judge = () => false): Promise<Held | undefined> {
  await mkdir(folder, { recursive: true });
  const last = highest(await readdir(folder));
  const path = (generation: number) => join(folder, String(generation));
  if (last > 0 && !(await isFree(path(last), judge))) return undefined;

  const mine = last + 1;
  const nonce = crypto.randomUUID();
  const draft = join(folder, `${nonce}.new`);
  const content: Content = { free: 0, nonce, ...thisProcess() };
  try {
    // Synced, for a lock that a power failure has emptied names nobody, and counts as held for ever.
    await writeFile(draft, JSON.stringify(content), { flag: "wx", flush: true });
    await link(draft, path(mine));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const names = await readdir(folder);
  if (highest(names) > mine) {
    await rm(path(mine), { force: true });
    return undefined;
  }
  const older = names.filter((name) => GENERATION.test(name) && Number(name) < mine);
  await Promise.all(older.map((name) => rm(join(folder, name), { force: true })));

  let released = false;
  return {
    // A lock whose file was deleted by hand is lost.
    holds: async () => !released && (await contentOf(path(mine)))?.nonce === nonce,
    async release() {
      if (released) return;
      const handle = await open(path(mine), "r+");
      try {
        await handle.write("1", PLACE_OF_FREE);
        // Only now: a release that failed may be tried again.
        released = true;
      } finally {
        await handle.close();
      }
    },
  };
}

/** Who holds a lock, for the error of somebody who waits in vain. */
export async function holderOf(folder: string): Promise<Content | undefined> {
  const last = highest(await readdir(folder).catch(() => []));
  return last === 0 ? undefined : contentOf(join(folder, String(last)));
}

async function isFree(path: string, judge: Judge): Promise<boolean> {
  const content = await contentOf(path);
  if (content === undefined) return false;
  if (content.free) return true;
  const holder = content as unknown as Holder;
  return isGone(holder) ?? judge(holder);
}

/** Undefined for a lock that is gone, or that cannot be read: then it counts as held. */
async function contentOf(path: string): Promise<Content | undefined> {
  try {
    const content: Content = JSON.parse(await readFile(path, "utf8"));
    return typeof content?.nonce === "string" ? content : undefined;
  } catch {
    return undefined;
  }
}

const highest = (names: readonly string[]) =>
  names.reduce((most, name) => (GENERATION.test(name) ? Math.max(most, Number(name)) : most), 0);
