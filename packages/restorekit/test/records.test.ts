import { readFileSync } from "node:fs";
import type { ServiceName } from "@restorekit/emulator";
import { describe, expect, test } from "vitest";
import { PLAN_FORMAT, readPlan, runPlan } from "../src/fleet/index.js";
import { type IntentStore, isIntent, memoryIntents, tencentcloudRedis } from "../src/index.js";
import { intentsOf, MINUTE, NAMES, problem, SERVICES, world } from "./world.js";

// Answers of the vendors that lack what their documents promise, or say another thing than was asked for.

type Json = Record<string, unknown>;
const LISTS = /DescribeTaskList$|\/restores\?|\/jobs\?|\/tasklist\?/;
const SUBMITS = /RestoreInstance$|(POST|PUT) .*(restores|pitr|recovery)$/;
/** Their names in the records. */
const ID = /^(TaskId|restore_id|id)$/;
const INSTANCE = /^(InstanceId|instance|instance_id|backup_id|restore_remark)$/;

/** Changes the properties of some answers, at any depth; one that becomes undefined is left out. */
function changing(asked: RegExp, change: (name: string, value: unknown) => unknown) {
  return (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
    async (input, init) => {
      const request = new Request(input, init);
      const what = `${request.method} ${request.url}${request.headers.get("x-tc-action") ?? ""}`;
      const answer = await fetch(request);
      if (!asked.test(what) || answer.status === 204 || !answer.ok) return answer;
      const body = JSON.parse(await answer.text(), function (this: Json, name, value) {
        return Array.isArray(this) || name === "" ? value : change(name, value);
      });
      return new Response(JSON.stringify(body), { status: answer.status, headers: answer.headers });
    };
}

const lostReply = (made: ReturnType<typeof world>, name: ServiceName) =>
  made.emulator.faults.next(SERVICES[name].submit, { kind: "dropAfter" }, { service: name });

describe.each(NAMES)("%s", (name) => {
  const { adapter } = world();

  test("a record without an id may be ours, and cannot be followed: unknown", async () => {
    const made = world({ around: changing(LISTS, (key, value) => (ID.test(key) ? undefined : value)) });
    lostReply(made, name);
    expect((await made.restore(name)).outcome).toBe("unknown");
  });

  test("a record that names neither instance nor backup nor caller may be ours: unknown", async () => {
    const around = changing(LISTS, (key, value) => (INSTANCE.test(key) ? undefined : value));
    const made = world({ around, pace: { restoreMs: 1000 } });
    lostReply(made, name);
    expect((await made.restore(name)).outcome).toBe("unknown");
  });

  test.each([0, {}, "", true])("the task %j of an answer is none: the records tell it", async (task) => {
    const made = world({ around: changing(SUBMITS, (key, value) => (/^(TaskId|\w+_id)$/.test(key) ? task : value)) });
    const { outcome, intent } = await made.restore(name);
    expect([outcome, intent.task?.found, isIntent(intent)]).toEqual(["accepted", "reconciled", true]);
  });

  test("resumed when the vendor has thrown its records away: unknown", async () => {
    let gone = false;
    const around = changing(LISTS, (_, value) => (gone && Array.isArray(value) ? [] : gone && value === 1 ? 0 : value));
    const made = world({ around, intents: memoryIntents(), pace: { restoreMs: 1000 } });
    const fault = [{ kind: "dropAfter" as const }, { kind: "late" as const, ms: MINUTE }];
    made.emulator.faults.next(SERVICES[name].submit, fault, { service: name });
    const stop = new AbortController();
    void made.clock.sleep(1000).then(() => stop.abort());
    const { intent } = await made.restore(name, {}, { signal: stop.signal });
    await made.clock.advance(31 * 24 * 60 * MINUTE);
    gone = true;
    expect(intent.state).toBe("unknown");
    expect((await made.kit.resume(made.adapter(name), intent.id)).outcome).toBe("unknown");
  });

  test("every code with which a restore may be refused because something else runs is known as one", () => {
    const { submit } = SERVICES[name];
    const bundle = JSON.parse(
      readFileSync(new URL(`../../${name}/src/generated/openapi.json`, import.meta.url), "utf8"),
    );
    const operations = Object.values<Record<string, Json>>(bundle.paths).flatMap((path) => Object.values(path));
    const found = operations.find(({ operationId }) => operationId === submit);
    const codes = Object.entries((found?.["x-errors"] ?? {}) as Record<string, { kind?: string; meaning: string }>);
    const locked = codes.filter(([, { kind, meaning }]) => kind === "locked" || /\bstat(e|us)\b/.test(meaning));
    const missed = locked.filter(([code]) => !adapter(name).isLocked(code));
    expect(locked.length).toBeGreaterThan(3);
    expect(missed).toEqual([]);
  });
});

test("an instance that is found under another spelling is none: it would be another target", async () => {
  const name = "opentelekomcloud-dcs";
  const around = (fetch: typeof globalThis.fetch) => (input: RequestInfo | URL, init?: RequestInit) =>
    fetch(String(input).replace("DCS01", "dcs01"), init);
  const made = world({ around: around as never, checkSignatures: false });
  const instance = SERVICES[name].instance.replace("dcs01", "DCS01");
  expect(await problem(made.restore(name, { instance, overwrite: instance }))).toMatchObject({ problem: "preflight" });
  expect(made.executed(name)).toBe(0);
});

test.each(["tencentcloud-redis", "opentelekomcloud-dcs", "huaweicloud-rds"] as const)(
  "%s: a backup of another instance is refused",
  async (name) => {
    const other = (key: string, value: unknown) => (/^(InstanceId|instance_id)$/.test(key) ? "another" : value);
    const made = world({ around: changing(/DescribeInstanceBackups$|\/backups\?/, other) });
    expect(await problem(made.restore(name))).toMatchObject({ problem: "preflight" });
    expect(made.executed(name)).toBe(0);
  },
);

test("RDS: the end of another job is not that of ours", async () => {
  const around = changing(/\/jobs\?/, (key, value) => (key === "id" ? "another" : value));
  const made = world({ around });
  expect(await made.wait(await made.restore("huaweicloud-rds"))).toMatchObject({ end: "timedOut" });
});

test("one instance is one target, whichever site of the vendor it is reached by", () => {
  const redis = { region: "ap-shanghai-fsi", credentials: { secretId: "AKID", secretKey: "sk" } };
  const [one, other] = [tencentcloudRedis(redis), tencentcloudRedis({ ...redis, site: "intl" })];
  expect(one.scope).toBe(other.scope);
});

test.each([
  ["AddInstanceColdVolume", "notStarted"],
  ["RestoreNewInstance", "notStarted"],
  ["ModifyNothingKnown", "unknown"],
  ["RestoreNewRedisPitr", "accepted"],
])("GeminiDB: a new job %s, after a lost reply", async (kind, want) => {
  const name = "huaweicloud-geminidb";
  const around = changing(/\/jobs\?/, (key, value) => (key === "name" ? kind : value));
  const made = world({ around, pace: { restoreMs: 1000 } });
  lostReply(made, name);
  expect((await made.restore(name)).outcome).toBe(want);
});

describe("a key whose intent the store has lost, but the vendor's records have", () => {
  const name = "opentelekomcloud-dcs";
  const key = { key: "release-42" };

  test.each([0, 30])(
    "is the same restore still, %i minutes later: taken from the records, and not sent again",
    async (m) => {
      const first = world({ pace: { restoreMs: MINUTE } });
      const { intent } = await first.restore(name, key);
      await first.clock.advance(m * MINUTE);
      const second = world({ cloud: first, intents: memoryIntents() });
      const again = await second.restore(name, key);
      expect(again).toMatchObject({ outcome: "accepted", intent: { id: intent.id, task: { found: "reconciled" } } });
      expect([again.intent.task?.id, first.executed(name)]).toEqual([intent.task?.id, 1]);
      expect(await second.wait(again)).toMatchObject({ end: "succeeded" });
      expect((await problem(second.restore(name, key))).problem).toBe("unfinished");
    },
  );

  test("is refused for another backup", async () => {
    const around = changing(/\/restores\?/, (name, value) => (name === "backup_id" ? "another" : value));
    const first = world({ pace: { restoreMs: MINUTE } });
    await first.wait(await first.restore(name, key));
    const second = world({ cloud: first, intents: memoryIntents(), around });
    expect((await problem(second.restore(name, key))).problem).toBe("input");
    expect((await intentsOf(second.intents))[0]).not.toHaveProperty("proof");
    expect(first.executed(name)).toBe(1);
  });

  test("is refused where the record cannot be followed", async () => {
    const around = changing(/\/restores\?/, (name, value) => (name === "restore_id" ? undefined : value));
    const first = world({ pace: { restoreMs: MINUTE } });
    await first.wait(await first.restore(name, key));
    const second = world({ cloud: first, intents: memoryIntents(), around });
    expect((await problem(second.restore(name, key))).problem).toBe("unfinished");
    expect((await intentsOf(second.intents))[0]).not.toHaveProperty("proof");
    expect(first.executed(name)).toBe(1);
  });

  test("is no second restore to a fleet either", async () => {
    const first = world({ pace: { restoreMs: MINUTE } });
    const { instance, overwrite, from } = await first.order(name);
    const text = JSON.stringify({
      format: PLAN_FORMAT,
      name: "drill",
      restores: [{ service: name, instance, overwrite, from }],
    });
    const run = (intents: IntentStore) => {
      const { adapters, clock } = first;
      return runPlan(readPlan("plan.json", text, { adapters }), { adapters, intents, clock, deadlineMs: 30 * MINUTE });
    };
    expect((await run(memoryIntents())).ends.succeeded).toBe(1);
    expect((await run(memoryIntents())).ends.succeeded).toBe(1);
    expect(first.executed(name)).toBe(1);
  });
});
