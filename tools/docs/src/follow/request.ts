// One polite request: bounded in time and size, with redirects that stay on their host.
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

/** Throws an Error that says in words why there is no answer. */
export async function request(address: string, headers: Record<string, string>, limits: Limits): Promise<Reply> {
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
      url = redirected(url, location);
    }
  } catch (error) {
    if (signal.aborted) throw new Error(`no answer within ${limits.timeout} ms`);
    throw error instanceof TypeError ? new Error(causeOf(error)) : error;
  }
  throw new Error(`more than ${mostRedirects} redirects`);
}

/** Another host may be anybody's; another scheme only if it is the safer one. */
function redirected(from: URL, location: string): URL {
  const to = new URL(location, from);
  const upgraded =
    from.protocol === "http:" && to.protocol === "https:" && to.hostname === from.hostname && to.port === "";
  if (to.origin !== from.origin && !upgraded) throw new Error(`redirected to ${to.origin}, which is another host`);
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
