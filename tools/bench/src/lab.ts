import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { type Fault, faultServer } from "./fault-server.js";
import { signatureOf } from "./signature.js";

const GOOD = '{"id":"r-1","restores":[],"total":0}';

interface LabOptions {
  identities: Record<"trusted" | "untrusted", { key: string; cert: string }>;
  /** What the suite gets to know, besides where the servers are. */
  config: object;
  /** The bundle of a page that is to do the job. */
  page?: string | undefined;
}

/** The servers that one run of the suite is made against, and the one by which it controls them and reports. */
export async function openLab({ identities, config, page }: LabOptions) {
  const fault = {
    http: await faultServer(GOOD),
    tls: await faultServer(GOOD, identities.trusted),
    untrusted: await faultServer(GOOD, identities.untrusted),
  };
  // Takes connections and never says a word on them.
  const silent = net.createServer((socket) => socket.on("error", () => {}));
  const control = http.createServer((request, response) => {
    answer(request).then(
      (body) =>
        response
          .setHeader(
            "content-type",
            page && request.url === "/"
              ? "text/html"
              : request.url === "/page.js"
                ? "text/javascript"
                : "application/json",
          )
          .end(body),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  const refused = await portOf(net.createServer(), true);
  const servers = {
    http: fault.http.endpoint,
    tls: fault.tls.endpoint,
    untrusted: fault.untrusted.endpoint,
    refused: `http://127.0.0.1:${refused}`,
    mute: `https://127.0.0.1:${await portOf(silent)}`,
  };
  const url = `http://127.0.0.1:${await portOf(control)}`;
  let reported: (report: unknown) => void;
  const report = new Promise<unknown>((resolve) => {
    reported = resolve;
  });

  return {
    url,
    report,
    async close() {
      for (const server of [control, silent]) server.close();
      control.closeAllConnections();
      await Promise.all(Object.values(fault).map((server) => server.close()));
    },
  };

  async function answer(request: http.IncomingMessage): Promise<string> {
    const [, what, name] = (request.url ?? "").split("/");
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const server = fault[name as keyof typeof fault];
    switch (what) {
      case "config":
        return JSON.stringify({ ...config, servers });
      case "play":
        server.play(JSON.parse(body) as Fault[]);
        return "";
      case "arrived":
        return JSON.stringify(
          await Promise.all(server.arrived().map(async (one) => ({ ...one, signature: await signatureOf(one) }))),
        );
      case "report":
        reported(JSON.parse(body));
        return "";
      case "page.js":
        return readFileSync(page ?? "", "utf8");
      default:
        return '<!doctype html><script type="module" src="/page.js"></script>';
    }
  }
}

async function portOf(server: net.Server, closed = false) {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as net.AddressInfo;
  if (closed) await new Promise((resolve) => server.close(resolve));
  return port;
}
