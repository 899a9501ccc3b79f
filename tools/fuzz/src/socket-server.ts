import net from "node:net";
import { drawFate, type Fate, isGood, runsDespite } from "./faults.js";
import { accountOf, type Ledger } from "./ledger.js";
import { createRandom } from "./random.js";
import { operationOf } from "./services.js";

/** What each method asks for. */
const OPERATIONS: Readonly<Record<string, string>> = {
  POST: "restore",
  PUT: "setPolicy",
  DELETE: "remove",
  GET: "list",
};

/** A raw server that knows each call by its instance and treats it as the seed says. */
export async function startServer(seed: number, ledger: Ledger) {
  const sockets = new Map<net.Socket, string>();
  const server = net.createServer((socket) => {
    sockets.set(socket, "");
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    let received = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      received += chunk;
      const end = received.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      const [method = "", path = ""] = received.split(" ", 2);
      received = "";
      sockets.set(socket, method);
      serve(socket, method, /\/instances\/([^/?]+)/.exec(path)?.[1] ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    endpoint: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    /** Connections on which a write came and that are still open. */
    writing: () => [...sockets.values()].filter((method) => method !== "" && method !== "GET").length,
    async close() {
      for (const socket of sockets.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function serve(socket: net.Socket, method: string, instance: string) {
    const account = accountOf(ledger, instance);
    const random = createRandom(seed, Number(instance.slice(2)), account.arrivals.length + 1);
    const fate = drawFate(random, "rest", operationOf("rest", OPERATIONS[method] ?? ""), {
      attemptMs: 60,
      maxBytes: 4_096,
    });
    // A server cannot stay unconnected after it was reached; the nearest it can do is to reset.
    if (fate.fault === "notConnected") fate.fault = "lostBefore";
    account.arrivals.push(fate.fault);
    setTimeout(() => act(socket, fate, method, instance), Math.min(fate.delay, 50));
  }

  function act(socket: net.Socket, fate: Fate, method: string, instance: string) {
    const account = accountOf(ledger, instance);
    let body = fate.body;
    if (runsDespite(fate)) {
      account.executions++;
      const value = JSON.stringify({ id: `r-${instance}`, run: account.executions });
      account.answers.push(value);
      if (isGood(fate.fault)) body = value;
    }
    if (fate.fault === "lostBefore") return socket.resetAndDestroy();
    if (fate.fault === "lostAfter") return random(instance) ? socket.resetAndDestroy() : socket.end();
    if (fate.fault === "silent") return;
    const bytes = Buffer.from(fate.marked && typeof body === "string" ? `\uFEFF${body}` : (body as string));
    const status = isGood(fate.fault) && method === "DELETE" ? 204 : fate.status;
    const headers = Object.entries({ "content-type": "application/json", ...fate.headers })
      .filter(([, value]) => /^[ -~]*$/.test(value))
      .map(([name, value]) => `${name}: ${value}\r\n`);
    const length = status === 204 ? "" : `content-length: ${bytes.length}\r\n`;
    socket.write(`HTTP/1.1 ${status} X\r\n${length}${headers.join("")}\r\n`);
    if (status === 204) return;
    const half = Math.ceil(bytes.length / 2);
    socket.write(bytes.subarray(0, half));
    if (fate.fault === "halfBody") return socket.end();
    setTimeout(() => socket.write(bytes.subarray(half)), fate.between);
  }
}

function random(instance: string) {
  return createRandom(Number(instance.slice(2))).chance(0.5);
}
