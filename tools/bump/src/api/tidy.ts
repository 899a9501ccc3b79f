// Makes a report that people read in a review: one fact a line, nothing twice.

const wide = 120;

/** The declarations of api-extractor's report, without its remarks on missing comments. */
export function declarationsOf(report: string): string[] {
  const [, code = ""] = /```ts\n([\s\S]*?)\n```/.exec(report) ?? [];
  const kept = code
    .split("\n")
    .filter(
      (line) =>
        !/^\s*\/\/ (?:@public(?: \(undocumented\))?|\(undocumented\)|Warning: .*|\(No @packageDocumentation.*)?$/.test(
          line,
        ),
    )
    // What a path or a request cannot have says nothing to anybody.
    .filter((line) => !/^\s*(?:\/\/|\w+\?: never;)$/.test(line));
  return kept
    .join("\n")
    .replaceAll(/^ *(?:headers: \{\n *\[name: string\]: unknown;|parameters: \{)\n *\};\n/gm, "")
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== "");
}

/** A table of what is declared beside it names that instead of saying it again. */
export function withoutRepeats(blocks: readonly string[]): string[] {
  const constants = blocks.flatMap((block) => {
    const [, name, body] = /^export const (\w+): (\{\n[\s\S]*\n\});$/.exec(block) ?? [];
    return name && body ? [{ name, body }] : [];
  });
  return blocks.map((block) =>
    constants.reduce((text, { name, body }) => {
      const indented = body.replaceAll("\n", "\n    ");
      return text.replace(`    ${name}: ${indented};`, `    ${name}: typeof ${name};`);
    }, block),
  );
}

/** Long unions and tuples go one member to a line. */
export function broken(block: string): string {
  return block.split("\n").map(brokenLine).join("\n");
}

function brokenLine(line: string): string {
  if (line.length <= wide) return line;
  const indent = /^ */.exec(line)?.[0] ?? "";
  const [, start = "", members, end = ""] =
    /^(.*readonly \[)(".*")(\];)$/.exec(line) ?? /^(.*?(?: =|:) )("[^{}]* \| .*?)(;)$/.exec(line) ?? [];
  if (members === undefined) return line;
  const separator = start.endsWith("[") ? "," : " |";
  return [
    start.trimEnd(),
    ...filled(members.split(`${separator} `), separator, `${indent}    `),
    `${indent}${end}`,
  ].join("\n");
}

/** As many members on a line as fit. */
function filled(members: readonly string[], separator: string, indent: string): string[] {
  const lines: string[] = [];
  for (const [index, member] of members.entries()) {
    const text = index === members.length - 1 ? member : `${member}${separator}`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + text.length < wide) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(`${indent}${text}`);
  }
  return lines;
}
