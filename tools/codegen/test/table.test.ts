import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBench } from "./bench.js";

interface Module {
  service: unknown;
  operations: Record<string, unknown>;
}

const bench = createBench(afterAll);
let files: Record<string, string>;
let rpc: Module;
let rest: Module;

beforeAll(async () => {
  await bench.run();
  files = bench.generated();
  const load = (service: string): Promise<Module> =>
    import(pathToFileURL(join(bench.folder, "packages", service, "src/generated/operations.ts")).href);
  rpc = await load("cloud-rpc");
  rest = await load("cloud-rest");
});

describe("service", () => {
  test("RPC", () => {
    expect(rpc.service).toEqual({
      name: "cloud-rpc",
      version: "2020-01-01",
      endpoints: [
        { url: "https://rpc.example.com", regions: ["north-1"] },
        { url: "https://rpc.{region}.example.com", regions: ["zone-1"] },
        { url: "https://rpc.intl.example.com", site: "intl" },
      ],
      envelope: "Response",
      errors: "tencent",
    });
  });
  test("REST", () => {
    expect(rest.service).toEqual({
      name: "cloud-rest",
      version: "v3",
      endpoints: [{ url: "https://rest.{region}.example.com", regions: ["eu-1", "eu-2"] }],
      errors: "huawei",
    });
  });
});

describe("operation", () => {
  const cases: [string, () => Module, Record<string, unknown>][] = [
    [
      "restoreThing",
      () => rpc,
      {
        method: "POST",
        path: "/#Action=RestoreThing",
        effect: "overwrites",
        input: { header: ["X-TC-Region"], body: ["ThingId", "Password", "Mode"] },
        required: ["ThingId"],
        client: { "X-TC-Region": "region" },
        headers: { "X-TC-Action": "RestoreThing", "X-TC-Version": "2020-01-01" },
        secrets: ["Password"],
        success: [200],
        // Not RequestId: errors have it too.
        result: ["TaskId", "State"],
        rateLimit: { requests: 20, seconds: 1, per: "account" },
        throttled: ["RequestLimitExceeded", "ThingBusy"],
      },
    ],
    [
      "describeTasks",
      () => rpc,
      {
        method: "POST",
        path: "/#Action=DescribeTasks",
        effect: "read",
        input: { header: ["X-TC-Region"], body: ["TaskId", "Offset", "Limit"] },
        client: { "X-TC-Region": "region" },
        headers: { "X-TC-Action": "DescribeTasks", "X-TC-Version": "2020-01-01" },
        success: [200],
        throttled: ["RequestLimitExceeded"],
        pagination: {
          style: "offset",
          position: "Offset",
          size: "Limit",
          maximum: 100,
          first: 0,
          items: "Tasks",
          total: "TotalCount",
        },
        task: {
          record: "Tasks[]",
          id: "Id",
          state: "Status",
          running: ["busy"],
          succeeded: ["done"],
          failed: ["error"],
          detail: "Message",
        },
      },
    ],
    [
      "recover",
      () => rest,
      {
        method: "POST",
        path: "/v3/{project_id}/instances/{instance_id}/recovery",
        effect: "overwrites",
        input: { path: ["project_id", "instance_id"], header: ["X-Language"], body: ["source"] },
        required: ["instance_id", "source"],
        client: { project_id: "projectId" },
        success: [202],
        result: ["job_id"],
        throttled: ["API.0308"],
      },
    ],
    [
      "listThings",
      () => rest,
      {
        method: "GET",
        path: "/v3/{project_id}/things",
        effect: "read",
        input: { path: ["project_id"], query: ["id", "status"] },
        client: { project_id: "projectId" },
        success: [200, 204],
        empty: [204],
        rateLimit: { requests: 60, seconds: 60, per: "user" },
        throttled: ["API.0308"],
      },
    ],
    [
      "createBackup",
      () => rest,
      {
        method: "POST",
        path: "/v3/backups",
        effect: "creates",
        input: { body: ["name", "instance_id", "disk_id"] },
        required: ["name"],
        success: [200],
        throttled: ["API.0308"],
      },
    ],
    [
      "createToken",
      () => rest,
      {
        method: "POST",
        path: "/v3/tokens",
        effect: "read",
        input: { body: ["user", "password"] },
        required: ["user", "password"],
        secrets: ["X-Subject-Token", "password"],
        success: [201],
        resultHeaders: ["X-Subject-Token"],
        anonymous: true,
        throttled: ["API.0308"],
      },
    ],
    [
      "deleteThing",
      () => rest,
      {
        method: "DELETE",
        path: "/v3/{project_id}/things/{thing_id}",
        effect: "deletes",
        input: { path: ["project_id", "thing_id"] },
        required: ["thing_id"],
        client: { project_id: "projectId" },
        success: [204],
        empty: [204],
        throttled: ["API.0308"],
      },
    ],
  ];
  test.each(cases)("%s", (id, module, want) => {
    expect(module().operations[id]).toEqual({ id, ...want });
  });

  test("every one is in the table", () => {
    expect(Object.keys(rpc.operations)).toEqual(["describeTasks", "restoreThing"]);
    expect(Object.keys(rest.operations)).toEqual([
      "createBackup",
      "createToken",
      "deleteThing",
      "listThings",
      "recover",
    ]);
  });
});

