import { StoreError } from "./errors.js";
import { FORMAT, type Intent, type State, targetKey } from "./intent.js";
import type { IntentStore, Stored } from "./store.js";

/** One demand on a store: `run` throws where it is not met. */
export interface ConformanceCase {
  readonly name: string;
  /** @param open opens the same, at first empty, storage each time, as separate processes would */
  run(open: () => IntentStore | Promise<IntentStore>): Promise<void>;
}

const TARGET = "example-service/region-1/project-1/instance-1";

/** An intent to try a store with. */
function intent(id: string, state: State = "planned", target = TARGET): Intent {
  const task = state === "planned" ? {} : { task: { id: "task-1", found: "answered" as const } };
  return {
    format: FORMAT,
    id: `${targetKey(target)}-${id}`,
    state,
    service: "example-service",
    target,
    instance: "instance-1",
    source: { instance: "instance-1", backup: 'a "backup" – 備份 🗄' },
    createdAt: "2026-01-05T08:00:00.000Z",
    ...task,
    history: [{ at: "2026-01-05T08:00:00.000Z", to: state }],
  };
}

/** What every intent store has to do. Run each case against a storage of its own. */
export const conformance: readonly ConformanceCase[] = [
  {
    name: "keeps an intent as it is, also for another process",
    async run(open) {
      const made = intent("a");
      const created = await (await open()).create(made);
      same(created.intent, made);
      same(await (await open()).read(made.id), created);
    },
  },
  {
    name: "knows no intent that was not created",
    async run(open) {
      const store = await open();
      same(await store.read(intent("a").id), undefined);
      same(await store.read("../a"), undefined);
      same(await ids(store.list()), []);
      await refuses("missing", store.update(intent("a"), 1));
    },
  },
  {
    name: "creates an intent once",
    async run(open) {
      const [one, other] = [await open(), await open()];
      await one.create(intent("a"));
      await refuses("exists", other.create(intent("a", "accepted")));
      same((await one.read(intent("a").id))?.intent.state, "planned");
    },
  },
  {
    name: "updates the version that was read, and no other",
    async run(open) {
      const [one, other] = [await open(), await open()];
      const first = await one.create(intent("a"));
      const second = await other.update(intent("a", "accepted"), first.version);
      await refuses("conflict", one.update(intent("a", "failed"), first.version));
      same(await one.read(first.intent.id), second);
      const third = await one.update(intent("a", "succeeded"), second.version);
      await refuses("conflict", other.update(intent("a", "failed"), first.version));
      same((await other.read(first.intent.id))?.version, third.version);
    },
  },
  {
    name: "lets one of many win who create, and one of many who update",
    async run(open) {
      const stores = await Promise.all(Array.from({ length: 8 }, open));
      const created = await Promise.allSettled(stores.map((store) => store.create(intent("a"))));
      const first = won(created)[0] as Stored;
      same(won(created).length, 1);
      const updated = await Promise.allSettled(
        stores.map((store, index) => store.update({ ...intent("a"), by: String(index) }, first.version)),
      );
      same(won(updated).length, 1);
      same(await stores[0]?.read(first.intent.id), won(updated)[0]);
    },
  },
  {
    name: "gives out no object that it keeps",
    async run(open) {
      const store = await open();
      const made = intent("a");
      const { intent: given } = await store.create(made);
      Object.assign(given, { instance: "changed" });
      Object.assign(made, { instance: "changed" });
      same((await store.read(made.id))?.intent.instance, "instance-1");
    },
  },
  {
    name: "lists by target, and what is open",
    async run(open) {
      const store = await open();
      const elsewhere = "example-service/region-1/project-1/instance-2";
      await store.create(intent("a"));
      await store.create(intent("b", "succeeded"));
      await store.create(intent("c", "accepted", elsewhere));
      same(await ids(store.list()), ["a", "b", "c"]);
      same(await ids(store.list({ open: true })), ["a", "c"]);
      same(await ids(store.list({ target: TARGET })), ["a", "b"]);
      same(await ids(store.list({ target: TARGET, open: true })), ["a"]);
      same(await ids(store.list({ target: elsewhere })), ["c"]);
    },
  },
  {
    name: "gives a target to one holder at a time",
    async run(open) {
      const [one, other] = [await open(), await open()];
      const lease = await one.lease(TARGET, 60_000);
      same(await lease?.renew(), true);
      same(await other.lease(TARGET, 60_000), undefined);
      same(await one.lease(TARGET, 60_000), undefined);
      const free = await other.lease(`${TARGET}-2`, 60_000);
      same(await free?.renew(), true);
      await lease?.release();
      const next = await other.lease(TARGET, 60_000);
      same(await next?.renew(), true);
      same(await lease?.renew(), false);
      await lease?.release();
      same(await next?.renew(), true);
      await next?.release();
    },
  },
  {
    name: "gives a target to one of many who ask at once",
    async run(open) {
      const stores = await Promise.all(Array.from({ length: 8 }, open));
      for (let round = 0; round < 5; round++) {
        const leases = await Promise.all(stores.map((store) => store.lease(TARGET, 60_000)));
        const held = leases.filter((lease) => lease !== undefined);
        // Among those who ask at once, all may give way, but never two may get it.
        if (held.length > 1) throw new Error(`${held.length} hold the target`);
        await Promise.all(held.map((lease) => lease.release()));
      }
      const lease = await stores[0]?.lease(TARGET, 60_000);
      if (!lease) throw new Error("nobody gets the target after all have released it");
      await lease.release();
    },
  },
];

async function ids(list: ReturnType<IntentStore["list"]>) {
  const found: string[] = [];
  for await (const item of list) found.push("error" in item ? `${item.id}!` : item.intent.id.replace(/^.*-/, ""));
  return found.sort();
}

const won = <T>(results: readonly PromiseSettledResult<T>[]) =>
  results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));

async function refuses(problem: StoreError["problem"], work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StoreError)) throw new Error(`expected a StoreError ${problem}, got ${String(error)}`);
  same(error.problem, problem);
}

function same(found: unknown, wanted: unknown) {
  const [a, b] = [canonical(found), canonical(wanted)];
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}

/** JSON with sorted keys: stores may keep them in another order. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, part) =>
      typeof part === "object" && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? "undefined"
  );
}
