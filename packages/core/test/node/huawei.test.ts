import { expect, test } from "vitest";
import { huaweiCredentials } from "../../src/node/index.js";
import { failure, machine, secretless, serve } from "./place.js";

const sdk = { HUAWEICLOUD_SDK_AK: "sdk", HUAWEICLOUD_SDK_SK: "CANARY-sdk" };
const terraform = { HW_ACCESS_KEY: "terraform", HW_SECRET_KEY: "CANARY-terraform" };
const openstack = { OS_ACCESS_KEY: "openstack", OS_SECRET_KEY: "CANARY-openstack", OS_REGION_NAME: "eu-de" };
const FILE = "home/.huaweicloud/credentials";
const file =
  "[global]\nak = global\nsk = CANARY\n[basic]\nak = file\nsk = CANARY-file\nsecurity_token = CANARY-token\nproject_id = p1\ndomain_id = d1\n";

test.each([
  [
    "SDK names first",
    { [FILE]: file },
    { ...openstack, ...terraform, ...sdk },
    "sdk",
    "environment HUAWEICLOUD_SDK_AK",
  ],
  ["then Terraform's", { [FILE]: file }, { ...openstack, ...terraform }, "terraform", "environment HW_ACCESS_KEY"],
  ["then the file", { [FILE]: file }, openstack, "file", "~/.huaweicloud/credentials"],
  [
    "another file",
    { "x/keys": file.replace("= file", "= other") },
    { HUAWEICLOUD_SDK_CREDENTIALS_FILE: "ROOT/x/keys" },
    "other",
    "ROOT/x/keys",
  ],
  ["then OS_*", {}, openstack, "openstack", "environment OS_ACCESS_KEY"],
])("order: %s", async (_, files, env, ak, source) => {
  const options = machine(files as Record<string, string>, env);
  const provider = huaweiCredentials(options);
  expect(await provider()).toMatchObject({ ak, sk: expect.stringMatching(/^CANARY-\w+$/) });
  expect(provider.source).toBe(source.replace("ROOT", options.root));
  secretless(provider);
});

test.each([
  ["SDK", { ...sdk, HUAWEICLOUD_SDK_SECURITY_TOKEN: "CANARY-t" }],
  ["Terraform", { ...terraform, HW_SECURITY_TOKEN: "CANARY-t" }],
])("security token of %s", async (_, env) => {
  expect(await huaweiCredentials(machine({}, env))()).toMatchObject({ securityToken: "CANARY-t" });
});

test.each([
  ["of the file", { [FILE]: file }, {}, { projectId: "p1", domainId: "d1" }],
  [
    "environment wins",
    { [FILE]: file },
    { HW_REGION_NAME: "r", HUAWEICLOUD_SDK_PROJECT_ID: "p2" },
    { region: "r", projectId: "p2", domainId: "d1" },
  ],
  ["not of a file that gave no keys", { [FILE]: file }, { ...sdk, HW_PROJECT_ID: "p3" }, { projectId: "p3" }],
  ["of OS_* with its keys only", {}, openstack, { region: "eu-de" }],
])("settings: %s", async (_, files, env, want) => {
  expect(await huaweiCredentials(machine(files, env as Record<string, string>)).settings()).toEqual(want);
});

test.each([
  ["half an environment", {}, { HW_ACCESS_KEY: "CANARY" }, { code: "incomplete", field: "HW_SECRET_KEY" }],
  [
    "no such file",
    { [FILE]: file },
    { HUAWEICLOUD_SDK_CREDENTIALS_FILE: "/nowhere/keys" },
    { code: "unreadable", source: "/nowhere/keys" },
  ],
  [
    "named file without [basic]",
    { keys: "[global]\nak=CANARY\n" },
    { HUAWEICLOUD_SDK_CREDENTIALS_FILE: "ROOT/keys" },
    { code: "incomplete" },
  ],
  [
    "half a file",
    { [FILE]: "[basic]\nsk = CANARY\n" },
    {},
    { code: "incomplete", source: "~/.huaweicloud/credentials", field: "ak" },
  ],
])("refused: %s", async (_, files, env, want) => {
  expect(await failure(huaweiCredentials(machine(files, env as Record<string, string>)))).toMatchObject(want);
});

const credential = {
  access: "agency",
  secret: "CANARY-s",
  securitytoken: "CANARY-t",
  expires_at: "2027-01-02T03:04:05.000000Z",
};

test.each([
  ["with a session", 200, "CANARY-session"],
  ["that knows no sessions", 404, undefined],
  ["that refuses them", 405, undefined],
])("an instance %s", async (_, status, header) => {
  const asked: unknown[] = [];
  const metadata = await serve((request, response) => {
    asked.push([
      request.method,
      request.url,
      request.headers["x-metadata-token-ttl-seconds"] ?? request.headers["x-metadata-token"],
    ]);
    if (request.method === "PUT") response.writeHead(status).end("CANARY-session");
    else response.end(JSON.stringify({ credential }));
  });
  const provider = huaweiCredentials({ ...machine(), metadata });
  const expiresAt = new Date("2027-01-02T03:04:05Z");
  expect(await provider()).toEqual({ ak: "agency", sk: "CANARY-s", securityToken: "CANARY-t", expiresAt });
  expect(provider.source).toBe("ECS metadata");
  expect(asked).toEqual([
    ["PUT", "/meta-data/latest/api/token", "60"],
    ["GET", "/openstack/latest/securitykey", header],
  ]);
  secretless(provider);
});

test.each([
  ["no agency", 401, "CANARY", "ECS metadata: HTTP 401"],
  ["no key", 200, '{"credential":{}}', "ECS metadata: gives no key"],
])("metadata: %s", async (_, status, text, want) => {
  const metadata = await serve((_request, response) => void response.writeHead(status).end(text));
  const error = await failure(huaweiCredentials({ ...machine(), metadata }));
  expect(error.tried).toEqual([
    "environment HUAWEICLOUD_SDK_AK: not set",
    "environment HW_ACCESS_KEY: not set",
    "~/.huaweicloud/credentials: not there",
    "environment OS_ACCESS_KEY: not set",
    want,
  ]);
});

test("metadata: nobody listens", async () => {
  const error = await failure(huaweiCredentials({ ...machine(), metadata: "http://127.0.0.1:1" }));
  expect(error.tried.at(-1)).toBe("ECS metadata: not reachable");
});

test("metadata: broken answers", async () => {
  const given = [
    ["CANARY", "malformed"],
    ["{}", "malformed"],
    ['{"credential":{"access":"CANARY"}}', "incomplete"],
  ] as const;
  for (const [text, code] of given) {
    const metadata = await serve((_request, response) => void response.end(text));
    expect(await failure(huaweiCredentials({ ...machine(), metadata }))).toMatchObject({
      code,
      source: "ECS metadata",
    });
  }
});
