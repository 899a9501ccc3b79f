import net from "node:net";
import { ApiError, CallError, type ClientOptions, TransportError } from "@restorekit/core";
import type { AkSkCredentials } from "@restorekit/core/signing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "./demo.js";
import { type Fault, faultServer } from "./fault-server.js";

const THROTTLED = '{"error_code":"APIGW.0308","error_msg":"slow down"}';
const error = (status: number, body = '{"error_code":"X.1","error_msg":"no"}', headers = {}): Fault => ({
  kind: "answer",
  status,
  body,
  headers,
});

interface Row {
  name: string;
  fault: Fault;
  /** How often a read and a write arrive, the good answer after the fault included. */
  reads: number;
  writes: number;
  /** What the failed write says; nothing where it succeeds in the end. */
  write?: { executed: "no" | "maybe"; failure?: string; code?: string; status?: number };
  options?: Partial<ClientOptions<AkSkCredentials>>;
}

const unsure = (status: number) => ({ executed: "maybe", status }) as const;
/** A documented throttling code that the service did not say of this call. */
const notSaid: [name: string, status: number, body: string][] = [
  ["a throttled item of a batch", 400, '{"results":[{"id":"r-1"},{"error_code":"APIGW.0308"}]}'],
  ["a throttled item of a list", 400, '[{"error_code":"APIGW.0308"}]'],
  ["details with the code", 409, '{"message":"partly done","details":[{"code":"APIGW.0308","message":"x"}]}'],
  ["errors in a list", 429, '{"error":[{"code":"APIGW.0308"}]}'],
  ["the code under a foreign key", 400, '{"request":{"code":"APIGW.0308"},"message":"backend failed"}'],
  ["the code in a prototype", 400, '{"__proto__":{"error_code":"APIGW.0308"}}'],
  ["the code in a prototype below error", 400, '{"error":{"__proto__":{"code":"APIGW.0308"}}}'],
  ["two codes of one name", 400, '{"error_code":"DBS.500","error_code":"APIGW.0308"}'],
  ["two codes, one escaped", 400, '{"error\\u005fcode":"DBS.500","error_code":"APIGW.0308"}'],
  ["two codes of two names", 400, '{"error_code":"APIGW.0308","error":{"code":"DBS.500"}}'],
  ["two envelopes", 400, '{"error":{"code":"DBS.500"},"error":{"code":"APIGW.0308"}}'],
  ["a result beside the code", 429, '{"id":"r-1","error_code":"APIGW.0308"}'],
];
const impatient = { timeout: { attempt: 150 } };
const table: Row[] = [
  {
    name: "reset before the body was read",
    fault: { kind: "resetBeforeBody" },
    reads: 1,
    writes: 0,
    write: { executed: "maybe", failure: "connectionLost" },
  },
  {
    name: "reset after the body",
    fault: { kind: "resetAfterBody" },
    reads: 2,
    writes: 1,
    write: { executed: "maybe", failure: "connectionLost" },
  },
  {
    name: "closed after the body",
    fault: { kind: "closeAfterBody" },
    reads: 2,
    writes: 1,
    write: { executed: "maybe", failure: "connectionLost" },
  },
  {
    name: "half an answer",
    fault: { kind: "halfAnswer" },
    reads: 2,
    writes: 1,
    write: { executed: "maybe", failure: "connectionLost" },
  },
  {
    name: "no answer in time",
    fault: { kind: "silence" },
    reads: 2,
    writes: 1,
    write: { executed: "maybe", failure: "attemptTimeout" },
    options: impatient,
  },
  { name: "documented throttling, 429", fault: error(429, THROTTLED), reads: 2, writes: 2 },
  { name: "bare 429", fault: error(429, ""), reads: 2, writes: 1, write: { executed: "maybe", status: 429 } },
  { name: "500", fault: error(500), reads: 2, writes: 1, write: { executed: "maybe", status: 500, code: "X.1" } },
  {
    name: "502 with HTML",
    fault: error(502, "<html>", { "content-type": "text/html" }),
    reads: 2,
    writes: 1,
    write: { executed: "maybe", status: 502 },
  },
  { name: "503", fault: error(503), reads: 2, writes: 1, write: { executed: "maybe", status: 503 } },
  { name: "504", fault: error(504), reads: 2, writes: 1, write: { executed: "maybe", status: 504 } },
  { name: "408", fault: error(408), reads: 2, writes: 1, write: { executed: "maybe", status: 408 } },
  { name: "408 with a throttling code", fault: error(408, THROTTLED), reads: 2, writes: 1, write: unsure(408) },
  ...notSaid.map(([name, status, body]) => ({
    name,
    fault: error(status, body),
    reads: status === 429 ? 2 : 1,
    writes: 1,
    write: unsure(status),
  })),
  { name: "throttling below error", fault: error(429, '{"error":{"code":"APIGW.0308"}}'), reads: 2, writes: 2 },
  { name: "a 401 of a proxy", fault: error(401, "<html>"), reads: 1, writes: 1, write: unsure(401) },
  { name: "a bare 403", fault: error(403, ""), reads: 1, writes: 1, write: unsure(403) },
  { name: "401 with a code", fault: error(401), reads: 1, writes: 1, write: { executed: "no", status: 401 } },
  { name: "403 with a code", fault: error(403), reads: 1, writes: 1, write: { executed: "no", status: 403 } },
  {
    name: "207 with an id and an error code alone",
    fault: error(207, '{"id":"r-1","error_code":"APIGW.0308"}'),
    reads: 1,
    writes: 1,
    write: { executed: "maybe", failure: "malformed" },
  },
  { name: "400", fault: error(400), reads: 1, writes: 1, write: { executed: "no", status: 400, code: "X.1" } },
  { name: "409 with a lock code", fault: error(409), reads: 1, writes: 1, write: { executed: "no", status: 409 } },
  // Node's fetch repeats any call that is answered 421; for a read that is harmless.
  { name: "421", fault: error(421), reads: 2, writes: 1, write: { executed: "no", status: 421 } },
  {
    name: "a redirect",
    fault: error(307, "", { location: "http://127.0.0.1:1/" }),
    reads: 1,
    writes: 1,
    write: { executed: "maybe", failure: "redirected" },
  },
  {
    name: "200 with HTML",
    fault: error(200, "<html>"),
    reads: 1,
    writes: 1,
    write: { executed: "maybe", failure: "malformed" },
  },
  {
    name: "200 without a body",
    fault: error(200, ""),
    reads: 1,
    writes: 1,
    write: { executed: "maybe", failure: "malformed" },
  },
  {
    name: "an integer that would be rounded",
    fault: error(200, '{"id":9007199254740993}'),
    reads: 1,
    writes: 1,
    write: { executed: "maybe", failure: "unsafeInteger" },
  },
];

