import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type SourceOptions, tencentCredentials } from "../../src/node/index.js";
import { failure, machine, secretless, serve } from "./place.js";

const env = { TENCENTCLOUD_SECRET_ID: "env", TENCENTCLOUD_SECRET_KEY: "CANARY-env" };
const tccli = (values: object) => JSON.stringify({ secretId: "tccli", secretKey: "CANARY-tccli", ...values });
const ini = (id: string) => `# comment\n[default]\nsecret_id = ${id}\nsecret_key="CANARY-${id}"\n`;
const TCCLI = "home/.tccli/default.credential";
const HOME = "home/.tencentcloud/credentials";
const ETC = "etc/tencentcloud/credentials";
const all = { [TCCLI]: tccli({}), [HOME]: ini("home"), [ETC]: ini("etc") };

test.each([
  ["environment first", all, env, "env", "environment TENCENTCLOUD_SECRET_ID"],
  ["then tccli", all, {}, "tccli", "~/.tccli/default.credential"],
  ["empty counts as unset", all, { TENCENTCLOUD_SECRET_ID: "" }, "tccli", "~/.tccli/default.credential"],
  ["then the user's file", { ...all, [TCCLI]: "{}" }, {}, "home", "~/.tencentcloud/credentials"],
  ["then the machine's", { [ETC]: ini("etc") }, {}, "etc", "ROOT/etc/tencentcloud/credentials"],
  [
    "no default section",
    { ...all, [TCCLI]: "{}", [HOME]: "[other]\nsecret_id=x\n" },
    {},
    "etc",
    "ROOT/etc/tencentcloud/credentials",
  ],
  [
    "BOM and CRLF",
    { [HOME]: `\uFEFF${ini("home").replaceAll("\n", "\r\n")}` },
    {},
    "home",
    "~/.tencentcloud/credentials",
  ],
  ["BOM in JSON", { [TCCLI]: `\uFEFF${tccli({})}` }, {}, "tccli", "~/.tccli/default.credential"],
  [
    "a named profile",
    { ...all, "home/.tccli/p.credential": tccli({ secretId: "p" }) },
    { TCCLI_PROFILE: "p" },
    "p",
    "~/.tccli/p.credential",
  ],
])("order: %s", async (_, files, variables, secretId, source) => {
  const options = machine(files, variables);
  const provider = tencentCredentials(options);
  expect(provider.source).toBeUndefined();
  expect(await provider()).toEqual({ secretId, secretKey: expect.stringMatching(/^CANARY-\w+$/) });
  expect(provider.source).toBe(source.replace("ROOT", options.root));
  secretless(provider);
});

test.each(["TENCENTCLOUD_SESSION_TOKEN", "TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN"])(
  "token in %s",
  async (name) => {
    const provider = tencentCredentials(machine({}, { ...env, [name]: "CANARY-token" }));
    expect(await provider()).toMatchObject({ secretId: "env", token: "CANARY-token" });
    expect(provider.source).toBe(`environment TENCENTCLOUD_SECRET_ID, ${name}`);
  },
);

test("a tccli login: end and region", async () => {
  const configure = JSON.stringify({ _sys_param: { region: "ap-seoul" } });
  const files = {
    [TCCLI]: tccli({ type: "oauth", token: "CANARY", expiresAt: 1_800_000_000 }),
    "home/.tccli/default.configure": configure,
  };
  const provider = tencentCredentials(machine(files));
  expect(await provider.settings()).toEqual({ region: "ap-seoul" });
  expect(await provider()).toMatchObject({ token: "CANARY", expiresAt: new Date(1_800_000_000_000) });
  const other = tencentCredentials(machine(files, { TENCENTCLOUD_REGION: "ap-tokyo" }));
  expect(await other.settings()).toEqual({ region: "ap-tokyo" });
});

