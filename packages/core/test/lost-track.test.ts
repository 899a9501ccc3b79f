import { expect, test } from "vitest";
import { connect } from "./demo.js";
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
