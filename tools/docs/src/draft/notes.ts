// A document in the making: plain data, and beside it what a person has to look at.
import { Document, isCollection, isMap, isScalar, isSeq, type Node, visit } from "yaml";

/** What some readers of YAML take for a date, a time or a boolean. */
const looksLikeSomethingElse = /^(?:\d{4}-\d\d?-\d\d?.*|\d+(?::\d\d?)+|y|n|yes|no|on|off)$/i;

export type Data = Record<string, unknown>;

export class Notes {
  readonly #byOwner = new Map<object, Map<string, string[]>>();
  readonly #top: string[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Puts a note above a key (or an index) of an object that goes into the document. */
  at(owner: object, key: string | number, text: string): void {
    const keys = this.#byOwner.get(owner) ?? new Map<string, string[]>();
    this.#byOwner.set(owner, keys);
    const notes = keys.get(String(key)) ?? [];
    keys.set(String(key), notes);
    if (notes.includes(text)) return;
    notes.push(text);
    this.#count += 1;
  }

  /** A note on the whole document. */
  atTop(text: string): void {
    if (this.#top.includes(text)) return;
    this.#top.push(text);
    this.#count += 1;
  }

  /** The document as YAML, each note a comment above its place. */
  print(data: Data): string {
    const document = new Document(data, { aliasDuplicateObjects: false });
    this.#place(data, document.contents as Node);
    visit(document, {
      Scalar(_, node) {
        if (typeof node.value === "string" && looksLikeSomethingElse.test(node.value)) node.type = "QUOTE_DOUBLE";
      },
    });
    if (this.#top.length > 0) document.commentBefore = comment(this.#top);
    return document.toString({ lineWidth: 0 });
  }

  #place(data: object, node: Node | null): void {
    if (!isCollection(node)) return;
    const notes = this.#byOwner.get(data);
    for (const [key, value] of Object.entries(data)) {
      const index = Number(key);
      const pair = isMap(node)
        ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
        : undefined;
      const inner = (isSeq(node) ? node.items[index] : pair?.value) as Node | null | undefined;
      const found = notes?.get(key);
      if (found) {
        const target = (isSeq(node) ? inner : pair?.key) as Node | undefined;
        if (target) target.commentBefore = comment(found);
      }
      if (typeof value === "object" && value !== null && inner) this.#place(value, inner);
    }
  }
}

function comment(notes: string[]): string {
  return notes.map((note) => ` check: ${note.replace(/\s+/g, " ").trim()}`).join("\n");
}

/** Words of the page for a note: enough to find the place, never a sentence. */
export function excerpt(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length > 40 ? `${flat.slice(0, 39)}…` : flat;
}
