import http from "node:http";
import { gzipSync } from "node:zlib";
import { CallError, TransportError } from "@restorekit/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "./demo.js";

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: string | Buffer;
}

let next: Answer = { body: "" };
let arrived = 0;
const server = http.createServer((request, response) => {
  arrived++;
  request.resume();
  response.writeHead(next.status ?? 200, { "content-type": "application/json", ...next.headers }).end(next.body);
});
let endpoint = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const MILLION = 1_000_000;
const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024, "[1]"), { level: 9 });

const table: [name: string, answer: Answer, failure: string][] = [
  [
    "a page of a captive portal",
    { headers: { "content-type": "text/html" }, body: "<html>Sign in</html>" },
    "malformed",
  ],
  ["half of a JSON text", { body: '{"id":"r-1","more":' }, "malformed"],
  ["two JSON texts", { body: '{"id":"r-1"}{"id":"r-2"}' }, "malformed"],
  ["no object", { body: '"r-1"' }, "malformed"],
  ["null", { body: "null" }, "malformed"],
  ["bytes that are no UTF-8", { body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]) }, "malformed"],
  ["a million levels of lists", { body: `{"a":${"[".repeat(MILLION)}${"]".repeat(MILLION)}}` }, "malformed"],
  ["a million levels of objects", { body: `${'{"a":'.repeat(MILLION)}1${"}".repeat(MILLION)}` }, "malformed"],
  ["a million levels that do not end", { body: '[{"a":'.repeat(MILLION) }, "malformed"],
  ["an integer that is rounded", { body: '{"id":9007199254740993}' }, "unsafeInteger"],
  ["an integer in a list", { body: '{"a":[1,2,-123456789012345678]}' }, "unsafeInteger"],
  ["a number beyond all numbers", { body: '{"a":1e400}' }, "unsafeInteger"],
  ["more bytes than the limit", { body: `{"a":"${"x".repeat(9 * 1024 * 1024)}"}` }, "tooLarge"],
];

const calls = [
  ["a write", (options = {}) => connect({ endpoint, ...options }).restore({ instance_id: "i-1", backup_id: "b-1" })],
  ["a read", (options = {}) => connect({ endpoint, ...options }).listRestores({ instance_id: "i-1" })],
] as const;

describe.each(calls)("%s", (name, call) => {
  test.each(table)("%s is a failure of its own kind", async (_, answer, failure) => {
    next = answer;
    arrived = 0;
    const error = await call().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ failure, executed: "maybe" });
    expect((error as Error).message.length).toBeLessThan(500);
    expect(arrived).toBe(1);
  });

  test.each([301, 302, 303, 307, 308])("%i is not followed", async (status) => {
    const elsewhere: http.IncomingMessage[] = [];
    const other = http.createServer((request, response) => {
      elsewhere.push(request);
      response.end("{}");
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    next = {
      status,
      headers: { location: `http://127.0.0.1:${(other.address() as { port: number }).port}/` },
      body: "",
    };
    await expect(call()).rejects.toMatchObject({ failure: "redirected", executed: "maybe" });
    expect(elsewhere).toHaveLength(0);
    other.closeAllConnections();
    other.close();
  });

  test.each([
    ["gzip", bomb],
    ["deflate", bomb],
    ["br", Buffer.alloc(100)],
  ])("a compressed answer stays within the limit: %s", async (coding, body) => {
    next = { headers: { "content-encoding": coding }, body };
    const before = process.memoryUsage().rss;
    const error = await call().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(CallError);
    expect(["tooLarge", "malformed", "connectionLost"]).toContain((error as TransportError).failure);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  test("a long text of escapes is read", { timeout: 20_000 }, async () => {
    const body = `{"id":"${"\\n".repeat(3 * MILLION)}","total":0,"restores":[],"digits":"1234567890123456789"}`;
    next = { body };
    expect(await call({ maxBytes: 16 * 1024 * 1024 })).toEqual(JSON.parse(body));
  });

  test("keys with a meaning to JavaScript stay data", async () => {
    next = { body: '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":"r-1"}' };
    const result = (await call()) as object;
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.keys(result)).toEqual(["__proto__", "constructor", "id"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test("six million brackets are refused in little time", async () => {
    next = { body: "[".repeat(6 * MILLION) };
    const began = performance.now();
    await expect(call()).rejects.toMatchObject({ failure: "malformed", executed: "maybe" });
    expect(performance.now() - began).toBeLessThan(800);
  });

  test("a bracket in a text is no level", async () => {
    const body = JSON.stringify({ id: `${'["{\\'.repeat(300)}`, restores: [], total: 0 });
    next = { body };
    expect(await call()).toEqual(JSON.parse(body));
  });

  test("an answer is not read from its prototype", async () => {
    next = { status: 400, body: '{"__proto__":{"error_code":"X.1"}}' };
    await expect(call()).rejects.toMatchObject({ status: 400 });
  });

  test("headers without end are a lost connection", async () => {
    next = { headers: { "x-long": "x".repeat(200_000) }, body: "{}" };
    const error = await call({ retry: { attempts: 1 } }).catch((error: unknown) => error);
    expect(error, name).toMatchObject({ failure: "connectionLost", executed: "maybe" });
  });

  test("205 cannot carry a body, and a result comes all the same", async () => {
    next = { status: 205, body: '{"id":"r-1"}' };
    const ended = await call()
      .withResponse()
      .then(
        ({ response }) => response.status,
        (error: unknown) => error,
      );
    if (ended !== 205) expect(ended).toBeInstanceOf(CallError);
  });
});
