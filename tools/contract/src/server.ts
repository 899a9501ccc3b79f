import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Received } from "@restorekit/emulator/signature";

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON; undefined is no body. */
  body: unknown;
}

/** A loopback server: every request is given to `answer`, whole. */
export async function listen(answer: (request: Received) => Reply | Promise<Reply>) {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const body = Buffer.concat(chunks).toString("utf8");
      const reply = await answer({ method: request.method ?? "", target: request.url ?? "", headers, body });
      const text = reply.body === undefined ? undefined : JSON.stringify(reply.body);
      response.writeHead(reply.status, {
        ...(text === undefined ? {} : { "content-type": "application/json" }),
        ...reply.headers,
      });
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
