import { type AddressInfo, createServer } from "node:net";
import { ApiError, type TransportError } from "@restorekit/core";
import { sdkHmac } from "@restorekit/core/signing";
import { undiciTransport } from "@restorekit/core/undici";
import { expect, test } from "vitest";
import { connect, operations } from "./demo.js";
import { faultServer } from "./fault-server.js";

// Ways in which a write that was sent could come back as something else.
const input = { instance_id: "i-1", backup_id: "b-1" };
const ok = async () => new Response('{"id":"r-1"}');

test("an answer without the documented content is not a result", async () => {
  for (const status of [204, 206]) {
    const answer = status === 204 ? new Response(null, { status }) : new Response("<html>", { status });
    const end = await connect({ fetch: async () => answer.clone() })
      .restore(input)
      .settled();
    expect(end).toMatchObject({ ok: false, error: { failure: "malformed", executed: "maybe" } });
  }
  const nothing = await connect({ fetch: async () => new Response('{"id":null}') })
    .restore(input)
    .settled();
  expect(nothing).toMatchObject({ ok: false, error: { executed: "maybe" } });
});

test("a limiter that fails afterwards changes nothing", async () => {
  const limiter = {
    take: async () => () => {
      throw new Error("limiter");
    },
  };
  await expect(connect({ fetch: ok, limiter }).restore(input)).resolves.toEqual({ id: "r-1" });
});

test("a limiter that fails with the error of another call: the call has one of its own, and hooks hear its end", async () => {
  const other = new ApiError(
    { service: "x", operation: "y" },
    { code: "X", status: 500 },
    { executed: "no", why: "w" },
  );
  const rateLimit = { requests: 1, seconds: 1, per: "account" } as const;
  const table = { ...operations, listRestores: { ...operations.listRestores, rateLimit } };
  let turns = 0;
  const ends: unknown[] = [];
  const client = connect(
    {
      limiter: { take: async () => (turns++ ? Promise.reject(other) : undefined) },
      fetch: async () => new Response("", { status: 503 }),
      hooks: { onEnd: ({ outcome }) => ends.push(outcome) },
    },
    sdkHmac,
    table,
  );
  expect(await client.listRestores({ instance_id: "i-1" }).settled()).toMatchObject({
    ok: false,
    error: { service: "demo", operation: "listRestores", failure: "refusedHere", executed: "maybe" },
  });
  expect(ends).toEqual(["refusedHere"]);
});

const text = '{"error_code":"APIGW.0308","error_msg":"m"}';
test.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["no status", { headers: new Headers(), text }],
  ["a status that is no number", { status: Number.NaN, headers: new Headers(), text }],
  ["a status as text", { status: "429", headers: new Headers(), text }],
  ["a success status as text", { status: "200", headers: new Headers(), text: '{"id":"r-1"}' }],
  ["no headers", { status: 200, text: '{"id":"r-1"}' }],
  ["no text", { status: 200, headers: new Headers() }],
])("a transport that answers %s: a write may have run, and is sent once", async (_, answer) => {
  let sent = 0;
  const send = async () => {
    sent++;
    return answer as never;
  };
  const table = { ...operations, restore: { ...operations.restore, resultHeaders: ["x-job"] } };
  const end = await connect({ transport: { sendRead: send, sendWrite: send } }, sdkHmac, table)
    .restore(input)
    .settled();
  expect(end).toMatchObject({ ok: false, error: { failure: "malformed", executed: "maybe" } });
  expect(sent).toBe(1);
});

test("a transport may be a class, and answer with a promise of its own kind", async () => {
  class Own {
    readonly text = '{"id":"r-1"}';
    sendRead() {
      return this.sendWrite();
    }
    sendWrite() {
      const answer = { status: 200, headers: new Headers(), text: this.text };
      // biome-ignore lint/suspicious/noThenProperty: a promise of another library
      return { then: (resolve: (value: unknown) => void) => void setTimeout(resolve, 1, answer) } as never;
    }
  }
  await expect(connect({ transport: new Own() }).restore(input)).resolves.toEqual({ id: "r-1" });
});

