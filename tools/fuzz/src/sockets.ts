import { createLimiter } from "@restorekit/core";
import { accountOf, type Ledger } from "./ledger.js";
import { createRandom } from "./random.js";
import type { Outcome } from "./schedule.js";
import { connect, keysOf, operationOf } from "./services.js";
import { startServer } from "./socket-server.js";
import { type Ending, judgeCall, type Violation } from "./verdicts.js";

const NAMES = ["restore", "setPolicy", "remove", "list"];
/** Schedules at a time. */
const AT_ONCE = 20;
/** A busy machine may be this late. */
const SLACK_MS = 2_000;

/** Plays schedules over loopback, with the transports that a client has by default: its own connection for each write. */
export async function playOnSockets(seed: number, schedules: number): Promise<Outcome> {
  const ledger: Ledger = new Map();
  const server = await startServer(seed, ledger);
  const violations: Violation[] = [];
  const met = new Map<string, number>();
  let [calls, writes, attempts, next] = [0, 0, 0, 0];

  await Promise.all(Array.from({ length: Math.min(AT_ONCE, schedules) }, worker));
  for (let wait = 0; wait < 100 && server.writing() > 0; wait++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  if (server.writing() > 0) violations.push({ rule: "leaks", detail: `${server.writing()} connections of writes` });
  await server.close();
  violations.push(...(await leftOver()));
  return { violations, calls, writes, attempts, met, log: [] };

  async function worker() {
    while (next < schedules) await play(next++);
  }

  async function play(index: number) {
    const random = createRandom(seed, index, 7);
    const client = connect("rest", {
      endpoint: server.endpoint,
      credentials: async () => keysOf("rest", false, 1),
      timeout: { attempt: random.pick([40, 150, 1_000]), overall: random.pick([30, 400, 2_000]) },
      retry: { attempts: random.pick([1, 4, 4]), baseMs: 5, capMs: 30 },
      limiter: createLimiter(),
      maxBytes: 4_096,
      hooks: {
        onRequest: () => attempts++,
        onResponse: ({ outcome }) => met.set(outcome, (met.get(outcome) ?? 0) + 1),
      },
    });
    const made = Array.from({ length: random.int(1, 4) }, (_, at) => one(client, `i-${index * 10 + at}`, random));
    await Promise.all(made);
  }

  async function one(client: ReturnType<typeof connect>, instance: string, random: ReturnType<typeof createRandom>) {
    const operation = operationOf("rest", random.pick(NAMES));
    const controller = new AbortController();
    const abort = random.chance(0.15) ? setTimeout(() => controller.abort(), random.int(0, 60)) : undefined;
    const started = performance.now();
    const input = operation.id === "list" ? { limit: 5 } : operation.id === "remove" ? {} : { backup_id: "b-1" };
    let ending: Ending;
    const running = client[operation.id]?.({ instance_id: instance, ...input }, { signal: controller.signal }).then(
      (value) => {
        ending = { value };
      },
      (error: unknown) => {
        ending = { error };
      },
    );
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([
      running,
      new Promise((resolve) => {
        timer = setTimeout(resolve, 2_000 + SLACK_MS);
      }),
    ]);
    clearTimeout(timer);
    clearTimeout(abort);
    calls++;
    if (operation.effect !== "read") writes++;
    // What still runs at the service after a time-out is counted, too.
    await new Promise((resolve) => setTimeout(resolve, 60));
    for (const violation of judgeCall(operation, accountOf(ledger, instance), ending)) {
      violations.push({ ...violation, detail: `${operation.id} ${instance}: ${violation.detail}` });
    }
    const took = performance.now() - started;
    if (took > 2_060 + SLACK_MS)
      violations.push({ rule: "late", detail: `${operation.id} ${instance}: ${Math.round(took)} ms` });
  }
}

/** Sockets and timers that keep the process alive after everything was closed. */
async function leftOver(): Promise<Violation[]> {
  const left = () => process.getActiveResourcesInfo().filter((name) => /TCPSocket|TLS|Timeout|GetAddrInfo/.test(name));
  for (let wait = 0; wait < 50; wait++) {
    if (left().length === 0) return [];
    await new Promise((resolve) => setImmediate(resolve));
    await pause(10);
  }
  return left().map((name) => ({ rule: "leaks" as const, detail: name }));
}

/** A pause that is itself no active timer when one looks. */
function pause(ms: number) {
  return new Promise<void>((resolve) => setTimeout(resolve, ms));
}
