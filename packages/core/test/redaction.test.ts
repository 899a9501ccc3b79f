import { spawnSync } from "node:child_process";
import { inspect } from "node:util";
import {
  type ApiError,
  buildClient,
  type ClientOptions,
  createLimiter,
  EndpointError,
  type Hooks,
  logTo,
  type Operation,
  type Service,
} from "@restorekit/core";
import {
  type AkSkCredentials,
  authToken,
  keysOrToken,
  type Scheme,
  sdkHmac,
  sdkHmacScoped,
  type Tc3Credentials,
  type TokenCredentials,
  tc3,
  tencentV1,
} from "@restorekit/core/signing";
import { describe, expect, test } from "vitest";

/** Every secret is unique, and hard to quote. */
const CANARY = /canary/i;
const PASSWORD = 'Canary-pa"ss\\wörd/<1>&\u{1f511}';
const HEADER = "canary-subject-token";
const QUERY = "canary query+secret=1";

const service: Service = {
  name: "demo",
  version: "1",
  endpoints: [{ url: "https://demo.example.com" }],
  errors: "huawei",
};
const write: Operation = {
  id: "write",
  method: "POST",
  path: "/v1/things/{id}",
  effect: "creates",
  input: { path: ["id"], query: ["secret"], header: ["X-Subject-Token"], body: ["password", "nested", "remark"] },
  secrets: ["password", "secret", "keys", "X-Subject-Token"],
  success: [200],
  throttled: ["APIGW.0308-quietHarbour"],
};
const operations = { write, read: { ...write, id: "read", effect: "read" } } as const;
const input = {
  id: "t-1",
  secret: QUERY,
  "X-Subject-Token": HEADER,
  password: PASSWORD,
  nested: { keys: ["canary-in-a-list", { deep: "canary-in-an-object" }] },
  remark: "harmless",
};

type AnyCredentials = AkSkCredentials & TokenCredentials & Tc3Credentials;
type Calls = Record<"write" | "read", (input: object) => Promise<unknown>>;
const schemes: [string, Scheme<never>, object][] = [
  ["sdkHmac", sdkHmac, { ak: "CANARYACCESSKEY", sk: "canary/secret+key=", securityToken: "canary-security-token" }],
  ["sdkHmacScoped", sdkHmacScoped, { ak: "CANARYACCESSKEY", sk: "canary-secret-key" }],
  ["tc3", tc3, { secretId: "CANARYSECRETID", secretKey: "canary-secret-key", token: "canary-session-token" }],
  ["tencentV1", tencentV1, { secretId: "CANARYSECRETID", secretKey: "canary-secret-key" }],
  ["token", authToken, { token: `canary${"x".repeat(4_000)}` }],
  ["keysOrToken", keysOrToken(sdkHmac), { token: "canary-either-token" }],
];

/** How a service may quote a request back, each of them in the text of an error. */
const quotes: [string, (text: string) => string][] = [
  ["as it is", (text) => text],
  ["as JSON", (text) => JSON.stringify(text)],
  ["as JSON in JSON", (text) => JSON.stringify(JSON.stringify(text))],
  [
    "as ASCII JSON",
    (text) => JSON.stringify(text).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  ],
  ["as JSON with escaped slashes", (text) => JSON.stringify(text).replaceAll("/", "\\/")],
  ["in a URL", (text) => encodeURIComponent(text)],
  ["in a form", (text) => new URLSearchParams({ q: text }).toString()],
  ["in HTML", (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)],
  ["in upper case", (text) => text.toUpperCase()],
];

/** Answers with everything it was sent, wherever an answer has room for it. */
function echo(quote: (text: string) => string, status: number): typeof globalThis.fetch {
  return async (url, init) => {
    const sent = [String(url), ...new Headers(init?.headers).values(), String(init?.body)];
    const values = sent.flatMap((text) => [text, ...texts(text)]).map(quote);
    const body = {
      error_code: values.join(" "),
      error_msg: values.join("\n"),
      request_id: values.toReversed().join(" "),
    };
    const odd = `{${JSON.stringify(values[0])}: 9007199254740993}`;
    return new Response(status === 200 ? odd : JSON.stringify(body), { status });
  };
}

/** The texts in a body, and the decoded parts of a URL. */
function texts(text: string): string[] {
  if (text.startsWith("https:")) return [...new URL(text).searchParams.values()];
  if (!text.startsWith("{")) return [];
  const found: string[] = [];
  JSON.parse(text, (_, value) => {
    if (typeof value === "string") found.push(value);
    return value;
  });
  return found;
}

