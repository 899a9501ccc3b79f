import { type IntentStore, type RestorekitOptions, restorekit } from "restorekit";
import { createVirtualClock } from "./clock.js";
import { createRandom } from "./random.js";
import { type AnyAdapter, createScene } from "./restore-cloud.js";
import { type Being, drawPlan, type Racer } from "./restore-plan.js";
import { clockOf, createFolder, createLife, type Life } from "./restore-process.js";
import { judgeSchedule, type Report, type RestoreViolation } from "./restore-verdicts.js";

/** What may be broken on purpose, to see whether it is found. */
export interface RestoreSabotage {
  adapter?(adapter: AnyAdapter): AnyAdapter;
  intents?(intents: IntentStore): IntentStore;
  kit?: Partial<RestorekitOptions>;
}

export interface RestoreResult {
  violations: RestoreViolation[];
  restores: number;
  executed: number;
  deaths: number;
  /** What was met, by name. */
  met: Map<string, number>;
  log: string[];
}

/** More events than any schedule has, and more time: whoever gets here goes round in circles. */
const MOST_EVENTS = 200_000;
const LONGEST_MS = 10 * 86_400_000;
const HOUR = 3_600_000;

/** Plays one schedule in virtual time. The same numbers give the same schedule. */
export async function playRestore(seed: number, index: number, sabotage: RestoreSabotage = {}): Promise<RestoreResult> {
  const clock = createVirtualClock();
  const origin = clock.now();
  const plan = drawPlan(createRandom(seed, index));
  const random = createRandom(seed, index, 1);
  const scene = createScene(plan, clock, random);
  const folder = createFolder(plan.store, clock, random);
  const reports: Report[] = [];
  const met = new Map<string, number>();
  const log: string[] = [JSON.stringify(plan)];
  const lives: Life[] = [];
  let deaths = 0;
  let restores = 0;
  let main: string | undefined;
  let done = false;
  let crash: unknown;

  const note = (line: string) => log.push(`${clock.now() - origin} ms: ${line}`);
  const meet = (name: string) => met.set(name, (met.get(name) ?? 0) + 1);
  const pause = (ms: number) => new Promise<void>((resolve) => clock.at(ms, resolve));
  folder.onWrite = (intent) => {
    note(`${intent.id} is to be ${intent.state}`);
    if (intent.state !== "submitting") return;
    for (const rival of plan.rivals) if (rival.when === "window") void scene.rival(rival);
  };
  for (const rival of plan.rivals) {
    const { when } = rival;
    if (when !== "window") clock.at(when, () => void scene.rival(rival));
  }
  for (const racer of plan.racers) clock.at(racer.atMs, () => void race(racer).catch(crashed));
  story().then(() => {
    done = true;
  }, crashed);

  const violations: RestoreViolation[] = [];
  for (let events = 0; !done; events++) {
    await turn();
    // Time stands still while an answer is read.
    if (scene.reading() > 0) continue;
    const goesOn = await clock.step();
    if (done || (goesOn && events < MOST_EVENTS && clock.now() - origin < LONGEST_MS)) continue;
    violations.push({ rule: "hangs", detail: goesOn ? "goes round in circles" : "nothing goes on" });
    break;
  }
  if (crash !== undefined)
    violations.push({ rule: "untyped", detail: crash instanceof Error ? `${crash.stack}` : `${crash}` });
  for (const { sender, task } of scene.executed) {
    log.push(`executed: task ${task.id} of ${sender.intent} at ${task.submittedAt - plan.cloudAheadMs - origin} ms`);
  }
  violations.push(
    ...judgeSchedule(plan, reports, scene.executed, scene.arrivals, folder.documents, scene.emulator, main),
  );
  return { violations, restores, executed: scene.executed.length, deaths, met, log };

  function crashed(error: unknown) {
    crash = error;
    done = true;
  }

  /** One restore, carried on by one process after the other, until nothing goes wrong any more. */
  async function story() {
    let outcome = "none";
    for (const [at, being] of plan.beings.entries()) {
      if (at > 0) await pause(being.comesAfterMs);
      const process = begin(being);
      outcome =
        at === 0 || main === undefined
          ? await process.restore(plan.again ? "again" : undefined)
          : await process.resume();
      for (let tries = 0; outcome === "unknown" && tries < 2; tries++) outcome = await process.reconcile();
      if (outcome === "accepted") outcome = await process.wait(plan.waitMs);
      if (outcome !== "died") break;
      deaths++;
    }
    if (plan.again) {
      const process = begin({ ...ALIVE, skewMs: 0 });
      await process.restore(undefined);
    }
    // In the end nothing goes wrong, and everything is listed: what is still open then, the records cannot tell.
    scene.heal();
    folder.healed = true;
    for (const life of lives) life.end();
    await pause(2 * HOUR);
    const last = begin(ALIVE);
    for (const id of folder.documents.keys()) {
      main = id;
      let end = await last.resume();
      if (end === "notStarted") end = await last.reconcile();
      if (end === "accepted") end = await last.wait(3 * HOUR);
      meet(`finally ${end}`);
      check(id);
    }
  }

  /** Each intent must be decided once nothing is in the way. */
  function check(id: string) {
    violations.push(
      ...[...judgeSchedule(plan, [], scene.executed, scene.arrivals, folder.documents, scene.emulator, id)].filter(
        ({ rule }) => rule === "undecided",
      ),
    );
  }

  async function race({ does, being }: Racer) {
    const process = begin(being);
    if (does === "restore") await process.restore(undefined);
    else if (does === "sameKey") await process.restore("again");
    else if (main !== undefined) await process[does](60_000);
  }

  /** A process of ours: façade, store, clock and connections, all of which stop with it. */
  function begin(being: Being) {
    const life = createLife(being);
    lives.push(life);
    let created = (_: string) => {};
    const opened = folder.open(life);
    const intents: IntentStore = {
      ...opened,
      create(intent) {
        created(intent.id);
        return opened.create(intent);
      },
    };
    const kit = restorekit({
      intents: (sabotage.intents ?? same)(intents),
      clock: clockOf(clock, life, being.skewMs),
      random: random.next,
      settleMs: plan.settleMs,
      lookMs: plan.lookMs,
      by: "fuzzer",
      ...sabotage.kit,
    });
    const adapter = (sabotage.adapter ?? same)(scene.connect(life, being));
    const stop = new AbortController();
    if (being.abortAfterMs !== undefined) clock.at(being.abortAfterMs, () => stop.abort());
    const { signal } = stop;

    return {
      restore(key: string | undefined) {
        restores++;
        let begun: string | undefined;
        created = (id) => {
          begun = id;
          main ??= id;
        };
        const order = { ...scene.order(0), ...(key === undefined ? {} : { key }) };
        return told(
          "restore",
          () => begun,
          () => kit.restore(adapter, order, { signal }),
        );
      },
      resume: () =>
        told(
          "resume",
          () => main,
          () => kit.resume(adapter, main ?? "", { signal }),
        ),
      reconcile: () =>
        told(
          "reconcile",
          () => main,
          () => kit.reconcile(adapter, main ?? "", { signal }),
        ),
      wait: (ms: number) => {
        const deadline = clock.now() + ms;
        const waiting = () =>
          kit.wait(adapter, main ?? "", { deadline: new Date(deadline + being.skewMs), signal, intervalMs: 10_000 });
        return told("wait", () => main, waiting, deadline);
      },
    };

    /** Keeps what was said. A dead process says nothing. */
    async function told(
      call: string,
      intent: () => string | undefined,
      work: () => Promise<object>,
      deadline = 0,
    ): Promise<string> {
      const begun = clock.now();
      const seen = await Promise.race([
        life.death,
        work().then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        ),
      ]);
      const at = clock.now();
      const short = typeof seen === "string" ? seen : describe(seen);
      note(
        `${call} of ${intent()}: ${short}${"error" in Object(seen) ? ` ${(seen as { error: unknown }).error}` : ""}`,
      );
      meet(`${call} ${short}`);
      if (typeof seen === "string") return seen;
      const common = { at, call, intent: intent(), by: life };
      if ("error" in seen) reports.push({ ...common, error: seen.error });
      else if (call === "wait")
        reports.push({ ...common, end: seen.value as never, deadline, aborted: signal.aborted });
      else reports.push({ ...common, outcome: seen.value as never });
      if (call === "wait" && at > Math.max(begun, deadline) + graceMs()) {
        violations.push({ rule: "hangs", detail: `wait ended ${at - deadline} ms after its deadline` });
      }
      return short;
    }
  }

  /** What the store's own delays may add to a deadline: a handful of operations. */
  function graceMs() {
    return 1_000 + 20 * (plan.store.latencyMs + plan.store.stall.ms);
  }
}

const ALIVE: Being = { dies: undefined, skewMs: 0, comesAfterMs: 0, abortAfterMs: undefined };
const same = <T>(value: T) => value;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function describe(seen: { value: object } | { error: unknown }): string {
  if ("error" in seen) return `threw ${(seen.error as { problem?: string }).problem ?? (seen.error as Error).name}`;
  const value = seen.value as { outcome?: string; end?: string };
  return value.outcome ?? value.end ?? "nothing";
}
