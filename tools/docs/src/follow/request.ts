// One polite request: bounded in time and size, with redirects only to where the caller lets them lead.
import { robotName } from "./robots.js";

export const userAgent = `${robotName}/1 (follows the documentation of the operations it has specs for)`;

export interface Limits {
  /** Milliseconds for one request, its body included. */
  timeout: number;
  /** Bytes of a body. */
  size: number;
}

export interface Reply {
  status: number;
  url: string;
  headers: Headers;
  body: Uint8Array;
}

const mostRedirects = 5;

/** Why a redirect to another origin is not followed; null where it is. */
export type Follows = (to: URL) => Promise<string | null>;

/** Throws an Error that says in words why there is no answer. */
export async function request(
  address: string,
  headers: Record<string, string>,
  limits: Limits,
  follows: Follows,
): Promise<Reply> {
  const signal = AbortSignal.timeout(limits.timeout);
  let url = new URL(address);
  try {
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const response = await fetch(url, {
        headers: { ...headers, "User-Agent": userAgent },
        redirect: "manual",
        signal,
      });
      const location = response.headers.get("location");
      if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
        const body = response.status === 304 ? new Uint8Array() : await readBody(response, limits.size);
        return { status: response.status, url: url.href, headers: response.headers, body };
      }
      await response.body?.cancel();
      url = await redirected(url, location, follows);
    }
  } catch (error) {
    if (signal.aborted) throw new Error(`no answer within ${limits.timeout} ms`);
    throw error instanceof TypeError ? new Error(causeOf(error)) : error;
  }
  throw new Error(`more than ${mostRedirects} redirects`);
}

async function redirected(from: URL, location: string, follows: Follows): Promise<URL> {
  let to: URL;
  try {
    to = new URL(location, from);
  } catch {
    throw new Error("redirected to something that is no address");
  }
  if (to.origin === from.origin) return to;
  if (!/^https?:$/.test(to.protocol) || to.username !== "") throw new Error(`redirected to ${to.protocol}`);
  // To the safer scheme, never away from it.
  if (from.protocol === "https:" && to.protocol === "http:") throw new Error(`redirected from https to ${to.origin}`);
  const why = await follows(to);
  if (why !== null) throw new Error(`redirected to ${to.origin}: ${why}`);
  return to;
}

async function readBody(response: Response, most: number): Promise<Uint8Array> {
  const tooLarge = () => new Error(`larger than ${most} bytes`);
  if (Number(response.headers.get("content-length") ?? 0) > most) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Counted after decompression, so a small bomb does not get in either. Leaving the loop cancels the rest.
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function causeOf(error: TypeError): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? error.message;
}
