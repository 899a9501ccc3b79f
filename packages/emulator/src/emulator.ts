import type { EndpointName, ServiceName } from "./bundle.js";
import { type IssuedTokens, type Login, PACE, type Pace } from "./call.js";
import { type Clock, realClock, type VirtualClock } from "./clock.js";
import { createFaults, type Faults, type RandomFaults } from "./faults.js";
import { createJournal, type Journal } from "./journal.js";
import { createLimits } from "./limits.js";
import type { Listener, ListenOptions } from "./listen.js";
import { createRandom } from "./random.js";
import { receive } from "./request.js";
import { type Cloud, serve } from "./serve.js";
import type { Credentials } from "./signature/verify.js";
import { createState, DAY, type InstanceGiven, type State } from "./state.js";

export interface EmulatorOptions {
  /** Default: the real one. */
  clock?: Clock | VirtualClock;
  /** Ids and random faults follow from it. Default 1. */
  seed?: number;
  credentials?: Partial<FakeCredentials>;
  /** What is there at the beginning. Default: one instance per service, with a backup of yesterday. */
  state?: Partial<Record<ServiceName, InstanceGiven[]>>;
  /** Faults by chance, from the beginning. */
  faults?: RandomFaults;
  pace?: Partial<Pace>;
  /** Off, any credentials will do. Default on. */
  checkSignatures?: boolean;
  /** Takes what Tencent's Node SDK signs for a loopback endpoint: the host without its port. Default off. */
  lenientHost?: boolean;
  /** How many entries the journal keeps. Default 10,000. */
  journalSize?: number;
}

/** All credentials that the emulator takes; none of them is a secret. */
export interface FakeCredentials extends Credentials, Login {
  projectId: string;
}

export const FAKE: FakeCredentials = {
  secretId: "AKIDemulator",
  secretKey: "emulator-secret-key",
  ak: "EMULATORACCESSKEY",
  sk: "emulator-secret-access-key",
  token: "emulator-token",
  user: "emulator",
  password: "emulator-password",
  domain: "EMULATOR",
  projectId: "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
};

export interface Emulator {
  /** Answers a request in this process. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Answers requests at a loopback port. Needs `node:http`; `fetch` does not. */
  listen(options?: ListenOptions): Promise<Listener>;
  readonly state: State;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly clock: Clock | VirtualClock;
  readonly credentials: FakeCredentials;
}

/** Builds a cloud of its own: nothing is shared between two of them. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const { clock = realClock, seed = 1, journalSize = 10_000 } = options;
  const credentials = { ...FAKE, ...options.credentials };
  const random = createRandom(seed);
  const project = { id: credentials.projectId, name: "eu-de", domainId: "00000000000000000000000000000002" };
  const state = createState(random, clock.now, project);
  const tokens: IssuedTokens = new Map();
  const faults = createFaults(seed);
  const journal = createJournal(journalSize);
  if (options.faults) faults.random(options.faults);
  for (const [service, instances] of Object.entries(options.state ?? demo(clock.now()))) {
    for (const instance of instances) state.addInstance(service as ServiceName, instance);
  }

  const { user, password, domain } = credentials;
  const cloud: Cloud = {
    now: clock.now,
    state,
    random,
    pace: { ...PACE, ...options.pace },
    credentials,
    login: { user, password, domain },
    tokens,
    limits: createLimits(),
    journal,
    faults,
    checkSignatures: options.checkSignatures ?? true,
    lenientHost: options.lenientHost ?? false,
  };

  return { fetch: answer, listen, state, faults, journal, clock, credentials };

  async function answer(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    signal?.throwIfAborted();
    const work = receive(input, init).then((request) => serve(cloud, request));
    const delivery = await untilAborted(held(work), signal);
    if (delivery.delayMs > 0) await clock.sleep(delivery.delayMs, signal ?? undefined);
    if (delivery.kind === "answer") {
      const { status, headers, text } = delivery;
      return new Response(text, { status, headers });
    }
    const code = delivery.kind === "refused" ? "ECONNREFUSED" : "ECONNRESET";
    throw new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
  }

  async function listen(listenOptions: ListenOptions = {}): Promise<Listener> {
    const { openListener } = await import("#listen");
    return openListener((request, only?: EndpointName) => held(serve(cloud, request, only)), clock, listenOptions);
  }

  /** Whoever waits for an automatic clock must not find that it jumped while a request was on its way. */
  function held<T>(work: Promise<T>): Promise<T> {
    return isVirtual(clock) ? clock.during(work) : work;
  }
}

function isVirtual(clock: Clock): clock is VirtualClock {
  return "during" in clock;
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** One instance per service, under ids that can be guessed. */
function demo(now: number): NonNullable<EmulatorOptions["state"]> {
  const yesterday = now - DAY;
  return {
    "tencentcloud-redis": [
      { id: "crs-demo0001", name: "demo", backups: [{ id: "demo-backup-1", startedAt: yesterday }] },
    ],
    "opentelekomcloud-dcs": [
      {
        id: "00000000-0000-4000-8000-0000000dcs01",
        name: "demo",
        backups: [{ id: "00000000-0000-4000-8000-0000000bak01", startedAt: yesterday }],
      },
    ],
    "huaweicloud-geminidb": [
      {
        id: "0000000000000000000000000000demoin12",
        name: "demo",
        backups: [{ id: "0000000000000000000000000000demobr12", startedAt: yesterday }],
      },
    ],
    "huaweicloud-rds": [
      {
        id: "0000000000000000000000000000demoin01",
        name: "demo",
        backups: [{ id: "0000000000000000000000000000demobr01", startedAt: yesterday }],
      },
    ],
  };
}