/** Everything that can be seen of a value. */
function seen(value: unknown) {
  const stack = value instanceof Error ? `${value.stack} ${value} ${JSON.stringify(Object.entries(value))}` : "";
  return `${stack} ${inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true })} ${JSON.stringify(value)}`;
}

function build(scheme: Scheme<never>, options: Partial<ClientOptions<AnyCredentials>>) {
  const written: unknown[] = [];
  const keep = (...args: unknown[]) => void written.push(...args);
  const all: Required<Hooks> = { onRequest: keep, onResponse: keep, onRetry: keep, onEnd: keep };
  const limiter = createLimiter();
  const client = buildClient<Calls, object, AnyCredentials>(service, operations, scheme as Scheme<AnyCredentials>, {
    random: () => 0,
    retry: { attempts: 2 },
    hooks: [all, logTo({ debug: keep, warn: keep })],
    limiter,
    ...options,
  });
  return { client, written, limiter };
}

describe.each(schemes)("%s", (_, scheme, keys) => {
  describe.each([400, 401, 404, 429, 503, 200])("HTTP %i", (status) => {
    test.each(quotes)("quoted %s", async (_, quote) => {
      const credentials = async () => keys as AnyCredentials;
      const { client, written, limiter } = build(scheme, { fetch: echo(quote, status), credentials });
      for (const name of ["write", "read"] as const) {
        const call = client[name](input);
        const error = await call.catch((error: unknown) => error);
        expect(error).toBeInstanceOf(Error);
        for (const object of [error, call, client, client.http, limiter]) expect(seen(object)).not.toMatch(CANARY);
      }
      expect(written.length).toBeGreaterThan(4);
      expect(seen(written)).not.toMatch(CANARY);
    });
  });
});

