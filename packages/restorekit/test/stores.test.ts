import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { conformance } from "../src/conformance.js";
import { fileIntents } from "../src/file/index.js";
import { takeLock } from "../src/file/lock.js";
import { isGone, thisProcess } from "../src/file/process.js";
import { translate } from "../src/file/system.js";
import { FORMAT, type Intent, memoryIntents, StoreError, targetKey } from "../src/index.js";
import { problem, world } from "./world.js";

const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), "restorekit-"));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

const TARGET = "demo/instance-1";
const intent = (name: string): Intent => ({
  format: FORMAT,
  id: `${targetKey(TARGET)}-${name}`,
  state: "planned",
  service: "demo",
  target: TARGET,
  instance: "instance-1",
  source: { instance: "instance-1", backup: "b" },
  createdAt: "2026-01-05T08:00:00.000Z",
  history: [],
});

describe("conformance", () => {
  test.each(conformance)("memory: $name", async ({ run }) => {
    const store = memoryIntents();
    await run(() => store);
  });

  test.each(conformance)("file: $name", async ({ run }) => {
    const place = join(folder(), "deep", "er");
    await run(() => fileIntents(place));
  });
});

describe("file: what is in the way is reported and left alone", () => {
  const good = (id: string) => JSON.stringify({ version: 1, intent: intent(id) });
  test.each<[string, string, string]>([
    ["cut off", good("a").slice(0, 60), "corrupt"],
    ["empty", "", "corrupt"],
    ["null", "null", "foreign"],
    ["another document", '{"name":"x"}', "foreign"],
    ["a later format", good("a").replace("restorekit-intent/1", "restorekit-intent/9"), "foreign"],
    ["an unknown state", good("a").replace('"planned"', '"exploded"'), "corrupt"],
    ["no version", good("a").replace('"version":1', '"version":"1"'), "corrupt"],
    ["another one's document", good("b"), "corrupt"],
    ["accepted without a task", good("a").replace('"planned"', '"accepted"'), "corrupt"],
  ])("%s", async (_, text, want) => {
    const place = folder();
    const { id } = intent("a");
    writeFileSync(join(place, `${id}.json`), text);
    const store = fileIntents(place);
    expect(await problem(store.read(id))).toMatchObject({ problem: want, name: "StoreError" });
    expect(await problem(store.update(intent("a"), 1))).toMatchObject({ problem: want });
    expect(await problem(store.create(intent("a")))).toMatchObject({ problem: "exists" });
    const listed = [];
    for await (const item of store.list({ target: TARGET, open: true })) listed.push(item);
    expect(listed).toMatchObject([{ id, error: { problem: want } }]);
    expect(readFileSync(join(place, `${id}.json`), "utf8")).toBe(text);
  });

  test("a damaged intent of the target keeps a new restore of it back", async () => {
    const place = folder();
    const { restore, audit, executed, emulator } = world({ intents: fileIntents(place) });
    const target = targetKey(
      "opentelekomcloud-dcs/eu-de/0a1b2c3d4e5f60718293a4b5c6d7e8f9/00000000-0000-4000-8000-0000000dcs01",
    );
    writeFileSync(join(place, `${target}-old.json`), "{");
    expect(await problem(restore("opentelekomcloud-dcs"))).toMatchObject({ problem: "corrupt" });
    expect([audit, emulator.journal.received, executed("opentelekomcloud-dcs")]).toEqual([[], 0, 0]);
  });

  test("other files are none of its business", async () => {
    const place = folder();
    writeFileSync(join(place, "README.txt"), "mine");
    writeFileSync(join(place, `.${intent("a").id}.new`), "half");
    const store = fileIntents(place);
    await store.create(intent("a"));
    expect(readdirSync(place).sort()).toEqual([".locks", `${intent("a").id}.json`, "README.txt"].sort());
  });
});

