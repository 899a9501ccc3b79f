import { ApiError, CallError, createLimiter, InputError, TransportError } from "@restorekit/core";
import { COLUMNS } from "./columns.js";
import { connect, connectRpc, read, WRITES } from "./demo.js";
import { createHarness } from "./harness.js";

const answer = (status, body = '{"error_code":"X.1","error_msg":"no"}', headers = {}) => ({
  kind: "answer",
  status,
  body,
  headers,
});
const THROTTLED = answer(429, '{"error_code":"APIGW.0308","error_msg":"slow down"}');

/**
 * What a failed write has to say, how often it arrives, and whether a read gets its result in the end.
 * A write that says nothing succeeds.
 */
const ROWS = [
  {
    name: "reset before the body was read",
    fault: { kind: "resetBeforeBody" },
    times: 0,
    write: { executed: "maybe", failure: "connectionLost" },
    read: true,
  },
  {
    name: "reset after the body",
    fault: { kind: "resetAfterBody" },
    times: 1,
    write: { executed: "maybe", failure: "connectionLost" },
    read: true,
  },
  {
    name: "closed after the body",
    fault: { kind: "closeAfterBody" },
    times: 1,
    write: { executed: "maybe", failure: "connectionLost" },
    read: true,
  },
  {
    name: "half an answer",
    fault: { kind: "halfAnswer" },
    times: 1,
    write: { executed: "maybe", failure: "connectionLost" },
    read: true,
  },
  {
    name: "no answer in time",
    fault: { kind: "silence" },
    times: 1,
    write: { executed: "maybe", failure: "attemptTimeout" },
    read: true,
    options: { timeout: { attempt: 200 } },
  },
  {
    name: "an answer that does not end",
    fault: { kind: "drip" },
    times: 1,
    write: { executed: "maybe", failure: "attemptTimeout" },
    read: true,
    options: { timeout: { attempt: 200 } },
  },
  { name: "documented throttling", fault: THROTTLED, times: 2, read: true },
  { name: "429", fault: answer(429, ""), times: 1, write: { executed: "maybe", status: 429 }, read: true },
  { name: "500", fault: answer(500), times: 1, write: { executed: "maybe", status: 500, code: "X.1" }, read: true },
  {
    name: "502 with HTML",
    fault: answer(502, "<html>", { "content-type": "text/html" }),
    times: 1,
    write: { executed: "maybe", status: 502 },
    read: true,
  },
  { name: "503", fault: answer(503), times: 1, write: { executed: "maybe", status: 503 }, read: true },
  { name: "504", fault: answer(504), times: 1, write: { executed: "maybe", status: 504 }, read: true },
  { name: "408", fault: answer(408), times: 1, write: { executed: "maybe", status: 408 }, read: true },
  { name: "400", fault: answer(400), times: 1, write: { executed: "no", status: 400, code: "X.1" }, read: false },
  { name: "409", fault: answer(409), times: 1, write: { executed: "no", status: 409 }, read: false },
  {
    name: "a redirect",
    fault: answer(307, "", { location: "/elsewhere" }),
    times: 1,
    write: { executed: "maybe", failure: "redirected" },
    read: false,
  },
  {
    name: "200 with HTML",
    fault: answer(200, "<html>"),
    times: 1,
    write: { executed: "maybe", failure: "malformed" },
    read: false,
  },
  {
    name: "an integer that would be rounded",
    fault: answer(200, '{"id":9007199254740993}'),
    times: 1,
    write: { executed: "maybe", failure: "unsafeInteger" },
    read: false,
  },
  {
    name: "an answer that is too long",
    fault: answer(200, `{"id":"${"x".repeat(5000)}"}`),
    times: 1,
    write: { executed: "maybe", failure: "tooLarge" },
    read: false,
    options: { maxBytes: 1000 },
  },
];