describe("the detail of an error", () => {
  const secret = "Zx9-quietHarbour/77";
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const hex = Buffer.from(secret).toString("hex");
  const errorWith = async (message: string, given: object = {}) => {
    const fetch = async () => Response.json({ error_code: "DCS.4039", error_msg: message }, { status: 400 });
    const credentials = { ak: "AKDEMO7HX2", sk: secret } as AnyCredentials;
    const { client } = build(sdkHmac as Scheme<never>, { fetch, credentials });
    const error = await client.write({ ...input, ...given }).catch((error: unknown) => error);
    return error as ApiError;
  };

  test.each([
    ["as it is", secret],
    ["in quotes", `"${secret}"`],
    ["with something before it", `sk=${secret},`],
    ["cut short", secret.slice(0, 8)],
    ["its end", secret.slice(-8)],
    ["a word of it", "quietHarbour"],
    ["a word of it, in small letters", "harbour"],
    ["base64", base64(secret)],
    ["base64 for URLs", Buffer.from(secret).toString("base64url")],
    ["base64 cut short", base64(secret).slice(0, 8)],
    ["base64 of a pair", base64(`AKDEMO7HX2:${secret}`)],
    ["base64 of another pair", base64(`user:${secret}`)],
    ["hex", hex],
    ["hex in capitals", hex.toUpperCase()],
    ["hex cut short", hex.slice(0, 8)],
    ["as codes of characters", [...secret].map((char) => `&#${char.charCodeAt(0)};`).join("")],
    ["escaped for a URL", encodeURIComponent(secret)],
    ["backwards", [...secret].reverse().join("")],
  ])("has no secret: %s", async (_, quoted) => {
    expect((await errorWith(`denied for ${quoted} today`)).detail).toBe("denied for … today");
  });

  // Passwords of few letters and many signs, in the forms in which a service may say one again.
  const hard = [
    ...[
      "Abc12.:;",
      "Pass1!!!",
      "Root1!!!!",
      "Qwert!!!!!!!!!",
      "\"'(ab1",
      "\u5bc6\u7801abc12\u5bc6\u7801xy34",
      "abc1!",
      "a:b:c:d",
    ],
    ...["ab12\u5bc6cd34\u5bc6ef56", "\u00c0\u00c9\u00ceabc1\u00d5\u00dc", "Tr0ub4dor&3", "hunter2pass"],
  ];
  const forms: [string, (text: string) => string][] = [
    ["as it is", (text) => text],
    ["in capitals", (text) => text.toUpperCase()],
    ["between quotes", (text) => `"${text}"`],
    ["within a word", (text) => `is${text}here`],
    ["after Chinese", (text) => `\u5bc6\u7801${text}\u592a\u5f31`],
    ["hex", (text) => Buffer.from(text).toString("hex")],
    ["base64", base64],
    ["base64 without padding", (text) => Buffer.from(text).toString("base64url")],
    ["base64 of a pair", (text) => Buffer.from(`u:${text}`).toString("base64url")],
  ];
  describe.each(hard)("the password %s", (password) => {
    test.each(forms)("%s is in no error", async (_, form) => {
      const quoted = form(password);
      const error = await errorWith(`The password ${quoted} is weak`, { password });
      expect(error.detail).toBe("The password … is weak");
    });

    test.each(forms)("%s is no code and no request id", async (_, form) => {
      const quoted = form(password);
      const body = { error_code: quoted, error_msg: "m", request_id: quoted };
      const { client } = build(sdkHmac as Scheme<never>, {
        fetch: async () => Response.json(body, { status: 400 }),
        credentials: { ak: "AKDEMO7HX2", sk: secret } as AnyCredentials,
      });
      const error = await client.write({ ...input, password }).catch((error: unknown) => error);
      expect(error).toMatchObject({ code: "…", requestId: undefined });
      expect(seen(error)).not.toContain(quoted);
    });
  });

  test("has nothing of the vendor's text where secrets are too long to look for", async () => {
    const password = `${"x9Yz".repeat(250_000)}end-of-it`;
    const began = performance.now();
    const error = await errorWith("no end-of-it here", { password });
    expect(error).toMatchObject({ code: "…", detail: "a text of 17 characters" });
    expect(performance.now() - began).toBeLessThan(400);
  });

  test("has no word of a secret that is a sentence", async () => {
    const error = await errorWith("cannot use My dog, is big", { password: "my dog is big" });
    expect(error.detail).toBe("cannot use …");
  });

  test.each([
    "The instance status is not running.",
    "Parameter 'backup_id' is invalid: too long (max. 36).",
    "Instance 5560df16-cebf-4473-95c4-d1b573c16e79 does not exist",
    "InvalidParameterValue.BackupNotExists, see DBS.280001 in v3.1",
    "\u5907\u4efd\u4e0d\u5b58\u5728",
  ])("says what is harmless: %s", async (message) => {
    expect(await errorWith(message)).toMatchObject({ code: "DCS.4039", detail: message });
  });

  test.each([
    ["InvalidParameterValue.PasswordError", "Redis-password-1", "InvalidParameterValue.PasswordError"],
    ["AuthFailure.SecretIdNotFound", "rehearsal-secret-key", "AuthFailure.SecretIdNotFound"],
    ["X.PasswordError", "a password of words", "X.PasswordError"],
    ["APIGW.0303", "0303-0303", "APIGW.0303"],
    ["Passw0rd-77", "Passw0rd-77", "…"],
    ["X.passw0rd-77.Y", "Passw0rd-77", "…"],
    [base64("Passw0rd-77").replaceAll("=", ""), "Passw0rd-77", "…"],
    ["UGFzczEhISE", "Pass1!!!", "…"],
    ["X.quietHar", "quietHarbour", "…"],
    ["APIGW.0308-quietHarbour", "APIGW.0308-quietHarbour", "APIGW.0308-quietHarbour"],
    ["A code with / signs", "Passw0rd-77", "…"],
  ])("leaves the code %s as it is, unless it tells the password %s", async (code, password, shown) => {
    const answer = { error_code: code, error_msg: "m", request_id: code };
    const { client } = build(sdkHmac as Scheme<never>, {
      fetch: async () => Response.json(answer, { status: 400 }),
      credentials: { ak: "AK", sk: "sk" } as AnyCredentials,
    });
    const error = await client.write({ ...input, password }).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: shown, requestId: shown === "…" ? undefined : code });
  });

  test("has nothing else that is no plain word", async () => {
    expect((await errorWith('at \u0000 <b>x</b> {"a":1} Abc123DEF456 \u202e end')).detail).toBe("at … end");
  });
});

class CredentialsError extends Error {
  override readonly name = "CredentialsError";
}

