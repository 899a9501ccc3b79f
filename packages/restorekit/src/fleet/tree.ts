/** A document with the lines on which its parts stand. */
export type Tree = { readonly line: number } & (
  | { readonly kind: "text"; readonly value: string }
  /** A number, a truth value, nothing, or whatever else a parser makes of a plain word. */
  | { readonly kind: "other"; readonly value: unknown }
  | { readonly kind: "list"; readonly items: readonly Tree[] }
  | { readonly kind: "map"; readonly entries: readonly TreeEntry[] }
);

export interface TreeEntry {
  readonly key: string;
  readonly line: number;
  readonly value: Tree;
}

/** Something is wrong on a line. The message quotes no value that may be a secret. */
export interface LineProblem {
  readonly line: number;
  readonly message: string;
}

/** Thrown where nothing can be read any further. */
export class Unreadable extends Error {
  readonly problems: readonly LineProblem[];

  constructor(problems: readonly LineProblem[]) {
    super("unreadable");
    this.problems = problems;
  }
}

/** Tells the line of a place in a text; fast for places that come in order. */
export function lineTeller(text: string): (offset: number) => number {
  let line = 1;
  let from = 0;
  return (offset) => {
    if (offset < from) {
      line = 1;
      from = 0;
    }
    for (let at = text.indexOf("\n", from); at >= 0 && at < offset; at = text.indexOf("\n", from)) {
      line++;
      from = at + 1;
    }
    return line;
  };
}
