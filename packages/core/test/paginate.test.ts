import { type Paged, type Pagination, paginate } from "@restorekit/core";
import { describe, expect, test } from "vitest";

type Page = Record<string, unknown>;
const offset: Pagination = {
  style: "offset",
  position: "offset",
  size: "limit",
  first: 0,
  items: "items",
  total: "total",
};
const operation = (pagination: Partial<Pagination> = {}): Paged => ({
  id: "list",
  method: "GET",
  path: "/v1/items",
  effect: "read",
  input: { query: ["offset", "limit"] },
  success: [200],
  pagination: { ...offset, ...pagination },
});
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => ({ n: from + at }));

/** Walks a list that a function answers, and tells what was asked. */
async function walk(paged: Paged, answer: (input: Page, page: number) => unknown, input: Page = {}, most = 1e6) {
  const asked: Page[] = [];
  const items: unknown[] = [];
  const call = async (given: Page) => {
    asked.push(given);
    return answer(given, asked.length) as { items: unknown[] };
  };
  for await (const item of paginate(paged, call, input)) {
    items.push(item);
    if (items.length === most) break;
  }
  return { asked, items };
}

/** A service with so many items, `limit` at a time, never more than 10. */
const service =
  (count: number, total: unknown = count) =>
  ({ offset = 0, limit = 10 }: { offset?: number; limit?: number }) => ({
    items: range(offset, Math.min(count, offset + Math.min(limit, 10))),
    total,
  });

describe("by offset", () => {
  test.each([
    ["nothing", 0, {}, [{ limit: 10, offset: 0 }]],
    ["less than a page", 3, {}, [{ limit: 10, offset: 0 }]],
    ["exactly a page", 10, {}, [{ limit: 10, offset: 0 }]],
    ["two pages and a bit", 21, {}, [0, 10, 20].map((offset) => ({ limit: 10, offset }))],
    ["a size of the caller's own", 5, { limit: 2 }, [0, 2, 4].map((offset) => ({ limit: 2, offset }))],
    ["a start of the caller's own", 15, { offset: 12 }, [{ limit: 10, offset: 12 }]],
    ["a size beyond the maximum", 21, { limit: 500 }, [0, 10, 20].map((offset) => ({ limit: 10, offset }))],
    ["other inputs", 1, { filter: "x" }, [{ limit: 10, offset: 0, filter: "x" }]],
  ])("%s", async (_, count, input, asked) => {
    for (const total of [count, undefined, String(count)]) {
      const paged = operation({ maximum: 10 });
      const seen = await walk(paged, service(count, total) as never, input);
      const start = (input as { offset?: number }).offset ?? 0;
      expect(seen.items).toEqual(range(start, count));
      // Without a total only a page that is not full tells the end.
      if (total === count) expect(seen.asked.slice(0, asked.length)).toEqual(asked);
    }
  });

  test("an operation that gives no total ends with a page that is not full", async () => {
    const { total: _, ...untotalled } = offset;
    const paged = { ...operation(), pagination: { ...untotalled, maximum: 10 } };
    expect((await walk(paged, service(25) as never)).items).toHaveLength(25);
  });
});

test("by page", async () => {
  const paged = operation({ style: "page", position: "page", size: "per_page", first: 1, maximum: 10 });
  const { asked, items } = await walk(paged, ({ page }) => ({
    items: range((Number(page) - 1) * 10, Math.min(25, Number(page) * 10)),
    total: 25,
  }));
  expect(asked).toEqual([1, 2, 3].map((page) => ({ page, per_page: 10 })));
  expect(items).toEqual(range(0, 25));
});

test("a list below a dotted place", async () => {
  const paged = operation({ items: "data.list", total: "data.count" });
  expect((await walk(paged, () => ({ data: { list: range(0, 2), count: 2 } }))).items).toEqual(range(0, 2));
});

test.each<[string, unknown]>([
  ["204", undefined],
  ["null for the list", { items: null, total: 0 }],
  ["no list", { total: 0 }],
  ["an empty list, whatever the total", { items: [], total: 7 }],
])("%s is the end", async (_, page) => {
  const { asked, items } = await walk(operation(), () => page);
  expect(items).toEqual([]);
  expect(asked).toHaveLength(1);
});

test.each<[string, unknown]>([
  ["an object", { items: { 0: "x" } }],
  ["a text", { items: "x" }],
  ["a number", { items: 1 }],
])("%s for the list is no empty list", async (_, page) => {
  await expect(walk(operation(), () => page)).rejects.toThrow(RangeError);
});

test("the same page for ever is an error", async () => {
  await expect(walk(operation(), () => ({ items: range(0, 3), total: 99 }))).rejects.toThrow("same page");
});

test("other pages for ever end", async () => {
  await expect(walk(operation(), (_, page) => ({ items: [page], total: 1e9 }))).rejects.toThrow(
    "more than 10000 pages",
  );
});

test("who stops asks for no further page", async () => {
  const { asked } = await walk(operation({ maximum: 10 }), service(100) as never, {}, 7);
  expect(asked).toHaveLength(1);
});

test("the options reach every call, and a failure ends the walk", async () => {
  const controller = new AbortController();
  const seen: unknown[] = [];
  const walked = async () => {
    const call = async (input: Page, options?: { signal?: AbortSignal | undefined }) => {
      seen.push(options?.signal);
      if (Number(input.offset) > 0) throw new Error("no");
      return { items: range(0, 2), total: 9 };
    };
    for await (const _ of paginate(operation(), call, {}, { signal: controller.signal }));
  };
  await expect(walked()).rejects.toThrow("no");
  expect(seen).toEqual([controller.signal, controller.signal]);
});
