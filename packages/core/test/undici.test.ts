import net from "node:net";
import { CallError } from "@restorekit/core";
import { type UndiciTransport, undiciTransport } from "@restorekit/core/undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendWrite as overNode } from "../src/send/node.js";
import type { Incoming, Outgoing } from "../src/send/types.js";
import { connect } from "./demo.js";
import { type Fault, faultServer } from "./fault-server.js";

const answer = (status: number, headers = {}): Fault => ({ kind: "answer", status, body: "{}", headers });
const faults: Record<string, Fault> = {
  "reset before the body": { kind: "resetBeforeBody" },
  "reset after the body": { kind: "resetAfterBody" },
  "closed after the body": { kind: "closeAfterBody" },
  "half an answer": { kind: "halfAnswer" },
  "408 and closed": answer(408, { connection: "close" }),
  "421": answer(421),
  "503": answer(503),
  "a redirect": answer(307, { location: "http://127.0.0.1:1/" }),
  "200": answer(200),
};

let server: Awaited<ReturnType<typeof faultServer>>;
let transport: UndiciTransport;
beforeAll(async () => {
  server = await faultServer('{"id":"r-1","restores":[],"total":0}');
  transport = undiciTransport();
});
afterAll(async () => {
  await transport.close();
  await server.close();
});

const request = (more: Partial<Outgoing> = {}): Outgoing => ({
  method: "POST",
  url: `${server.endpoint}/a?b=%20`,
  headers: { "content-type": "application/json", "x-test": "1" },
  body: '{"é":1}',
  signal: new AbortController().signal,
  maxBytes: 1000,
  ...more,
});

/** What came of a request, in the terms that decide about sending it again. */
const outcome = (sent: Promise<Incoming>) =>
  sent.then(
    ({ status, text, headers }) => ({ status, text, type: headers.get("content-type") }),
    ({ name, stage }) => ({ name, stage }),
  );

describe.each(Object.entries(faults))("%s", (_, fault) => {
  test.each([
    ["POST", "{}"],
    ["PUT", "{}"],
    ["DELETE", undefined],
  ])("a %s arrives once, and ends as over node:http", async (method, body) => {
    // Warm: a broken kept connection is where other transports send again.
    await transport.sendRead(request({ method: "GET", body: undefined }));
    const arrived = [];
    const ends = [];
    for (const send of [transport.sendWrite, overNode]) {
      server.play(fault);
      ends.push(await outcome(send(request({ method, body }))));
      arrived.push(server.arrived().length);
    }
    const before = fault.kind === "resetBeforeBody" && body !== undefined ? 0 : arrived[1];
    expect(ends[0]).toEqual(ends[1]);
    expect(arrived).toEqual([before, before]);
    expect(arrived[0]).toBeLessThanOrEqual(1);
  });

  test("a read is sent once for each time it is asked for", async () => {
    await transport.sendRead(request({ method: "GET", body: undefined }));
    server.play(fault);
    await transport.sendRead(request({ method: "GET", body: undefined })).catch(() => {});
    expect(server.arrived().length).toBeLessThanOrEqual(1);
  });
});

test("a request looks the same as over node:http", async () => {
  const seen = [];
  for (const send of [transport.sendWrite, overNode]) {
    server.play();
    await send(request());
    const [{ head, body }] = server.arrived() as [{ head: string; body: string }];
    const [first, ...lines] = head.split("\r\n");
    const headers = lines.map((line) => line.toLowerCase()).filter((line) => !line.startsWith("connection: "));
    seen.push({ first, body, headers: headers.sort() });
  }
  expect(seen[0]).toEqual(seen[1]);
  expect(seen[0]?.headers).toContain("content-length: 8");
});

describe("nothing was written", () => {
  test("a refused connection", async () => {
    const closed = await faultServer("");
    await closed.close();
    for (const send of [transport.sendRead, transport.sendWrite]) {
      await expect(send(request({ url: closed.endpoint }))).rejects.toMatchObject({
        stage: "notConnected",
        code: "ECONNREFUSED",
      });
    }
  });

  test("a name that does not resolve", async () => {
    await expect(transport.sendWrite(request({ url: "http://demo.invalid/" }))).rejects.toMatchObject({
      stage: "notConnected",
    });
  });

  test("a TLS handshake that fails", async () => {
    const plain = net.createServer((socket) => socket.on("error", () => {}).once("data", () => socket.end("no TLS")));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const { port } = plain.address() as net.AddressInfo;
    await expect(transport.sendWrite(request({ url: `https://127.0.0.1:${port}` }))).rejects.toMatchObject({
      stage: "notConnected",
    });
    plain.close();
  });

  test("a call that is stopped while the connection comes about", async () => {
    const silent = net.createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as net.AddressInfo;
    const own = undiciTransport();
    const stop = new AbortController();
    // The server accepts but never answers the handshake.
    const sent = own.sendWrite(request({ url: `https://127.0.0.1:${port}`, signal: stop.signal }));
    setTimeout(() => stop.abort(), 20);
    await expect(sent).rejects.toMatchObject({ stage: "notConnected" });
    await expect(own.sendWrite(request({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      stage: "notConnected",
    });
    silent.close();
  });
});

test("a call that is stopped after it was sent may have run", async () => {
  server.play({ kind: "silence" });
  const sent = transport.sendWrite(request({ signal: AbortSignal.timeout(80) }));
  await expect(sent).rejects.toMatchObject({ stage: "connectionLost" });
  expect(server.arrived()).toHaveLength(1);
});

test("a long answer is cut off", async () => {
  server.play({ kind: "answer", status: 200, body: "x".repeat(2000) });
  await expect(transport.sendWrite(request())).rejects.toMatchObject({ stage: "tooLarge" });
});

test("what is not UTF-8 is no answer", async () => {
  const bad = net.createServer((socket) =>
    socket.once("data", () => socket.end(Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n\xff", "latin1"))),
  );
  await new Promise<void>((resolve) => bad.listen(0, "127.0.0.1", resolve));
  const { port } = bad.address() as net.AddressInfo;
  await expect(transport.sendWrite(request({ url: `http://127.0.0.1:${port}/` }))).rejects.toMatchObject({
    stage: "malformed",
  });
  bad.close();
});

test("the client retries reads over it and sends a write once", async () => {
  const client = connect({ endpoint: server.endpoint, transport });
  server.play({ kind: "resetAfterBody" });
  await client.listRestores({ instance_id: "i-1" });
  expect(server.arrived()).toHaveLength(2);
  server.play({ kind: "resetAfterBody" });
  const failure = await client.restore({ instance_id: "i-1", backup_id: "b-1" }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CallError);
  expect(failure).toMatchObject({ executed: "maybe", failure: "connectionLost", code: "ECONNRESET" });
  expect(server.arrived()).toHaveLength(1);
});

test("many writes at once arrive once each, and leave no connection", async () => {
  const fresh = await faultServer('{"id":"r-1"}');
  const own = undiciTransport();
  fresh.play(...Array.from({ length: 200 }, (_, n): Fault => (n % 3 ? answer(200) : { kind: "resetAfterBody" })));
  const sent = Array.from({ length: 200 }, () => outcome(own.sendWrite(request({ url: fresh.endpoint }))));
  await Promise.all(sent);
  expect(fresh.arrived()).toHaveLength(200);
  await expect.poll(() => fresh.open()).toBe(0);
  await own.close();
  await fresh.close();
});
