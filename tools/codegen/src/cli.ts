import { parseArgs } from "node:util";
import { SpecError } from "./problem.js";
import { generate } from "./run.js";
import { misuse } from "./usage.js";

const usage = `restorekit-codegen [--check] [--specs DIR] [--out DIR] [service…]
  --check      change nothing; name each generated file that is missing, extra or stale
  --specs DIR  where the specs are (specs)
  --out DIR    where the packages are (packages)`;

export interface Output {
  log(line: string): void;
  error(line: string): void;
}

/** The command; gives its exit code: 1 where something is wrong with specs or files, 2 where it is called wrongly. */
export async function main(args: readonly string[], output: Output): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: "boolean", default: false },
        specs: { type: "string", default: "specs" },
        out: { type: "string", default: "packages" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      output.log(usage);
      return 0;
    }
    const wrong = await generate({ ...values, services: positionals }, (line) => output.log(line));
    for (const line of wrong) output.error(line);
    if (wrong.length > 0) return 1;
    const verb = values.check ? "up to date" : "generated";
    output.log(`${verb} in ${Math.round(performance.now())} ms`);
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof SpecError) for (const line of error.lines) output.error(line);
    else if (isFileError(error)) output.error(error.message);
    else {
      const line = misuse(error, "generate [--check] [--specs DIR] [--out DIR] [service…]");
      if (line === undefined) throw error;
      output.error(line);
      return 2;
    }
    return 1;
  }
}

/** A full disk, a folder that may not be written: the system's message says it. */
function isFileError(error: Error): boolean {
  return /^E[A-Z]+$/.test(String((error as { code?: unknown }).code));
}