describe("file: the system", () => {
  test.each<[string, string]>([
    ["ENOSPC", "full"],
    ["EDQUOT", "full"],
    ["EROFS", "readOnly"],
    ["EACCES", "readOnly"],
    ["EIO", "unavailable"],
  ])("%s is %s", (code, want) => {
    const error = translate(Object.assign(new Error("x"), { code }), "/somewhere");
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ problem: want, next: expect.stringMatching(/\w/) });
  });

  test.skipIf(!existsSync("/dev/full") || process.getuid?.() !== 0)(
    "a full disk: nothing is half-written",
    async () => {
      const place = folder();
      const disk = join(place, "disk");
      mkdirSync(disk);
      if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]).status !== 0) return;
      try {
        const store = fileIntents(disk);
        const first = await store.create(intent("a"));
        expect(spawnSync("dd", ["if=/dev/zero", `of=${join(disk, "fill")}`, "bs=1k"]).status).not.toBe(0);
        const large = { ...intent("a"), by: "x".repeat(20_000) };
        expect(await problem(store.update(large, first.version))).toMatchObject({ problem: "full" });
        rmSync(join(disk, "fill"));
        expect(await store.read(intent("a").id)).toEqual(first);
        expect((await store.update({ ...intent("a"), by: "y" }, first.version)).version).toBe(2);
      } finally {
        spawnSync("umount", [disk]);
      }
    },
  );

  test("a folder that cannot be written: refused before anything is sent", async () => {
    const place = folder();
    writeFileSync(join(place, "file"), "");
    const { restore, emulator } = world({ intents: fileIntents(join(place, "file", "below")) });
    expect(await problem(restore("opentelekomcloud-dcs"))).toMatchObject({
      name: "StoreError",
      problem: "unavailable",
    });
    if (process.getuid?.() !== 0) {
      chmodSync(place, 0o500);
      expect(await problem(fileIntents(place).create(intent("a")))).toMatchObject({ problem: "readOnly" });
      chmodSync(place, 0o700);
    }
    expect(emulator.journal.received).toBe(0);
  });
});

describe("file: the lock", () => {
  const dead = () => {
    // A process that is gone by the time anybody looks.
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    return { ...thisProcess(), pid, start: "1" };
  };
  const held = (place: string, holder: object) => {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "7"), JSON.stringify({ free: 0, nonce: "n", ...holder }));
  };

  test.each<[string, () => object, boolean | undefined]>([
    ["this process lives", thisProcess, false],
    ["a dead process", dead, true],
    ["its pid was given to another one", () => ({ ...thisProcess(), start: "1" }), true],
    ["another host", () => ({ ...thisProcess(), host: "elsewhere" }), undefined],
    ["another container", () => ({ ...dead(), namespace: "pid:[1]" }), undefined],
    ["before the machine started again", () => ({ ...thisProcess(), boot: "earlier", machine: "m" }), undefined],
    [
      "a container of the same image and name on another machine",
      () => ({ ...thisProcess(), boot: "another", namespace: "pid:[1]" }),
      undefined,
    ],
  ])("%s: gone is told", (_, holder, want) => {
    expect(isGone(holder() as never)).toBe(want);
  });

  test.skipIf(!thisProcess().machine)("a holder from before the machine started again is gone", () => {
    expect(isGone({ ...thisProcess(), boot: "earlier" })).toBe(true);
  });

  test("is taken from a dead holder, by one of many", async () => {
    const place = join(folder(), "lock");
    held(place, dead());
    const taken = await Promise.all(Array.from({ length: 20 }, () => takeLock(place)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await takeLock(place)).toBeUndefined();
  });

  test("is never taken from a holder nobody can judge, unless isDead says so", async () => {
    const place = join(folder(), "lock");
    held(place, { ...thisProcess(), host: "elsewhere" });
    expect(await takeLock(place)).toBeUndefined();
    expect(await takeLock(place, ({ host }) => host === "elsewhere")).toBeDefined();
  });

  test("an unreadable lock counts as held", async () => {
    const place = join(folder(), "lock");
    mkdirSync(place);
    writeFileSync(join(place, "3"), "{");
    expect(await takeLock(place)).toBeUndefined();
  });

  test("a writer that waits in vain names the holder", async () => {
    const place = folder();
    const store = fileIntents(place, { patienceMs: 30 });
    for (let shard = 0; shard < 16; shard++) {
      held(join(place, ".locks", `writers-${shard}`), { ...thisProcess(), host: "elsewhere", pid: 4711 });
    }
    const refused = await problem(store.create(intent("a")));
    expect(refused).toMatchObject({ problem: "locked" });
    expect(refused.message).toContain("4711 on elsewhere");
  });

  test("many processes count without losing one", async () => {
    const place = folder();
    const script = join(import.meta.dirname, "counter.mjs");
    const { spawn } = await import("node:child_process");
    await fileIntents(place).create({ ...intent("a"), by: "0" });
    const runs = Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, [script, place, intent("a").id, "15"], { stdio: "inherit" });
      return new Promise((resolve) => child.on("exit", resolve));
    });
    expect(await Promise.all(runs)).toEqual([0, 0, 0, 0]);
    expect((await fileIntents(place).read(intent("a").id))?.intent.by).toBe("60");
  });
});
