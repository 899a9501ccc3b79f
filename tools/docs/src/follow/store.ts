// The pages on disk: `new` as last fetched, `known` as last accepted. They are the vendors', so they stay out of git.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Target {
  service: string;
  operation: string;
  url: string;
  /** Where else the vendor's pages may have moved to. */
  hosts?: readonly string[];
}

export interface Stamp {
  url: string;
  file: string;
  etag?: string;
  lastModified?: string;
}

/** Where the pages are, unless a caller says otherwise. */
export const storeFolder = (root: string): string => join(root, "node_modules/.cache/docs-pages");

type Shelf = "new" | "known";

export class Store {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** What is known of the page as last fetched; null if it was fetched from elsewhere or is not there. */
  stamp(target: Target): Stamp | null {
    try {
      const stamp = JSON.parse(readFileSync(this.#stampFile("new", target), "utf8")) as Stamp;
      return stamp.url === target.url && existsSync(this.#at("new", target, stamp.file)) ? stamp : null;
    } catch {
      // Without a stamp the page is simply fetched again.
      return null;
    }
  }

  page(shelf: Shelf, target: Target): string | null {
    const { service, operation } = target;
    const folder = join(this.folder, shelf, service);
    if (!existsSync(folder)) return null;
    const file = readdirSync(folder).find((name) => name.startsWith(`${operation}.`) && !name.endsWith(".json"));
    return file === undefined ? null : join(folder, file);
  }

  put(target: Target, body: Uint8Array, extension: string, validators: Omit<Stamp, "url" | "file">): void {
    const file = `${target.operation}.${extension}`;
    const old = this.page("new", target);
    // First without a stamp: if the disk fills up in between, the page is fetched again.
    rmSync(this.#stampFile("new", target), { force: true });
    write(this.#at("new", target, file), body);
    if (old !== null && old !== this.#at("new", target, file)) rmSync(old);
    write(this.#stampFile("new", target), `${JSON.stringify({ url: target.url, file, ...validators }, null, 2)}\n`);
  }

  /** From now on the page as last fetched is the one to compare with. */
  accept(target: Target): void {
    const page = this.page("new", target);
    if (page === null) return;
    const old = this.page("known", target);
    const name = `${target.operation}${page.slice(page.lastIndexOf("."))}`;
    write(this.#at("known", target, name), readFileSync(page));
    if (old !== null && old !== this.#at("known", target, name)) rmSync(old);
  }

  #at(shelf: Shelf, { service }: Target, file: string): string {
    return join(this.folder, shelf, service, file);
  }

  #stampFile(shelf: Shelf, target: Target): string {
    return this.#at(shelf, target, `${target.operation}.stamp.json`);
  }
}

/** Whole or not at all. */
function write(file: string, content: Uint8Array | string): void {
  mkdirSync(dirname(file), { recursive: true });
  const half = `${file}.half-${process.pid}`;
  try {
    writeFileSync(half, content);
    renameSync(half, file);
  } catch (error) {
    rmSync(half, { force: true });
    throw error;
  }
}
