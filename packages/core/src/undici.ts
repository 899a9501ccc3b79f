import { Agent, type Dispatcher } from "undici";
import { decoded, unencoded } from "./send/decode.js";
import { type Incoming, type Outgoing, type Send, SendFailure } from "./send/types.js";

/** What undici's agents may be told: certificates and time limits of the connection, and how many there may be. */
export type UndiciOptions = Pick<Agent.Options, "connect" | "connections" | "keepAliveTimeout">;

/** Reads and writes over undici; goes to the client as its `transport`. */
export interface UndiciTransport {
  readonly sendRead: Send;
  readonly sendWrite: Send;
  /** Ends the connections that are kept for reads, once their calls are done. */
  close(): Promise<void>;
}

/**
 * A faster transport for Node: reads share kept connections of undici's own agent, each write opens one of its own.
 *
 * undici may take a request back from a broken connection and send it on the next one. Its handler is told before each
 * time, and there the second one ends: nothing is sent twice, whatever the agents do.
 */
export function undiciTransport(options: UndiciOptions = {}): UndiciTransport {
  // The time limits are the transport's own; HTTP/2 would put several requests on one connection.
  const common = { ...options, headersTimeout: 0, bodyTimeout: 0, allowH2: false };
  const reads = new Agent({ ...common, pipelining: 1 });
  const writes = new Agent({ ...common, pipelining: 0 });
  return {
    sendRead: (request) => sendOnce(reads, request),
    sendWrite: (request) => sendOnce(writes, { ...request, headers: unencoded(request.headers) }),
    async close() {
      await Promise.all([reads.close(), writes.close()]);
    },
  };
}

function sendOnce(agent: Dispatcher, request: Outgoing): Promise<Incoming> {
  let stop = () => {};
  const answered = new Promise<Incoming>((resolve, reject) => {
    const { origin, pathname, search } = new URL(request.url);
    const headers = new Headers();
    const chunks: Uint8Array[] = [];
    let running: Dispatcher.DispatchController | undefined;
    let settled = false;
    let status = 0;
    let bytes = 0;

    // Until the handler hears of the start nothing is written, so a failure before it proves that nothing ran.
    const fail = (code?: string, stage: SendFailure["stage"] = running ? "connectionLost" : "notConnected") => {
      settled = true;
      reject(new SendFailure(stage, code));
      running?.abort(new Error(stage));
    };
    stop = () => fail("ABORT_ERR");
    if (request.signal.aborted) return stop();
    request.signal.addEventListener("abort", stop);

    const { method, body = null } = request;
    agent.dispatch(
      { origin, path: pathname + search, method, headers: request.headers, body },
      {
        onRequestStart(controller) {
          if (settled || running) return controller.abort(new Error("sent once only"));
          running = controller;
        },
        onResponseStart(_, code, received) {
          if (code < 200) return;
          status = code;
          for (const [name, values = []] of Object.entries(received)) {
            for (const value of [values].flat()) headers.append(name, value);
          }
        },
        onResponseData(_, chunk) {
          chunks.push(chunk);
          bytes += chunk.byteLength;
          if (bytes > request.maxBytes) fail(undefined, "tooLarge");
        },
        onResponseEnd() {
          settled = true;
          resolve(decoded(status, headers, chunks, request.maxBytes));
        },
        onResponseError(_, error) {
          if (!settled) fail("code" in error ? String(error.code) : undefined);
        },
      },
    );
  });
  return answered.finally(() => request.signal.removeEventListener("abort", stop));
}
