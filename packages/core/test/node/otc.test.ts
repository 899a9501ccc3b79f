import { inspect } from "node:util";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { type Login, otcCredentials } from "../../src/node/index.js";
import { failure, machine, secretless } from "./place.js";

// A real parser, as a caller would give it; core has none.
const parseYaml = (text: string): unknown => parse(text, { merge: true });

const keys = { OS_ACCESS_KEY: "os", OS_SECRET_KEY: "CANARY-os" };
const aws = { AWS_ACCESS_KEY_ID: "aws", AWS_ACCESS_SECRET_KEY: "CANARY-aws" };
const s3 = { S3_ACCESS_KEY_ID: "s3", S3_SECRET_ACCESS_KEY: "CANARY-s3" };
const password = {
  OS_USERNAME: "me",
  OS_PASSWORD: "CANARY-password",
  OS_DOMAIN_NAME: "OTC1",
  OS_AUTH_URL: "https://iam.eu-de.otc.t-systems.com/v3",
};
const cloud = (ak: string) => `
defaults: &defaults
  region_name: eu-de
clouds:
  one:
    <<: *defaults
    auth: { ak: ${ak}, sk: CANARY-${ak}, security_token: CANARY-st, project_id: p1 }
`;
const CWD = "cwd/clouds.yaml";
const HOME = "home/.config/openstack/clouds.yaml";
const ETC = "etc/openstack/clouds.yaml";

test.each([
  ["AWS_* names when whole", {}, { ...keys, ...aws }, "aws", "environment AWS_ACCESS_KEY_ID"],
  [
    "not half of Amazon's",
    {},
    { ...keys, AWS_ACCESS_KEY_ID: "CANARY", AWS_SECRET_ACCESS_KEY: "CANARY" },
    "os",
    "environment OS_ACCESS_KEY",
  ],
  [
    "OS_* before files and S3_*",
    { [CWD]: cloud("cwd") },
    { ...keys, ...s3, OS_TOKEN: "CANARY" },
    "os",
    "environment OS_ACCESS_KEY",
  ],
  [
    "second names",
    {},
    { OS_ACCESS_KEY_ID: "second", OS_ACCESS_KEY_SECRET: "CANARY" },
    "second",
    "environment OS_ACCESS_KEY_ID",
  ],
  ["third names", {}, { OS_AK: "third", OS_SK: "CANARY", OS_ST: "CANARY" }, "third", "environment OS_AK, OS_ST"],
  ["S3_* last", { [CWD]: cloud("cwd") }, s3, "s3", "environment S3_ACCESS_KEY_ID"],
  ["the current folder", { [CWD]: cloud("cwd"), [HOME]: cloud("home") }, {}, "cwd", "ROOT/cwd/clouds.yaml cloud one"],
  [
    "then home",
    { [HOME]: cloud("home"), [ETC]: cloud("etc") },
    {},
    "home",
    "~/.config/openstack/clouds.yaml cloud one",
  ],
  ["then etc", { [ETC]: cloud("etc") }, {}, "etc", "ROOT/etc/openstack/clouds.yaml cloud one"],
  [
    "a named file",
    { x: cloud("x"), [CWD]: cloud("cwd") },
    { OS_CLIENT_CONFIG_FILE: "ROOT/x" },
    "x",
    "ROOT/x cloud one",
  ],
  ["yml", { "cwd/clouds.yml": cloud("yml") }, {}, "yml", "ROOT/cwd/clouds.yml cloud one"],
  [
    "a named cloud",
    { [CWD]: `${cloud("one")}  two: { ak: two, sk: CANARY }\n` },
    { OS_CLOUD: "two" },
    "two",
    "ROOT/cwd/clouds.yaml cloud two",
  ],
])("order: %s", async (_, files, env, ak, source) => {
  const options = { ...machine(files, env as Record<string, string>), parseYaml };
  const provider = otcCredentials(options);
  expect(await provider()).toMatchObject({ ak, sk: expect.stringContaining("CANARY") });
  expect(provider.source).toBe(source.replace("ROOT", options.root));
  secretless(provider);
});

test("a token", async () => {
  const provider = otcCredentials(
    machine({}, { OS_TOKEN: "CANARY-token", OS_TENANT_ID: "p1", OS_REGION_NAME: "eu-nl" }),
  );
  expect(await provider()).toEqual({ token: "CANARY-token" });
  expect(provider.source).toBe("environment OS_TOKEN");
  expect(await provider.settings()).toEqual({ projectId: "p1", region: "eu-nl" });
  secretless(provider);
});

test("secure.yaml lies over clouds.yaml", async () => {
  const files = {
    [CWD]: "clouds: { one: { auth: { username: me, ak: mine, sk: old } } }",
    "home/.config/openstack/secure.yaml": "clouds: { one: { auth: { sk: CANARY-new } } }",
  };
  expect(await otcCredentials({ ...machine(files), parseYaml })()).toEqual({ ak: "mine", sk: "CANARY-new" });
});

test("settings of the cloud; the environment wins", async () => {
  const provider = otcCredentials({ ...machine({ [CWD]: cloud("a") }, { OS_PROJECT_ID: "p2" }), parseYaml });
  expect(await provider.settings()).toEqual({ region: "eu-de", projectId: "p2" });
});

test("clouds.json needs no parser", async () => {
  const clouds = { one: { ak: "json", sk: "CANARY" } };
  expect(await otcCredentials(machine({ "cwd/clouds.json": JSON.stringify({ clouds }) }))()).toMatchObject({
    ak: "json",
  });
});