test.each([
  [
    "half an environment",
    {},
    { TENCENTCLOUD_SECRET_ID: "CANARY" },
    { code: "incomplete", source: "environment", field: "TENCENTCLOUD_SECRET_KEY" },
  ],
  [
    "other half",
    {},
    { TENCENTCLOUD_SECRET_KEY: "CANARY" },
    { code: "incomplete", source: "environment", field: "TENCENTCLOUD_SECRET_ID" },
  ],
  [
    "a role to assume",
    {},
    { ...env, TENCENTCLOUD_ROLE_ARN: "CANARY" },
    { code: "unsupported", field: "TENCENTCLOUD_ROLE_ARN" },
  ],
  ["a role in a file", { [TCCLI]: tccli({ roleArn: "CANARY" }) }, {}, { code: "unsupported", field: "roleArn" }],
  [
    "no such profile",
    all,
    { TCCLI_PROFILE: "p" },
    { code: "unreadable", source: "~/.tccli/p.credential", message: expect.stringContaining("TCCLI_PROFILE") },
  ],
  [
    "profile without keys",
    { ...all, "home/.tccli/p.credential": "{}" },
    { TCCLI_PROFILE: "p" },
    { code: "incomplete", field: "secretId" },
  ],
  [
    "not JSON",
    { ...all, [TCCLI]: '{\n"secretKey": CANARY\n}' },
    {},
    { code: "malformed", source: "~/.tccli/default.credential" },
  ],
  ["cut JSON", { [TCCLI]: '{\n"secretId": "CANARY",\n"secretKey": "CANARY"' }, {}, { code: "malformed", line: 3 }],
  ["JSON of another kind", { [TCCLI]: '"CANARY"' }, {}, { code: "malformed" }],
  [
    "a key that is no text",
    { [TCCLI]: tccli({ secretKey: { CANARY: 1 } }) },
    {},
    { code: "malformed", field: "secretKey" },
  ],
  ["half a file", { [TCCLI]: '{"secretId":"CANARY"}' }, {}, { code: "incomplete", field: "secretKey" }],
  ["no time", { [TCCLI]: tccli({ expiresAt: "CANARY" }) }, {}, { code: "malformed", field: "expiresAt" }],
  [
    "not INI",
    { [HOME]: "[default]\n\nCANARY\n" },
    {},
    { code: "malformed", source: "~/.tencentcloud/credentials", line: 3 },
  ],
  ["INI without section", { [HOME]: "secret_id = CANARY\n" }, {}, { code: "malformed", line: 1 }],
  ["INI twice", { [HOME]: "[default]\nsecret_id = CANARY\nSecret_ID = CANARY2\n" }, {}, { code: "malformed", line: 3 }],
  ["half an INI", { [HOME]: "[default]\nsecret_id = CANARY\n" }, {}, { code: "incomplete", field: "secret_key" }],
])("refused: %s", async (_, files, variables, want) => {
  expect(await failure(tencentCredentials(machine(files, variables)))).toMatchObject(want);
});

test.each([
  ["secret_key = CANARY-S ; c", "CANARY-S"],
  ["secret_key = CANARY-S\t# c ; d", "CANARY-S"],
  ['secret_key = "CANARY-S" ; "c"', "CANARY-S"],
  ["secret_key = 'CANARY;S' # c", "CANARY;S"],
  ["secret_key = CANARY;S#T", "CANARY;S#T"],
  ['secret_key = "CANARY ; S"', "CANARY ; S"],
])("INI: a comment after a value is no part of it: %s", async (line, secretKey) => {
  const options = machine({ [HOME]: `[default]\nsecret_id = a ; mine\n${line}\n` });
  expect(await tencentCredentials(options)()).toMatchObject({ secretId: "a", secretKey });
});

test("INI: a value that is only a comment is none", async () => {
  const options = machine({ [HOME]: "[default]\nsecret_id = CANARY\nsecret_key = ; later\n" });
  expect(await failure(tencentCredentials(options))).toMatchObject({ code: "incomplete", field: "secret_key" });
});

test("keys in the environment come before a named profile, as tccli has it: it is not looked for", async () => {
  const env = { TENCENTCLOUD_SECRET_ID: "e", TENCENTCLOUD_SECRET_KEY: "CANARY", TCCLI_PROFILE: "nope" };
  const provider = tencentCredentials(machine({}, env));
  expect(await provider()).toMatchObject({ secretId: "e" });
  expect(provider.source).toBe("environment TENCENTCLOUD_SECRET_ID");
});

test("a folder in place of the file", async () => {
  const options = machine();
  mkdirSync(join(options.root, HOME), { recursive: true });
  expect(await failure(tencentCredentials(options))).toMatchObject({
    code: "unreadable",
    message: "~/.tencentcloud/credentials: EISDIR",
  });
});

test("nothing anywhere: what was tried, in order", async () => {
  const options = machine();
  const error = await failure(tencentCredentials(options));
  expect(error.code).toBe("none");
  expect(error.tried).toEqual([
    "environment TENCENTCLOUD_SECRET_ID: not set",
    "~/.tccli/default.credential: not there",
    "~/.tencentcloud/credentials: not there",
    `${options.root}/etc/tencentcloud/credentials: not there`,
    "CVM metadata: left out",
  ]);
  for (const tried of error.tried) expect(error.message).toContain(tried);
});

