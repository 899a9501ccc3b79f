import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createBench } from "./bench.js";

const shared = "specs/cloud-rest/shared.yaml";
const declared = "authToken: { type: apiKey, in: header, name: X-Auth-Token }";
const needed = "security: [{ authToken: [] }]";

/** Replaces the fixture's schemes, and what it asks for. */
function generated(schemes: string, needs: string) {
  const bench = createBench();
  bench.edit(shared, declared, schemes);
  bench.edit(shared, needed, needs);
  return bench;
}

describe("refused", () => {
  const cases: [string, string, string, string[]][] = [
    [
      "a scheme that no client knows",
      "hawk: { type: http, scheme: hawk }",
      "security: [{ hawk: [] }]",
      [
        "14: components.securitySchemes.hawk: no client can sign by hawk; the name must be one of tc3, sdkHmac, sdkHmacScoped, authToken, bearer, headerToken, own",
      ],
    ],
    [
      "a misspelled signature",
      "tc3: { type: http, scheme: TC3-HMAC-SHA265 }",
      "security: [{ tc3: [] }]",
      ["14: components.securitySchemes.tc3: must be type: http, scheme: TC3-HMAC-SHA256"],
    ],
    [
      "a token that would stand in the URL",
      "headerToken: { type: apiKey, in: query, name: key }",
      "security: [{ headerToken: [] }]",
      ["14: components.securitySchemes.headerToken: must be type: apiKey, in: header, name: the header's"],
    ],
    [
      "two that no client can choose between",
      "bearer: { type: http, scheme: bearer }\n    tc3: { type: http, scheme: TC3-HMAC-SHA256 }",
      "security: [{ bearer: [] }, { tc3: [] }]",
      ["7: security: one client cannot sign by bearer and tc3; only a key pair and authToken go together"],
    ],
    [
      "two at once",
      `${declared}\n    sdkHmac: { type: http, scheme: SDK-HMAC-SHA256 }`,
      "security: [{ authToken: [], sdkHmac: [] }]",
      ["7: security.0: asks for two schemes at once; a client sends one"],
    ],
    ["not a word about it", declared, "", ["1: security: is missing"]],
  ];
  test.each(cases)("%s", async (_name, schemes, needs, want) => {
    const bench = generated(schemes, needs);
    expect(await bench.run()).toEqual({ code: 1, lines: want.map((line) => `${shared}:${line}`) });
    expect(existsSync(join(bench.folder, "packages"))).toBe(false);
  });

  test.each([
    ["no server", /servers:\n(.+\n){3}/, "servers: []\n", "3: servers: is empty: a client has to know where to send"],
    [
      "a server that is no URL",
      "https://rest.{region}.example.com",
      "https://:80",
      "4: servers.0.url: must be an absolute URL",
    ],
  ])("%s", async (_name, find, write, want) => {
    const bench = createBench();
    bench.write(shared, readFileSync(join(bench.folder, shared), "utf8").replace(find, write));
    expect(await bench.run()).toEqual({ code: 1, lines: [`${shared}:${want}`] });
  });
});

describe("the client's credentials", () => {
  const cases: [string, string, string, RegExp][] = [
    ["bearer", "bearer: { type: http, scheme: bearer }", "bearer", /headerToken\("Authorization", "Bearer "\)/],
    ["headerToken", "headerToken: { type: apiKey, in: header, name: X-Key }", "headerToken", /headerToken\("X-Key"\)/],
    ["authToken", declared, "authToken", /ClientOptions<TokenCredentials>\)[\s\S]*operations, authToken, options/],
    [
      "sdkHmac",
      "sdkHmac: { type: http, scheme: SDK-HMAC-SHA256 }",
      "sdkHmac",
      /ClientOptions<AkSkCredentials>\)[\s\S]*operations, sdkHmac, options/,
    ],
    [
      "tc3",
      "tc3: { type: http, scheme: TC3-HMAC-SHA256 }",
      "tc3",
      /ClientOptions<Tc3Credentials>\)[\s\S]*operations, tc3, options/,
    ],
    ["own", "own: { type: http, scheme: hawk }", "own", /<C extends object>\(options: [^)]*, scheme: Scheme<C>\)/],
  ];
  test.each(cases)("%s", async (_name, schemes, name, want) => {
    const bench = generated(schemes, `security: [{ ${name}: [] }]`);
    expect(await bench.run("cloud-rest")).toEqual({ code: 0, lines: [] });
    expect(bench.generated()["cloud-rest/src/generated/client.ts"]).toMatch(want);
  });

  test("none", async () => {
    const bench = generated(declared, "security: []");
    bench.edit("specs/cloud-rest/create-token.yaml", "      security: []\n", "");
    expect(await bench.run("cloud-rest")).toEqual({ code: 0, lines: [] });
    const files = bench.generated();
    expect(files["cloud-rest/src/generated/client.ts"]).toContain("operations, undefined, options");
    expect(files["cloud-rest/src/generated/operations.ts"]?.match(/anonymous: true/g)).toHaveLength(5);
  });
});
