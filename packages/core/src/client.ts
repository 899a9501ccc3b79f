import createFetchClient, { createFinalURL, createQuerySerializer, type Client as FetchClient } from "openapi-fetch";
import { repeatsWrites, sendWrite } from "#send";
import { answered } from "./answer.js";
import { type Clock, systemClock } from "./clock.js";
import type { Provider } from "./credentials.js";
import { resolveEndpoint } from "./endpoint.js";
import { ApiError, InputError, TransportError } from "./errors.js";
import type { Hooks } from "./hooks.js";
import { fillPath, splitInput } from "./input.js";
import type { Operation, Service } from "./operation.js";
import { createLimiter, type Limiter } from "./rate-limit.js";
import type { RetryOptions } from "./retry.js";
import { sendWith } from "./send/fetch.js";
import type { Incoming, Send } from "./send/types.js";
import type { Scheme } from "./sign/types.js";
import { type Answer, type CallOptions, createTransport, type Draft, type Timeout } from "./transport.js";

export interface ClientOptions<C extends object> {
  /** Region of the service, such as `ap-guangzhou`; decides the endpoint. */
  region?: string;
  /** Another site of the vendor, where the service has one, such as `intl`. */
  site?: string;
  /** Project for all calls that name one in their path. */
  projectId?: string;
  /** Keys or a token, or a function that fetches them when they are needed. */
  credentials?: C | Provider<C>;
  /** Base URL instead of the region's: https, or plain http to loopback. */
  endpoint?: string;
  /** Lets credentials go to an `endpoint` outside the vendor's own domains. */
  trustEndpoint?: boolean;
  /** Lets a request go unencrypted to a host other than loopback. */
  allowInsecure?: boolean;
  /** Replaces the transport, for reads and writes. It must not send a write twice. */
  fetch?: typeof globalThis.fetch;
  /** Replaces the transport by one that tells how far a request got, such as `undiciTransport()`; goes before `fetch`. */
  transport?: { readonly sendRead: Send; readonly sendWrite: Send };
  /** The clock: milliseconds since 1970, or a Date. */
  now?: () => number | Date;
  /** Waiting, for simulations; goes with `now`. */
  sleep?: Clock["sleep"];
  /** Random numbers in [0, 1) for the backoff. */
  random?: () => number;
  retry?: RetryOptions;
  timeout?: Timeout;
  /** Share one among clients of one account, so that together they keep its limits. */
  limiter?: Limiter;
  hooks?: Hooks | readonly Hooks[];
  /** Longest answer that is read, in bytes. Default 8 MiB. */
  maxBytes?: number;
  /** Sends writes from a browser, whose `fetch` may send them twice. */
  allowBrowserWrites?: boolean;
}

/** How a call ended, as a value: `error.code` has the documented codes of the operation, and others. */
export type Settled<T, Code extends string = string> =
  | { readonly ok: true; readonly result: T }
  | { readonly ok: false; readonly error: ApiError<Code> | TransportError | InputError };

/** A running call: a promise of its result. */
export interface Call<T, Code extends string = string> extends Promise<T> {
  /** The result and the raw response. */
  withResponse(): Promise<{ result: T; response: Response }>;
  /** Never rejects for what the service, the network or the input did; the error comes typed. */
  settled(): Promise<Settled<T, Code>>;
}

export type Client<Calls, Paths extends object> = Calls & {
  /**
   * The same transport below openapi-fetch: `{ data, error, response }`. Thrown are failures without a usable answer, and
   * errors that a service sends with HTTP 200.
   */
  readonly http: FetchClient<Paths>;
};

