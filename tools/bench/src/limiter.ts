import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { buildClient, type Operation, type Service } from "@restorekit/core";
import { authToken, type TokenCredentials } from "@restorekit/core/signing";

export interface LimiterRow {
  rate: string;
  /** Milliseconds there and back. */
  way: string;
  /** Of the rate, once the first windows are over. */
  share: number;
  /** The least it should be, where the way is too short to count. */
  least: number | undefined;
  /** The most requests that any window held, as the service counted them. */
  most: number;
  allowed: number;
}

/** The last stands for 60 a minute, twenty times as fast. */
const RATES = [
  { requests: 20, seconds: 1 },
  { requests: 100, seconds: 1 },
  { requests: 60, seconds: 3 },
];
const WAYS = [
  { delay: 0, jitter: 0 },
  { delay: 25, jitter: 2 },
  { delay: 120, jitter: 3 },
];

const service: Service = { name: "s", version: "1", endpoints: [{ url: "https://s.example.com" }], errors: "huawei" };

/** As many calls as the limiter lets through for so long, against services that count. */
export async function measureLimiter(ms: number, progress: (done: number) => void): Promise<LimiterRow[]> {
  const rows: LimiterRow[] = [];
  for (const way of WAYS) {
    for (const rate of RATES) progress(rows.push(await measure(rate, way, ms)));
  }
  return rows;
}

async function measure(rate: (typeof RATES)[number], way: (typeof WAYS)[number], ms: number): Promise<LimiterRow> {
  const { requests, seconds } = rate;
  const server = fork(fileURLToPath(new URL("./limiter-server.js", import.meta.url)), [
    String(way.delay),
    String(way.jitter),
  ]);
  const [port] = await once(server, "message");
  const common = { method: "GET", path: "/v1/things", effect: "read", input: {}, success: [200] } as const;
  const read: Operation = { ...common, id: "read", rateLimit: { ...rate, per: "account" } };
  const client = buildClient<{ read(): Promise<unknown> }, object, TokenCredentials>(service, { read }, authToken, {
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { token: "t" },
  });
  // The first windows do not count: calls connect in them.
  const end = performance.now() + Math.max(ms, 8 * seconds * 1000);
  const callers = Array.from({ length: requests }, async () => {
    while (performance.now() < end) await client.read();
  });
  await Promise.all(callers);
  server.send("arrived?");
  const [arrived] = (await once(server, "message")) as [number[]];
  return {
    rate: `${requests} in ${seconds} s`,
    way: way.delay === 0 ? "none" : `${2 * way.delay} ± ${2 * way.jitter}`,
    share: steadyRate(arrived, requests, seconds) / requests,
    least: way.delay === 0 ? 0.98 : undefined,
    most: mostIn(arrived, seconds * 1000),
    allowed: requests,
  };
}

/** Requests a window, from one whole window's worth to another: those before are the first ones, which connect. */
function steadyRate(arrived: readonly number[], requests: number, seconds: number) {
  const kept = arrived.slice(3 * requests);
  const whole = kept.length - (kept.length % requests) - requests;
  return (whole / ((kept[whole] as number) - (kept[0] as number))) * seconds * 1000;
}

function mostIn(times: readonly number[], window: number) {
  return Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + window).length));
}
