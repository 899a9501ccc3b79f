import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "./command.js";

const version = "7.25.0";
/** Of the published jar: its SHA-1 and MD5 are those that Maven Central lists beside it. */
const digest = "41ce4f6b07f196676439d710759fa1ced7a08066d06ff1bf314681470289efae";
const wrapper = "@openapitools/openapi-generator-cli";

/** Something this machine lacks; not a fault of the specs. */
export class Missing extends Error {}
/** The engine is not the one that was measured. */
export class Refused extends Error {}

/** Runs the engine; `args` are those of its command line. */
export type Engine = (args: readonly string[], cwd: string) => ReturnType<typeof run>;

/** Finds Java and the engine, fetching the engine where it is not there yet; nothing unverified is ever run. */
export async function findEngine(
  cache: string,
  progress: (line: string) => void,
  wrapperProgram?: string,
): Promise<Engine> {
  await needJava();
  const jar = resolve(cache, `${version}.jar`);
  if (!(await exists(jar))) await fetchEngine(jar, wrapperProgram ?? findWrapper(), progress);
  await verify(jar);
  // Short runs: compiling less and collecting simply is worth half of the time.
  const options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"];
  return (args, cwd) => run("java", [...options, "-jar", jar, ...args], cwd);
}

const oldestJava = 11;

/** The engine's classes are Java 11's: an older runtime would only say UnsupportedClassVersionError. */
async function needJava(): Promise<void> {
  const needs = `the second parser needs a Java runtime, ${oldestJava} or newer, on PATH`;
  const { code, output } = await run("java", ["-version"], ".");
  if (code !== 0) throw new Missing(`Java is missing: ${needs}`);
  const version = javaVersion(output);
  if (version === undefined) throw new Missing(`the java on PATH does not tell its version: ${needs}`);
  if (version < oldestJava) throw new Missing(`Java ${version} is too old: ${needs}`);
}

/** The feature release from `java -version`; up to 8 it is the second number ("1.8.0_392"). */
export function javaVersion(output: string): number | undefined {
  const [, first, second] = /^\S+ version "(\d+)(?:\.(\d+))?/m.exec(output) ?? [];
  if (first === undefined) return undefined;
  return Number(first === "1" && second !== undefined ? second : first);
}

async function fetchEngine(jar: string, program: string, progress: (line: string) => void): Promise<void> {
  progress(`fetching engine ${version} (32 MB)`);
  await mkdir(dirname(jar), { recursive: true });
  const staging = await mkdtemp(join(dirname(jar), "unverified-"));
  const settings = { "generator-cli": { version, storageDir: staging } };
  await writeFile(join(staging, "openapitools.json"), JSON.stringify(settings));
  const set = ["version-manager", "set", version];
  // The wrapper looks for its settings where the shell stood, not where it was started.
  const env = { OPENAPI_GENERATOR_CLI_SEARCH_URL: "DEFAULT", PWD: staging, INIT_CWD: staging };
  await run(process.execPath, [program, ...set], staging, env);

  const fetched = join(staging, `${version}.jar`);
  if (!(await exists(fetched))) {
    await rm(staging, { recursive: true, force: true });
    throw new Missing(`engine ${version} is not in ${dirname(jar)} and cannot be fetched: is there a network?`);
  }
  await verify(fetched);
  await rename(fetched, jar);
  await rm(staging, { recursive: true, force: true });
}

function findWrapper(): string {
  const require = createRequire(import.meta.url);
  try {
    return join(dirname(require.resolve(`${wrapper}/package.json`)), "main.js");
  } catch {
    throw new Missing(`${wrapper} is not installed, so the engine cannot be fetched`);
  }
}

/** A file that is not the engine stays where it is, so that it can be looked at. */
async function verify(jar: string): Promise<void> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(jar), hash);
  const found = hash.digest("hex");
  if (found !== digest)
    throw new Refused(`${jar} is not engine ${version}: its sha256 is ${found}, expected ${digest}`);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
