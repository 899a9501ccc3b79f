import { execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyFor, decode, sha256 } from "../src/decode.js";
import { replayFolder } from "../src/folder.js";

const program = resolve(import.meta.dirname, "../dist/vectors.js");
const shared = resolve(import.meta.dirname, "../../../../shared/vectors");

/** The command, as it is called. */
async function vectors(...folder: string[]) {
  const { stdout, stderr, code } = await promisify(execFile)(process.execPath, [program, ...folder]).then(
    (ended) => ({ ...ended, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
  return { code, lines: stdout.trimEnd().split("\n"), notes: stderr };
}

/** A vector whose signature is computed here, from the documented canonical request. */
function vector(
  id: string,
  input: object,
  wire: { target: string; body?: string | Uint8Array; host?: string },
  canonical: string[],
) {
  const { target, body = "", host = "h.example.com" } = wire;
  const names = "content-type;host;x-project-id;x-sdk-date";
  const block = `content-type:application/json\nhost:${host}\nx-project-id:p1\nx-sdk-date:20250102T030405Z\n`;
  const text = [...canonical, block, names, sha256(body)].join("\n");
  const mac = createHmac("sha256", "sk")
    .update(`SDK-HMAC-SHA256\n20250102T030405Z\n${sha256(text)}`)
    .digest("hex");
  return {
    id,
    clock: "2025-01-02T03:04:05.999Z",
    credentials: { ak: "ak", sk: "sk", projectId: "p1" },
    input: {
      via: "core",
      endpoint: "https://h.example.com",
      method: "GET",
      pathParams: {},
      query: {},
      contentType: "application/json",
      ...input,
    },
    wire: {
      target,
      headers: [
        ["Content-Type", "application/json"],
        ["host", host],
      ],
      bodySha256: sha256(body),
      ...(typeof body === "string" ? { bodyUtf8: body } : {}),
    },
    expected: { authorization: `SDK-HMAC-SHA256 Access=ak, SignedHeaders=${names}, Signature=${mac}` },
    documented: { agrees: true },
  };
}

const good = [
  vector(
    "plain",
    { path: "/v1/{project_id}/x", query: { b: 1, a: [true, "c d"] } },
    { target: "/v1/p1/x?b=1&a=true&a=c%20d" },
    ["GET", "/v1/p1/x/", "a=c%20d&a=true&b=1"],
  ),
  vector("escaped by us", { path: "/v1/{id}", pathParams: { id: "a/b'c" } }, { target: "/v1/a%2Fb'c" }, [
    "GET",
    "/v1/a%2Fb%27c/",
    "",
  ]),
  vector("escaped by the caller", { path: "/v1/{id}", pathParams: { id: "a%2Fb" } }, { target: "/v1/a%2Fb" }, [
    "GET",
    "/v1/a%2Fb/",
    "",
  ]),
  vector("port", { endpoint: "https://h.example.com:443", path: "/" }, { target: "/", host: "h.example.com:443" }, [
    "GET",
    "/",
    "",
  ]),
  vector(
    "encodings",
    { method: "PUT", path: "/v1", body: { a: { $repeat: ["é", 3] }, b: { $bigint: "9007199254740993" }, c: null } },
    {
      target: "/v1",
      body: '{"a":"ééé","b":9007199254740993,"c":null}',
    },
    ["PUT", "/v1/", ""],
  ),
  vector(
    "bytes",
    { method: "POST", path: "/v1", body: { $repeatBase64: ["AP8=", 2] } },
    { target: "/v1", body: new Uint8Array([0, 255, 0, 255]) },
    ["POST", "/v1/", ""],
  ),
  vector(
    "generated call",
    { path: undefined, operation: "restore", args: { instance_id: "i 1", dry: true, body: { at: 5 } } },
    {
      target: "/v3/i%201/restore?dry=true",
      body: '{"at":5}',
    },
    ["POST", "/v3/i%201/restore/", "dry=true"],
  ),
];
Object.assign(good.at(-1)?.wire as object, { method: "POST" });

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vectors-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: unknown): Promise<string> {
  const place = join(folder, name, "deeper");
  await mkdir(place, { recursive: true });
  await writeFile(join(place, "vectors-own.json"), typeof content === "string" ? content : JSON.stringify(content));
  return join(folder, name);
}

describe("vectors of our own", () => {
  test("reproduce", async () => {
    const place = await file("good", { scheme: "sdk-hmac-sha256", vectors: good });
    expect(await replayFolder(place)).toEqual({ reproduced: good.length, failures: [], others: [] });
    expect(await vectors(place)).toEqual({ code: 0, lines: [`${good.length} reproduced, 0 failed`], notes: "" });
  });

  const [plain] = good as [(typeof good)[0]];
  test.each<[string, unknown, string]>([
    ["another key", { ...plain, credentials: { ...plain.credentials, sk: "other" } }, "plain: signed"],
    ["another clock", { ...plain, clock: "2025-01-02T03:04:06Z" }, "plain: signed"],
    ["another query", { ...plain, input: { ...plain.input, query: { b: 2 } } }, "plain: signed"],
    ["another host", { ...plain, input: { ...plain.input, endpoint: "https://other" } }, "recorded is h.example.com"],
    ["another path", { ...plain, input: { ...plain.input, path: "/v2" } }, "the input makes the path /v2"],
    ["another body", { ...plain, input: { ...plain.input, body: { x: 1 } } }, 'the input makes the body {"x":1}'],
    ["an empty key", { ...plain, credentials: { ...plain.credentials, sk: "" } }, "sk is missing"],
    ["the documented signature wins", { ...plain, documented: { agrees: false, authorization: "A" } }, 'wanted "A"'],
    ["no signature", { ...plain, expected: {} }, "no signature to compare with"],
    [
      "no documented signature",
      { ...plain, documented: { agrees: false } },
      "documented.authorization or documented.signature is missing",
    ],
    ["no clock", { ...plain, clock: undefined }, "plain: clock is missing"],
    ["a clock that is no time", { ...plain, clock: "noon" }, "plain: clock is no time"],
    ["no credentials", { ...plain, credentials: undefined }, "plain: credentials is missing"],
    ["no key", { ...plain, credentials: { ak: "ak" } }, "plain: credentials.sk is missing"],
    ["no input", { ...plain, input: undefined }, "plain: input is missing"],
    ["no endpoint", { ...plain, input: { ...plain.input, endpoint: undefined } }, "plain: input.endpoint is missing"],
    ["no path", { ...plain, input: { ...plain.input, path: undefined } }, "plain: input.path is missing"],
    ["a method that is a number", { ...plain, input: { ...plain.input, method: 7 } }, "input.method must be a text"],
    ["headers that are no list", { ...plain, wire: { headers: {} } }, "wire.headers must be a list of [name, value]"],
    ["an expectation that is no object", { ...plain, expected: "x" }, "plain: expected must be an object"],
    [
      "a name of Object.prototype in a path",
      { ...plain, input: { ...plain.input, path: "/{constructor}" } },
      "/%7Bcon",
    ],
    ["not an object", 7, "vectors[1]: the vector is no object"],
    ["another signature alone", { ...plain, expected: { signature: "ab12" } }, "wanted ab12"],
    [
      "another key in the header",
      {
        ...plain,
        expected: { authorization: plain.expected.authorization.replace("Access=ak", "Access=other") },
      },
      "signed Access=ak, wanted Access=other",
    ],
    [
      "another list of signed headers",
      {
        ...plain,
        expected: { authorization: plain.expected.authorization.replace("content-type;host", "host") },
      },
      "over host;x-project-id;x-sdk-date",
    ],
    [
      "a signature that is not the header's",
      { ...plain, expected: { ...plain.expected, signature: "ab12" } },
      "the vector's signature is not the one in its authorization",
    ],
  ])("%s: one failure", async (name, changed, line) => {
    const place = await file(name.replaceAll(" ", "-"), { scheme: "sdk-hmac-sha256", vectors: [plain, changed] });
    const failures = [expect.stringContaining(line)];
    expect(await replayFolder(place)).toEqual({ reproduced: 1, failures, others: [] });
  });

  const header = plain.expected.authorization;
  test.each<[string, object]>([
    ["the signature alone", { signature: header.split("Signature=")[1] }],
    ["a header with other spaces", { authorization: header.replaceAll(", ", ",") }],
    ["a header in another order", { authorization: header.replace(/(Access=ak), (.*)$/, "$2, $1") }],
    ["both", { authorization: header, signature: header.split("Signature=")[1] }],
  ])("%s reproduces", async (name, expected) => {
    const folder = await file(name.replaceAll(" ", "-"), {
      scheme: "sdk-hmac-sha256",
      vectors: [{ ...plain, expected }],
    });
    expect(await replayFolder(folder)).toMatchObject({ reproduced: 1, failures: [] });
  });

  test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
    "the scheme %s is none, and nothing of the vector is shown",
    async (scheme) => {
      const secret = { ...plain, credentials: { ak: "ak", sk: "CANARY-key" } };
      const { failures } = await replayFolder(await file(`scheme-${scheme}`, { scheme, vectors: [secret] }));
      expect(failures).toEqual([expect.stringContaining(`unknown scheme "${scheme}", known: tc3-hmac-sha256`)]);
      expect(failures.join()).not.toContain("CANARY");
    },
  );

  test("no message holds a secret", async () => {
    const path = await file("secrets", {
      scheme: "sdk-hmac-sha256",
      vectors: [
        {
          ...plain,
          input: { ...plain.input, method: "POST", body: { name: "x".repeat(40), Password: "CANARY-1".repeat(9) } },
        },
        {
          ...plain,
          input: { ...plain.input, method: "POST", body: { a: { $bigint: "CANARY-2" } } },
          token: "CANARY-2",
        },
        {
          ...plain,
          input: { ...plain.input, endpoint: "https://CANARY-3" },
          credentials: { ...plain.credentials, securityToken: "canary-3" },
        },
      ],
    });
    const { failures } = await replayFolder(path);
    expect(failures).toHaveLength(3);
    expect(failures.join("\n")).not.toMatch(/canary/i);
    const broken = await replayFolder(await file("broken", '{"sk":"CANARY-4", nonsense'));
    expect(broken.failures).toEqual([expect.stringContaining("cannot be read as JSON")]);
    expect(broken.failures.join()).not.toContain("CANARY");
  });

  test.each([[[]], [["--strict"]], [["a", "b"]]])("called wrongly with %j", async (args) => {
    expect(await vectors(...args)).toMatchObject({
      code: 2,
      notes: expect.stringContaining("usage: vectors <folder>"),
    });
  });

  test("what fails is told, and that it did", async () => {
    const place = await file("told", { scheme: "sdk-hmac-sha256", vectors: [plain, 7] });
    const { code, lines } = await vectors(place);
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringContaining("vectors[1]: the vector is no object"), "1 reproduced, 1 failed"]);
  });

  test.each<[string, unknown, string]>([
    ["not-json", "{ nonsense", "cannot be read as JSON"],
    ["null", null, 'needs "scheme"'],
    ["no-vectors", { scheme: "tc3-hmac-sha256", vectors: [] }, 'needs "scheme"'],
    ["unknown-scheme", { scheme: "rot13", vectors: [{}] }, "unknown scheme"],
  ])("%s: the file is named", async (name, content, line) => {
    const result = await replayFolder(await file(name, content));
    expect(result).toMatchObject({ reproduced: 0, failures: [expect.stringContaining(line)] });
    expect(result.failures[0]).toContain(join(name, "deeper", "vectors-own.json"));
  });

  test("a file of another name is passed over, and named", async () => {
    const place = await file("others", { scheme: "sdk-hmac-sha256", vectors: good });
    await writeFile(join(place, "Vectors-2.json"), "{}");
    const { code, notes } = await vectors(place);
    expect(code).toBe(0);
    expect(notes).toBe("not replayed, for they are no vectors-*.json: Vectors-2.json\n");
  });

  test("no folder, no vectors", async () => {
    await mkdir(join(folder, "empty"));
    expect(await replayFolder(join(folder, "empty"))).toMatchObject({
      failures: [expect.stringContaining("no vectors-*.json")],
    });
    expect(await replayFolder(join(folder, "absent"))).toMatchObject({
      failures: [expect.stringContaining("ENOENT")],
    });
  });
});

