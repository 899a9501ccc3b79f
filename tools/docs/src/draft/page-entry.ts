// The page of a new operation in a docs.yaml that exists: comments and layout of the file are its author's.

/** `drafted` is the docs.yaml of a service with this page alone. */
export function withPage(register: string, operationId: string, drafted: string): string {
  const lines = register.split("\n");
  const block = blockOf(drafted.split("\n")).lines;
  const known = blockOf(lines);
  if (known.lines.some((line) => line.startsWith(`  ${operationId}:`))) return register;
  if (known.start === -1) return `pages:\n${block.join("\n")}\n${register}`;
  // "pages: {}" has none yet.
  lines[known.start] = "pages:";
  lines.splice(known.end, 0, ...block);
  return lines.join("\n");
}

/** What stands below `pages:`, up to the next key of the file. */
function blockOf(lines: string[]): { start: number; end: number; lines: string[] } {
  const start = lines.findIndex((line) => /^pages:/.test(line));
  let end = start + 1;
  while (start !== -1 && end < lines.length && /^(?:\s+\S|\s*#)/.test(lines[end] ?? "")) end += 1;
  return { start, end, lines: start === -1 ? [] : lines.slice(start + 1, end) };
}
