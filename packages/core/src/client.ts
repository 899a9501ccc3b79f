import { createFinalURL, createQuerySerializer, type Client as FetchClient } from "openapi-fetch";
import { repeatsWrites, sendWrite } from "#send";
import type { Answer } from "./call.js";
import { resolveEndpoint } from "./endpoint.js";
import { ApiError, InputError, TransportError } from "./errors.js";
import { fillPath, splitInput } from "./input.js";
import type { Operation, Service } from "./operation.js";
import { type CallOptions, type ClientOptions, checkOptions, OVERALL_MS } from "./options.js";
import { lowerCased, rawClient, respond } from "./raw.js";
import { sendWith } from "./send/fetch.js";
import type { Means, Send } from "./send/types.js";
import type { Scheme } from "./sign/types.js";
import { createTransport } from "./transport.js";

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

/** Builds the client of a service from its generated operations. Without a scheme nothing is signed. */
export function buildClient<Calls, Paths extends object, C extends object>(
  service: Service,
  operations: Readonly<Record<string, Operation>>,
  scheme: Scheme<C> | undefined,
  options: ClientOptions<C>,
): Client<Calls, Paths> {
  const { region, projectId } = options;
  const values = { region, projectId };
  checkOptions(options);
  const baseUrl = resolveEndpoint(service, options);
  const send = createTransport(service, scheme, options, meansOf(options));
  const querySerializer = createQuerySerializer();

  const calls = Object.values(operations).map((operation) => [
    operation.id,
    (input: object = {}, callOptions: CallOptions = {}) => callOf(operation, perform(operation, input, callOptions)),
  ]);
  return Object.assign(Object.fromEntries(calls), {
    http: rawClient<Paths>(service.name, operations, baseUrl, values, send, options.timeout?.overall ?? OVERALL_MS),
  });

  async function perform(operation: Operation, input: object, callOptions: CallOptions) {
    const { path, query, header, body } = splitInput(service.name, operation, input, values);
    const pathSerializer = (template: string) => fillPath(service.name, operation, template, path, values);
    // The fragment of an RPC operation names it for us only.
    const template = operation.path.replace(/#.*/, "");
    const url = createFinalURL(template, { baseUrl, params: { path, query }, pathSerializer, querySerializer });
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

/** How requests leave: by the caller's own means, or by what this runtime is known to do right. */
function meansOf(options: Pick<ClientOptions<object>, "fetch" | "transport" | "allowBrowserWrites">): Means {
  const { transport, fetch = globalThis.fetch } = options;
  if (transport) {
    const sendRead: Send = (request) => transport.sendRead(request);
    return { sendRead, sendWrite: (request) => transport.sendWrite(request), refuseWrites: false };
  }
  const send = sendWith(fetch);
  if (fetch !== globalThis.fetch) return { sendRead: send, sendWrite: send, refuseWrites: false };
  return { sendRead: send, sendWrite, refuseWrites: repeatsWrites && options.allowBrowserWrites !== true };
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