test.each([
  ["of the environment", {}, password, "environment OS_USERNAME"],
  [
    "of a cloud",
    { [CWD]: "clouds: { one: { auth: { user_id: u1, password: CANARY-password } } }" },
    {},
    "ROOT/cwd/clouds.yaml cloud one",
  ],
])("a password login %s", async (_, files, env, source) => {
  const logins: Login[] = [];
  const token = { token: "CANARY-token", expiresAt: new Date(0) };
  const options = { ...machine(files as Record<string, string>, env as Record<string, string>), parseYaml };
  const logIn = async (login: Login) => {
    logins.push(login);
    return token;
  };
  const provider = otcCredentials({ ...options, logIn });
  expect(await provider()).toEqual(token);
  expect(provider.source).toBe(source.replace("ROOT", options.root));
  const [login] = logins as [Login];
  expect(login.password()).toBe("CANARY-password");
  expect(login.user).toEqual(env === password ? { name: "me" } : { id: "u1" });
  if (env === password) expect(login).toMatchObject({ domainName: "OTC1", authUrl: password.OS_AUTH_URL });
  secretless(provider, login);
  expect(inspect(login)).toContain("user");
  expect(await failure(otcCredentials(options))).toMatchObject({ code: "unsupported", field: "logIn" });
});

test.each([
  ["half a key", {}, { OS_AK: "CANARY" }, { code: "incomplete", source: "environment", field: "OS_SECRET_KEY" }],
  ["half a login", {}, { OS_USERNAME: "me" }, { code: "incomplete", field: "OS_PASSWORD" }],
  ["no clouds.yaml for OS_CLOUD", {}, { OS_CLOUD: "one" }, { code: "unreadable", field: "OS_CLOUD" }],
  [
    "no such cloud",
    { [CWD]: cloud("a") },
    { OS_CLOUD: "two" },
    { code: "incomplete", message: expect.stringContaining("one of one") },
  ],
  [
    "no cloud of the prototype",
    { [CWD]: cloud("a") },
    { OS_CLOUD: "constructor" },
    { code: "incomplete", field: "OS_CLOUD" },
  ],
  [
    "several clouds",
    { [CWD]: "clouds: { one: {}, two: {} }" },
    {},
    { code: "incomplete", message: expect.stringContaining("one, two") },
  ],
  [
    "no such file",
    {},
    { OS_CLIENT_CONFIG_FILE: "/nowhere/clouds.yaml" },
    { code: "unreadable", source: "/nowhere/clouds.yaml" },
  ],
  ["not YAML", { [CWD]: "clouds:\n  one: {\n  sk: 'CANARY" }, {}, { code: "malformed", line: 3 }],
  ["YAML of another kind", { [CWD]: "CANARY" }, {}, { code: "malformed" }],
  ["a cloud of another kind", { [CWD]: "clouds: { one: CANARY }" }, {}, { code: "malformed" }],
  ["a number for a key", { [CWD]: "clouds: { one: { ak: CANARY, sk: 123 } }" }, {}, { code: "malformed", field: "sk" }],
  [
    "named cloud without keys",
    { [CWD]: "clouds: { one: { auth: { auth_url: CANARY } } }" },
    { OS_CLOUD: "one" },
    { code: "incomplete" },
  ],
])("refused: %s", async (_, files, env, want) => {
  expect(await failure(otcCredentials({ ...machine(files, env as Record<string, string>), parseYaml }))).toMatchObject(
    want,
  );
});

const KEYS = {
  token: { OS_TOKEN: "CANARY" },
  "AK/SK": { OS_AK: "e", OS_SK: "CANARY" },
  "AWS_*": { AWS_ACCESS_KEY_ID: "e", AWS_ACCESS_SECRET_KEY: "CANARY" },
  "S3_*": { S3_ACCESS_KEY_ID: "e", S3_SECRET_ACCESS_KEY: "CANARY" },
};
test.each(Object.entries(KEYS))(
  "a cloud asked for by name wins over %s of the environment, or fails",
  async (_, keys) => {
    const there = otcCredentials({ ...machine({ [CWD]: cloud("c") }, { ...keys, OS_CLOUD: "one" }), parseYaml });
    expect(await there()).toMatchObject({ ak: "c" });
    const nope = { ...keys, OS_CLOUD: "nope" };
    expect(await failure(otcCredentials({ ...machine({ [CWD]: cloud("c") }, nope), parseYaml }))).toMatchObject({
      code: "incomplete",
      field: "OS_CLOUD",
    });
    expect(await failure(otcCredentials({ ...machine({}, nope), parseYaml }))).toMatchObject({ code: "unreadable" });
  },
);

test("clouds.yaml without a parser: what to give", async () => {
  const error = await failure(otcCredentials(machine({ [CWD]: cloud("CANARY") })));
  expect(error).toMatchObject({
    code: "unsupported",
    field: "parseYaml",
    message: expect.stringContaining("package yaml"),
  });
});

test("nothing anywhere", async () => {
  expect((await failure(otcCredentials(machine()))).tried).toEqual([
    "environment AWS_ACCESS_KEY_ID: not set",
    "environment OS_ACCESS_KEY, OS_TOKEN, OS_USERNAME: not set",
    "environment S3_ACCESS_KEY_ID: not set",
    "clouds.yaml: not there",
  ]);
});
