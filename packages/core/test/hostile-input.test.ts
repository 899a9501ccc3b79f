import { buildClient, InputError, type Operation, type Service } from "@restorekit/core";
import { sdkHmac } from "@restorekit/core/signing";
import { describe, expect, test } from "vitest";

const service: Service = {
  name: "demo",
  version: "1",
  endpoints: [{ url: "https://demo.example.com" }],
  errors: "huawei",
};
const operations = {
  write: {
    id: "write",
    method: "POST",
    path: "/v1/{project_id}/things/{id}/parts",
    effect: "creates",
    input: { path: ["project_id", "id"], query: ["q", "list"], header: ["X-Note"], body: ["data"] },
    required: ["id"],
    client: { project_id: "projectId" },
    headers: { "X-TC-Action": "Write" },
    success: [200],
  },
  remove: {
    id: "remove",
    method: "DELETE",
    path: "/v1/{project_id}/things/{id}",
    effect: "deletes",
    input: { path: ["project_id", "id"] },
    success: [200],
  },
} as const satisfies Record<string, Operation>;

type Calls = Record<keyof typeof operations, (input?: unknown) => Promise<unknown>>;
interface Paths {
  [path: string]: {
    post: {
      parameters: { query?: never };
      requestBody?: never;
      responses: { 200: { content: { "application/json": unknown } } };
    };
  };
}

/** A client, and what it sent. */
function connect(projectId = "p-1") {
  const sent: { url: string; headers: Headers; body: unknown }[] = [];
  const client = buildClient<Calls, Paths, { ak: string; sk: string }>(service, operations, sdkHmac, {
    projectId,
    credentials: { ak: "AK", sk: "SK" },
    fetch: async (url, init) => {
      sent.push({ url: String(url), headers: new Headers(init?.headers), body: init?.body });
      return new Response("{}");
    },
  });
  return { client, sent };
}

const base = { id: "t-1" };
const cycle: Record<string, unknown> = {};
cycle.self = cycle;
let deep: unknown = "bottom";
for (let level = 0; level < 40; level++) deep = { deep };

/** Says something else when it is asked again. */
function secondThought() {
  const values = [1, Number.NaN];
  return {
    get a() {
      return values.shift();
    },
  };
}

