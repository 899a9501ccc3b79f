import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileService, type OpenApi, project, readFolder } from "../src/index.js";
import { createBench } from "./bench.js";

const bench = createBench(afterAll);
const bundles: Record<string, { bundle: OpenApi; projection: OpenApi }> = {};

beforeAll(async () => {
  const specs = join(bench.folder, "specs");
  for (const service of ["cloud-rpc", "cloud-rest"]) {
    const { sources } = await readFolder(specs, service);
    const bundle = compileService(service, sources);
    bundles[service] = { bundle, projection: project(bundle) };
  }
});

function at(root: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
}

describe("bundle", () => {
  const cases: [string, string, string[], unknown][] = [
    [
      "RPC operations have paths of their own",
      "cloud-rpc",
      ["paths", "/#Action=RestoreThing", "post", "operationId"],
      "restoreThing",
    ],
    [
      "x-errors of the service are merged in",
      "cloud-rpc",
      ["paths", "/#Action=DescribeTasks", "post", "x-errors", "AuthFailure", "kind"],
      "denied",
    ],
    [
      "own x-errors stay",
      "cloud-rpc",
      ["paths", "/#Action=RestoreThing", "post", "x-errors", "ThingLocked", "kind"],
      "locked",
    ],
    [
      "references lead into the bundle",
      "cloud-rpc",
      ["paths", "/#Action=RestoreThing", "post", "parameters", "1", "$ref"],
      "#/components/parameters/Version",
    ],
    ["the envelope is kept", "cloud-rpc", ["x-envelope", "success"], "Response"],
    [
      "parameters of a path are its operation's",
      "cloud-rest",
      ["paths", "/v3/{project_id}/instances/{instance_id}/recovery", "post", "parameters", "0", "$ref"],
      "#/components/parameters/ProjectId",
    ],
    [
      "value lists are kept",
      "cloud-rest",
      ["components", "schemas", "Thing", "properties", "status", "enum"],
      ["on", "off"],
    ],
  ];
  test.each(cases)("%s", (_name, service, path, want) => {
    expect(at(bundles[service]?.bundle, ...path)).toEqual(want);
  });
});

describe("projection for other languages", () => {
  const schemas = ["components", "schemas"];
  const cases: [string, string, string[], unknown][] = [
    [
      "opens value lists of answers",
      "cloud-rest",
      [...schemas, "Thing", "properties", "status"],
      { type: "string", description: 'How it stands. Known values: "on", "off".' },
    ],
    [
      "keeps value lists of requests",
      "cloud-rpc",
      [...schemas, "RestoreThingRequest", "properties", "Mode", "enum"],
      ["fast", "safe"],
    ],
    [
      "keeps the values of constant headers",
      "cloud-rpc",
      ["components", "parameters", "Version", "schema", "enum"],
      ["2020-01-01"],
    ],
    [
      "keeps a property that is called links",
      "cloud-rest",
      [...schemas, "Thing", "properties", "links", "$ref"],
      "#/components/schemas/ThingLinks",
    ],
    [
      "drops the second spelling of a property",
      "cloud-rest",
      [...schemas, "Thing", "properties", "nick_name"],
      undefined,
    ],
    ["keeps the first spelling", "cloud-rest", [...schemas, "Thing", "properties", "nickName", "type"], "string"],
    ["drops links", "cloud-rpc", ["paths", "/#Action=RestoreThing", "post", "responses", "200", "links"], undefined],
    [
      "keeps unions of requests",
      "cloud-rest",
      [...schemas, "Source", "oneOf", "1", "$ref"],
      "#/components/schemas/TimeSource",
    ],
  ];
  test.each(cases)("%s", (_name, service, path, want) => {
    expect(at(bundles[service]?.projection, ...path)).toEqual(want);
  });
  test("has no key of ours and no example", () => {
    for (const { projection } of Object.values(bundles)) {
      expect(JSON.stringify(projection)).not.toMatch(/"x-[a-z]|"examples"/);
    }
  });
  test("leaves the bundle as it was", () => {
    expect(JSON.stringify(bundles["cloud-rest"]?.bundle)).toContain('"enum":["on","off"]');
  });
});
