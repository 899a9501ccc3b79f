import { describe, expect, test } from "vitest";
import { tencentcloudRedis } from "../src/index.js";
import { readLocal, readZoned, toDate, withOffset } from "../src/instant.js";
import { problem } from "./world.js";

describe("text with a zone", () => {
  test.each<[string, string | undefined]>([
    ["2026-01-05T10:00:00Z", "2026-01-05T10:00:00.000Z"],
    ["2026-01-05T10:00:00+08:00", "2026-01-05T02:00:00.000Z"],
    ["2022-06-01T18:50:20+0800", "2022-06-01T10:50:20.000Z"],
    ["2026-01-05T10:00:00-0330", "2026-01-05T13:30:00.000Z"],
    ["2019-05-10T08:31:16.166Z", "2019-05-10T08:31:16.166Z"],
    ["2019-05-10T08:31:16.1669Z", "2019-05-10T08:31:16.166Z"],
    ["2026-01-05 10:00:00Z", "2026-01-05T10:00:00.000Z"],
    ["2026-01-05T10:00Z", "2026-01-05T10:00:00.000Z"],
    ["2026-01-05T10:00:00", undefined],
    ["2026-01-05 10:00:00", undefined],
    ["2026-01-05", undefined],
    ["2026-02-30T10:00:00Z", undefined],
    ["2026-01-05T25:00:00Z", undefined],
    ["2026-01-05T10:00:00+24:00", undefined],
    ["2026-01-05T10:00:00+08:75", undefined],
    ["tomorrow", undefined],
    ["", undefined],
    ["1532001446987", undefined],
  ])("%s", async (text, want) => {
    expect(readZoned(text)?.toISOString()).toBe(want);
    if (want !== undefined) expect(toDate(text, "at").toISOString()).toBe(want);
    else expect(await problem((async () => toDate(text, "at"))())).toMatchObject({ problem: "input" });
  });

  test("a Date that is none", async () => {
    expect(await problem((async () => toDate(new Date("x"), "at"))())).toMatchObject({ problem: "input" });
  });
});

test.each<[string | undefined, string, string | undefined]>([
  ["2018-09-04 12:51:21", "+08:00", "2018-09-04T04:51:21.000Z"],
  ["2018-09-04 12:51:21", "+00:00", "2018-09-04T12:51:21.000Z"],
  ["0000-00-00 00:00:00", "+08:00", undefined],
  ["2018-09-04T12:51:21Z", "+08:00", undefined],
  ["", "+08:00", undefined],
  [undefined, "+08:00", undefined],
])("local time %s of a place at %s", (text, offset, want) => {
  expect(readLocal(text, offset)?.toISOString()).toBe(want);
});

test("what the Huawei APIs take", () => {
  expect(withOffset(new Date("2022-06-01T10:50:20.500Z"))).toBe("2022-06-01T10:50:20+0000");
});

test("Tencent's zone must be an offset", async () => {
  const credentials = { secretId: "a", secretKey: "b" };
  const make = async () => tencentcloudRedis({ region: "ap-guangzhou", credentials, utcOffset: "Asia/Shanghai" });
  expect(await problem(make())).toMatchObject({ problem: "input" });
});