/** The behaviour that every runtime has to show. `config` says what a runtime cannot show, and nothing else differs. */
export async function behaviour(lab, { servers, writesAllowed, ownConnection, tellsRefusal, tls }) {
  const { check, equal, matches, failureOf, report } = createHarness();
  const { http } = servers;
  const open = (options) => connect(http, { allowBrowserWrites: true, ...options });

  await check("a read is signed and its result unwrapped", async () => {
    await lab.play("http", answer(200, '{"restores":[{"id":"r-1"}],"total":1}'));
    const client = connect(http);
    equal(await client.listRestores({ instance_id: "i 1/ä", filter: "a b&c=d*~'", limit: 2 }), {
      restores: [{ id: "r-1" }],
      total: 1,
    });
    const [arrival] = await lab.arrived("http");
    matches(arrival, { method: "GET", signature: "valid" });
    equal(arrival.path.startsWith("/v1/project-1/instances/i%201%2F%C3%A4/restores?"), true);
  });

  await check("the whole response can be had", async () => {
    await lab.play("http", answer(200, '{"restores":[]}', { "x-request-id": "q-1" }));
    const { result, response } = await read(connect(http)).withResponse();
    equal([result, response.status, response.headers.get("x-request-id")], [{ restores: [] }, 200, "q-1"]);
  });

  for (const [name, write] of Object.entries(WRITES)) {
    await check(`a ${name} arrives once, signed, its body not chunked`, async () => {
      await lab.play("http");
      await write(open());
      const arrived = await lab.arrived("http");
      equal(arrived.length, 1);
      matches(arrived[0], { method: name.split(" ")[0], signature: "valid" });
      const length = new TextEncoder().encode(arrived[0].body).byteLength;
      if (length > 0) matches(arrived[0], { chunked: false, contentLength: String(length) });
      if (name === "POST") equal(JSON.parse(arrived[0].body), { backup_id: "b-1", remark: "恢复 – ünï" });
      if (ownConnection) equal(arrived[0].request, 1);
    });
  }

  await check("an RPC call is signed with TC3 and its envelope taken off", async () => {
    await lab.play("http", answer(200, '{"Response":{"TaskId":7,"RequestId":"q-2"}}'));
    const result = await connectRpc(http, { allowBrowserWrites: true }).restoreInstance({
      InstanceId: "crs-1",
      BackupId: "b-1",
    });
    equal(result.TaskId, 7);
    const [arrival] = await lab.arrived("http");
    matches(arrival, { method: "POST", path: "/", signature: "valid", chunked: false });
  });

  await check("an error that came with HTTP 200 is an ApiError", async () => {
    await lab.play(
      "http",
      answer(200, '{"Response":{"Error":{"Code":"InvalidParameter","Message":"no such"},"RequestId":"q-3"}}'),
    );
    const failure = await failureOf(
      connectRpc(http, { allowBrowserWrites: true }).restoreInstance({ InstanceId: "crs-1", BackupId: "b-1" }),
    );
    equal(failure instanceof ApiError, true);
    matches(failure, {
      code: "InvalidParameter",
      status: 200,
      requestId: "q-3",
      detail: "no such",
      executed: "no",
      operation: "restoreInstance",
    });
  });

  await check("an error answer is an ApiError", async () => {
    await lab.play("http", answer(404, '{"error_code":"DCS.4002","error_msg":"not there","request_id":"q-4"}'));
    const failure = await failureOf(read(connect(http)));
    equal(failure instanceof ApiError && failure instanceof CallError, true);
    matches(failure, {
      code: "DCS.4002",
      status: 404,
      requestId: "q-4",
      detail: "not there",
      service: "demo",
      operation: "listRestores",
    });
  });

  await check("what is not an input is refused before anything is sent", async () => {
    await lab.play("http");
    for (const input of [{}, { instance_id: ".." }, { instance_id: "i-1", other: 1 }]) {
      const failure = await failureOf(connect(http).listRestores(input));
      equal([failure instanceof InputError, failure.executed], [true, "no"]);
    }
    equal(await lab.arrived("http"), []);
  });

  await check("a long answer is read whole, its characters intact", async () => {
    const id = "恢复ü".repeat(40_000);
    await lab.play("http", answer(200, JSON.stringify({ id })), answer(200, JSON.stringify({ id })));
    equal((await read(connect(http))).id === id, true);
    equal((await WRITES.POST(open())).id === id, true);
  });

  await check("a long body is sent whole", async () => {
    await lab.play("http");
    const remark = "恢复ü".repeat(100_000);
    await open().restore({ instance_id: "i-1", backup_id: "b-1", remark });
    const [arrival] = await lab.arrived("http");
    matches(arrival, { signature: "valid", chunked: false });
    equal(JSON.parse(arrival.body).remark === remark, true);
  });

  for (const { name, fault, read: succeeds, options } of ROWS) {
    await check(`${name}: a read ${succeeds ? "gets its result" : "fails"}`, async () => {
      await lab.play("http", fault);
      const failure = await failureOf(read(connect(http, options)));
      equal(failure instanceof CallError, !succeeds);
      // Where nothing is tried again the runtime has no reason to either.
      if (!succeeds) equal((await lab.arrived("http")).length, 1);
    });
  }

  if (!writesAllowed) {
    await check("a write is refused unless the caller opts in", async () => {
      await lab.play("http");
      for (const write of Object.values(WRITES))
        matches(await failureOf(write(connect(http))), { failure: "refusedHere", executed: "no" });
      equal(await lab.arrived("http"), []);
    });
  } else {
    for (const { name, fault, times, write: says, options } of ROWS) {
      for (const [method, write] of Object.entries(WRITES)) {
        await check(
          `${name}: a ${method} arrives ${times === 1 ? "once" : `${times} times`}${says ? `, executed: ${says.executed}` : ""}`,
          async () => {
            await lab.play("http", fault);
            const failure = await failureOf(write(connect(http, options)));
            equal((await lab.arrived("http")).length, times);
            if (!says) return equal(failure, undefined);
            matches(failure, says);
            equal(failure instanceof (says.failure ? TransportError : ApiError), true);
          },
        );
      }
    }
    for (const server of tls ? ["http", "tls"] : ["http"]) {
      for (const [column, fault] of Object.entries(COLUMNS)) {
        for (const [name, write] of Object.entries(WRITES)) {
          await check(`${server}, ${column}, on a warm client: a ${name} arrives once`, async () => {
            const client = connect(servers[server]);
            await lab.play(server);
            await read(client);
            await lab.play(server, fault);
            await failureOf(write(client));
            equal(
              (await lab.arrived(server)).map(({ method, signature }) => `${method} ${signature}`),
              [`${name.split(" ")[0]} valid`],
            );
          });
        }
      }
    }
  }

  // Where a fetch does not say how far it came, "maybe" is the truth and one attempt the most.
  const unsent = tellsRefusal ? { failure: "notConnected", executed: "no" } : { executed: "maybe" };
  for (const [name, endpoint] of [
    ["a refused connection", servers.refused],
    ["a certificate that nobody vouches for", servers.untrusted],
    ["a name that does not resolve", "https://demo.invalid"],
  ]) {
    if (!writesAllowed) continue;
    await check(`${name}: a write says executed: ${unsent.executed}`, async () => {
      await lab.play("untrusted");
      const attempts = [];
      const client = connect(endpoint, {
        trustEndpoint: true,
        hooks: { onRequest: ({ attempt }) => attempts.push(attempt) },
      });
      matches(await failureOf(WRITES.POST(client)), unsent);
      equal(attempts, tellsRefusal ? [1, 2, 3, 4] : [1]);
      equal(await lab.arrived("untrusted"), []);
    });
  }

  const prompt = async (call, limit = 1500) => {
    const started = Date.now();
    const failure = await failureOf(call());
    equal(Date.now() - started < limit, true);
    return failure;
  };

  await check("an attempt's time limit ends it", async () => {
    await lab.play("http", { kind: "silence" });
    matches(await prompt(() => read(connect(http, { timeout: { attempt: 150 }, retry: { attempts: 1 } }))), {
      failure: "attemptTimeout",
      executed: "maybe",
    });
  });
  await check("the call's time limit ends it in the middle of an attempt", async () => {
    await lab.play("http", { kind: "silence" }, { kind: "silence" }, { kind: "silence" });
    matches(await prompt(() => read(connect(http, { timeout: { attempt: 150, overall: 250 } }))), {
      failure: "deadline",
      executed: "maybe",
    });
  });
  await check("the call's time limit ends a wait between attempts", async () => {
    await lab.play("http", answer(503));
    const client = connect(http, {
      random: () => 1,
      retry: { baseMs: 60_000, capMs: 60_000 },
      timeout: { overall: 250 },
    });
    matches(await prompt(() => read(client)), { failure: "deadline" });
  });
  await check("abort before anything was sent", async () => {
    await lab.play("http");
    for (const call of [read, WRITES.POST])
      matches(await prompt(() => call(open(), { signal: AbortSignal.abort() })), {
        failure: "aborted",
        executed: "no",
      });
    equal(await lab.arrived("http"), []);
  });
  await check("abort while waiting for the answer", async () => {
    for (const call of [read, ...Object.values(WRITES)]) {
      await lab.play("http", { kind: "silence" });
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 150);
      matches(await prompt(() => call(open(), { signal: controller.signal })), {
        failure: "aborted",
        executed: "maybe",
      });
      equal((await lab.arrived("http")).length, 1);
    }
  });
  await check("abort while the connection is not yet made", async () => {
    if (!writesAllowed) return;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 150);
    const failure = await prompt(() => WRITES.POST(connect(servers.mute), { signal: controller.signal }));
    matches(failure, { failure: "aborted", executed: tellsRefusal ? "no" : "maybe" });
  });

  await check("many calls that share a signal warn of nothing", async () => {
    await lab.play("http");
    const warnings = [];
    const note = ({ name }) => warnings.push(name);
    globalThis.process?.on?.("warning", note);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 30 }, () => read(open(), { signal })));
    await new Promise((resolve) => setTimeout(resolve, 20));
    globalThis.process?.off?.("warning", note);
    equal(warnings, []);
  });

  await check("clients that share a limiter keep the rate together", async () => {
    await lab.play("http");
    const limiter = createLimiter();
    const clients = [connect(http, { limiter }), connect(http, { limiter })];
    await Promise.all(Array.from({ length: 15 }, (_, at) => clients[at % 2].listLimited()));
    const times = (await lab.arrived("http")).map((arrival) => arrival.milliseconds);
    equal(times.length, 15);
    // The server's clock sees the way as well, and on a busy machine that is not even: 25 ms are allowed for it.
    for (let at = 5; at < times.length; at++) equal(times[at] - times[at - 5] > 475, true);
    equal(times[14] - times[0] < 2000, true);
  });

  return report();
}
