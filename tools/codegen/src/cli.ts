import { parseArgs } from "node:util";
import { SpecError } from "./problem.js";
import { generate } from "./run.js";
import { Misuse, misuse } from "./usage.js";

const usage = "restorekit-codegen SPECS --out DIR [--check] [service…]";
const help = `${usage}

  SPECS      folder with a folder for each service: shared.yaml, and a document for each operation
  --out DIR  where the clients go: DIR/<service>/client.ts and what it imports. Files there that codegen
             did not make are left alone, and never replaced. {service} in DIR stands for the name:
             packages/{service}/src/generated
  --check    change nothing; name each file that is missing, extra or stale: that generating would write or remove
  service…   only these services

Exit code 0: done, or nothing to do; 1: the specs are wrong, a file is in the way, or --check found something; 2: called wrongly.`;

export interface Output {
  /** The result. */
  log(line: string): void;
  /** What is wrong, and how far a long run has come. */
  error(line: string): void;
}

/** The command; gives its exit code. */
export async function main(args: readonly string[], output: Output): Promise<number> {
  const start = performance.now();
  try {
    const options = readOptions(args);
    if (options === undefined) {
      output.log(help);
      return 0;
    }
    const { done, wrong } = await generate(options, (line) => output.error(line));
    for (const line of done) output.log(line);
    for (const line of wrong) output.error(line);
    if (wrong.length > 0) return 1;
    const verb = options.check ? "up to date" : "generated";
    output.log(`${verb} in ${Math.round(performance.now() - start)} ms`);
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof SpecError) for (const line of error.lines) output.error(line);
    else if (isFileError(error)) output.error(error.message);
    else {
      const line = misuse(error, usage);
      if (line === undefined) throw error;
      output.error(line);
      return 2;
    }
    return 1;
  }
}

/** Undefined where only help was asked for. */
function readOptions(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      check: { type: "boolean", default: false },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const [specs, ...services] = positionals;
  if (!specs) throw new Misuse("SPECS is missing");
  if (!values.out) throw new Misuse("--out is missing");
  return { check: values.check, specs, out: values.out, services };
}

/** A full disk, a folder that may not be written: the system's message says it. */
function isFileError(error: Error): boolean {
  return /^E[A-Z]+$/.test(String((error as { code?: unknown }).code));
}
