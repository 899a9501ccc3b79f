import createFetchClient, { type Client as FetchClient } from "openapi-fetch";
import { answered, UNSENT } from "./call.js";
import { systemClock } from "./clock.js";
import { ApiError, InputError, type Place, TransportError } from "./errors.js";
import { type ClientValues, fillPath, patternOf } from "./input.js";
import type { Operation } from "./operation.js";
import type { Incoming } from "./send/types.js";
import { Stop } from "./stop.js";
import type { Transport } from "./transport.js";

/** openapi-fetch over the transport. What matches no operation of the service is never signed. */
export function rawClient<Paths extends object>(
  service: string,
  operations: Readonly<Record<string, Operation>>,
  baseUrl: string,
  values: ClientValues,
  send: Transport,
  overallMs: number,
): FetchClient<Paths> {
  return createFetchClient<Paths>({ baseUrl, pathSerializer, fetch: dispatch });

  function pathSerializer(template: string, params: Record<string, unknown>) {
    const operation = Object.values(operations).find(({ path }) => baseUrl + path === template);
    if (!operation) throw noOperation();
    return fillPath(service, operation, template, params, values);
  }

  async function dispatch(request: Request) {
    const operation = operationOf(request);
    // The fragment of an RPC operation names it for us only; openapi-fetch puts a query behind it.
    const url = request.url.replace(/#[^?]*/, "");
    const place = { service, operation: operation.id };
    const headers = Object.fromEntries(request.headers);
    const framing = Object.keys(headers).find((name) => FRAMING.test(name));
    if (framing) throw new InputError(place, framing, "is the transport's to set");
    const began = Date.now();
    const body = await bodyOf(request, place, overallMs);
    const left = Math.max(0, overallMs - Math.max(0, Date.now() - began));
    // The operation's own headers make the request what it is; nothing may replace them.
    const all = { ...fallbacks(operation), ...headers, ...lowerCased(operation.headers) };
    try {
      return respond(
        await send(operation, { url, headers: all, body }, { signal: request.signal, timeout: { overall: left } }),
      );
    } catch (error) {
      const answer = error instanceof ApiError ? answered.get(error) : undefined;
      // openapi-fetch tells errors by their status: one that came with a success status would pass as data.
      if (answer === undefined || answer.status < 300) throw error;
      return respond(answer);
    }
  }

  /** The operation that a request asks for, after middleware too. A template that nobody filled in is no request. */
  function operationOf({ method, url }: Request): Operation {
    const asksFor = ({ method: own, path }: Operation) => {
      const whole = new RegExp(`^${patternOf(path, "(?!%7B)[^/?#]+")}(\\?[^#]*)?$`);
      return method === own && url.startsWith(baseUrl) && whole.test(url.slice(baseUrl.length));
    };
    // Of templates that fit the more literal one is meant; between equals a write, which is sent once.
    const rank = ({ path, effect }: Operation) => 2 * path.split("{").length + Number(effect === "read");
    const [found] = Object.values(operations)
      .filter(asksFor)
      .sort((a, b) => rank(a) - rank(b));
    if (!found) throw noOperation();
    return found;
  }

  function noOperation() {
    return new InputError({ service, operation: "unknown" }, "the request", "matches no operation of the service");
  }

  function fallbacks(operation: Operation) {
    const headers: Record<string, string> = {};
    for (const [name, option] of Object.entries(operation.client ?? {})) {
      const value = values[option];
      if (operation.input.header?.includes(name) && value !== undefined) headers[name] = value;
    }
    return lowerCased(headers);
  }
}

/** Headers that say where a request goes and where it ends. */
const FRAMING = /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|proxy-.*)$/i;

/** Longest body of a raw call, in bytes. It is kept whole, for it is signed. */
const LONGEST_BODY = 8 * 1024 * 1024;

/** The body as text. A stream may end late, never, or with an error of its own; all of that is before anything is sent. */
async function bodyOf({ body, signal }: Request, place: Place, overallMs: number): Promise<string | undefined> {
  if (body === null) return undefined;
  const reader = body.getReader();
  const stop = new Stop(systemClock).after(overallMs, "deadline").with(signal, "aborted");
  // What is not UTF-8 would be signed and sent as something else.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await stop.orEnd(reader.read());
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > LONGEST_BODY) throw new InputError(place, "the body", `is longer than ${LONGEST_BODY} bytes`);
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    if (error instanceof InputError) throw error;
    if (stop.why) throw new TransportError(place, stop.why, UNSENT);
    throw new InputError(place, "the body", "cannot be read");
  } finally {
    stop.clear();
  }
}

export function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The answer as a Response again; its body is decoded, so length and coding no longer hold. */
export function respond({ status, headers, text }: Incoming): Response {
  const kept = new Headers(headers);
  kept.delete("content-length");
  kept.delete("content-encoding");
  // Some statuses cannot carry a body, whatever came with them.
  return new Response(text === "" || status === 204 || status === 205 ? null : text, { status, headers: kept });
}
