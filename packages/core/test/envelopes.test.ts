import { expect, test } from "vitest";
import { connect } from "./demo.js";

const answer = (status: number, body: unknown) => connect({ fetch: async () => Response.json(body, { status }) });
const restore = (client: ReturnType<typeof connect>) =>
  client.restore({ instance_id: "i-1", backup_id: "b-1" }).settled();

// Every form in which the services were seen to answer an error.
test.each([
  ["flat", { error_code: "DBS.1", error_msg: "m" }],
  ["flat with a null beside it", { error_code: "DBS.1", error_msg: "m", error_ext_msg: null }],
  ["of the gateway", { error_code: "DBS.1", error_msg: "m", request_id: "r-9" }],
  ["below error", { error: { code: "DBS.1", message: "m", ext_message: null } }],
  ["in camel case, external", { errCode: "DBS.1", externalMessage: "m" }],
  ["in camel case", { errorCode: "DBS.1", errorMsg: "m" }],
  ["in long camel case", { errorCode: "DBS.1", errorMessage: "m" }],
  ["below a name of its own", { itemNotFound: { code: "DBS.1", message: "m" } }],
  ["bare", { code: "DBS.1", message: "m" }],
  ["in a list", { errors: [{ code: "DBS.1", message: "m" }] }],
])("an error %s", async (_, body) => {
  const end = await restore(answer(400, body));
  expect(end).toMatchObject({ ok: false, error: { code: "DBS.1", detail: "m", status: 400 } });
});

test("a numeric code is text, and its status stands for a missing one", async () => {
  expect(await restore(answer(401, { error: { code: 401, title: "Unauthorized", message: "m" } }))).toMatchObject({
    error: { code: "401" },
  });
  const bare = await restore(answer(502, {}));
  expect(bare).toMatchObject({ error: { code: "HTTP 502", message: "demo restore: HTTP 502" } });
});

// A write that was answered 200 without what its answer documents may have run, and has no task to follow.
test.each([
  ["an error body", { error_code: "DBS.1", error_msg: "m" }],
  ["a nested error body", { error: { code: "DBS.1", message: "m" } }],
  ["nothing in it", {}],
  ["a list", []],
  ["something else", { hello: "world" }],
])("200 with %s is not a result", async (_, body) => {
  expect(await restore(answer(200, body))).toMatchObject({
    ok: false,
    error: { failure: "malformed", executed: "maybe" },
  });
});

test.each([
  "9007199254740993",
  "-9007199254740993",
  "9.007199254740993e15",
  "900719925474099.3e1",
  "12345678901234567890",
])("the integer %s is not rounded", async (literal) => {
  const client = connect({ fetch: async () => new Response(`{"id":${literal}}`) });
  expect(await restore(client)).toMatchObject({ ok: false, error: { failure: "unsafeInteger", executed: "maybe" } });
});

test("the raw client gets errors as openapi-fetch gives them, and throws those that came with 200", async () => {
  const path = "/v1/{project_id}/instances/{instance_id}/restores";
  const init = { params: { path: { project_id: "p", instance_id: "i" } }, body: { backup_id: "b" } };
  const http = (client: ReturnType<typeof connect>) =>
    client.http as unknown as { POST(path: string, init: object): Promise<object> };
  const body = { error_code: "DBS.1", error_msg: "m" };
  expect(await http(answer(409, body)).POST(path, init)).toMatchObject({ error: body, response: { status: 409 } });
  await expect(http(answer(200, body)).POST(path, init)).rejects.toMatchObject({ failure: "malformed" });
});