let server: Awaited<ReturnType<typeof faultServer>>;
beforeAll(async () => {
  server = await faultServer('{"id":"r-1","restores":[],"total":0}');
});
afterAll(() => server.close());

const writes = [
  ["POST", (client: ReturnType<typeof connect>) => client.restore({ instance_id: "i-1", backup_id: "b-1" })],
  ["PUT", (client: ReturnType<typeof connect>) => client.setPolicy({ instance_id: "i-1", enabled: true })],
  ["DELETE", (client: ReturnType<typeof connect>) => client.removeBackup({ backup_id: "b-1" })],
] as const;

describe.each(table)("$name", ({ name, fault, reads, writes: sent, write, options = {} }) => {
  test(`a read is sent ${reads} times`, async () => {
    server.play(fault);
    const client = connect({ endpoint: server.endpoint, ...options });
    await client.listRestores({ instance_id: "i-1" }).catch(() => {});
    expect(server.arrived()).toHaveLength(reads);
  });

  test.each(writes)(`a %s is sent ${sent} times`, async (method, call) => {
    // Only the restore documents what its result holds.
    if (method !== "POST" && name.startsWith("a result beside")) return;
    // PUT and DELETE document an empty answer.
    if (method !== "POST" && fault.kind === "answer" && fault.status === 200 && fault.body === "") return;
    server.play(fault);
    const client = connect({ endpoint: server.endpoint, ...options });
    const failure = await call(client).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(server.arrived()).toHaveLength(sent);
    if (!write) return expect(failure).toBeUndefined();
    expect(failure).toBeInstanceOf(CallError);
    expect(failure).toMatchObject(write);
    expect((failure as CallError).why).not.toBe("");
    expect(failure).toBeInstanceOf(write.failure ? TransportError : ApiError);
  });
});

test.each([
  ["a read", (client: ReturnType<typeof connect>) => client.listRestores({ instance_id: "i-1" })],
  ["a write", (client: ReturnType<typeof connect>) => client.restore({ instance_id: "i-1", backup_id: "b-1" })],
] as const)("a refused connection: %s is tried again, and says that it did not run", async (_, call) => {
  const closed = await faultServer("{}");
  await closed.close();
  const seen: number[] = [];
  const client = connect({
    endpoint: closed.endpoint,
    hooks: { onRequest: ({ attempt }) => seen.push(attempt) },
  });
  const failure = await call(client).catch((error: unknown) => error);
  expect(failure).toMatchObject({ failure: "notConnected", executed: "no", code: "ECONNREFUSED" });
  expect(seen).toEqual([1, 2, 3, 4]);
});

test("a connection that is reset at once never makes a write arrive twice", async () => {
  server.play({ kind: "resetOnConnect" });
  // The reset shows before or after the first byte was written, and only before allows another attempt.
  const outcome = await connect({ endpoint: server.endpoint })
    .restore({ instance_id: "i-1", backup_id: "b-1" })
    .catch((error: unknown) => error);
  if (outcome instanceof CallError) expect(outcome.executed).toBe("maybe");
  expect(server.arrived()).toHaveLength(outcome instanceof CallError ? 0 : 1);
});

test("a name that does not resolve did not run", async () => {
  const client = connect({ endpoint: "https://demo.invalid", trustEndpoint: true, retry: { attempts: 2 } });
  await expect(client.restore({ instance_id: "i-1", backup_id: "b-1" })).rejects.toMatchObject({
    failure: "notConnected",
    executed: "no",
  });
});

test("a TLS failure before the first byte did not run", async () => {
  const plain = net.createServer((socket) =>
    socket.on("error", () => {}).once("data", () => socket.end("HTTP/1.1 400 no TLS here\r\n\r\n")),
  );
  await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
  const { port } = plain.address() as net.AddressInfo;
  const client = connect({ endpoint: `https://127.0.0.1:${port}`, retry: { attempts: 2 } });
  await expect(client.restore({ instance_id: "i-1", backup_id: "b-1" })).rejects.toMatchObject({
    failure: "notConnected",
    executed: "no",
  });
  await new Promise((resolve) => plain.close(resolve));
});

test("no socket stays open after a write", async () => {
  const fresh = await faultServer('{"id":"r-1"}');
  await connect({ endpoint: fresh.endpoint }).restore({ instance_id: "i-1", backup_id: "b-1" });
  await expect.poll(() => fresh.open()).toBe(0);
  await fresh.close();
});
