// A host of pages on the loopback interface, which remembers what it was asked.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface Host {
  origin: string;
  routes: Record<string, Answer>;
  requests: { path: string; headers: IncomingMessage["headers"]; at: number }[];
  close(): Promise<void>;
  /** Most requests that were open at a time. */
  open: number;
}

const hosts: Host[] = [];

export const closeHosts = (): Promise<unknown> => Promise.all(hosts.splice(0).map((host) => host.close()));

export async function serve(routes: Record<string, Answer>): Promise<Host> {
  let now = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    host.requests.push({ path, headers: request.headers, at: performance.now() });
    now += 1;
    host.open = Math.max(host.open, now);
    response.on("close", () => {
      now -= 1;
    });
    const answer = host.routes[path];
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host: Host = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    routes,
    requests: [],
    open: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  hosts.push(host);
  return host;
}

export const text =
  (body: string | Buffer, headers: Record<string, string> = {}, status = 200): Answer =>
  (_, response) =>
    response.writeHead(status, { "content-type": "text/html", ...headers }).end(body);
