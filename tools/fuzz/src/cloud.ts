import type { VirtualClock } from "./clock.js";
import { drawFate, errorBody, type Fate, isGood, runsDespite } from "./faults.js";
import { type Account, accountOf, type Ledger } from "./ledger.js";
import { createRandom } from "./random.js";
import { type Kind, type Options, operationOf, readRequest } from "./services.js";

/** A signature older or newer than this is refused. */
const TOLERANCE_MS = 15 * 60_000;
/** What was given up may arrive for so much longer (docs/transport.md). */
const STRAY_MS = 1_000;

export interface CloudParts {
  kind: Kind;
  seed: readonly number[];
  clock: VirtualClock;
  ledger: Ledger;
  attemptMs: number;
  maxBytes: number;
  /** A `fetch` that does not heed its signal. */
  deaf: boolean;
  /** The oldest generation of credentials that is taken at this time. */
  accepts: () => number;
  operationName: (instance: string) => string;
  /** Told when a request arrives, which is when a service counts it. */
  counted: (instance: string) => void;
}

/** A simulated service behind a simulated network, as a `fetch`. What it does follows from seed, call and arrival alone. */
export function createCloud(parts: CloudParts): NonNullable<Options["fetch"]> {
  const { kind, clock, ledger } = parts;
  const tries = new Map<string, number>();

  return async (input, init = {}) => {
    const seen = readRequest(String(input), new Headers(init.headers), init.body as string | undefined);
    const account = accountOf(ledger, seen.instance);
    const attempt = (tries.get(seen.instance) ?? 0) + 1;
    tries.set(seen.instance, attempt);
    const random = createRandom(...parts.seed, Number(seen.instance.slice(2)), attempt);
    const fate = drawFate(random, kind, operationOf(kind, parts.operationName(seen.instance)), parts);
    const signal = parts.deaf ? undefined : init.signal;
    signal?.throwIfAborted();

    if (fate.fault === "notConnected") {
      await delayed(clock, fate.delay, account, signal);
      throw failure(fate.code);
    }
    refuse(fate, seen);
    const runs = runsDespite(fate);
    account.arrivals.push(refusedAs(fate));
    // A request that was given up on its way may arrive all the same.
    let givenUp = Number.POSITIVE_INFINITY;
    init.signal?.addEventListener("abort", () => (givenUp = clock.now()), { once: true });
    clock.at(fate.delay * random.next(), () => {
      if (clock.now() - givenUp < STRAY_MS) parts.counted(seen.instance);
    });
    // The service goes on whether or not the client still listens.
    let sent: string | undefined;
    clock.at(fate.delay, () => {
      if (!runs) return;
      account.executions++;
      sent = answer(seen.instance, account.executions);
    });
    if (fate.fault === "silent") return delayed(clock, Number.POSITIVE_INFINITY, account, signal);
    await delayed(clock, fate.delay, account, signal);
    if (fate.fault === "lostBefore" || fate.fault === "lostAfter") throw failure(fate.code);
    const text = bodyOf(fate, sent);
    const { status, headers } = respondWith(fate, seen.instance);
    if (text === "" || status === 204) return new Response(null, { status, headers });
    return new Response(stream(fate, text, account, signal), { status, headers });
  };

  /** The service looks at the credentials and the time before anything else. */
  function refuse(fate: Fate, { generation, signedAt }: ReturnType<typeof readRequest>) {
    if (fate.fault === "throttled") return;
    if (signedAt !== undefined && Math.abs(signedAt - clock.now()) > TOLERANCE_MS) {
      fate.fault = "clientError";
      fate.code = "skewed";
      fate.status = kind === "rpc" ? 200 : 401;
      fate.body = errorBody(kind, kind === "rpc" ? "AuthFailure.SignatureExpire" : "APIGW.0303");
      fate.headers.date ??= new Date(clock.now()).toUTCString();
    } else if (generation < parts.accepts()) {
      fate.fault = "unauthorized";
      fate.code = "expired";
      fate.status = kind === "rpc" ? 200 : 401;
      fate.body = errorBody(kind, kind === "rpc" ? "AuthFailure.TokenFailure" : "APIGW.0301");
    }
  }

  function refusedAs({ fault, code }: Fate) {
    return code === "skewed" || code === "expired" ? code : fault;
  }

  function answer(instance: string, run: number) {
    const value = { id: `r-${instance}`, run, "__proto__ ": "ü\u2028", list: [1, 2.5, null, { a: '\\"' }] };
    accountOf(ledger, instance).answers.push(JSON.stringify(value));
    return JSON.stringify(kind === "rpc" ? { Response: { ...value, RequestId: "r-1" } } : value);
  }

  function respondWith({ fault, status, headers }: Fate, instance: string) {
    const operation = operationOf(kind, parts.operationName(instance));
    const good = operation.empty?.includes(204) ? 204 : 200;
    return {
      status: isGood(fault) ? good : status,
      headers: { "content-type": "application/json", ...headers },
    };
  }

  function bodyOf(fate: Fate, sent: string | undefined) {
    const body = isGood(fate.fault) ? (sent ?? "") : fate.body;
    return fate.marked && typeof body === "string" ? `\uFEFF${body}` : body;
  }

  /** A body in parts; the connection counts as open until it ended, broke or was given up. */
  function stream(fate: Fate, text: string | Uint8Array, account: Account, signal: AbortSignal | null | undefined) {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    const half = fate.fault === "halfBody" || fate.between > 0 ? Math.ceil(bytes.length / 2) : bytes.length;
    let at = 0;
    let over = false;
    const close = () => {
      if (!over) account.open--;
      over = true;
      signal?.removeEventListener("abort", abort);
    };
    let abort = () => {};
    account.open++;
    return new ReadableStream<Uint8Array>({
      start(controller) {
        abort = () => {
          if (!over) controller.error(signal?.reason);
          close();
        };
        signal?.addEventListener("abort", abort, { once: true });
      },
      async pull(controller) {
        if (at > 0) await new Promise<void>((resolve) => clock.at(fate.between, resolve));
        if (over) return;
        if (at > 0 && fate.fault === "halfBody") {
          close();
          return controller.error(failure("UND_ERR_SOCKET"));
        }
        controller.enqueue(bytes.slice(at, at + half));
        at += half;
        if (at < bytes.length) return;
        close();
        controller.close();
      },
      cancel: close,
    });
  }
}

/** Waits, with a connection open, until time has come or the signal ends it. */
function delayed(clock: VirtualClock, ms: number, account: Account, signal: AbortSignal | null | undefined) {
  account.open++;
  return new Promise<never>((resolve, reject) => {
    const end = (settle: () => void) => {
      signal?.removeEventListener("abort", stop);
      if (settled) return;
      settled = true;
      account.open--;
      settle();
    };
    let settled = false;
    const stop = () => end(() => reject(signal?.reason));
    signal?.addEventListener("abort", stop, { once: true });
    if (Number.isFinite(ms)) clock.at(ms, () => end(() => resolve(undefined as never)));
  });
}

function failure(code: string) {
  const cause = Object.assign(new Error("network"), code ? { code } : {});
  return new TypeError("fetch failed", { cause });
}
