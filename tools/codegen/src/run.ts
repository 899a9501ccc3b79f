import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { compileService, emitService, type GeneratedFiles } from "./compile.js";
import { readFolder } from "./load/folder.js";
import { readVocabulary } from "./load/vocabulary.js";
import type { OpenApi } from "./openapi.js";
import { compare, generatedFolder, orphans, type Staged, stage } from "./place.js";
import { order, SpecError } from "./problem.js";
import { operationsOf } from "./reach.js";

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
  if (unknown.length > 0)
    throw new SpecError(unknown.map((name) => `${join(specs, name)}:1: file: there is no such service`));
  const services = options.services.length > 0 ? [...new Set(options.services)].sort(order) : all;
  if (services.length === 0) throw new SpecError([`${specs}:1: file: holds no service`]);

  // Nothing is emitted, let alone written, before every service is right.
  const wrong: string[] = [];
  const loaded: { service: string; bundle: OpenApi; milliseconds: number }[] = [];
  for (const service of services) {
    const start = performance.now();
    const { sources, problems } = await readFolder(specs, service);
    try {
      const bundle = compileService(service, sources, vocabulary, problems);
      loaded.push({ service, bundle, milliseconds: performance.now() - start });
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      wrong.push(...error.lines);
    }
  }
  if (wrong.length > 0) return wrong;

  const results = new Map<string, GeneratedFiles>();
  for (const { service, bundle, milliseconds } of loaded) {
    const start = performance.now();
    results.set(service, await emitService(service, bundle));
    const spent = Math.round(milliseconds + performance.now() - start);
    progress(`${service}: ${operationsOf(bundle).length} operations, ${spent} ms`);
  }

  const leftOver = options.services.length > 0 ? [] : await orphans(out, all);
  for (const service of leftOver) results.set(service, new Map());
  if (!options.check) {
    await placeAll(out, results);
    return [];
  }
  for (const [service, files] of results) wrong.push(...(await compare(generatedFolder(out, service), files)));
  return wrong;
}

async function placeAll(out: string, results: ReadonlyMap<string, GeneratedFiles>): Promise<void> {
  const staged: Staged[] = [];
  try {
    for (const [service, files] of results) staged.push(await stage(generatedFolder(out, service), files));
    for (const each of staged) await each.commit();
  } finally {
    for (const each of staged) await each.discard();
  }
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
