import { runInNewContext } from "node:vm";
import { buildClient, type CallError, DECISIONS, type Hooks, type Operation, type Service } from "@restorekit/core";
import { type Tc3Credentials, tc3 } from "@restorekit/core/signing";
import { describe, expect, test } from "vitest";
import { connect as connectDemo } from "./demo.js";

const service: Service = {
  name: "rpc",
  version: "1",
  endpoints: [{ url: "https://rpc.example.com" }],
  envelope: "Response",
  errors: "tencent",
};
const common = {
  method: "POST",
  input: { body: ["Id"] },
  success: [200],
  throttled: ["RequestLimitExceeded"],
} as const;
const operations = {
  write: { ...common, id: "write", path: "/#Action=Write", effect: "creates", result: ["TaskId"] },
  remove: { ...common, id: "remove", path: "/#Action=Remove", effect: "deletes", empty: [200] },
  read: { ...common, id: "read", path: "/#Action=Read", effect: "read" },
} as const satisfies Record<string, Operation>;
type Calls = Record<"write" | "remove" | "read", (input: object) => Promise<unknown>>;

function connect(answer: () => Response | Promise<Response>, hooks: Hooks = {}) {
  return buildClient<Calls, object, Tc3Credentials>(service, operations, tc3, {
    credentials: { secretId: "AKID", secretKey: "sk" },
    random: () => 0,
    fetch: async () => answer(),
    hooks,
  });
}

/** What Tencent Cloud says with HTTP 200. */
const codes: [body: unknown, executed: "no" | "maybe", outcome: string, reads: number][] = [
  [{ Code: "InvalidParameter" }, "no", "rejected", 1],
  [{ Code: "ResourceUnavailable.BackupLockedError" }, "no", "rejected", 1],
  [{ Code: "UnauthorizedOperation.NoCAMAuthed" }, "no", "rejected", 1],
  [{ Code: "RequestLimitExceeded" }, "no", "throttled", 4],
  [{ Code: "RequestLimitExceeded.SomethingNew" }, "no", "rejected", 1],
  [{ Code: "AuthFailure.SignatureExpire" }, "no", "skewed", 2],
  [{ Code: "InternalError" }, "maybe", "failed", 1],
  [{ Code: "InternalError.DbOperationFailed" }, "maybe", "failed", 1],
  [{ Code: "FailedOperation.SystemError" }, "maybe", "failed", 1],
  [{ Code: "ServiceUnavailable" }, "maybe", "failed", 1],
  [{ Code: "RequestTimeout" }, "maybe", "failed", 1],
  [{ Message: "without a code" }, "maybe", "failed", 1],
  ["a text", "maybe", "failed", 1],
];

describe.each(codes)("the error %j", (error, executed, outcome, reads) => {
  test.each([
    ["write", outcome === "throttled" ? 4 : 1],
    ["read", reads],
  ] as const)("of a %s: sent %i times", async (name, sent) => {
    const seen: string[] = [];
    const answer = () => new Response(JSON.stringify({ Response: { Error: error, RequestId: "r-1" } }));
    const client = connect(answer, { onResponse: ({ outcome }) => seen.push(outcome) });
    await expect(client[name]({})).rejects.toMatchObject({ executed, status: 200 });
    expect(seen).toEqual(Array(sent).fill(outcome));
  });
});

describe("a throttling code with something else in the same answer proves nothing", () => {
  const error = '"Error":{"Code":"RequestLimitExceeded","Message":"m"}';
  test.each([
    ["the result beside it", `{"Response":{${error},"TaskId":5,"RequestId":"r"}}`],
    ["the result outside the envelope", `{"TaskId":5,"Response":{${error}}}`],
    ["the result below another name", `{"Response":{${error},"Data":[{"TaskId":5}]}}`],
    ["a first envelope with the result", `{"Response":{"TaskId":5},"Response":{${error}}}`],
    ["a first envelope, its name escaped", `{"\\u0052esponse":{"Other":5},"Response":{${error}}}`],
    ["a first error", `{"Response":{"Error":{"Message":"InternalError"},${error}}}`],
  ])("%s: a write is sent once", async (_, body) => {
    let sent = 0;
    const client = connect(() => {
      sent++;
      return new Response(body);
    });
    await expect(client.write({})).rejects.toMatchObject({ code: "RequestLimitExceeded", executed: "maybe" });
    expect(sent).toBe(1);
  });
});

test("a read says maybe when an earlier attempt may have run", async () => {
  const answers: (() => Response)[] = [
    () => {
      throw new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNRESET" }) });
    },
    () => new Response(JSON.stringify({ Response: { Error: { Code: "InvalidParameter" } } })),
  ];
  const client = connect(() => (answers.shift() as () => Response)());
  await expect(client.read({})).rejects.toMatchObject({ executed: "maybe", code: "InvalidParameter" });
});

test("a budget ends the retries of a client whose calls all fail", async () => {
  let sent = 0;
  const client = connect(() => {
    sent++;
    return new Response("", { status: 503 });
  });
  for (let call = 0; call < 100; call++) await client.read({}).catch(() => {});
  // 100 tokens, 5 for each retry: 20 retries on top of the calls themselves.
  expect(sent).toBe(120);
});

test("every row says why, and only rows that prove it let a write go out again", () => {
  for (const { again, executed, why } of Object.values(DECISIONS)) {
    expect(why).toMatch(/^[A-Z].*\.$/);
    if (again === "any") expect(executed).toBe("no");
  }
  const any = Object.entries(DECISIONS).filter(([, { again }]) => again === "any");
  expect(any.map(([name]) => name)).toEqual(["notConnected", "throttled"]);
});

