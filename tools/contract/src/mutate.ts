import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { compileService, emitService, readFolder, type SourceFile, SpecError } from "@restorekit/codegen";
import { parse, stringify } from "yaml";
import type { Bundle } from "./bundle.js";
import { loadLedger, SERVICES } from "./bundles.js";
import type { Generated } from "./clients.js";
import { type Json, type Mutation, mutationsOf } from "./mutations.js";
import { runContract } from "./suite.js";

// Changes one fact of one spec at a time, generates from it and runs the contract: whatever passes was not proven.

const values = readArguments();
const specs = fileURLToPath(new URL("../../../specs", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "restorekit-mutate-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

interface Mutant {
  service: string;
  source: SourceFile;
  mutation: Mutation;
}

const sources = new Map<string, SourceFile[]>();
const mutants: Mutant[] = [];
for (const service of values.services) {
  const folder = await readFolder(specs, service);
  sources.set(service, folder.sources);
  for (const source of folder.sources) {
    for (const mutation of mutationsOf(parse(source.text) as Json)) mutants.push({ service, source, mutation });
  }
}
for (const service of sources.keys()) {
  const problems = await judge(service, sources.get(service) ?? [], "unchanged");
  if (problems.length > 0) fail(`${service} does not pass unchanged: ${problems[0]}`);
}

const chosen = values.sample === undefined ? mutants : sample(mutants, values.sample, values.seed);
const killed = new Map<string, number>();
const survivors: Mutant[] = [];
for (const [index, mutant] of chosen.entries()) {
  const changed = (sources.get(mutant.service) ?? []).map((source) =>
    source === mutant.source ? mutate(mutant) : source,
  );
  const problems = await judge(mutant.service, changed, String(index));
  if (problems.length === 0) survivors.push(mutant);
  else killed.set(mutant.mutation.kind, (killed.get(mutant.mutation.kind) ?? 0) + 1);
  if ((index + 1) % 100 === 0) console.log(`${index + 1} of ${chosen.length} mutants, ${survivors.length} survived`);
}
for (const { source, mutation } of survivors)
  console.log(`survived: ${source.name}: ${mutation.place}: ${mutation.change}`);
for (const [kind, count] of [...killed].sort()) console.log(`${kind}: ${count} killed`);
console.log(`${chosen.length} of ${mutants.length} mutants tried, ${survivors.length} survived`);
process.exitCode = survivors.length > 0 ? 1 : 0;

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        sample: { type: "string" },
        seed: { type: "string", default: "1" },
        service: { type: "string", multiple: true, default: [...SERVICES] },
      },
    });
    const count = (name: string, text: string) => {
      if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name} takes a whole number from 1, not ${text}`);
      return Number(text);
    };
    const unknown = values.service.find((name) => !(SERVICES as readonly string[]).includes(name));
    if (unknown !== undefined) throw new Error(`--service: there is no ${unknown}; there are ${SERVICES.join(", ")}`);
    return {
      services: values.service,
      seed: count("seed", values.seed),
      sample: values.sample === undefined ? undefined : count("sample", values.sample),
    };
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

function mutate({ source, mutation }: Mutant): SourceFile {
  const document = parse(source.text) as Json;
  mutation.apply(document);
  return { ...source, text: stringify(document) };
}

/** Generates from the sources and holds the result against the contract. */
async function judge(service: string, from: SourceFile[], name: string): Promise<string[]> {
  try {
    const compiled = compileService(service, from);
    const files = await emitService(service, compiled);
    const file = join(work, `${service}-${name}.ts`);
    writeFileSync(file, files.get("operations.ts") ?? "");
    const generated = (await import(pathToFileURL(file).href)) as Generated;
    const bundle = JSON.parse(files.get("openapi.json") ?? "") as Bundle;
    return await runContract(service, bundle, generated, loadLedger(service));
  } catch (error) {
    if (error instanceof SpecError) return [...error.lines];
    return [String(error)];
  }
}

/** The same choice for the same seed. */
function sample<T>(all: T[], count: number, seed: number): T[] {
  let state = seed;
  const random = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
  const pool = [...all];
  const picked: T[] = [];
  while (picked.length < count && pool.length > 0) picked.push(...pool.splice(Math.floor(random() * pool.length), 1));
  return picked;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
