import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { fieldsOf, type KeyNames, keyIn, SourceError, type SourceOptions, without } from "./source.js";

export interface File {
  /** Its path as errors show it. */
  readonly source: string;
  readonly text: string;
}

export const homeOf = (options: SourceOptions) => options.home ?? homedir();

/** A file, or why there is none. `required` is what asks for it by name. @throws {SourceError} */
export async function open(path: string, options: SourceOptions, required?: string): Promise<File | string> {
  const home = homeOf(options);
  const source = path.startsWith(`${home}/`) ? path.replace(home, "~") : path;
  try {
    const text = (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
    if (options.onWarning && (await stat(path)).mode & 0o004)
      options.onWarning(`${source} can be read by every user of this machine`);
    return { source, text };
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    const absent = code === "ENOENT" || code === "ENOTDIR";
    if (absent && !required) return `${source}: not there`;
    throw new SourceError("unreadable", source, required ? `${code}, but ${required} names it` : code);
  }
}

/** @throws {SourceError} with the line where the runtime tells a position */
export function parseJson({ source, text }: File): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The runtime's message quotes the text; only its position is taken.
    const at = / at position (\d+)/.exec((error as Error).message)?.[1];
    throw new SourceError("malformed", source, "is not JSON", {
      line: at ? text.slice(0, Number(at)).split("\n").length : undefined,
    });
  }
}

type Section = Record<string, string>;

/** Sections of `name = value` lines; a value may be quoted; comments after white space are left out. @throws {SourceError} with the line */
export function parseIni({ source, text }: File): Record<string, Section> {
  const sections: Record<string, Section> = Object.create(null);
  let section: Section | undefined;
  text.split(/\r?\n/).forEach((raw, index) => {
    const content = raw.trim();
    const fail = (problem: string) => new SourceError("malformed", source, problem, { line: index + 1 });
    if (content === "" || /^[#;]/.test(content)) return;
    const header = /^\[([^\]]+)\]$/.exec(content)?.[1]?.trim();
    if (header) {
      section = sections[header] ??= Object.create(null) as Section;
      return;
    }
    const [, name, value = ""] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(content) ?? [];
    if (!name) throw fail("is neither [section] nor name = value");
    if (!section) throw fail("stands before the first [section]");
    const key = name.toLowerCase();
    if (key in section) throw fail("repeats a name of its section");
    section[key] = unquoted(value);
  });
  return sections;
}

/** Without quotes, or else without a comment: no key has white space in it. */
function unquoted(text: string) {
  const quoted = /^(?:"([^"]*)"|'([^']*)')\s*(?:[;#].*)?$/.exec(text);
  return quoted ? (quoted[1] ?? quoted[2] ?? "") : text.replace(/(^|\s+)[;#].*$/, "");
}

/** Looks for a key in one section of an INI file. */
export const inIni =
  (path: string, section: string, names: KeyNames, options: SourceOptions, required?: string) => async () => {
    const file = await open(path, options, required);
    if (typeof file === "string") return file;
    const key = keyIn(fieldsOf(file.source, parseIni(file)[section] ?? {}), names);
    return key ?? without(file.source, `[${section}] ${names.id[0]}`, required);
  };