describe("hooks", () => {
  test.each<[string, () => Response | Promise<Response>, string[]]>([
    ["a result", () => new Response('{"Response":{"TaskId":1}}'), ["onRequest", "onResponse", "onEnd"]],
    ["a failure", () => new Response("", { status: 400 }), ["onRequest", "onResponse", "onEnd"]],
    [
      "retries",
      () => Promise.reject(new TypeError("x", { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) })),
      [..."123"].flatMap(() => ["onRequest", "onResponse", "onRetry"]).concat("onRequest", "onResponse", "onEnd"),
    ],
  ])("hear of %s in order", async (_, answer, wanted) => {
    const heard: string[] = [];
    const names = ["onRequest", "onResponse", "onRetry", "onEnd"] as const;
    const hooks = Object.fromEntries(names.map((name) => [name, () => heard.push(name)]));
    await connect(answer, hooks)
      .write({})
      .catch(() => {});
    expect(heard).toEqual(wanted);
  });

  test.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("hook");
      },
    ],
    ["rejects", () => Promise.reject(new Error("hook"))],
    ["rejects with a promise of another realm", () => runInNewContext('Promise.reject(new Error("hook"))')],
    ["never ends", () => new Promise(() => {})],
  ])("that %s change nothing", async (_, hook) => {
    const hooks = { onRequest: hook, onResponse: hook, onRetry: hook, onEnd: hook } as Hooks;
    await expect(connect(() => new Response('{"Response":{"TaskId":1}}'), hooks).write({})).resolves.toEqual({
      TaskId: 1,
    });
    const refusal = '{"Response":{"Error":{"Code":"InvalidParameter","Message":"m"}}}';
    const error = (await connect(() => new Response(refusal, { status: 400 }), hooks)
      .write({})
      .catch((error: unknown) => error)) as CallError;
    expect(error.executed).toBe("no");
  });

  test.each(["onRequest", "onResponse", "onEnd"] as const)("cannot spoil the event of %s", async (name) => {
    const spoilt: unknown[] = [];
    const spoil = (event: object) => {
      spoilt.push(Reflect.defineProperty(event, "host", { enumerable: true, get: () => expect.fail("read") }));
      spoilt.push(Reflect.set(event, "attempt", 99));
    };
    const heard: unknown[] = [];
    const hooks: Hooks[] = [{ [name]: spoil }, { onEnd: ({ attempt, host }) => heard.push([attempt, host]) }];
    const client = connectDemo({ fetch: async () => new Response('{"id":"r-1"}'), hooks });
    await expect(client.restore({ instance_id: "i", backup_id: "b" })).resolves.toEqual({ id: "r-1" });
    expect(spoilt).toEqual([false, false]);
    expect(heard).toEqual([[1, "demo.north-1.example.com"]]);
  });

  test("hear the end of a call whose credentials fail, and of one that is aborted", async () => {
    for (const options of [
      { credentials: () => Promise.reject(new Error("x")) },
      { fetch: () => new Promise<Response>(() => {}), timeout: { overall: 20 } },
    ]) {
      const ends: unknown[] = [];
      const client = connectDemo({
        ...options,
        hooks: { onEnd: ({ outcome, executed }) => ends.push([outcome, executed]) },
      });
      const error = (await client
        .restore({ instance_id: "i", backup_id: "b" })
        .catch((error: unknown) => error)) as CallError;
      expect(ends).toEqual([[expect.any(String), error.executed]]);
    }
  });
});

const THROTTLED = "RequestLimitExceeded";
const tencent = (code: unknown, more: object = {}) => ({ Response: { Error: { Code: code, Message: "m" }, ...more } });

// Answers to a write that ran, or of which nobody knows.
test.each<[string, number, unknown]>([
  ["throttling beside what a write without a documented result has begun", 200, tencent(THROTTLED, { JobId: "j-1" })],
  ["throttling beside an empty result", 200, tencent(THROTTLED, { Data: {} })],
  ["throttling that quotes the answer of a backend", 200, tencent(THROTTLED, { Message: 'said {"TaskId":5}' })],
  ["throttling with a status that says accepted", 202, tencent(THROTTLED)],
  ["an empty code", 200, tencent("")],
  ["a code of blanks", 200, tencent(" RequestLimitExceeded ")],
  ["a code that is a status, as any proxy says it", 403, tencent(403)],
  ["a code that is a status, as text", 403, tencent("403")],
  ["a code of success", 400, tencent(0)],
  ["an internal failure in capitals", 400, tencent("INTERNAL_ERROR")],
  ["an internal failure with the status of a refused token", 401, tencent("InternalError")],
  ["an unknown error", 400, tencent("UnknownError")],
  ["a refused clock with the status of a gateway", 504, tencent("AuthFailure.SignatureExpire")],
  ["a refused token with the status of a gateway", 502, tencent("AuthFailure.TokenFailure")],
  ["a gateway that gave up, with another status", 400, tencent("APIGW.0201")],
  ["the second of two deliveries", 409, tencent("DuplicateRequest")],
  ["an operation that is in progress", 409, tencent("OperationInProgress")],
  ["DCS, with a code of the 500s and the status 404", 404, tencent("DCS.5101")],
])("%s: the write may have run, and is sent once", async (_, status, body) => {
  let sent = 0;
  const client = connect(() => {
    sent++;
    return Response.json(body, { status });
  });
  await expect(client.remove({})).rejects.toMatchObject({ executed: "maybe" });
  expect(sent).toBe(1);
});
