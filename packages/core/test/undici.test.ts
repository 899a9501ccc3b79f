import { subscribe, unsubscribe } from "node:diagnostics_channel";
import net from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { CallError } from "@restorekit/core";
import { type UndiciTransport, undiciTransport } from "@restorekit/core/undici";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
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

describe("on either writer", () => {
  const writers: [string, (request: Outgoing) => Promise<Incoming>][] = [
    ["undici", (each) => transport.sendWrite(each)],
    ["node:http", overNode],
  ];
  /** A server of one fixed answer, and how many connections it has. */
  async function fixed(answer: Buffer) {
    const sockets = new Set<net.Socket>();
    // A server that does not read never hears of the end: the client's own sockets are looked at.
    const clients: net.Socket[] = [];
    const made = (message: unknown) => void clients.push((message as { socket: net.Socket }).socket);
    subscribe("net.client.socket", made);
    let head = "";
    const own = net.createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
      socket.once("data", (chunk) => {
        head = String(chunk).toLowerCase();
        // The rest of the request stays unread, and the connection open.
        socket.pause();
        socket.write(answer);
      });
    });
    await new Promise<void>((resolve) => own.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      own.close();
      unsubscribe("net.client.socket", made);
    });
    const { port } = own.address() as net.AddressInfo;
    const open = () => (clients.length ? clients.filter(({ destroyed }) => !destroyed).length : "none was made");
    return { url: `http://127.0.0.1:${port}/`, open, head: () => head };
  }
  const http = (body: Uint8Array, headers = "") =>
    Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${body.byteLength}\r\n${headers}\r\n`), body]);
  const accepted = '{"job_id":"j-1"}';

  test.each(writers)("an answer before the body was read leaves no connection: %s", async (_, send) => {
    const server = await fixed(http(Buffer.from("{}")));
    const sent = send(request({ url: server.url, body: "x".repeat(8_000_000) }));
    await expect(sent).resolves.toMatchObject({ status: 200, text: "{}" });
    await expect.poll(server.open).toBe(0);
  });

  test.each(writers)("an answer that is too large leaves no connection: %s", async (_, send) => {
    const server = await fixed(http(Buffer.alloc(5_000, "x")));
    await expect(send(request({ url: server.url, body: "x".repeat(8_000_000) }))).rejects.toMatchObject({
      stage: "tooLarge",
    });
    await expect.poll(server.open).toBe(0);
  });

  test.each(writers)("no coding is asked for, unless the caller does: %s", async (_, send) => {
    const server = await fixed(http(Buffer.from("{}")));
    await send(request({ url: server.url }));
    expect(server.head()).toContain("\naccept-encoding: identity\r");
    await send(request({ url: server.url, headers: { "Accept-Encoding": "br" } }));
    expect(server.head().match(/accept-encoding: .*/g)).toEqual(["accept-encoding: br"]);
  });

  describe.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ] as const)("an answer in %s all the same", (coding, encode) => {
    test.each(writers)("is read, no further than the limit: %s", async (_, send) => {
      const header = `content-encoding: ${coding}\r\n`;
      const small = await fixed(http(encode(accepted), header));
      await expect(send(request({ url: small.url }))).resolves.toMatchObject({ text: accepted });
      const bomb = await fixed(http(encode("x".repeat(100_000)), header));
      await expect(send(request({ url: bomb.url }))).rejects.toMatchObject({ stage: "tooLarge" });
      const broken = await fixed(http(encode(accepted).subarray(0, 9), header));
      await expect(send(request({ url: broken.url }))).rejects.toMatchObject({ stage: "malformed" });
    });
  });

  test.each(writers)("a coding that nobody knows is taken for plain text: %s", async (_, send) => {
    const plain = await fixed(http(Buffer.from(accepted), "content-encoding: constructor\r\n"));
    await expect(send(request({ url: plain.url }))).resolves.toMatchObject({ text: accepted });
    const other = await fixed(http(gzipSync(accepted), "content-encoding: zstd\r\n"));
    await expect(send(request({ url: other.url }))).rejects.toMatchObject({ stage: "malformed" });
  });
});

test("a write that was stopped before it began is never sent, though its connection comes about later", async () => {
  const own = undiciTransport();
  server.play();
  const connections = server.open();
  for (let turn = 0; turn < 5; turn++) {
    const stop = new AbortController();
    const sent = own.sendWrite(request({ signal: stop.signal }));
    stop.abort();
    await expect(sent).rejects.toMatchObject({ stage: "notConnected" });
  }
  // By then the stopped ones would have arrived before it.
  await own.sendWrite(request());
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(server.arrived()).toHaveLength(1);
  expect(server.open()).toBeLessThanOrEqual(connections);
  await own.close();
});
