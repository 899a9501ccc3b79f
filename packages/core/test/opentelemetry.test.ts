import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Context,
  type ContextManager,
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { tracing } from "@restorekit/core/opentelemetry";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connect } from "./demo.js";
import { faultServer } from "./fault-server.js";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer("test");

let server: Awaited<ReturnType<typeof faultServer>>;
beforeAll(async () => {
  server = await faultServer('{"id":"r-1","restores":[],"total":0}');
});
beforeEach(() => exporter.reset());
afterAll(() => server.close());

const client = (more: Parameters<typeof connect>[0] = {}) =>
  connect({ endpoint: server.endpoint, hooks: tracing({ tracer }), ...more });
const input = { instance_id: "i-canary", backup_id: "b-canary", password: "p-canary" };
const spans = () => exporter.getFinishedSpans();

test("a call is one client span with the conventional attributes", async () => {
  server.play();
  await client().restore(input);
  expect(spans()).toHaveLength(1);
  expect(spans()[0]).toMatchObject({
    name: "POST /v1/{project_id}/instances/{instance_id}/restores",
    kind: SpanKind.CLIENT,
    status: { code: SpanStatusCode.UNSET },
    events: [],
  });
  expect(spans()[0]?.attributes).toEqual({
    "http.request.method": "POST",
    "http.response.status_code": 200,
    "server.address": "127.0.0.1",
    "server.port": server.port,
    "url.template": "/v1/{project_id}/instances/{instance_id}/restores",
    "rpc.service": "demo",
    "rpc.method": "restore",
    "restorekit.effect": "overwrites",
  });
});

test.each([
  ["https://demo.north-1.example.com", "demo.north-1.example.com", 443],
  ["https://demo.north-1.example.com:8443", "demo.north-1.example.com", 8443],
  ["http://[::1]", "[::1]", 80],
])("the server of %s has a port", async (endpoint, address, port) => {
  await client({ endpoint, fetch: async () => new Response('{"id":"r-1"}') }).restore(input);
  expect(spans()[0]?.attributes).toMatchObject({ "server.address": address, "server.port": port });
});

test("an error keeps the vendor's code, the request id and whether the call may have run", async () => {
  const body = '{"error_code":"DCS.4800","error_msg":"i-canary is locked","request_id":"req-1"}';
  server.play({ kind: "answer", status: 500, body });
  await client()
    .restore(input)
    .catch(() => {});
  expect(spans()[0]?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(spans()[0]?.attributes).toMatchObject({
    "error.type": "DCS.4800",
    "http.response.status_code": 500,
    "restorekit.executed": "maybe",
    "restorekit.outcome": "unavailable",
    "restorekit.request_id": "req-1",
  });
});

test("retries are events of the one span, and counted", async () => {
  server.play({ kind: "resetAfterBody" }, { kind: "answer", status: 503, body: "" });
  await client().listRestores({ instance_id: input.instance_id });
  const [span] = spans();
  expect(spans()).toHaveLength(1);
  expect(span?.attributes).toMatchObject({ "http.request.resend_count": 2, "http.response.status_code": 200 });
  expect(span?.attributes).not.toHaveProperty(["error.type"]);
  expect(span?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
    ["retry", expect.objectContaining({ "error.type": expect.any(String), "restorekit.outcome": "connectionLost" })],
    ["retry", expect.objectContaining({ "error.type": "HTTP 503", "http.response.status_code": 503 })],
  ]);
});

test.each([
  ["no answer comes", { timeout: { attempt: 30 } }, "attemptTimeout"],
  ["the deadline comes", { timeout: { overall: 30 } }, "deadline"],
])("a span ends when %s", async (_, options, failure) => {
  server.play({ kind: "silence" });
  await client(options)
    .restore(input)
    .catch(() => {});
  expect(spans()[0]?.attributes).toMatchObject({ "restorekit.executed": "maybe", "error.type": expect.any(String) });
  expect(failure).not.toBe("");
});

test("a span ends when nothing could be signed", async () => {
  const credentials = async () => Promise.reject(new Error("no-canary"));
  await client({ credentials })
    .restore(input)
    .catch(() => {});
  expect(spans()[0]?.attributes).toMatchObject({ "error.type": "refusedHere", "restorekit.executed": "no" });
});

test("a span ends when the call is stopped between two attempts", async () => {
  const fetch = async () => new Response("", { status: 503, headers: { "retry-after": "20" } });
  const stop = new AbortController();
  const hooks = [tracing({ tracer }), { onRetry: () => stop.abort() }];
  await client({ hooks, fetch })
    .listRestores({ instance_id: input.instance_id }, { signal: stop.signal })
    .catch(() => {});
  expect(spans()[0]?.attributes).toMatchObject({ "error.type": "aborted", "restorekit.outcome": "aborted" });
});

test("clients that share the hooks do not mix up their calls", async () => {
  server.play();
  const hooks = tracing({ tracer });
  const clients = [client({ hooks }), client({ hooks })];
  await Promise.all(
    clients.flatMap((each) => [each.restore(input), each.listRestores({ instance_id: input.instance_id })]),
  );
  expect(
    spans()
      .map(({ attributes }) => attributes["rpc.method"])
      .sort(),
  ).toEqual(["listRestores", "listRestores", "restore", "restore"]);
});

test("a span is below the caller's own", async () => {
  context.setGlobalContextManager(storage());
  server.play();
  const parent = tracer.startSpan("parent");
  await context.with(trace.setSpan(context.active(), parent), () => client().restore(input));
  context.disable();
  expect(spans()[0]?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
});

test("no id, key or body gets into a span", async () => {
  server.play({ kind: "answer", status: 400, body: '{"error_code":"X.1","error_msg":"p-canary of i-canary"}' });
  await client()
    .restore(input)
    .catch(() => {});
  await client().listRestores({ instance_id: input.instance_id });
  const seen = JSON.stringify(
    spans().map(({ name, attributes, events, status }) => [name, attributes, events, status]),
  );
  expect(seen).not.toMatch(/canary|project-1|DEMOACCESSKEY|demo-secret-key/);
});

test("without a provider nothing is recorded, and calls work", async () => {
  server.play();
  await client({ hooks: tracing() }).restore(input);
  expect(spans()).toHaveLength(0);
});

/** The least context manager that follows async calls. */
function storage(): ContextManager {
  const store = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => store.getStore() ?? ROOT_CONTEXT,
    with: (active, call, self, ...values) => store.run(active, () => call.apply(self as never, values)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

test("a span that has ended is forgotten", () => {
  let ends = 0;
  const span = { setAttributes: () => {}, setStatus: () => {}, addEvent: () => {}, end: () => void ends++ };
  const hooks = tracing({ tracer: { startSpan: () => span } as unknown as Tracer });
  const event = {
    service: "s",
    operation: "o",
    effect: "read",
    method: "GET",
    host: "h",
    port: 443,
    path: "/",
    call: 1,
  } as const;
  const ended = { milliseconds: 1, outcome: "result", status: 200, code: undefined, requestId: undefined } as const;
  hooks.onRequest?.({ ...event, attempt: 1 });
  for (let time = 0; time < 2; time++) hooks.onEnd?.({ ...event, attempt: 1, ...ended, executed: undefined });
  expect(ends).toBe(1);
});
