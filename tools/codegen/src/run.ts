import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { compileService, emitService, type GeneratedFiles } from "./compile.js";
import { readFolder } from "./load/folder.js";
import { readVocabulary } from "./load/vocabulary.js";
import { compare, generatedFolder, orphans, place } from "./place.js";
import { order, SpecError } from "./problem.js";

export interface Options {
  readonly check: boolean;
  readonly specs: string;
  readonly out: string;
  readonly services: readonly string[];
}

/** Generates, or checks; gives the lines to print when something is wrong. */
export async function generate(options: Options, progress: (line: string) => void): Promise<string[]> {
  const { specs, out } = options;
  const vocabulary = await readVocabulary(specs);
  const all = await servicesIn(specs);
  const unknown = options.services.filter((service) => !all.includes(service));
  if (unknown.length > 0) throw new SpecError(unknown.map((name) => `${join(specs, name)}:1: file: there is no such service`));
  const services = options.services.length > 0 ? [...new Set(options.services)].sort(order) : all;
  if (services.length === 0) throw new SpecError([`${specs}:1: file: holds no service`]);

  // Nothing is written before every service is right.
  const wrong: string[] = [];
  const results = new Map<string, GeneratedFiles>();
  for (const service of services) {
    const start = performance.now();
    const { sources, problems } = await readFolder(specs, service);
    try {
      const bundle = compileService(service, sources, vocabulary, problems);
      results.set(service, await emitService(service, bundle));
      progress(`${service}: ${Object.keys(bundle.paths).length} paths, ${Math.round(performance.now() - start)} ms`);
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      wrong.push(...error.lines);
    }
  }
  if (wrong.length > 0) return wrong;

  const leftOver = options.services.length > 0 ? [] : await orphans(out, all);
  for (const service of leftOver) results.set(service, new Map());
  for (const [service, files] of results) {
    const folder = generatedFolder(out, service);
    if (options.check) wrong.push(...(await compare(folder, files)));
    else await place(folder, files);
  }
  return wrong;
}

export async function servicesIn(specs: string): Promise<string[]> {
  const names = await readdir(specs).catch(() => []);
  const found: string[] = [];
  for (const name of names.sort(order)) {
    const info = await lstat(join(specs, name));
    if (!name.startsWith(".") && (info.isDirectory() || info.isSymbolicLink())) found.push(name);
  }
  return found;
}