/** Builds the client of a service from its generated operations. */
export function buildClient<Calls, Paths extends object, C extends object>(
  service: Service,
  operations: Readonly<Record<string, Operation>>,
  scheme: Scheme<C>,
  options: ClientOptions<C>,
): Client<Calls, Paths> {
  const ownFetch = options.fetch !== undefined && options.fetch !== globalThis.fetch ? options.fetch : undefined;
  const clock: Clock = {
    now: options.now ? () => Number(options.now?.()) : systemClock.now,
    sleep: options.sleep ?? systemClock.sleep,
  };
  const values = { region: options.region, projectId: options.projectId };
  const baseUrl = resolveEndpoint(service, options).url;
  const send = transportOf();

  const querySerializer = createQuerySerializer();
  const pathSerializer = (template: string, params: Record<string, unknown>) => {
    const operation = Object.values(operations).find(({ path }) => baseUrl + path === template);
    if (!operation) throw noOperation();
    return fillPath(service.name, { ...operation, id: "http" }, template, params, values);
  };
  const http = createFetchClient<Paths>({
    baseUrl,
    fetch: async (request) => {
      try {
        return respond(await dispatch(matching(request), await draftOf(request), { signal: request.signal }));
      } catch (error) {
        const answer = error instanceof ApiError ? answered.get(error) : undefined;
        // openapi-fetch tells errors by their status: one that came with a success status would pass as data.
        if (answer === undefined || answer.status < 300) throw error;
        return respond(answer);
      }
    },
    pathSerializer,
  });
  // Without middleware nobody sees a call's Request and Response, which cost more than all else that is done here.
  let watched = false;
  const { use } = http;
  http.use = (...middleware) => {
    watched = true;
    use(...middleware);
  };
  const calls = Object.values(operations).map((operation) => [
    operation.id,
    (input: object = {}, callOptions: CallOptions = {}) => start(operation, input, callOptions),
  ]);
  return Object.assign(Object.fromEntries(calls), { http });

  function start(operation: Operation, input: object, callOptions: CallOptions): Call<unknown> {
    const whole = perform(operation, input, callOptions);
    const result = whole.then((done) => done.result);
    const withResponse = () => whole.then(({ result, response }) => ({ result, response: response() }));
    // Who asks for another view gets the failure there; the bare result must not count as unhandled.
    const instead = <T>(view: Promise<T>) => {
      result.catch(() => {});
      return view;
    };
    return Object.assign(result, {
      withResponse: () => instead(withResponse()),
      settled: () => instead(settle(result)),
    });
  }

  async function perform(operation: Operation, input: object, callOptions: CallOptions) {
    const { path, query, header, body } = splitInput(service.name, operation, input, values);
    if (!watched) {
      const url = createFinalURL(operation.path, { baseUrl, params: { path, query }, pathSerializer, querySerializer });
      const headers = { ...(body && { "content-type": "application/json" }), ...lowerCased(header) };
      const answer = await dispatch(operation, { url, headers, body: JSON.stringify(body) }, callOptions);
      return { result: withHeaders(operation, answer.value, answer.headers), response: () => respond(answer) };
    }
    let sent: Promise<Answer> | undefined;
    const fetch = async (request: Request) => {
      // Middleware may have put another request in its place.
      if (!asksFor(operation, request)) throw noOperation();
      sent = draftOf(request).then((draft) => dispatch(operation, draft, callOptions));
      return respond(await sent);
    };
    const init = { params: { path, query, header }, body, fetch, parseAs: "stream" };
    const raw = http as unknown as {
      request(method: string, path: string, init: object): Promise<{ response: Response }>;
    };
    const { response } = await raw.request(operation.method, operation.path, init);
    // Middleware may answer by itself, or cover a failure with an answer of its own: neither is the service's result.
    if (sent === undefined) throw notSent(operation);
    const answer = await sent;
    return { result: withHeaders(operation, answer.value, response.headers), response: () => response };
  }

  function notSent({ id }: Operation) {
    const verdict = { executed: "no", why: "Middleware answered the call; nothing was sent." } as const;
    return new TransportError({ service: service.name, operation: id }, "refusedHere", verdict);
  }

  async function dispatch(operation: Operation, { url, headers, body }: Draft, callOptions: CallOptions) {
    const framing = Object.keys(headers).find((name) => FRAMING.test(name));
    if (framing)
      throw new InputError({ service: service.name, operation: operation.id }, framing, "is the transport's to set");
    // The operation's own headers make the request what it is; nothing may replace them.
    const all = { ...fallbacks(operation), ...headers, ...lowerCased(operation.headers) };
    return send(operation, { url, headers: all, body }, callOptions);
  }

  function fallbacks(operation: Operation) {
    const headers: Record<string, string> = {};
    for (const [name, option] of Object.entries(operation.client ?? {})) {
      const value = values[option];
      if (operation.input.header?.includes(name) && value !== undefined) headers[name.toLowerCase()] = value;
    }
    return headers;
  }

  /** The operation that a raw request asks for; a URL that matches none is never signed. */
  function matching(request: Request): Operation {
    // A template that nobody filled in is no request.
    const found = Object.values(operations).find((operation) => asksFor(operation, request, "(?!%7B)[^/?#]+"));
    if (!found) throw noOperation();
    return found;
  }

  function asksFor({ method, path }: Operation, request: Request, segment = "[^/?#]+") {
    if (request.method !== method || !request.url.startsWith(baseUrl)) return false;
    const template = path.split(/\{[^}]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\#]/g, "\\$&"));
    return new RegExp(`^${template.join(segment)}(\\?[^#]*)?$`).test(request.url.slice(baseUrl.length));
  }

  function noOperation() {
    return new InputError(
      { service: service.name, operation: "unknown" },
      "the request",
      "matches no operation of the service",
    );
  }

  function transportOf() {
    const { credentials, retry = {}, timeout = {}, hooks = [], maxBytes = 8 * 1024 * 1024 } = options;
    return createTransport({
      service,
      scheme,
      credentials,
      projectId: options.projectId,
      clock,
      random: options.random ?? Math.random,
      // A clock that only tells the time is a wall clock, which may be set; windows are counted on a steady one.
      limiter: options.limiter ?? createLimiter(options.sleep ? clock : undefined),
      retry,
      timeout,
      hooks: "map" in hooks ? hooks : [hooks],
      maxBytes,
      sendRead: sendWith(ownFetch ?? globalThis.fetch),
      sendWrite: ownFetch ? sendWith(ownFetch) : sendWrite,
      refuseWrites: repeatsWrites && !ownFetch && !options.transport && options.allowBrowserWrites !== true,
      ...options.transport,
    });
  }
}

/** Headers that say where a request goes and where it ends. */
const FRAMING = /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|proxy-.*)$/i;

async function settle<T>(result: Promise<T>): Promise<Settled<T>> {
  try {
    return { ok: true, result: await result };
  } catch (error) {
    if (error instanceof ApiError || error instanceof TransportError || error instanceof InputError)
      return { ok: false, error };
    throw error;
  }
}

async function draftOf(request: Request): Promise<Draft> {
  const body = request.body === null ? undefined : await request.text();
  return { url: request.url, headers: Object.fromEntries(request.headers), body };
}

function lowerCased(headers: Readonly<Record<string, string>> = {}) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The answer as a Response again; its body is decoded, so length and coding no longer hold. */
function respond({ status, headers, text }: Incoming) {
  const kept = new Headers(headers);
  kept.delete("content-length");
  kept.delete("content-encoding");
  // Some statuses cannot carry a body, whatever came with them.
  return new Response(text === "" || status === 204 || status === 205 ? null : text, { status, headers: kept });
}

function withHeaders(operation: Operation, value: unknown, headers: Headers) {
  if (!operation.resultHeaders) return value;
  const found = operation.resultHeaders.map((name) => [name, headers.get(name) ?? undefined]);
  return { ...(value as object), ...Object.fromEntries(found) };
}