describe("calls", () => {
  test.each([
    ["plain", "t-1", "t-1"],
    ["a slash", "a/b", "a%2Fb"],
    ["a way up", "../x", "..%2Fx"],
    ["dots, escaped", "%2e%2e", "%252e%252e"],
    ["a dot and an escaped dot", ".%2e", ".%252e"],
    ["three dots", "...", "..."],
    ["a backslash", "..\\x", "..%5Cx"],
    ["a query", "?x=1", "%3Fx%3D1"],
    ["a fragment", "#Action=Remove", "%23Action%3DRemove"],
    ["a template", "{id}", "%7Bid%7D"],
    ["white space", " a\tb\n", "%20a%09b%0A"],
    ["a null byte", "a\0", "a%00"],
    ["letters", "\u00fc\u{1f511}", "%C3%BC%F0%9F%94%91"],
    ["a number", 42, "42"],
    ["a replacement pattern", "$&$1", "%24%26%241"],
    ["semicolons", "a;b,c:@", "a%3Bb%2Cc%3A%40"],
  ])("a path parameter stays one segment: %s", async (_, id, segment) => {
    const { client, sent } = connect();
    await client.write({ id });
    expect(sent[0]?.url).toBe(`https://demo.example.com/v1/p-1/things/${segment}/parts`);
  });

  test.each<[string, unknown, string]>([
    ["empty", { id: "" }, "id"],
    ["one dot", { id: "." }, "id"],
    ["two dots", { id: ".." }, "id"],
    ["half a character", { id: "a\ud800" }, "id"],
    ["an object as id", { id: { toString: () => "x" } }, "id"],
    ["null as id", { id: null }, "id"],
    ["NaN as id", { id: Number.NaN }, "id"],
    ["a rounded number as id", { id: 2 ** 60 }, "id"],
    ["no id", {}, "id"],
    ["undefined as id", { id: undefined }, "id"],
    ["an unknown input", { ...base, other: 1 }, "other"],
    ["a __proto__ key", JSON.parse('{"id":"t-1","__proto__":{"q":"x"}}'), "__proto__"],
    ["a constructor key", { ...base, constructor: 1 }, "constructor"],
    ["inherited inputs", Object.create({ id: "t-1" }), "id"],
    ["no object", null, "the input"],
    ["a text", "id", "the input"],
    ["a list", [1], "id"],
    ["a header with a line break", { ...base, "X-Note": "a\r\nX-Evil: 1" }, "X-Note"],
    ["a header with a line feed", { ...base, "X-Note": "a\nb" }, "X-Note"],
    ["a header with a null byte", { ...base, "X-Note": "a\0" }, "X-Note"],
    ["a header beyond ASCII", { ...base, "X-Note": "\u00fc" }, "X-Note"],
    ["a header with a line separator", { ...base, "X-Note": "a\u2028b" }, "X-Note"],
    ["an empty header", { ...base, "X-Note": "" }, "X-Note"],
    ["a header with spaces around", { ...base, "X-Note": " a" }, "X-Note"],
    ["a header that is an object", { ...base, "X-Note": {} }, "X-Note"],
    ["a header that is null", { ...base, "X-Note": null }, "X-Note"],
    ["a query that is null", { ...base, q: null }, "q"],
    ["a query that is an object", { ...base, q: { "a]=1&evil": 1 } }, "q"],
    ["an empty list in the query", { ...base, list: [] }, "list"],
    ["a list of lists in the query", { ...base, list: [["a"]] }, "list"],
    ["half a character in the query", { ...base, q: "\udc00" }, "q"],
    ["NaN in the body", { ...base, data: { a: [Number.NaN] } }, "data.a.0"],
    ["infinity in the body", { ...base, data: Number.POSITIVE_INFINITY }, "data"],
    ["a bigint in the body", { ...base, data: [1n] }, "data.0"],
    ["an integer that was rounded", { ...base, data: 2 ** 53 }, "data"],
    ["half a character in the body", { ...base, data: "\ud83d" }, "data"],
    ["a function in the body", { ...base, data: { a: () => {} } }, "data.a"],
    ["toJSON in the body", { ...base, data: { toJSON: () => "other" } }, "data.toJSON"],
    ["a symbol in the body", { ...base, data: [Symbol("x")] }, "data.0"],
    ["a Date in the body", { ...base, data: new Date(0) }, "data"],
    ["a Map in the body", { ...base, data: { a: new Map([[1, 2]]) } }, "data.a"],
    ["a class in the body", { ...base, data: new (class Thing {})() }, "data"],
    ["a boxed number in the body", { ...base, data: Object(1) }, "data"],
    ["bytes in the body", { ...base, data: new Uint8Array(2) }, "data"],
    ["a gap in a list", { ...base, data: [undefined] }, "data"],
    ["a sparse list", { ...base, data: Array(1) }, "data"],
    ["a cycle in the body", { ...base, data: cycle }, `data${".self".repeat(33)}`],
    ["40 levels in the body", { ...base, data: deep }, `data${".deep".repeat(33)}`],
  ])("refused before anything is sent: %s", async (_, input, field) => {
    const { client, sent } = connect();
    const error = await client.write(input).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ field, executed: "no" });
    expect(sent).toEqual([]);
  });

  test.each<[string, object, string]>([
    ["characters with a meaning", { q: "a&b=c#d?e+f %" }, "q=a%26b%3Dc%23d%3Fe%2Bf%20%25"],
    ["letters", { q: "\u00fc\u{1f511}" }, "q=%C3%BC%F0%9F%94%91"],
    ["a line break", { q: "a\r\nb" }, "q=a%0D%0Ab"],
    ["a list", { list: ["a,b", "c&d"] }, "list=a%2Cb&list=c%26d"],
    ["a number and a boolean", { q: 0, list: [false] }, "q=0&list=false"],
    ["an empty text", { q: "" }, "q="],
  ])("a query says exactly what was asked: %s", async (_, input, query) => {
    const { client, sent } = connect();
    await client.write({ ...base, ...input });
    expect(new URL(sent[0]?.url ?? "").search).toBe(`?${query}`);
  });

  test.each<[string, () => unknown, unknown]>([
    ["a getter", secondThought, { a: 1 }],
    ["a hidden toJSON", () => Object.defineProperty({ a: 1 }, "toJSON", { value: () => "other" }), { a: 1 }],
    ["a list with a toJSON", () => Object.assign([1], { toJSON: () => "other" }), [1]],
  ])("what was checked is what goes out: %s", async (_, data, sentData) => {
    const { client, sent } = connect();
    await client.write({ ...base, data: data() });
    expect(sent[0]?.body).toBe(JSON.stringify({ data: sentData }));
  });

  test("keys with a meaning to JavaScript go out as they are", async () => {
    const data = JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":2},"toString":"x"}');
    const { client, sent } = connect();
    await client.write({ ...base, data });
    expect(sent[0]?.body).toBe(JSON.stringify({ data }));
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  test.each(["", ".", "..", "a\ud800"])("the client's project is no way out either: %j", async (project) => {
    const { client, sent } = connect(project);
    await expect(client.remove({ id: "t-1", ...(project === "" ? { project_id: "" } : {}) })).rejects.toBeInstanceOf(
      InputError,
    );
    expect(sent).toEqual([]);
  });
});

