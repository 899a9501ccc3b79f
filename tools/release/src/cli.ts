import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

/** Reads a command's options. Ends the process where they are not understood, or where `--help` asks for the usage. */
export function optionsOf<T extends ParseArgsOptionsConfig>(usage: string, options: T) {
  try {
    if (process.argv.includes("--help")) {
      process.stdout.write(usage);
      process.exit(0);
    }
    return parseArgs({ options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

/** Progress goes to stderr: stdout is the result's. */
export function say(line: string) {
  process.stderr.write(`${line}\n`);
}

/** Ends with the message of what was thrown, and exit code 1. */
export function failing(command: string, main: Promise<number>) {
  main.then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      process.stderr.write(`${command}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}

/** Rows under a heading, aligned for a terminal. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? "").length)));
  return [heading, ...rows]
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The same as a table of Markdown. */
export function markdown(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line)].join("\n");
}
