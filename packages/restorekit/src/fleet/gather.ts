import { type CallOptions, TransportError } from "@restorekit/core";

/**
 * Asks about one key, together with whoever asks at about the same time. Undefined where the answer has nothing of it.
 * It ends as a call of one's own would: at the signal, or when the time is over.
 */
export type Gathered<K, V> = (key: K, call?: CallOptions) => Promise<V | undefined>;

export interface GatherOptions {
  /** What errors name. */
  place: { readonly service: string; readonly operation: string };
  /** How long the first waits for others, in milliseconds. */
  waitMs: number;
  /** So many keys fit into one question. */
  most: number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Whether one key may have spoilt the question for all: then each half is asked for itself. */
  isolates?: (error: unknown) => boolean;
}

type Answer<V> = { readonly value: V | undefined } | { readonly error: unknown };

/**
 * Gathers what many ask into one question. Nothing is kept: every answer was asked for after its question came, so a
 * check that is made of it is as fresh as one that asked alone.
 */
export function gather<K, V>(
  ask: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
  { place, waitMs, most, sleep, isolates = () => false }: GatherOptions,
): Gathered<K, V> {
  interface Round {
    readonly keys: Set<K>;
    /** Ends the waiting for others. */
    readonly full: AbortController;
    readonly answers: Promise<Map<K, Answer<V>>>;
  }
  let open: Round | undefined;

  return async (key, call = {}) => {
    open ??= start();
    const { keys, full, answers } = open;
    keys.add(key);
    if (keys.size >= most) {
      open = undefined;
      full.abort("full");
    }
    const answer = (await within(answers, call)).get(key);
    if (answer && "error" in answer) throw answer.error;
    return answer?.value;
  };

  function start(): Round {
    const keys = new Set<K>();
    const full = new AbortController();
    const answers = sleep(waitMs, full.signal)
      .catch(() => {})
      .then(() => {
        // From here on it is too late to join.
        if (open?.keys === keys) open = undefined;
        return settle([...keys]);
      });
    return { keys, full, answers };
  }

  async function settle(keys: readonly K[]): Promise<Map<K, Answer<V>>> {
    try {
      const found = await ask(keys);
      return new Map(keys.map((key) => [key, { value: found.get(key) }]));
    } catch (error) {
      if (keys.length === 1 || !isolates(error)) return new Map(keys.map((key) => [key, { error }]));
      const half = Math.ceil(keys.length / 2);
      const halves = await Promise.all([settle(keys.slice(0, half)), settle(keys.slice(half))]);
      return new Map(halves.flatMap((answers) => [...answers]));
    }
  }

  /** Who stops waiting does not stop the question: others wait for it too. */
  async function within<T>(promise: Promise<T>, { signal, timeout }: CallOptions): Promise<T> {
    if (!signal && timeout?.overall === undefined) return promise;
    const over = new AbortController();
    const late = new Promise<never>((_, reject) => {
      const end = (failure: "aborted" | "deadline") =>
        reject(new TransportError(place, failure, { executed: "no", why: "It was a question, asked for several." }));
      if (signal?.aborted) end("aborted");
      signal?.addEventListener("abort", () => end("aborted"), { signal: over.signal });
      if (timeout?.overall !== undefined)
        sleep(timeout.overall, over.signal).then(
          () => end("deadline"),
          () => {},
        );
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      over.abort("over");
    }
  }
}