test("a query goes out where the path names an action, raw too", async () => {
  const sent: unknown[] = [];
  const list: Operation = {
    id: "list",
    method: "GET",
    path: "/#Action=List",
    effect: "read",
    input: { query: ["q"] },
    success: [200],
  };
  const client = buildClient<Calls & { list: Calls["write"] }, Paths, { ak: string; sk: string }>(
    service,
    { list },
    sdkHmac,
    {
      credentials: { ak: "AK", sk: "SK" },
      fetch: async (url) => {
        sent.push(url);
        return new Response("{}");
      },
    },
  );
  await client.list({ q: "a#b?c" });
  await client.http.GET("/#Action=List" as never, { params: { query: { q: "a#b?c" } } } as never);
  expect(sent).toEqual(Array(2).fill("https://demo.example.com/?q=a%23b%3Fc"));
});

describe("raw calls", () => {
  const template = "/v1/{project_id}/things/{id}/parts";
  const raw = (path: string, id: string | undefined) => {
    const { client, sent } = connect();
    const init = { params: { path: { id } }, headers: { "x-tc-action": "Evil", "X-TC-ACTION": "Evil" } };
    return { sent, done: client.http.POST(path as never, init as never) as Promise<unknown> };
  };

  test("a path is filled in the same way, and the operation's own headers stay", async () => {
    const { sent, done } = raw(template, "a/../b");
    await done;
    expect(sent[0]?.url).toBe("https://demo.example.com/v1/p-1/things/a%2F..%2Fb/parts");
    expect(sent[0]?.headers.get("x-tc-action")).toBe("Write");
  });

  test.each([
    ["dots", template, ".."],
    ["nothing", template, undefined],
    ["another path", "/v1/{project_id}/things", "t-1"],
    ["a path that was put together", "/v1/p-1/things/../../admin", "t-1"],
    ["another host", "@evil.example.net/v1/p-1/things/t-1/parts", "t-1"],
    ["a host that begins alike", ".evil.example.net/v1/p-1/things/t-1/parts", "t-1"],
  ])("refused before anything is signed: %s", async (_, path, id) => {
    const { sent, done } = raw(path, id);
    await expect(done).rejects.toBeInstanceOf(InputError);
    expect(sent).toEqual([]);
  });

  test.each([
    "https://evil.example.net/v1/p-1/things/t-1/parts",
    "https://demo.example.com/v1/p-1/things/t-1",
    "https://demo.example.com/v1/p-1/things/%7Bid%7D/parts",
  ])("middleware cannot send one elsewhere: %s", async (url) => {
    const { client, sent } = connect();
    client.http.use({ onRequest: ({ request }) => new Request(url, request) });
    const init = { params: { path: { id: "t-1" } } };
    await expect(client.http.POST(template as never, init as never)).rejects.toBeInstanceOf(InputError);
    expect(sent).toEqual([]);
  });

  test("of two templates that fit, the more literal one is meant; between equals a write", async () => {
    const common = { method: "POST", input: { path: ["id"] }, success: [200] } as const;
    const table: Record<string, Operation> = {
      look: { ...common, id: "look", path: "/v1/things/{id}", effect: "read" },
      wipe: { ...common, id: "wipe", path: "/v1/things/wipe", effect: "deletes", input: {} },
      peek: { ...common, id: "peek", path: "/v2/{id}/part", effect: "read" },
      drop: { ...common, id: "drop", path: "/v2/things/{id}", effect: "deletes" },
    };
    const asked: string[] = [];
    const { http } = buildClient<object, Paths, { ak: string; sk: string }>(service, table, sdkHmac, {
      credentials: { ak: "AK", sk: "SK" },
      fetch: async () => new Response("{}"),
      hooks: { onRequest: ({ operation }) => asked.push(operation) },
    });
    await http.POST("/v1/things/wipe" as never, {} as never);
    await http.POST("/v1/things/{id}" as never, { params: { path: { id: "t-1" } } } as never);
    await http.POST("/v2/{id}/part" as never, { params: { path: { id: "things" } } } as never);
    expect(asked).toEqual(["wipe", "look", "drop"]);
  });

  test("middleware is for raw calls: the others know nothing of it", async () => {
    const { client, sent } = connect();
    client.http.use({ onRequest: () => new Response('{"answered":"by middleware"}') });
    await client.write(base);
    expect(sent).toHaveLength(1);
  });
});
