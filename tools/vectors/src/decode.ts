import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

export type Body = string | Uint8Array | undefined;

/** What a recorded request says about itself. */
export interface Wire {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly bodySha256?: string;
  readonly bodyUtf8?: string;
}

/** Undoes the encodings of vectors: `$repeat`, `$bigint`, `$base64`, `$repeatBase64`. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value);
  const [key, content] = entries.length === 1 ? (entries[0] as [string, unknown]) : ["", undefined];
  if (key === "$bigint") return BigInt(content as string);
  if (key === "$base64") return new Uint8Array(Buffer.from(content as string, "base64"));
  if (key === "$repeat" || key === "$repeatBase64") {
    const [part, times] = content as [string, number];
    if (key === "$repeat") return part.repeat(times);
    const bytes = Buffer.from(part, "base64");
    return new Uint8Array(Buffer.alloc(bytes.length * times, bytes));
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, decode(item)]));
}

/** JSON with whole numbers of any size. */
export function json(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}:${json(item)}`)
    .join(",")}}`;
}

const unusual =
  /[\x7f-\x9f\u00ad\u0600-\u0604\u070f\u17b4\u17b5\u200c-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]/g;

/** The same JSON as the Tencent SDK spells it: unusual characters escaped, halves of a pair replaced. */
function spelledByTencent(text: string): string {
  return text
    .replace(unusual, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][\da-f]{2}/g, "$1\ufffd");
}

/** Everything that clients make of this body; the first is ours. */
function spellings(value: unknown, method: string): Body[] {
  if (value === undefined || value === null) return [undefined, "null"];
  if (value instanceof Uint8Array) return [value];
  const text = json(value);
  if (typeof value !== "object") return [String(value), text];
  const all = [text, spelledByTencent(text), new URLSearchParams(value as Record<string, string>).toString()];
  if (Object.keys(value).length > 0) return all;
  return method === "GET" || method === "DELETE" ? [undefined, ...all] : [...all, undefined];
}

/** The body built from the input, in the spelling that was recorded: a signature covers bytes, not meaning. */
export function bodyFor(value: unknown, method: string, wire: Wire, unsigned = false): Body {
  const all = spellings(value, method);
  if (unsigned || wire.bodySha256 === undefined) return all[0];
  const found = all.findIndex((body) => sha256(body ?? "") === wire.bodySha256);
  if (found >= 0) return all[found];
  if (wire.bodyUtf8 !== undefined && sameJson(wire.bodyUtf8, value)) return wire.bodyUtf8;
  throw new Error(
    `the input makes the body ${excerpt(all[0])}, recorded is ${excerpt(wire.bodyUtf8 ?? wire.bodySha256)}`,
  );
}

function sameJson(text: string, value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(text, exactly), JSON.parse(json(value), exactly));
  } catch {
    return false;
  }
}

/** Two whole numbers that are rounded to one are not the same. */
function exactly(_name: string, value: unknown, { source }: { source?: string } = {}): unknown {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? { source } : value;
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function excerpt(body: Body): string {
  if (body === undefined) return "(none)";
  if (typeof body !== "string") return `of ${body.length} bytes`;
  // Half a secret would no longer be known as one, so secrets go before the text is cut.
  const text = body.replace(/("[^"]*(?:pass|pwd|secret|token)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"/gi, '$1"(secret)"');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
