// What an RST page defines for use anywhere in it: labels with the titles they stand at, and substitutions.
import { inline, type Names } from "./rst-inline.js";

/** Labels and substitutions may be used before they are defined. */
export function collectNames(lines: string[]): Names {
  const names: Names = { titles: new Map(), substitutions: new Map() };
  let waiting: string[] = [];
  lines.forEach((line, i) => {
    const text = line.trim();
    const label = /^\.\. _([^`:][^:]*):$/.exec(text)?.[1];
    if (label) {
      waiting.push(label.toLowerCase());
      return;
    }
    const definition = /^\.\. \|([^|]+)\| +(\w+):: ?(.*)$/.exec(text);
    if (definition)
      names.substitutions.set(definition[1] as string, definition[2] === "replace" ? (definition[3] as string) : "");
    if (!text || !waiting.length) return;
    const caption = /^\.\. \w[\w-]*:: +(.*)$/.exec(text)?.[1];
    const title = caption ?? (isAdornment(lines[i + 1]?.trim() ?? "") ? text : undefined);
    if (title) for (const name of waiting) names.titles.set(name, inline(title, names).text);
    waiting = [];
  });
  return names;
}

export function isAdornment(line: string): boolean {
  if (line.length < 3) return false;
  const char = line[0] as string;
  return /[^\w\s]/.test(char) && line === char.repeat(line.length);
}
