import net from "node:net";
import tls from "node:tls";

/** What the server does to one request. */
export type Fault =
  | { kind: "answer"; status: number; body?: string; headers?: Record<string, string>; close?: true }
  | { kind: "resetBeforeBody" }
  | { kind: "resetAfterBody" }
  | { kind: "closeAfterBody" }
  | { kind: "halfAnswer" }
  | { kind: "drip" }
  | { kind: "silence" };

/** A whole request, as it came over the wire. */
export interface Arrival {
  method: string;
  path: string;
  body: string;
  /** As on the wire; undefined where the body was chunked or there was none. */
  contentLength: string | undefined;
  chunked: boolean;
  /** Numbers of the connection, and of the request on it, from 1. */
  connection: number;
  request: number;
  milliseconds: number;
  headers: Record<string, string>;
}

/** What a browser has to be told before it shows an answer to a page of another origin. */
const CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": "*" };
const PREFLIGHT = {
  ...CORS,
  "access-control-allow-methods": "*",
  "access-control-allow-headers": "*, authorization",
  "access-control-max-age": "600",
};

/** Counts the whole requests that arrive, does to the first ones what the script says, then answers each with `good`. */
export async function faultServer(good: string, identity?: { key: string; cert: string }) {
  let script: Fault[] = [];
  let arrived: Arrival[] = [];
  let connections = 0;
  const sockets = new Set<net.Socket>();
  const server = identity
    ? tls.createServer(identity, accept).on("tlsClientError", () => {})
    : net.createServer(accept);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;

  return {
    endpoint: `${identity ? "https" : "http"}://127.0.0.1:${port}`,
    arrived: () => arrived,
    open: () => sockets.size,
    play(faults: Fault[]) {
      script = faults;
      arrived = [];
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function accept(socket: net.Socket) {
    const connection = ++connections;
    let requests = 0;
    let received = "";
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    socket.setEncoding("latin1").on("data", (chunk) => {
      received += chunk;
      for (;;) {
        const end = received.indexOf("\r\n\r\n");
        if (end < 0) return;
        const { method, path, headers } = headOf(received.slice(0, end));
        if (method === "OPTIONS") {
          received = received.slice(end + 4);
          send(socket, 204, "", PREFLIGHT);
          continue;
        }
        if (script[0]?.kind === "resetBeforeBody") {
          script.shift();
          received = "";
          reset(socket);
          return;
        }
        const chunked = /chunked/i.test(headers.get("transfer-encoding") ?? "");
        const contentLength = headers.get("content-length");
        const whole = (chunked ? unchunked : counted)(received.slice(end + 4), Number(contentLength ?? 0));
        if (!whole) return;
        received = whole.rest;
        const body = Buffer.from(whole.body, "latin1").toString();
        arrived.push({
          method,
          path,
          body,
          contentLength,
          chunked,
          connection,
          request: ++requests,
          milliseconds: performance.now(),
          headers: Object.fromEntries(headers),
        });
        act(socket, script.shift() ?? { kind: "answer", status: 200, body: good });
      }
    });
  }
}

function headOf(text: string) {
  const [line = "", ...fields] = text.split("\r\n");
  const [method = "", path = ""] = line.split(" ");
  const headers = new Map(
    fields.map((field) => [
      field.slice(0, field.indexOf(":")).toLowerCase(),
      field.slice(field.indexOf(":") + 1).trim(),
    ]),
  );
  return { method, path, headers };
}

/** The body at the beginning of the text, or nothing while it is not whole. */
function counted(text: string, length: number) {
  return text.length < length ? undefined : { body: text.slice(0, length), rest: text.slice(length) };
}

function unchunked(text: string) {
  let body = "";
  for (let at = 0; ; ) {
    const line = text.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const size = Number.parseInt(text.slice(at, line), 16);
    const next = line + 2 + size + 2;
    if (text.length < next) return undefined;
    if (size === 0) return { body, rest: text.slice(next) };
    body += text.slice(line + 2, line + 2 + size);
    at = next;
  }
}

function act(socket: net.Socket, fault: Fault) {
  switch (fault.kind) {
    case "resetBeforeBody":
    case "resetAfterBody":
      return reset(socket);
    case "closeAfterBody":
      return void socket.end();
    case "halfAnswer":
      send(socket, 200, '{"half":', { ...CORS, "content-length": "500" });
      return void socket.end();
    case "drip": {
      // Begins an answer and never ends it.
      send(socket, 200, "{", { ...CORS, "content-length": "500" });
      const timer = setInterval(() => socket.write(" "), 50);
      return void socket.on("close", () => clearInterval(timer));
    }
    case "answer":
      send(socket, fault.status, fault.body ?? "", {
        ...CORS,
        ...fault.headers,
        ...(fault.close ? { connection: "close" } : {}),
      });
      if (fault.close) socket.end();
      return;
    case "silence":
      return;
  }
}

/** Over TLS the socket below is reset, without TLS's own goodbye. */
function reset(socket: net.Socket) {
  const below = (socket as net.Socket & { _parent?: net.Socket })._parent;
  (below ?? socket).resetAndDestroy();
}

function send(socket: net.Socket, status: number, body: string, headers: Record<string, string>) {
  const length = status === 204 ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const fields = Object.entries({ "content-type": "application/json", ...length, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`HTTP/1.1 ${status} X\r\n${fields.join("")}\r\n${body}`);
}
