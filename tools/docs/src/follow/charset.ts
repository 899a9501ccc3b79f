// Pages are kept in UTF-8, whatever they came in.

const meta = /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:-]{1,40})/i;

/** Throws an Error where the page is no text, or in a charset that nobody here knows, or in another than it says. */
export function toUtf8(body: Uint8Array, contentType: string): Uint8Array {
  const label = marked(body) ?? /;\s*charset\s*=\s*["']?([\w:-]+)/i.exec(contentType)?.[1] ?? declared(body) ?? "utf-8";
  const isUtf8 = /^utf-?8$/i.test(label);
  const text = decode(body, label, isUtf8);
  if (text.includes("\0")) throw new Error("the page has NUL characters: it is no text");
  if (isUtf8) return body;
  // What the page says of its own charset is no longer so.
  const at = meta.exec(text.slice(0, 4096));
  return new TextEncoder().encode(at ? text.replace(at[0], at[0].replace(/[\w:-]+$/, "utf-8")) : text);
}

/** UTF-8 is what a page is taken for that says nothing, so that has to be true. */
function decode(body: Uint8Array, label: string, fatal: boolean): string {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal });
  } catch {
    throw new Error(`the charset ${label} is not known`);
  }
  try {
    return decoder.decode(body);
  } catch {
    throw new Error("the page is not in UTF-8, and names no other charset");
  }
}

/** A byte order mark says more than any label. */
function marked([a, b]: Uint8Array): string | undefined {
  if (a === 0xff && b === 0xfe) return "utf-16le";
  return a === 0xfe && b === 0xff ? "utf-16be" : undefined;
}

/** What an HTML page says itself. */
const declared = (body: Uint8Array): string | undefined =>
  meta.exec(new TextDecoder("latin1").decode(body.subarray(0, 4096)))?.[1];