test("a bundler can drop what is not used: nothing but types and plain constants", () => {
  const source = ts.createSourceFile(
    "o.ts",
    files["cloud-rest/src/generated/operations.ts"] ?? "",
    ts.ScriptTarget.Latest,
  );
  const calls: ts.Node[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) calls.push(node);
    ts.forEachChild(node, look);
  };
  look(source);
  expect(calls).toEqual([]);
  for (const statement of source.statements) {
    const isTypeImport = ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly === true;
    const isType = ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement);
    expect(isTypeImport || isType || ts.isVariableStatement(statement)).toBe(true);
  }
});

describe("types of a call", () => {
  const given: [string, string, string][] = [
    [
      "own codes and the service's",
      "cloud-rpc",
      'export type RestoreThingCode = "ThingBusy" | "ThingLocked" | ServiceCode;',
    ],
    [
      "open codes of the service",
      "cloud-rpc",
      'export type ServiceCode = "AuthFailure" | "RequestLimitExceeded" | (string & {});',
    ],
    ["unwrapped result", "cloud-rpc", 'export type RestoreThingResult = components["schemas"]["RestoreThingResult"];'],
    [
      "result with a header",
      "cloud-rest",
      'components["schemas"]["CreateTokenResponse"] & { "X-Subject-Token": string };',
    ],
    ["result that may be missing", "cloud-rest", 'components["schemas"]["ListThingsResponse"] | undefined;'],
    ["no result", "cloud-rest", "export type DeleteThingResult = undefined;"],
  ];
  test.each(given)("%s", (_name, service, want) => {
    expect(files[`${service}/src/generated/operations.ts`]).toContain(want);
  });
});

describe("doc comments", () => {
  const given: [string, string][] = [
    [
      "summary, description, effect, limit and page",
      "   * Restore a thing.\n   *\n   * Overwrites the thing. A comment ends with *\\/ and must not end early.\n   *\n   * Effect: overwrites. Limit: 20 requests per second and account.\n   *\n   * @see https://example.com/restore\n   */\n  restoreThing(",
    ],
    [
      "no effect of a read",
      "   * Lists tasks of the last month.\n   *\n   * @see https://example.com/tasks\n   */\n  describeTasks(",
    ],
  ];
  test.each(given)("%s", (_name, want) => {
    expect(files["cloud-rpc/src/generated/operations.ts"]).toContain(want);
  });
  test("value lists of answers stay open and keep their values", () => {
    const types = files["cloud-rpc/src/generated/types.ts"] ?? "";
    expect(types).toContain('Status?: "busy" | "done" | "error" | (string & {}) | null;');
    expect(types).toContain("State?: 1 | -1 | (number & {});");
    expect(types).toContain('Mode?: "fast" | "safe";');
  });
  test("a path parameter the client fills in keeps its comment", () => {
    const types = files["cloud-rest/src/generated/types.ts"] ?? "";
    expect(types).toContain(
      "The project. Taken from the client's projectId unless given. */\n                project_id?: string;",
    );
  });
  test("limits, defaults and what a named object says", () => {
    expect(files["cloud-rpc/src/generated/types.ts"]).toContain(
      " * @description Tasks per page. At most 100. Default 20.\n             */\n            Limit?: number;",
    );
    expect(files["cloud-rest/src/generated/types.ts"]).toContain(
      '/** @description What to restore. */\n            source: components["schemas"]["Source"];',
    );
  });
  test("deprecated operations say so", () => {
    expect(files["cloud-rest/src/generated/operations.ts"]).toContain(
      "   * @deprecated\n   * @see https://example.com/delete\n",
    );
  });
  test("secrets, units and client options are told where the types are", () => {
    const types = files["cloud-rpc/src/generated/types.ts"] ?? "";
    expect(types).toContain("Password of the thing. Secret: never log it.");
    expect(types).toContain("Region of the thing. Taken from the client's region unless given.");
    expect(types).toContain("Format: int64");
    expect(types).not.toContain('X-TC-Action"');
    expect(types).not.toContain("X-TC-Version");
  });
});
