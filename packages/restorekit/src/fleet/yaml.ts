import { lineTeller, type Tree, type TreeEntry, Unreadable } from "./tree.js";

/** The package `yaml`, as far as it is needed: plans in JSON do without. */
export interface YamlPackage {
  parseDocument(
    text: string,
    options: { prettyErrors: false },
  ): {
    readonly contents: unknown;
    readonly errors: readonly { readonly message: string; readonly pos: readonly [number, number] }[];
  };
}

/** What `yaml` makes of a piece of the text. */
interface Piece {
  readonly range?: readonly number[] | null;
  readonly items?: readonly unknown[];
  readonly value?: unknown;
  /** An alias has it. */
  readonly source?: string;
  readonly resolve?: unknown;
}
interface Pair {
  readonly key: Piece | null;
  readonly value?: Piece | null;
}

/** YAML with the lines of its parts. @throws {Unreadable} */
export function readYaml(text: string, yaml: YamlPackage): Tree {
  const lineOf = lineTeller(text);
  // Pretty errors quote the text, in which somebody may have put a password.
  const { contents, errors } = yaml.parseDocument(text, { prettyErrors: false });
  if (errors.length > 0) {
    throw new Unreadable(
      errors.map(({ message, pos }) => ({ line: lineOf(pos[0]), message: `not YAML: ${bare(message)}` })),
    );
  }
  return treeOf(contents as Piece | null, 1);

  function treeOf(piece: Piece | null | undefined, above: number): Tree {
    const line = piece?.range?.[0] === undefined ? above : lineOf(piece.range[0]);
    if (piece && typeof piece.resolve === "function") {
      throw new Unreadable([{ line, message: "an alias is not read here: write it out" }]);
    }
    const { items, value } = piece ?? {};
    if (!items) {
      return typeof value === "string" ? { line, kind: "text", value } : { line, kind: "other", value: value ?? null };
    }
    // An empty map and an empty list look alike.
    const isMap = items.length === 0 ? text[piece?.range?.[0] ?? 0] === "{" : items.every(isPair);
    if (!isMap) return { line, kind: "list", items: items.map((item) => treeOf(item as Piece, line)) };
    return { line, kind: "map", entries: items.map((pair) => entryOf(pair as Pair, line)) };
  }

  function entryOf({ key, value }: Pair, above: number): TreeEntry {
    const line = key?.range?.[0] === undefined ? above : lineOf(key.range[0]);
    return { key: String(key?.value), line, value: treeOf(value, line) };
  }
}

const isPair = (item: unknown) => typeof item === "object" && item !== null && "key" in item;

/** The parser's words, without what they quote. */
const bare = (message: string) => (message.split("\n")[0] ?? "").replace(/(["'`]).*\1/g, "…").replace(/: .*$/, "");
