import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { type GeneratedFiles, mark } from "./compile.js";
import { order } from "./problem.js";

/** Stands for the name of the service in the path of a folder. */
const placeholder = "{service}";

/** Where the generated files of a service go. What else is there is left alone. */
export function generatedFolder(out: string, service: string): string {
  return out.includes(placeholder) ? out.replace(placeholder, service) : join(out, service);
}

/** What is wrong with a folder to write to, if anything. */
export function faultOf(out: string, specs: string, services: readonly string[]): string | undefined {
  const parts = out.split(/[/\\]/).filter((part) => part.includes("{") || part.includes("}"));
  if (parts.length > 1 || (parts[0] ?? placeholder) !== placeholder) {
    return `${placeholder} stands once, for a whole folder name`;
  }
  const holds = (outer: string, inner: string) => !relative(outer, inner).startsWith("..");
  const folders = services.map((service) => resolve(generatedFolder(out, service)));
  const mixed = folders.find((folder) => holds(folder, resolve(specs)) || holds(resolve(specs), folder));
  return mixed === undefined ? undefined : `${out} mixes what is generated with the specs in ${specs}`;
}

/** Files that are written, but not yet in their place. */
export interface Staged {
  /** Renames each file over its predecessor and removes those of ours that are no longer wanted. */
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Writes files beside the folder they are for: what can fail has failed before an old file is touched. Unchanged files
 * keep their time stamps.
 */
export async function stage(folder: string, files: GeneratedFiles): Promise<Staged> {
  const present = await readPresent(folder);
  const changed = [...files].filter(([name, text]) => present.get(name) !== text);
  const gone = [...present].filter(([name, text]) => !files.has(name) && isOurs(text)).map(([name]) => name);
  if (changed.length === 0) return { commit: () => removeAll(folder, gone), discard: async () => {} };

  await mkdir(folder, { recursive: true });
  const staging = await mkdtemp(join(folder, "..", ".generated-"));
  const discard = () => rm(staging, { recursive: true, force: true });
  try {
    for (const [name, text] of changed) await writeFile(join(staging, name), text);
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    discard,
    async commit() {
      for (const [name] of changed) await rename(join(staging, name), join(folder, name));
      await removeAll(folder, gone);
      await discard();
    },
  };
}

async function removeAll(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name));
}

/** One line for each file that stands where a generated one has to go, and that codegen did not make. */
export async function inTheWay(folder: string, files: GeneratedFiles): Promise<string[]> {
  const present = await readPresent(folder);
  const foreign = [...present].filter(([name, text]) => files.has(name) && !isOurs(text)).map(([name]) => name);
  return foreign.sort(order).map((name) => {
    return `${join(folder, name)}: was not made by codegen and is not replaced: move it, or choose another --out`;
  });
}

/** One line for each file that generating would write or remove. */
export async function compare(folder: string, files: GeneratedFiles): Promise<string[]> {
  const present = await readPresent(folder);
  const names = [...new Set([...files.keys(), ...present.keys()])].sort(order);
  return names.flatMap((name) => {
    const [wanted, found] = [files.get(name), present.get(name)];
    if (wanted === found || (found !== undefined && !isOurs(found))) return [];
    const state = found === undefined ? "missing" : wanted === undefined ? "extra" : "stale";
    return [`${join(folder, name)}: ${state}`];
  });
}

/** Services whose generated files are ours although their specs are gone. */
export async function orphans(out: string, services: readonly string[]): Promise<string[]> {
  const [base = ""] = out.split(placeholder);
  const folders = await readdir(base || ".", { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of folders) {
    if (!entry.isDirectory() || services.includes(entry.name)) continue;
    const present = await readPresent(generatedFolder(out, entry.name));
    if ([...present.values()].some(isOurs)) found.push(entry.name);
  }
  return found.sort(order);
}

async function readPresent(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = new Map<string, string>();
  for (const entry of entries) {
    files.set(entry.name, entry.isFile() ? await readFile(join(folder, entry.name), "utf8") : "");
  }
  return files;
}

function isOurs(text: string): boolean {
  return text.slice(0, 300).includes(mark);
}