test("a file that everybody can read", async () => {
  const options = machine({ [HOME]: ini("home") });
  const warnings: string[] = [];
  const look = tencentCredentials({ ...options, onWarning: (warning) => warnings.push(warning) });
  chmodSync(join(options.root, HOME), 0o600);
  await look();
  expect(warnings).toEqual([]);
  chmodSync(join(options.root, HOME), 0o644);
  await look();
  expect(warnings).toEqual(["~/.tencentcloud/credentials can be read by every user of this machine"]);
});

const ROLES = "/latest/meta-data/cam/security-credentials/";
const key = {
  Code: "Success",
  TmpSecretId: "role",
  TmpSecretKey: "CANARY-role",
  Token: "CANARY-token",
  ExpiredTime: 1_800_000_000,
};

/** An instance whose metadata service gives these answers by path. */
async function instance(answers: Record<string, string>, files = {}) {
  const asked: string[] = [];
  const metadata = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const answer = answers[request.url ?? ""];
    if (answer === "hang") return;
    if (answer?.startsWith("/")) response.writeHead(302, { location: answer });
    else if (answer === undefined) response.writeHead(404);
    response.end(answer ?? "CANARY");
  });
  const options: SourceOptions = { ...machine(files), metadata };
  return { asked, provider: tencentCredentials(options) };
}

test("the role of the instance", async () => {
  const { provider, asked } = await instance({ [ROLES]: "my-role\n", [`${ROLES}my-role`]: JSON.stringify(key) });
  const got = {
    secretId: "role",
    secretKey: "CANARY-role",
    token: "CANARY-token",
    expiresAt: new Date(1_800_000_000_000),
  };
  expect(await provider()).toEqual(got);
  expect(provider.source).toBe("CVM metadata role my-role");
  expect(asked).toEqual([`GET ${ROLES}`, `GET ${ROLES}my-role`]);
  secretless(provider);
});

test.each([
  ["no role", {}, "CVM metadata: HTTP 404"],
  ["a page of some portal", { [ROLES]: "<html>CANARY</html>" }, "CVM metadata: names no role"],
  ["a redirect", { [ROLES]: "/elsewhere", "/elsewhere": "role" }, "CVM metadata: not reachable"],
  ["no answer in time", { [ROLES]: "hang" }, "CVM metadata: not reachable"],
  ["no key", { [ROLES]: "role" }, "CVM metadata role role: HTTP 404"],
  ["no success", { [ROLES]: "role", [`${ROLES}role`]: '{"Code":"CANARY"}' }, "CVM metadata role role: gives no key"],
])("metadata: %s", async (_, answers, want) => {
  const started = Date.now();
  const { provider } = await instance(answers);
  expect((await failure(provider)).tried.at(-1)).toBe(want);
  expect(Date.now() - started).toBeLessThan(1_900);
});

test("metadata: not JSON, half a key", async () => {
  const broken = await instance({ [ROLES]: "role", [`${ROLES}role`]: "CANARY" });
  expect(await failure(broken.provider)).toMatchObject({ code: "malformed", source: "CVM metadata role role" });
  const half = await instance({ [ROLES]: "role", [`${ROLES}role`]: '{"TmpSecretId":"CANARY"}' });
  expect(await failure(half.provider)).toMatchObject({ code: "incomplete", field: "TmpSecretKey" });
});

test("a tccli profile that asks for the role gets it or fails", async () => {
  const files = { ...all, [TCCLI]: '{"type":"cvm-role"}' };
  const there = await instance({ [ROLES]: "r", [`${ROLES}r`]: JSON.stringify(key) }, files);
  expect(await there.provider()).toMatchObject({ secretId: "role" });
  const gone = await instance({}, files);
  expect(await failure(gone.provider)).toMatchObject({ code: "unreachable", source: "~/.tccli/default.credential" });
});

test.each([
  "http://metadata.example.com",
  "http://127.0.0.1.example.com",
  "http://169.254.1.1@example.com",
  "http://10.0.0.1",
  "nonsense",
])("metadata is not asked of %s", (metadata) => {
  expect(() => tencentCredentials({ metadata })).toThrowError(/loopback or link-local/);
});

test.each(["http://localhost:1", "http://[::1]:1", "http://[fe80::1]", "http://169.254.0.23"])(
  "metadata may be asked of %s",
  (metadata) => {
    expect(() => tencentCredentials({ metadata })).not.toThrow();
  },
);

test("an injected fetch is the one that is used", async () => {
  const fetch: typeof globalThis.fetch = async (url) =>
    new Response(String(url).endsWith("/") ? "r" : JSON.stringify(key));
  const provider = tencentCredentials({ ...machine(), metadata: "http://169.254.0.23", fetch });
  expect(await provider()).toMatchObject({ secretId: "role" });
});
