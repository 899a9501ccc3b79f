import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Problem } from "../problem.js";
import { placeName } from "./place-name.js";

/** A file of a service as it was read: its name in messages, its name in the folder, its text. */
export interface SourceFile {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Where a value stands: file, path of keys, and the line of each of its own keys. */
export interface Location {
  readonly file: string;
  readonly path: readonly string[];
  readonly line: number;
  readonly keys: ReadonlyMap<string, number>;
}

/** Remembers the place of every object and list that was read, for as long as it lives. */
export type Locations = WeakMap<object, Location>;

export interface SourceDocument {
  readonly file: string;
  readonly name: string;
  readonly value: JsonObject;
}

const deepest = 100;
const mostAliases = 1000;

/** Turns one file into plain data; everything that YAML allows and a spec does not need is an error. */
export function parseSource(
  source: SourceFile,
  locations: Locations,
): { document?: SourceDocument; problems: Problem[] } {
  const problems: Problem[] = [];
  const lines = new LineCounter();
  const problem = (line: number, place: string, message: string) =>
    problems.push({ file: source.file, line, place, message, fatal: true });

  let yaml: Document;
  try {
    yaml = parseDocument(source.text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  } catch {
    problem(1, "file", "cannot be read as YAML; is it nested too deeply?");
    return { problems };
  }
  // What follows the first error is mostly its echo.
  for (const error of [...yaml.errors, ...yaml.warnings].slice(0, 1)) {
    const message = error.code === "MULTIPLE_DOCS" ? "holds more than one document" : error.message;
    problem(lines.linePos(error.pos[0]).line || 1, "YAML", message);
  }
  if (problems.length > 0) return { problems };
  if (yaml.contents === null) problem(1, "file", "is empty");
  else if (!isMap(yaml.contents)) problem(1, "file", "does not hold an object");
  if (problems.length > 0) return { problems };

  let aliases = 0;
  const lineAt = (offset: number | undefined) => lines.linePos(offset ?? 0).line || 1;
  const value = convert(yaml.contents, []);
  return problems.length > 0
    ? { problems }
    : { document: { file: source.file, name: source.name, value: value as JsonObject }, problems };

  function convert(node: unknown, path: string[]): Json {
    const line = lineAt((node as { range?: [number, number, number] | null } | null)?.range?.[0]);
    const place = () => placeName(path);
    if (path.length > deepest) {
      problem(line, "YAML", `is nested more than ${deepest} levels deep`);
      return null;
    }
    if (isAlias(node)) {
      // Aliases save repeating an example. Depth and this limit stop those that contain themselves or multiply.
      const target = node.resolve(yaml);
      aliases += 1;
      if (aliases <= mostAliases && target !== undefined) return convert(target, path);
      if (aliases <= mostAliases + 1) problem(line, place(), "uses more YAML aliases than can be meant");
      return null;
    }
    if (isMap(node)) {
      const result: JsonObject = {};
      const keys = new Map<string, number>();
      locations.set(result, { file: source.file, path, line, keys });
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : undefined;
        const keyLine = lineAt((pair.key as { range?: [number, number, number] } | null)?.range?.[0]);
        if (key === undefined) problem(keyLine, place(), "a key is not a plain word");
        else if (key === "__proto__" || key === "<<") problem(keyLine, place(), `the key ${key} is not allowed`);
        else if (keys.has(key)) problem(keyLine, place(), `duplicate key ${key}, first on line ${keys.get(key)}`);
        else {
          keys.set(key, keyLine);
          result[key] = convert(pair.value, [...path, key]);
        }
      }
      return result;
    }
    if (isSeq(node)) {
      const result: Json[] = [];
      const keys = new Map<string, number>();
      locations.set(result, { file: source.file, path, line, keys });
      for (const [index, item] of node.items.entries()) {
        keys.set(String(index), lineAt((item as { range?: [number, number, number] } | null)?.range?.[0]));
        result.push(convert(item, [...path, String(index)]));
      }
      return result;
    }
    const scalar = isScalar(node) ? node.value : null;
    if (typeof scalar === "number" && !isFaithful(scalar)) {
      problem(line, place(), "is a number that JavaScript cannot hold exactly; quote it if it is a name");
    }
    return scalar as Json;
  }
}

function isFaithful(number: number): boolean {
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
}