test("a clock that fails after the request was sent leaves it unclear", async () => {
  let sent = false;
  const now = () => {
    if (sent) throw new Error("clock");
    return 0;
  };
  const fetch = async () => {
    sent = true;
    return new Response("{}", { status: 500 });
  };
  expect(await connect({ fetch, now }).restore(input).settled()).toMatchObject({
    ok: false,
    error: { executed: "maybe" },
  });
});

test.each(["host", "transfer-encoding", "content-length", "Connection"])("a raw call cannot set %s", async (name) => {
  const server = await faultServer('{"id":"r-1"}');
  const client = connect({ endpoint: server.endpoint });
  const http = client.http as unknown as { POST(path: string, init: object): Promise<unknown> };
  const init = { params: { path: input }, body: { backup_id: "b" }, headers: { [name]: "x" } };
  await expect(http.POST("/v1/{project_id}/instances/{instance_id}/restores", init)).rejects.toThrow();
  expect(server.arrived()).toHaveLength(0);
  await server.close();
});

test.each([
  ["a page from somebody on the way", 403, "<html>", "maybe"],
  ["a refusal of the service", 403, '{"error_code":"X.1","error_msg":"m"}', "no"],
  ["a throttling code with a gateway's status", 504, '{"error_code":"APIGW.0308","error_msg":"m"}', "maybe"],
  ["a code that says it timed out", 400, '{"error_code":"ServiceError.TimedOut","error_msg":"m"}', "maybe"],
  ["a status that HTTP does not have", 999, "{}", "maybe"],
])("%s: executed", async (_, status, body, executed) => {
  let arrived = 0;
  const fetch = async () => {
    arrived++;
    return { status, headers: new Headers(), body: new Blob([body]).stream() } as unknown as Response;
  };
  expect(await connect({ fetch }).restore(input).settled()).toMatchObject({ ok: false, error: { executed } });
  expect(arrived).toBe(1);
});

test("a long error text is not searched, and not kept", async () => {
  const text = "\\".repeat(1_000_000);
  const body = JSON.stringify({ error_code: "X.1", error_msg: text });
  const end = await connect({ fetch: async () => new Response(body, { status: 400 }) })
    .restore({ ...input, password: "!Passw0rd" })
    .settled();
  expect(end).toMatchObject({ ok: false, error: { code: "X.1", detail: "a text of 1000000 characters" } });
});

test.each([
  ["own connection", undefined],
  ["undici", undiciTransport()],
])("a success without a body and without a length may have been cut: %s", async (_, transport) => {
  const answers = [
    "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n",
    "HTTP/1.0 200 OK\r\n\r\n",
    "HTTP/1.0 200 OK\r\n\r\n\n  ",
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
  ];
  const ends: unknown[] = [];
  for (const answer of answers) {
    const server = createServer((socket) => {
      socket.on("data", () => socket.end(answer)).on("error", () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const end = await connect({ endpoint, transport }).setPolicy({ instance_id: "i-1", enabled: true }).settled();
    ends.push(end.ok || [(end.error as TransportError).failure, end.error.executed]);
    await new Promise((resolve) => server.close(resolve));
  }
  const cut = ["connectionLost", "maybe"];
  expect(ends).toEqual([cut, cut, cut, true]);
});

test.each([
  { error_code: "DBS.1", error_msg: "m" },
  { errorCode: "DBS.1", errorMsg: "m" },
  { errCode: "DBS.1", externalMessage: "m" },
  { code: "DBS.1", message: "m" },
  { error: { code: "DBS.1", message: "m" } },
])("a write without a documented result is not done where a success says %j", async (body) => {
  const end = await connect({ fetch: async () => Response.json(body) })
    .setPolicy({ instance_id: "i-1", enabled: true })
    .settled();
  expect(end).toMatchObject({ ok: false, error: { failure: "malformed", executed: "maybe" } });
});
