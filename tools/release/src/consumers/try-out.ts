import { join } from "node:path";
import { RUNTIMES, type Runtime } from "@restorekit/bench/runtime";
import type { Example } from "./example.ts";
import { type Published, wrongInstalls } from "./installed.ts";
import { copyExample, environmentOf, installCommand } from "./project.ts";
import { shell } from "./shell.ts";

/** What one example did on one runtime. */
export interface ConsumerRow {
  /** The example's name. */
  consumer: string;
  /** With the version of the dependency that was tried, if the example names some. */
  runtime: string;
  does: string;
  ok: boolean;
  /** How long its commands took, without the installation. */
  ms: number;
  /** What failed; below it, the last lines that were written. */
  why?: string;
}

/** What tests replace. */
export interface Setting {
  /** The workspace: its examples, and what no example may get anything from. */
  root: string;
  binaryOf(runtime: Runtime): string;
  titleOf(runtime: Runtime): string;
  /** Longest time for an installation, and for the commands of an example on one runtime. */
  limitMs: number;
}

interface Trial {
  example: Example;
  /** A dependency at another version than the example names. */
  version: string | undefined;
  registry: string;
  work: string;
  published: Published;
  progress(line: string): void;
}

/** The Node on which npm runs where the runtime itself is no Node. */
const TOOLS = RUNTIMES.find(({ name }) => name === "node24") as Runtime;

/** Installs a copy of an example once, and runs it on each of its runtimes: one row each. */
export async function tryOut(trial: Trial, setting: Setting): Promise<ConsumerRow[]> {
  const { example, version, registry, work, published, progress } = trial;
  const { root, binaryOf, titleOf, limitMs } = setting;
  const copy = version === undefined ? example.name : `${example.name}-${version.replace(/[^\w.]+/g, "-")}`;
  const project = join(work, copy);
  let installation: Promise<string | undefined> | undefined;

  const rows: ConsumerRow[] = [];
  for (const runtime of example.runtimes) {
    const { title, ms, why } = await outcomeOn(runtime);
    const row = { consumer: example.name, runtime: [title, version?.replace("@", " ")].filter(Boolean).join(", ") };
    rows.push({ ...row, does: example.does, ok: why === undefined, ms, ...(why === undefined ? {} : { why }) });
    progress(`${why === undefined ? "✓" : "✗"} ${row.consumer} on ${row.runtime}  ${(ms / 1000).toFixed(1)} s`);
  }
  return rows;

  async function outcomeOn(runtime: Runtime): Promise<{ title: string; ms: number; why: string | undefined }> {
    let env: NodeJS.ProcessEnv;
    try {
      env = environment(runtime);
    } catch (error) {
      return { title: runtime.title, ms: 0, why: (error as Error).message };
    }
    installation ??= install(env).catch((error: Error) => error.message);
    const problem = await installation;
    const started = performance.now();
    const why = problem ?? (await rehearse(env));
    return { title: titleOf(runtime), ms: Math.round(performance.now() - started), why };
  }

  /** @throws {Missing} */
  function environment(runtime: Runtime) {
    const binary = binaryOf(runtime);
    const binaries = runtime.kind === "node" ? [binary] : [binaryOf(TOOLS), binary];
    return {
      ...environmentOf(binaries, root),
      ...(runtime.kind === "chromium" && { CHROMIUM: binary }),
      // Both take what they have of a version for what the registry has of it.
      BUN_INSTALL_CACHE_DIR: join(work, ".bun"),
      DENO_DIR: join(project, ".deno"),
    };
  }

  /** @returns what is wrong with what it installed */
  async function install(env: NodeJS.ProcessEnv): Promise<string | undefined> {
    copyExample(example, { version, into: project, registry });
    const command = installCommand(example.install);
    progress(`▸ ${example.name}: ${command}`);
    const { problem, output } = await shell(command, { cwd: project, env, limitMs });
    if (problem) return `${command} ${problem}\n${output}`;
    return (await wrongInstalls(project, published)).join("\n") || undefined;
  }

  /** @returns what is wrong with what it did */
  async function rehearse(env: NodeJS.ProcessEnv): Promise<string | undefined> {
    // npm would name the script; what is left is what the example itself says.
    const quiet = { ...env, npm_config_loglevel: "silent" };
    const { problem, output } = await shell(example.rehearse, { cwd: project, env: quiet, limitMs });
    const command = example.rehearse.replaceAll("\n", "; ");
    if (problem) return `${command} ${problem}\n${output}`;
    return output === "" ? `${command} printed nothing: what did it do?` : undefined;
  }
}
