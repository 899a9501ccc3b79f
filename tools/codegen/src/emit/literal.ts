const width = 120;

/** A value as a TypeScript literal: on one line where it fits, else one member a line. */
export function literal(value: unknown, indent = "", used = 0): string {
  const flat = oneLine(value);
  if (indent.length + used + flat.length < width || typeof value !== "object" || value === null) return flat;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== "object")) return filled(value.map(oneLine), indent);
    return `[\n${value.map((item) => `${deeper}${literal(item, deeper)},\n`).join("")}${indent}]`;
  }
  const members = Object.entries(value).map(([key, item]) => {
    const name = `${propertyName(key)}: `;
    return `${deeper}${name}${literal(item, deeper, name.length)},\n`;
  });
  return `{\n${members.join("")}${indent}}`;
}

/** Many short values, as many on a line as fit. */
function filled(items: string[], indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const item of items) {
    if (line !== "" && indent.length + 2 + line.length + item.length + 2 > width) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? `${item},` : ` ${item},`;
  }
  if (line !== "") lines.push(line);
  return `[\n${lines.map((each) => `${indent}  ${each}\n`).join("")}${indent}]`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${propertyName(key)}: ${oneLine(item)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** `tencentRedis` gives `TencentRedis`. */
export function pascal(id: string): string {
  return id.charAt(0).toUpperCase() + id.slice(1);
}

export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A doc comment; the text cannot end it early. */
export function docComment(paragraphs: readonly string[], indent: string): string {
  const lines = paragraphs
    .join("\n\n")
    .replaceAll("*/", "*\\/")
    .split("\n")
    // A tag and its address stay on one line, however long.
    .flatMap((line) => (line.startsWith("@") ? [line] : wrap(line, width - indent.length - 3)));
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  const body = lines.map((line) => `${indent} *${line === "" ? "" : ` ${line}`}\n`).join("");
  return `${indent}/**\n${body}${indent} */\n`;
}

function wrap(text: string, limit: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > limit) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
