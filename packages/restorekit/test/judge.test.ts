import type { ServiceName } from "@restorekit/emulator";
import { createClient as connectGemini } from "@restorekit/huaweicloud-geminidb";
import { createClient as connectRds } from "@restorekit/huaweicloud-rds";
import { createClient as connectDcs } from "@restorekit/opentelekomcloud-dcs";
import { createClient as connectRedis } from "@restorekit/tencentcloud-redis";
import { describe, expect, test } from "vitest";
import type { Sighting } from "../src/adapter.js";
import { judge, snapshot } from "../src/judge.js";
import { NAMES, PASSWORD, SERVICES, world } from "./world.js";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 5, 8, minute));
const seen = (id: string, relation: Sighting["relation"], minute: number | undefined = 0): Sighting => ({
  id,
  relation,
  startedAt: minute === undefined ? undefined : at(minute),
  running: false,
});
const window = { from: Number(at(-5)), to: Number(at(5)) };

describe("judge", () => {
  test.each<[string, Sighting[], Parameters<typeof judge>[1], string]>([
    ["nothing listed", [], {}, "none"],
    ["one new restore in the window", [seen("a", "likely")], {}, "a"],
    ["one that carries the intent's id, whenever it began", [seen("a", "ours", 50), seen("b", "likely")], {}, "a"],
    ["only one that was known before", [seen("a", "likely")], { known: { ids: ["a"] } }, "none"],
    ["a known and a new one", [seen("a", "likely"), seen("b", "likely")], { known: { ids: ["a"] } }, "b"],
    [
      "only older ones than are kept",
      [seen("z", "likely", -3)],
      { known: { ids: [], before: at(-2).toISOString() } },
      "none",
    ],
    ["two new ones", [seen("a", "likely"), seen("b", "likely", 1)], {}, "unclear"],
    ["two that carry the intent's id", [seen("a", "ours"), seen("b", "ours", 1)], {}, "unclear"],
    ["one too early", [seen("a", "likely", -6)], {}, "unclear"],
    ["one too late", [seen("a", "likely", 6)], {}, "unclear"],
    ["one without a readable time", [{ ...seen("a", "likely"), startedAt: undefined }], {}, "unclear"],
    ["one that may be it", [seen("a", "doubtful")], {}, "unclear"],
    ["a restore, and something that followed it", [seen("a", "likely"), seen("b", "doubtful", 1)], {}, "a"],
    ["others", [seen("a", "other"), seen("b", "other")], {}, "none"],
    [
      "one new restore, but the submit was refused as locked",
      [seen("a", "likely")],
      { submit: { from: "", error: { code: "locked", executed: "no", locked: true } } },
      "unclear",
    ],
  ])("%s", (_, sightings, intent, want) => {
    const verdict = judge(sightings, intent, window);
    expect(verdict.kind === "found" ? verdict.id : verdict.kind).toBe(want);
  });

  test("a snapshot keeps few ids, and of the rest how old they are", () => {
    const many = Array.from({ length: 100 }, (_, index) => seen(`r${index}`, "likely", index));
    const known = snapshot([...many, seen("x", "other", 200)]);
    expect(known.ids).toHaveLength(20);
    expect(known).toMatchObject({ before: at(80).toISOString() });
    expect(judge(many, { known }, window)).toEqual({ kind: "none" });
    expect(judge([...many, seen("new", "likely")].slice(60), { known }, window)).toEqual({ kind: "none" });
    expect(judge([...many, seen("new", "likely", 99)], { known }, { ...window, to: Number(at(120)) })).toEqual({
      kind: "found",
      id: "new",
      marked: false,
    });
  });
});

/** Somebody else restores between our pre-flight and our submit. */
function rivalry(name: ServiceName, ours: "ran" | "lost") {
  let done = false;
  const made = world({
    pace: { restoreMs: 1000, waitMs: 0, rdsVisibleMs: 0 },
    around: (fetch) => async (input, init) => {
      const request = new Request(input, init);
      const submit =
        request.headers.get("x-tc-action") === "RestoreInstance" ||
        (request.method !== "GET" && /(restores|pitr|recovery)$/.test(request.url));
      if (!submit || done) return fetch(request);
      done = true;
      await rival();
      await made.clock.sleep(20_000);
      if (ours === "ran") await fetch(request);
      throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
    },
  });
  return made;

  async function rival() {
    const { emulator, clock, order } = made;
    const { instance, from } = await order(name);
    const { ak, sk, secretId, secretKey, projectId } = emulator.credentials;
    const shared = { fetch: emulator.fetch as typeof fetch, now: clock.now, sleep: clock.sleep };
    const scoped = { region: "cn-north-4", projectId, credentials: { ak, sk }, ...shared };
    if (name === "tencentcloud-redis") {
      const redis = connectRedis({ region: "ap-guangzhou", credentials: { secretId, secretKey }, ...shared });
      return redis.restoreInstance({ InstanceId: instance, BackupId: from.backup, Password: PASSWORD });
    }
    if (name === "opentelekomcloud-dcs") {
      const dcs = connectDcs({ ...scoped, region: "eu-de" });
      return dcs.restoreInstance({ instance_id: instance, backup_id: from.backup, remark: "by hand" });
    }
    if (name === "huaweicloud-geminidb") {
      const restore_time = `${from.at.toISOString().slice(0, 19)}+0000`;
      return connectGemini(scoped).restoreRedisPitr({ instance_id: instance, restore_time });
    }
    const source = { instance_id: instance, backup_id: from.backup };
    return connectRds(scoped).restoreExistInstance({ source, target: { instance_id: instance } });
  }
}

describe.each(NAMES)("another actor on %s", (name) => {
  const marked = name === "opentelekomcloud-dcs";

  test("is quicker, and our own submit ran too: only DCS records tell which is ours", async () => {
    const { restore, executed } = rivalry(name, "ran");
    const outcome = await restore(name);
    expect([outcome.outcome, executed(name)]).toEqual([marked ? "accepted" : "unknown", 2]);
    if (outcome.outcome === "unknown") expect(outcome.next).toContain("2 new restores");
  });

  test("is quicker, and our own submit was lost: where records do not tell, his restore is taken for ours", async () => {
    const { restore, executed } = rivalry(name, "lost");
    const outcome = await restore(name);
    expect([outcome.outcome, executed(name)]).toEqual([marked ? "notStarted" : "accepted", 1]);
    if (outcome.outcome === "accepted") expect(outcome.intent.task?.found).toBe("reconciled");
  });

  test("restored the same before us: that is no answer for ours", async () => {
    const made = world({ pace: { restoreMs: 1000 } });
    await made.wait(await made.restore(name));
    made.emulator.faults.next(SERVICES[name].submit, { kind: "dropBefore" }, { service: name });
    expect((await made.restore(name)).outcome).toBe("notStarted");
    expect(made.executed(name)).toBe(1);
  });
});
