// Pages are kept in UTF-8, whatever they came in.

const meta = /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:-]{1,40})/i;

/** Throws an Error where the page is in a charset that nobody here knows. */
export function toUtf8(body: Uint8Array, contentType: string): Uint8Array {
  const label = /;\s*charset\s*=\s*["']?([\w:-]+)/i.exec(contentType)?.[1] ?? declared(body);
  if (label === undefined || /^utf-?8$/i.test(label)) return body;
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label);
  } catch {
    throw new Error(`the charset ${label} is not known`);
  }
  const text = decoder.decode(body);
  // What the page says of its own charset is no longer so.
  const at = meta.exec(text.slice(0, 4096));
  return new TextEncoder().encode(at ? text.replace(at[0], at[0].replace(/[\w:-]+$/, "utf-8")) : text);
}

/** What an HTML page says itself; a byte order mark says more, and the reader of pages knows those. */
function declared(body: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(body.subarray(0, 4096));
  return /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/.test(head) ? undefined : meta.exec(head)?.[1];
}
