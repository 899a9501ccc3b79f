import { createFinalURL, createQuerySerializer, type Client as FetchClient } from "openapi-fetch";
import { repeatsWrites, sendWrite } from "#send";
import { type Clock, systemClock } from "./clock.js";
import type { Provider } from "./credentials.js";
import { resolveEndpoint } from "./endpoint.js";
import { ApiError, InputError, TransportError } from "./errors.js";
import type { Hooks } from "./hooks.js";
import { fillPath, splitInput } from "./input.js";
import type { Operation, Service } from "./operation.js";
import { createLimiter, type Limiter } from "./rate-limit.js";
import { lowerCased, rawClient, respond } from "./raw.js";
import type { RetryOptions } from "./retry.js";
import { sendWith } from "./send/fetch.js";
import type { Send } from "./send/types.js";
import type { Scheme } from "./sign/types.js";
import { type Answer, type CallOptions, createTransport, type Timeout } from "./transport.js";

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
   * openapi-fetch over the same transport: `{ data, error, response }`, and middleware for its own requests. Thrown are
   * failures without a usable answer, and errors that a service sends with HTTP 200.
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
  const { region, projectId } = options;
  const values = { region, projectId };
  const baseUrl = resolveEndpoint(service, options);
  const send = transportOf(service, scheme, options);
  const querySerializer = createQuerySerializer();

  const calls = Object.values(operations).map((operation) => [
    operation.id,
    (input: object = {}, callOptions: CallOptions = {}) => callOf(operation, perform(operation, input, callOptions)),
  ]);
  return Object.assign(Object.fromEntries(calls), {
    http: rawClient<Paths>(service.name, operations, baseUrl, values, send),
  });

  async function perform(operation: Operation, input: object, callOptions: CallOptions) {
    const { path, query, header, body } = splitInput(service.name, operation, input, values);
    const pathSerializer = (template: string) => fillPath(service.name, operation, template, path, values);
    const url = createFinalURL(operation.path, { baseUrl, params: { path, query }, pathSerializer, querySerializer });
    const headers = { ...(body && { "content-type": "application/json" }), ...header, ...operation.headers };
    return send(operation, { url, headers: lowerCased(headers), body: JSON.stringify(body) }, callOptions);
  }
}

function callOf(operation: Operation, answer: Promise<Answer>): Call<unknown> {
  const result = answer.then(({ value, headers }) => withHeaders(operation, value, headers));
  // Who asks for another view gets the failure there; the bare result must not count as unhandled.
  const instead = <T>(view: Promise<T>) => {
    result.catch(() => {});
    return view;
  };
  return Object.assign(result, {
    withResponse: () =>
      instead(Promise.all([result, answer]).then(([result, answer]) => ({ result, response: respond(answer) }))),
    settled: () => instead(settle(result)),
  });
}

function transportOf<C extends object>(service: Service, scheme: Scheme<C>, options: ClientOptions<C>) {
  const { credentials, projectId, retry = {}, timeout = {}, hooks = [], maxBytes = 8 * 1024 * 1024 } = options;
  const { now = systemClock.now, sleep = systemClock.sleep, random = Math.random } = options;
  const ownFetch = options.fetch === globalThis.fetch ? undefined : options.fetch;
  const clock: Clock = { now: now === systemClock.now ? systemClock.now : () => Number(now()), sleep };
  return createTransport({
    service,
    scheme,
    credentials,
    projectId,
    clock,
    random,
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

async function settle<T>(result: Promise<T>): Promise<Settled<T>> {
  try {
    return { ok: true, result: await result };
  } catch (error) {
    if (error instanceof ApiError || error instanceof TransportError || error instanceof InputError)
      return { ok: false, error };
    throw error;
  }
}

function withHeaders(operation: Operation, value: unknown, headers: Headers) {
  if (!operation.resultHeaders) return value;
  const found = operation.resultHeaders.map((name) => [name, headers.get(name) ?? undefined]);
  return { ...(value as object), ...Object.fromEntries(found) };
}
