#!/usr/bin/env node
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compileService } from "../compile.js";
import { project } from "../emit/project.js";
import { readFolder } from "../load/folder.js";
import type { OpenApi } from "../openapi.js";
import { SpecError } from "../problem.js";
import { servicesIn } from "../run.js";
import { misuse } from "../usage.js";
import { inTurns } from "./command.js";
import { type Engine, findEngine, Missing, Refused } from "./engine.js";
import { compileClient, generateArguments, type Language, languages, leftOut } from "./languages.js";
import { issues, unexplained } from "./log.js";

/** The caller can tell "this machine lacks something" from "something is wrong" by this exit code. */
const lacksSomething = 3;
const atATime = Math.max(1, Math.min(2, availableParallelism()));

const say = (line: string) => console.log(line);
const values = readOptions();
if (values === undefined) process.exitCode = 2;
else process.exitCode = await main(values);

type Options = NonNullable<ReturnType<typeof readOptions>>;

function readOptions() {
  try {
    return parseArgs({
      options: {
        specs: { type: "string", default: "specs" },
        cache: { type: "string", default: "node_modules/.cache/openapi-generator" },
        compile: { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    const line = misuse(error, "validate:second [--specs DIR] [--cache DIR] [--compile] [--keep]");
    if (line === undefined) throw error;
    console.error(line);
    return undefined;
  }
}

async function main(values: Options): Promise<number> {
  const work = await mkdtemp(join(tmpdir(), "restorekit-second-"));
  try {
    const bundles = await projections(values.specs);
    const engine = await findEngine(values.cache, say);
    const wrong = [
      ...(await validateAll(engine, bundles, work)),
      ...(await generateAll(engine, bundles, work, values.compile)),
    ];
    for (const line of wrong) console.error(line);
    const seconds = (performance.now() / 1000).toFixed(1);
    say(
      wrong.length === 0 ? `second parser: no complaint in ${seconds} s` : `second parser: ${wrong.length} complaints`,
    );
    return wrong.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof SpecError) for (const line of error.lines) console.error(line);
    else if (error instanceof Missing || error instanceof Refused) console.error(`second parser: ${error.message}`);
    else throw error;
    return error instanceof Missing ? lacksSomething : 1;
  } finally {
    if (values.keep) say(`kept: ${work}`);
    else await rm(work, { recursive: true, force: true });
  }
}

async function projections(specs: string): Promise<Map<string, OpenApi>> {
  const bundles = new Map<string, OpenApi>();
  for (const service of await servicesIn(specs)) {
    const { sources, problems } = await readFolder(specs, service);
    bundles.set(service, project(compileService(service, sources, problems)));
  }
  return bundles;
}

async function validateAll(engine: Engine, bundles: ReadonlyMap<string, OpenApi>, work: string): Promise<string[]> {
  const jobs = [...bundles].map(([service, bundle]) => async () => {
    const start = performance.now();
    await writeFile(join(work, `${service}.json`), JSON.stringify(bundle, undefined, 2));
    const { code, output } = await engine(["validate", "--input-spec", `${service}.json`, "--recommend"], work);
    const clean = code === 0 && output.includes("No validation issues detected.");
    say(`validate ${service}: ${clean ? "no issue" : "issues"}, ${since(start)}`);
    return clean ? [] : issues(output).map((line) => `${service}: validate: ${line}`);
  });
  return (await inTurns(jobs, atATime)).flat();
}

async function generateAll(
  engine: Engine,
  bundles: ReadonlyMap<string, OpenApi>,
  work: string,
  compileAll: boolean,
): Promise<string[]> {
  const jobs = [...bundles].flatMap(([service, bundle]) =>
    languages.map((language) => async () => {
      const start = performance.now();
      const name = `${service}: ${language.name}`;
      const out = join(work, language.name, service);
      const { code, output } = await engine(generateArguments(language, `${service}.json`, out), work);
      const wrong = unexplained(output);
      if (code !== 0) wrong.push(`the engine ended with ${code}`, ...output.trim().split("\n").slice(-3));
      else wrong.push(...(await checkClient(language, bundle, out, compileAll)));
      say(`generate ${name}: ${wrong.length === 0 ? "ok" : `${wrong.length} complaints`}, ${since(start)}`);
      return wrong.map((line) => `${name}: ${line}`);
    }),
  );
  return (await inTurns(jobs, atATime)).flat();
}

async function checkClient(language: Language, bundle: OpenApi, out: string, compileAll: boolean): Promise<string[]> {
  const wrong: string[] = [];
  if (language.name === "python") {
    wrong.push(...(await leftOut(bundle, out)).map((id) => `${id} is missing from the client`));
  }
  if (language.compile.onDemand && !compileAll) return wrong;
  const { code, output } = await compileClient(language, out);
  if (code === undefined) say(`compile ${language.name}: skipped, no ${language.compile.program}`);
  else if (code !== 0) wrong.push(`does not compile: ${output.trim().split("\n").slice(-3).join(" | ")}`);
  return wrong;
}

function since(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
