/** A command that was called wrongly. */
export class Misuse extends Error {}

/** One line for a command that was called wrongly; undefined for any other error. */
export function misuse(error: unknown, usage: string): string | undefined {
  if (error instanceof Misuse) return `${error.message}; usage: ${usage}`;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (!String(code).startsWith("ERR_PARSE_ARGS")) return undefined;
  // What follows the first sentence explains how file names begin with a dash.
  return `${String(message).split(". ")[0]}; usage: ${usage}`;
}
