import { InputError, TransportError } from "@restorekit/core";
import { describe, expect, test } from "vitest";
import { connect } from "./demo.js";

const template = "/v1/{project_id}/instances/{instance_id}/restores";
const encoder = new TextEncoder();

function post(body: ReadableStream<Uint8Array>, init: object = {}, options: Parameters<typeof connect>[0] = {}) {
  const sent: unknown[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    sent.push(init?.body);
    return new Response('{"id":"r-1"}');
  };
  const { http } = connect({ fetch, ...options }) as unknown as {
    http: { POST(path: string, init: object): Promise<{ data?: unknown }> };
  };
  const params = { path: { project_id: "p", instance_id: "i" } };
  const done = http.POST(template, { params, body, bodySerializer: (body: unknown) => body, duplex: "half", ...init });
  return { sent, done };
}

/** A stream that may never end, and says when it was given up. */
function stream(pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void = () => {}) {
  const seen = { cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull,
    cancel() {
      seen.cancelled = true;
    },
  });
  return { body, seen };
}

test("a body that comes in parts is sent whole", async () => {
  const parts = [
    encoder.encode('{"backup_id":"\u00fc').slice(0, -1),
    encoder.encode("\u00fc").slice(1),
    encoder.encode('"}'),
  ];
  const { body } = stream((controller) => {
    const part = parts.shift();
    if (part) controller.enqueue(part);
    else controller.close();
  });
  const { sent, done } = post(body);
  expect(await done).toMatchObject({ data: { id: "r-1" } });
  expect(sent).toEqual(['{"backup_id":"\u00fc"}']);
});

describe("a body that never ends", () => {
  test("ends with the whole call's time", async () => {
    const { body, seen } = stream();
    const { sent, done } = post(body, {}, { timeout: { overall: 50 } });
    const error = await done.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ failure: "deadline", executed: "no", operation: "restore" });
    expect(sent).toEqual([]);
    await expect.poll(() => seen.cancelled).toBe(true);
  });

  test("ends with its signal", async () => {
    const { body } = stream();
    const stop = new AbortController();
    const { sent, done } = post(body, { signal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    await expect(done).rejects.toMatchObject({ failure: "aborted", executed: "no" });
    expect(sent).toEqual([]);
  });

  test("ends at eight mebibytes", async () => {
    let given = 0;
    const { body } = stream((controller) => {
      given++;
      controller.enqueue(new Uint8Array(1024 * 1024).fill(32));
    });
    const { sent, done } = post(body);
    await expect(done).rejects.toThrow("the body is longer than 8388608 bytes");
    expect(sent).toEqual([]);
    expect(given).toBeLessThan(20);
  });
});

test.each([
  ["bytes that are no text", [0x22, 0xff, 0x22]],
  ["half a character at its end", [0x22, 0xc3]],
])("%s are refused: they would be sent as something else", async (_, bytes) => {
  const { body } = stream((controller) => {
    controller.enqueue(Uint8Array.from(bytes));
    controller.close();
  });
  const { sent, done } = post(body);
  await expect(done).rejects.toMatchObject({ field: "the body", executed: "no" });
  expect(sent).toEqual([]);
});

test("a byte order mark is sent as it came", async () => {
  const { body } = stream((controller) => {
    controller.enqueue(encoder.encode("\ufeff{}"));
    controller.close();
  });
  const { sent, done } = post(body);
  await done;
  expect(sent).toEqual(["\ufeff{}"]);
});

test("a body that fails is a failure of the input, without a word of its own", async () => {
  const { body } = stream((controller) => controller.error(new Error("canary")));
  const error = await post(body).done.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(InputError);
  expect(String(error)).toBe("InputError: demo restore: the body cannot be read");
});
