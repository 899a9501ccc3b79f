import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from "node:util";

// How every command of this workspace is called and how it ends. Exit codes: 0 all is well; 1 it found something; 2 wrong
// use, or it could not do its work; a command may have more of its own.

/** Wrong use of a command. Told with the usage. */
export class Misuse extends Error {}

/** How a command is called. */
export interface Manner<T extends ParseArgsOptionsConfig> {
  /** Begins with `usage: <name of the command>`. */
  readonly usage: string;
  readonly options?: T;
  /** The least and the most arguments that are no options; without a most any number. Default none at all. */
  readonly takes?: readonly [least: number, most?: number];
}

type Given<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<ParseArgsConfig & { options: T; strict: true; allowPositionals: true }>
>;

/**
 * Runs a command and sets the exit code of the process to what it gives. `--help` prints the usage; what goes wrong is told
 * in one sentence on stderr. It is awaited while its module loads, so a `const` below it is not there yet.
 */
export async function command<const T extends ParseArgsOptionsConfig>(
  { usage, options = {} as T, takes: [least, most = Number.POSITIVE_INFINITY] = [0, 0] }: Manner<T>,
  run: (values: Given<T>["values"], operands: string[]) => number | Promise<number>,
): Promise<void> {
  // Who reads our output may have read enough.
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 2));
  if (process.argv.includes("--help")) {
    console.log(usage);
    return;
  }
  try {
    const { values, positionals } = parseArgs({ options, strict: true, allowPositionals: true });
    if (positionals.length > most) throw new Misuse(`unexpected argument ${positionals[most]}`);
    if (positionals.length < least) throw new Misuse("an argument is missing");
    process.exitCode = await run(values as Given<T>["values"], positionals);
  } catch (error) {
    const name = /^usage: (\S+)/.exec(usage)?.[1];
    const misused = error instanceof Misuse || isMisuse(error);
    console.error(`${name}: ${wordsOf(error)}${misused ? `\n${usage}` : ""}`);
    process.exitCode = 2;
  }
}

/** The value of an option that takes a whole number. @throws {Misuse} */
export function wholeNumber(option: string, text: string, least = 0): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least) return number;
  throw new Misuse(`--${option} takes a whole number from ${least}, not ${JSON.stringify(text)}`);
}

function isMisuse(error: unknown) {
  return String((error as { code?: unknown })?.code).startsWith("ERR_PARSE_ARGS");
}

function wordsOf(error: unknown) {
  const words = error instanceof Error ? error.message : String(error);
  // What follows the first sentence explains how names of files begin with a dash.
  return isMisuse(error) ? words.split(". ")[0] : words;
}
