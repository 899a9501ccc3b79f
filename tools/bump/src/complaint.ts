/** What a command says of an error: after wrong flags also how it is called. */
export function complaint(error: unknown, usage: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const { code } = (error ?? {}) as { code?: unknown };
  if (!String(code).startsWith("ERR_PARSE_ARGS")) return message;
  // What follows the first sentence explains how file names begin with a dash.
  return `${message.split(". ")[0]}\n${usage}`;
}
