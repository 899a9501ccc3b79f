import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { type Arrival, type Fault, faultServer } from "./fault-server.js";
import { peerScript } from "./install.js";

interface Peer {
  /** The script below `peers/`, which exports `write(url)`: one POST with the client's defaults. */
  readonly name: string;
  readonly package: string;
}

/** What people use today to send such a call, or what is best known for doing it well. */
export const PEERS: readonly Peer[] = [
  { name: "openapi-fetch", package: "openapi-fetch@0.17.0" },
  { name: "ofetch", package: "ofetch@1.5.1" },
  { name: "ky", package: "ky@2.1.0" },
  { name: "tencentcloud", package: "tencentcloud-sdk-nodejs@4.1.313" },
  { name: "octokit", package: "octokit@5.0.5" },
  { name: "openai", package: "openai@7.57.0" },
  { name: "anthropic", package: "@anthropic-ai/sdk@1.12.0" },
  { name: "cloudflare", package: "cloudflare@7.3.0" },
  { name: "azure", package: "@azure/core-rest-pipeline@1.25.0" },
  { name: "aws", package: "@aws-sdk/client-rds@3.1169.0" },
  { name: "stripe", package: "stripe@23.1.0" },
];

const answer = (status: number, headers = {}): Fault => ({ kind: "answer", status, body: '{"message":"no"}', headers });

/** What the server does, once, to a write that it has read whole. */
export const FAULTS: Record<string, Fault> = {
  "reset after the body": { kind: "resetAfterBody" },
  "answer 504": answer(504),
  "answer 429, Retry-After: 1": answer(429, { "retry-after": "1" }),
};

/** How often a peer's write arrives in each column, and what it carried that a server could tell a repetition by. */
export async function countPeer(peer: Peer) {
  return countWrites(peerScript(peer.name, [peer.package]));
}

/** The same for any script that exports `write(url)`. */
export async function countWrites(script: string) {
  const times: number[] = [];
  const tokens = new Set<string>();
  for (const fault of Object.values(FAULTS)) {
    const server = await faultServer('{"id":"r-1"}');
    server.play([fault]);
    await runOnce(script, server.endpoint).finally(() => server.close());
    times.push(server.arrived().length);
    for (const token of tokensOf(server.arrived())) tokens.add(token);
  }
  return { times, tokens: [...tokens] };
}

/** One write in a process of its own; its failure is the point, so it does not count. */
async function runOnce(script: string, url: string) {
  const code = `import { write } from ${JSON.stringify(pathToFileURL(script).href)}; await write(${JSON.stringify(url)}).catch(() => {}); process.exit();`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const [exit] = await once(child, "close");
  clearTimeout(timer);
  if (exit !== 0) throw new Error(`${script} ended with ${exit}\n${said}`);
}

/** Only of writes that came again: there a server would need them. */
function tokensOf(arrived: Arrival[]) {
  const [first, ...others] = arrived.map(({ headers }) => headers);
  if (!first || others.length === 0) return [];
  const names = Object.keys(first).filter((name) => /idempot|retry|invocation|request-id|client-token/.test(name));
  return names.map(
    (name) => `${name} (${others.every((headers) => headers[name] === first[name]) ? "same" : "differs"})`,
  );
}
