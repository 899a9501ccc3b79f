import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { compileService, emitService, type GeneratedFiles } from "./compile.js";
import { readFolder } from "./load/folder.js";
import type { OpenApi } from "./openapi.js";
import { compare, faultOf, generatedFolder, inTheWay, orphans, type Staged, stage } from "./place.js";
import { order, SpecError } from "./problem.js";
import { operationsOf } from "./reach.js";
import { Misuse } from "./usage.js";

export interface Options {
  /** Only compares; writes nothing. */
  readonly check: boolean;
  /** The folder that holds a folder for each service. */
  readonly specs: string;
  /** Where the clients go: `<out>/<service>`, or where `{service}` in it says. */
  readonly out: string;
  /** Only these; all where it is empty. */
  readonly services: readonly string[];
}

export interface Outcome {
  /** One line for each service that was generated or compared. */
  readonly done: readonly string[];
  /** One line for each thing that is wrong with the specs, stale, or in the way. Nothing was written then. */
  readonly wrong: readonly string[];
}

/**
 * Generates the clients of the services, or checks them.
 * @param progress told what is being done, once it takes more than two seconds
 * @throws {SpecError} where there is nothing to generate from
 */
export async function generate(options: Options, progress: (line: string) => void): Promise<Outcome> {
  const { specs, out } = options;
  const tell = afterPatience(progress);
  const all = await servicesIn(specs);
  const unknown = options.services.filter((service) => !all.includes(service));
  if (unknown.length > 0)
    throw new SpecError(unknown.map((name) => `${join(specs, name)}:1: file: there is no such service`));
  const services = options.services.length > 0 ? [...new Set(options.services)].sort(order) : all;
  if (services.length === 0) throw new SpecError([`${specs}:1: file: holds no service: each has a folder of its own`]);
  const fault = faultOf(out, specs, services);
  if (fault !== undefined) throw new Misuse(`--out: ${fault}`);

  // Nothing is emitted, let alone written, before every service is right.
  const wrong: string[] = [];
  const loaded: { service: string; bundle: OpenApi }[] = [];
  for (const [index, service] of services.entries()) {
    tell(`reading ${service} (${index + 1} of ${services.length})`);
    const { sources, problems } = await readFolder(specs, service);
    try {
      loaded.push({ service, bundle: compileService(service, sources, problems) });
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      wrong.push(...error.lines);
    }
  }
  if (wrong.length > 0) return { done: [], wrong };

  const done: string[] = [];
  const results = new Map<string, GeneratedFiles>();
  for (const [index, { service, bundle }] of loaded.entries()) {
    tell(`generating ${service} (${index + 1} of ${services.length})`);
    results.set(service, await emitService(service, bundle));
    const count = operationsOf(bundle).length;
    done.push(`${service}: ${count} operation${count === 1 ? "" : "s"}`);
  }

  const leftOver = options.services.length > 0 ? [] : await orphans(out, all);
  for (const service of leftOver) results.set(service, new Map());
  for (const [service, files] of results) wrong.push(...(await inTheWay(generatedFolder(out, service), files)));
  if (!options.check) {
    if (wrong.length > 0) return { done: [], wrong };
    await placeAll(out, results);
    return { done, wrong };
  }
  for (const [service, files] of results) wrong.push(...(await compare(generatedFolder(out, service), files)));
  return { done, wrong };
}

function afterPatience(progress: (line: string) => void): (line: string) => void {
  const start = performance.now();
  return (line) => {
    if (performance.now() - start > 2000) progress(line);
  };
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

/** The services whose specs a folder holds. @throws {SpecError} where there is no such folder */
export async function servicesIn(specs: string): Promise<string[]> {
  const names = await readdir(specs).catch((error: { code?: string }) => {
    const what = error.code === "ENOENT" ? "there is no such folder" : "is not a folder that can be read";
    throw new SpecError([`${specs}:1: file: ${what}`]);
  });
  const found: string[] = [];
  for (const name of names.sort(order)) {
    const info = await lstat(join(specs, name));
    if (!name.startsWith(".") && (info.isDirectory() || info.isSymbolicLink())) found.push(name);
  }
  return found;
}
