import { lineTeller, type Tree, type TreeEntry, Unreadable } from "./tree.js";

const SPACE = /[ \t\r\n]*/y;
const WORD = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/y;
/** Nobody nests a plan so deep. */
const DEEPEST = 100;

/** JSON with the lines of its parts, which `JSON.parse` does not tell. @throws {Unreadable} */
export function readJson(text: string): Tree {
  const lineOf = lineTeller(text);
  let at = 0;
  const tree = value(0);
  if (next() !== undefined) throw wrong("something follows the end of the document");
  return tree;

  /** The next character that is no space. */
  function next(): string | undefined {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)?.[0].length ?? 0;
    return text[at];
  }

  function value(depth: number): Tree {
    if (depth > DEEPEST) throw wrong("this is nested too deep");
    const first = next();
    const line = lineOf(at);
    if (first === "{") return { line, kind: "map", entries: series("}", () => entry(depth)) };
    if (first === "[") return { line, kind: "list", items: series("]", () => value(depth + 1)) };
    const read = word();
    return typeof read === "string" ? { line, kind: "text", value: read } : { line, kind: "other", value: read };
  }

  function entry(depth: number): TreeEntry {
    next();
    const line = lineOf(at);
    const key = word();
    if (typeof key !== "string") throw wrong("a key must be text");
    if (next() !== ":") throw wrong("a colon is missing");
    at++;
    return { key, line, value: value(depth + 1) };
  }

  function series<T>(end: string, item: () => T): T[] {
    const found: T[] = [];
    at++;
    if (next() === end) {
      at++;
      return found;
    }
    for (;;) {
      found.push(item());
      const mark = next();
      if (mark !== "," && mark !== end) throw wrong(`a comma or ${end} is missing`);
      at++;
      if (mark === end) return found;
    }
  }

  function word(): unknown {
    WORD.lastIndex = at;
    const found = WORD.exec(text)?.[0];
    try {
      const read: unknown = JSON.parse(found ?? "");
      at += found?.length ?? 0;
      return read;
    } catch {
      throw wrong(at >= text.length ? "the document ends too early" : "this is not JSON");
    }
  }

  function wrong(message: string) {
    return new Unreadable([{ line: lineOf(at), message }]);
  }
}
