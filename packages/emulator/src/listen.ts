import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ENDPOINTS, type EndpointName } from "./bundle.js";
import type { Clock } from "./clock.js";
import type { Received } from "./request.js";
import type { Delivery } from "./serve.js";

export interface ListenOptions {
  /** Default: a free one. */
  port?: number;
  /** Serves this service at the root, without a base path: for SDKs that take only a host. */
  service?: EndpointName;
}

export interface Listener {
  readonly port: number;
  /** The endpoint to give to a client of the service. @throws when there is no such service */
  endpoint(service: EndpointName): string;
  close(): Promise<void>;
}

/** Opens a port on this machine, and on this machine only. */
export async function openListener(
  serve: (request: Received, only?: EndpointName) => Promise<Delivery>,
  clock: Clock,
  { port = 0, service: only }: ListenOptions,
): Promise<Listener> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      // A defect of the emulator must not look like a fault that was asked for.
      process.stderr.write(`${error?.stack ?? error}\n`);
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: opened } = server.address() as AddressInfo;

  return {
    port: opened,
    endpoint(service) {
      if (!ENDPOINTS.includes(service)) throw new Error(`no service ${service}; there are ${ENDPOINTS.join(", ")}`);
      return `http://127.0.0.1:${opened}${only === service ? "" : `/${service}`}`;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
    const { method = "", url: target = "" } = request;
    const delivery = await serve({ method, target, headers, body: Buffer.concat(chunks).toString("utf8") }, only);
    if (delivery.delayMs > 0) {
      // Nobody is waited for who has gone: the timer would keep the process.
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      await clock.sleep(delivery.delayMs, gone.signal).catch(() => {});
    }
    if (delivery.kind !== "answer") {
      request.socket.destroy();
      return;
    }
    response.writeHead(delivery.status, delivery.headers);
    response.end(delivery.text ?? undefined);
  }
}
