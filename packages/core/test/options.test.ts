import { type CallOptions, type ClientOptions, InputError, OptionError } from "@restorekit/core";
import type { AkSkCredentials } from "@restorekit/core/signing";
import { describe, expect, test } from "vitest";
import { connect } from "./demo.js";

type Options = Partial<ClientOptions<AkSkCredentials>>;
const good = async () => new Response('{"id":"r-1"}');
const input = { instance_id: "i-1", backup_id: "b-1" };

describe("a client is refused", () => {
  const wrong = [Number.NaN, -1, "5", null] as never[];
  test.each<[string, (value: never) => Options]>([
    ["timeout.attempt", (attempt) => ({ timeout: { attempt } })],
    ["timeout.overall", (overall) => ({ timeout: { overall } })],
    ["retry.attempts", (attempts) => ({ retry: { attempts } })],
    ["retry.baseMs", (baseMs) => ({ retry: { baseMs } })],
    ["retry.capMs", (capMs) => ({ retry: { capMs } })],
    ["maxBytes", (maxBytes) => ({ maxBytes })],
  ])("for a %s that is no number", (option, options) => {
    for (const value of wrong) {
      const build = () => connect({ ...options(value), fetch: good });
      expect(build).toThrow(OptionError);
      expect(build).toThrow(expect.objectContaining({ option, message: expect.stringContaining(`${option} must be`) }));
    }
  });

  test.each<[string, object]>([
    ["fetch", { fetch: "https://api.example.com" }],
    ["limiter", { limiter: true }],
    ["timeout", { timeout: 5 }],
  ])("for a %s that is none", (option, options) => {
    const build = () => connect(options as Options);
    expect(build).toThrow(OptionError);
    expect(build).toThrow(expect.objectContaining({ option, message: expect.stringContaining(`${option} must be`) }));
  });

  test.each([0, 1.5])("for %s attempts", (attempts) => {
    expect(() => connect({ retry: { attempts } })).toThrow("retry.attempts must be a whole number from 1");
  });
});

test("no limit at all is a limit too", async () => {
  const without = { attempt: Number.POSITIVE_INFINITY, overall: Number.POSITIVE_INFINITY };
  const client = connect({ fetch: good, timeout: without, retry: { attempts: Number.POSITIVE_INFINITY } });
  await expect(client.restore(input, { timeout: without })).resolves.toEqual({ id: "r-1" });
});

test.each<[string, CallOptions]>([
  ["timeout.attempt", { timeout: { attempt: Number.NaN } }],
  ["timeout.overall", { timeout: { overall: -1 } }],
])("a call with a wrong %s is refused before anything is sent", async (field, options) => {
  let sent = 0;
  const fetch = async () => {
    sent++;
    return good();
  };
  const end = await connect({ fetch }).restore(input, options).settled();
  expect(end).toMatchObject({ ok: false, error: { field, executed: "no" } });
  expect(!end.ok && end.error).toBeInstanceOf(InputError);
  expect(sent).toBe(0);
});
