// Brings a page from disk; a page too large to read is not even loaded.
import { readFileSync, statSync } from "node:fs";
import type { Page } from "./model.js";
import { largestPage, readPage, tooLarge } from "./page.js";

/** A named file or folder that cannot be had. */
export class PageError extends Error {
  readonly file: string;

  constructor(file: string, why: string) {
    super(`${file}: ${why}`);
    this.name = "PageError";
    this.file = file;
  }
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EACCES: "it may not be read",
  EPERM: "it may not be read",
  EISDIR: "it is a folder",
  ELOOP: "its links go in a circle",
};

/** Gives what `bring` gives; throws a PageError that names the file. */
export function fromDisk<T>(file: string, bring: () => T): T {
  try {
    return bring();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new PageError(file, (code && Object.hasOwn(reasons, code) ? reasons[code] : undefined) ?? message);
  }
}

/** The page and its source; the source of a page too large to read is empty. */
export function loadSource(file: string): { page: Page; source: string } {
  return fromDisk(file, () => {
    const stat = statSync(file);
    // A pipe or a device may never end.
    if (!stat.isFile()) throw new Error(stat.isDirectory() ? reasons.EISDIR : "it is no ordinary file");
    const { size } = stat;
    if (size > largestPage) return { page: tooLarge(file, size), source: "" };
    const content = readFileSync(file);
    return { page: readPage(file, content), source: content.toString("utf8") };
  });
}

export const loadPage = (file: string): Page => loadSource(file).page;