test.each<[string, Partial<ClientOptions<AnyCredentials>>, object]>([
  [
    "an error that borrows the name of one of ours",
    { credentials: () => Promise.reject(new CredentialsError("canary")) },
    input,
  ],
  [
    "an error whose name is a secret",
    { credentials: () => Promise.reject(Object.assign(new Error("x"), { name: "canary secret" })) },
    input,
  ],
  [
    "an error whose name is a secret of one word",
    { credentials: () => Promise.reject(Object.assign(new Error("x"), { name: "Canary2pass" })) },
    input,
  ],
  [
    "a network error that quotes the request",
    { fetch: () => Promise.reject(new TypeError(PASSWORD, { cause: new Error(HEADER) })) },
    input,
  ],
  [
    "a network error whose code is a secret",
    { fetch: () => Promise.reject(Object.assign(new Error(), { code: "CANARY CODE\n" })) },
    input,
  ],
  [
    "a provider that fails with a secret",
    { credentials: () => Promise.reject(new Error("canary", { cause: { keys: "canary" } })) },
    input,
  ],
  ["a provider that throws a text", { credentials: () => Promise.reject("canary") }, input],
  ["keys that cannot be sent", { credentials: { ak: "canary\n", sk: "canary" } as AnyCredentials }, input],
  ["a password that cannot be sent", {}, { ...input, password: { inner: ["canary", 1n] } }],
  ["a header that cannot be sent", {}, { ...input, "X-Subject-Token": "canary\r\nx: y" }],
  ["an id that cannot be sent", {}, { ...input, id: "canary\ud800" }],
])("%s stays inside", async (_, options, given) => {
  const credentials = { ak: "CANARYACCESSKEY", sk: "canary-secret-key" } as AnyCredentials;
  const { client, written } = build(sdkHmac as Scheme<never>, { credentials, fetch: echo(String, 400), ...options });
  const error = await client.write(given).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(Error);
  expect(seen([error, written, client])).not.toMatch(CANARY);
});

test.each([
  "https://user:canary@demo.example.com",
  "https://canary@demo.example.com",
  "https://demo.example.com/?token=canary",
  "https://demo.example.com/#canary",
  "https:// canary",
])("an endpoint that is refused is not repeated: %s", (endpoint) => {
  let error: unknown;
  try {
    build(sdkHmac as Scheme<never>, { endpoint });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(EndpointError);
  expect(seen(error)).not.toMatch(CANARY);
});

test("nothing is printed when calls fail", () => {
  const core = JSON.stringify(import.meta.resolve("@restorekit/core"));
  const signing = JSON.stringify(import.meta.resolve("@restorekit/core/signing"));
  const program = `
    import { buildClient } from ${core};
    import { sdkHmac } from ${signing};
    import http from "node:http";
    const answers = [[500, "{}"], [200, "<html>"], [302, ""], [401, "{}"], [200, '{"a":1e999}']];
    const server = http.createServer((request, response) => {
      const [status, body] = answers.shift() ?? [];
      if (!status) return request.socket.destroy();
      response.writeHead(status, { location: "/" }).end(body);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const operation = (id, effect) => ({ id, method: "POST", path: "/v1/" + id, effect, input: { body: ["a"] }, success: [200] });
    const client = (port, more) => buildClient(
      { name: "demo", version: "1", endpoints: [{ url: "https://demo.example.com" }], errors: "huawei" },
      { write: operation("write", "creates"), read: operation("read", "read") },
      sdkHmac,
      { endpoint: "http://127.0.0.1:" + port, credentials: { ak: "a", sk: "b" }, retry: { baseMs: 1, attempts: 2 }, ...more },
    );
    const controller = new AbortController();
    const made = [];
    for (const [port, more] of [[server.address().port, {}], [1, {}], [1, { credentials: undefined }], [1, { credentials: async () => { throw 1; } }]]) {
      const { write, read } = client(port, { hooks: { onRequest: async () => { throw new Error("hook"); } }, ...more });
      for (let n = 0; n < 20; n++) made.push(write({ a: 1 }, { signal: controller.signal }), read({ a: 1 }, { signal: controller.signal, timeout: { overall: 1e10 } }));
      made.push(write({ b: 1 }), write({ a: 1n }), write(null));
    }
    const ends = await Promise.allSettled(made);
    server.closeAllConnections();
    server.close();
    process.exitCode = ends.every(({ status }) => status === "rejected") ? 0 : 3;
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    timeout: 20_000,
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
});
