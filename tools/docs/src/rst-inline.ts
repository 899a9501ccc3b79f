// Inline markup of reStructuredText, read in one pass: text without markup, and the references in it.
import type { Link } from "./block.js";

export interface Names {
  /** Label to the title of what it stands at. */
  titles: Map<string, string>;
  /** Substitution name to its text. */
  substitutions: Map<string, string>;
}

const opens = /[\s\-:/'"<([{“‘«¿¡]/;
const closes = /[\s'")\]}>\-/\\:.,;!?”’»]/;

/** Finds closers from left to right once, so that text full of openers stays linear. */
class Closers {
  readonly #text: string;
  readonly #next = new Map<string, number>();
  constructor(text: string) {
    this.#text = text;
  }

  /** The place of the first valid closing mark at or after `from`, or -1. */
  find(mark: string, from: number): number {
    const known = this.#next.get(mark);
    if (known !== undefined && (known === -1 || known >= from)) return known;
    let at = this.#text.indexOf(mark, from);
    while (at !== -1 && !this.#valid(mark, at)) at = this.#text.indexOf(mark, at + 1);
    this.#next.set(mark, at);
    return at;
  }

  #escaped(at: number): boolean {
    let slashes = 0;
    while (this.#text[at - 1 - slashes] === "\\") slashes += 1;
    return slashes % 2 === 1;
  }

  #valid(mark: string, at: number): boolean {
    const before = this.#text[at - 1] ?? " ";
    const after = this.#text[at + mark.length];
    if (/\s/.test(before) || (mark !== "``" && this.#escaped(at))) return false;
    if (mark === "*" && (after === "*" || before === "*")) return false;
    if (mark === "`") return true;
    return after === undefined || closes.test(after);
  }
}

export function inline(source: string, names: Names): { text: string; links: Link[]; strong: boolean } {
  if (!/[*`|\\_]/.test(source)) return { text: source, links: [], strong: false };
  const links: Link[] = [];
  const closers = new Closers(source);
  let out = "";
  let strongUpTo = -1;
  let i = 0;
  const startsAt = (at: number, width: number): boolean => {
    const before = source[at - 1];
    const after = source[at + width];
    return (
      after !== undefined &&
      !/\s/.test(after) &&
      (before === undefined || opens.test(before) || source[at - 2] === "\\") &&
      !(before !== undefined && `'"<([{`.includes(before) && `'">)]}`["'\"<([{".indexOf(before)] === after)
    );
  };
  while (i < source.length) {
    const char = source[i] as string;
    if (char === "\\") {
      const next = source[i + 1];
      if (next !== undefined && !/\s/.test(next)) out += next;
      i += 2;
      continue;
    }
    if (char === "*" || char === "`" || char === "|") {
      const mark = source.startsWith("**", i) ? "**" : source.startsWith("``", i) ? "``" : char;
      if (startsAt(i, mark.length)) {
        const end = closers.find(mark, i + mark.length + (mark === "`" ? 0 : 1));
        if (end !== -1) {
          const inner = source.slice(i + mark.length, end);
          if (mark === "|") {
            const value = names.substitutions.get(inner);
            if (value === undefined) {
              out += "|";
              i += 1;
              continue;
            }
            out += value;
            i = end + 1;
            if (source[i] === "_") i += source[i + 1] === "_" ? 2 : 1;
            continue;
          }
          if (mark === "`") {
            const role = /:([\w:.+-]+):$/.exec(out.slice(-40))?.[1];
            if (role) out = out.slice(0, out.length - role.length - 2);
            out += target(inner, role, names, links);
            i = end + 1;
            while (source[i] === "_") i += 1;
            continue;
          }
          if (mark === "**" && i === 0) strongUpTo = end + 2;
          out += mark === "``" ? inner : plain(inner);
          i = end + mark.length;
          continue;
        }
      }
      out += mark;
      i += mark.length;
      continue;
    }
    if (
      char === "_" &&
      /[A-Za-z0-9\]]/.test(source[i - 1] ?? "") &&
      /^_?(?:[\s'")\]}>\-/\\:.,;!?]|$)/.test(source.slice(i + 1, i + 4))
    ) {
      // `name_` and `[1]_` are references; an underscore that belongs to the name is written `\_`.
      i += source[i + 1] === "_" ? 2 : 1;
      continue;
    }
    out += char;
    i += 1;
  }
  return { text: out, links, strong: strongUpTo !== -1 && /^[\s:]*$/.test(source.slice(strongUpTo)) };
}

function target(inner: string, role: string | undefined, names: Names, links: Link[]): string {
  const open = inner.endsWith(">") ? inner.lastIndexOf("<") : -1;
  if (open !== -1) {
    const text = plain(inner.slice(0, open).trimEnd());
    links.push({ text, target: inner.slice(open + 1, -1).trim() });
    return text;
  }
  if (role === "ref" || role === "numref" || role === "doc") {
    const label = inner.trim();
    const text = names.titles.get(label.toLowerCase()) ?? label;
    links.push({ text, target: label });
    return text;
  }
  return plain(inner);
}

function plain(text: string): string {
  return text.includes("\\") ? text.replace(/\\(?:\s|(\S))?/g, "$1") : text;
}