test("spellings of one JSON text", () => {
  const value = decode({ a: "\x7f\u2028é", n: { $bigint: "12" } });
  for (const text of [
    '{"a":"\x7f\u2028é","n":12}',
    '{"a":"\\u007f\\u2028é","n":12}',
    '{"n":12, "a":"\x7f\u2028\\u00e9"}',
  ]) {
    expect(bodyFor(value, "POST", { bodySha256: sha256(text), bodyUtf8: text })).toBe(text);
  }
  expect(bodyFor({}, "DELETE", { bodySha256: sha256("") })).toBeUndefined();
  expect(() => bodyFor(value, "POST", { bodySha256: sha256("{}"), bodyUtf8: "{}" })).toThrow("recorded is {}");
  const large = decode({ n: { $bigint: "9007199254740993" } });
  const of = (bodyUtf8: string) => bodyFor(large, "POST", { bodySha256: sha256(bodyUtf8), bodyUtf8 });
  expect(of('{ "n": 9007199254740993 }')).toBe('{ "n": 9007199254740993 }');
  expect(() => of('{ "n": 9007199254740992 }')).toThrow("recorded is");
});

describe("vectors captured from the official SDKs", () => {
  // They stand beside the repository, not in it.
  const there = existsSync(shared);
  test.skipIf(!there)(there ? "all reproduce" : `skipped: no ${shared} on this machine`, async () => {
    const result = await vectors(shared);
    expect(result).toMatchObject({ code: 0, lines: [expect.stringMatching(/^\d{3,} reproduced, 0 failed$/)] });
  });
});
