import { SourceError, type SourceOptions } from "./source.js";

/** For one request. The service is on this machine's host: it answers at once or is not there. */
const TIMEOUT_MS = 1_000;
const LOCAL = /^(localhost|127(\.\d+){3}|169\.254(\.\d+){2}|\[::1\]|\[fe[89ab][\da-f]:.*\])$/;

/** Base URL of the metadata service. @throws {SourceError} for a host that is not loopback or link-local */
export function metadataAt(standard: string, { metadata = standard }: SourceOptions) {
  if (metadata === false || metadata === standard) return metadata;
  const host = URL.canParse(metadata) ? new URL(metadata).hostname : "";
  if (!LOCAL.test(host))
    throw new SourceError("unsupported", "metadata", "must be a URL of a loopback or link-local address");
  return metadata.replace(/\/$/, "");
}

/** What the metadata service answers: `text` with HTTP 200, else `problem`. Follows no redirect. */
export async function ask(url: string, options: SourceOptions, init: RequestInit = {}) {
  try {
    const fetch = options.fetch ?? globalThis.fetch;
    const response = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    return response.status === 200 ? { text } : { problem: `HTTP ${response.status}` };
  } catch {
    return { problem: "not reachable" };
  }
}
