import net from "node:net";

/** What the server does to one request. */
export type Fault =
  | { kind: "answer"; status: number; body?: string; headers?: Record<string, string> }
  | { kind: "resetOnConnect" }
  | { kind: "resetBeforeBody" }
  | { kind: "resetAfterBody" }
  | { kind: "closeAfterBody" }
  | { kind: "halfAnswer" }
  | { kind: "silence" };

/** A raw server: it counts the whole requests that arrive and treats the next ones as the script says, then answers 200. */
export async function faultServer(good: string) {
  let script: Fault[] = [];
  let arrived: { head: string; body: string }[] = [];
  const sockets = new Set<net.Socket>();

  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    if (script[0]?.kind === "resetOnConnect") {
      script.shift();
      socket.resetAndDestroy();
      return;
    }
    let received = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      received += chunk;
      const end = received.indexOf("\r\n\r\n");
      if (end < 0) return;
      if (script[0]?.kind === "resetBeforeBody") {
        script.shift();
        socket.resetAndDestroy();
        return;
      }
      const head = received.slice(0, end);
      const length = Number(head.match(/content-length: (\d+)/i)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      arrived.push({ head, body: received.slice(end + 4, end + 4 + length) });
      received = received.slice(end + 4 + length);
      act(socket, script.shift() ?? { kind: "answer", status: 200, body: good });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;

  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    arrived: () => arrived,
    open: () => sockets.size,
    play(...faults: Fault[]) {
      script = faults;
      arrived = [];
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function act(socket: net.Socket, fault: Fault) {
  switch (fault.kind) {
    case "resetAfterBody":
      socket.resetAndDestroy();
      return;
    case "closeAfterBody":
      socket.end();
      return;
    case "halfAnswer":
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"half":');
      return;
    case "answer": {
      const body = fault.body ?? "";
      const headers = Object.entries({
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
        ...fault.headers,
      });
      socket.write(
        `HTTP/1.1 ${fault.status} X\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`,
      );
      return;
    }
    default:
      return;
  }
}
