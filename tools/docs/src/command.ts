// How every command here begins and ends.

/** Runs a command and sets the exit code; what goes wrong is told in words and ends with 2, wrong usage with the usage too. */
export async function command(name: string, usage: string, main: () => number | Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    const { code } = error as { code?: string };
    if (code?.startsWith("ERR_PARSE_ARGS_")) console.error(usage);
    process.exitCode = 2;
  }
}
