import { parseJson } from "./files.js";
import { type Fields, fieldsOf, SourceError, type SourceOptions } from "./source.js";

/** For one request. The service is on this machine's host: it answers at once or is not there. */
const TIMEOUT_MS = 1_000;
const LOCAL = /^(localhost|127(\.\d+){3}|169\.254(\.\d+){2}|\[::1\]|\[fe[89ab][\da-f]:.*\])$/;

/** Base URL of the metadata service. @throws {SourceError} for a host that is not loopback or link-local */
export function metadataAt(standard: string, { metadata = standard }: SourceOptions) {
  if (metadata === false || metadata === standard) return metadata;
  const host = URL.canParse(metadata) ? new URL(metadata).hostname : "";
  if (!LOCAL.test(host)) throw new SourceError("unsupported", "metadata", "must be a URL of a loopback or link-local address");
  return metadata.replace(/\/$/, "");
}

/** What the metadata service answers; undefined when nothing does in time. A redirect is not followed. */
export async function ask(url: string, options: SourceOptions, init: RequestInit = {}) {
  try {
    const fetch = options.fetch ?? globalThis.fetch;
    const response = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined;
  }
}

/** A temporary key of a metadata answer. @throws {SourceError} when a part is missing */
export function temporaryKey(source: string, text: string, part: string | undefined, names: [string, string, string]) {
  const answer = parseJson({ source, text });
  const fields = fieldsOf(source, part ? (answer as Record<string, unknown> | null)?.[part] : answer);
  const [id, secret, token] = names.map((name) => needed(fields, name)) as [string, string, string];
  return { id, secret, token };
}

/** When a key ends: seconds since 1970, or a time with its zone. @throws {SourceError} when it says no such thing */
export function endOf(source: string, field: string, value: unknown): { expiresAt: Date } {
  const expiresAt = new Date(typeof value === "number" ? value * 1000 : typeof value === "string" ? value : Number.NaN);
  if (Number.isNaN(expiresAt.getTime())) throw new SourceError("malformed", source, `${field} is not a time`, { field });
  return { expiresAt };
}

function needed(fields: Fields, name: string) {
  const field = fields.get([name]);
  if (!field) throw new SourceError("incomplete", fields.source, `has no ${name}`, { field: name });
  return field.value;
}
