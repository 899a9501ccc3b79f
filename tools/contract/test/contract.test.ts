import type { Operation } from "@restorekit/core";
import { describe, expect, test } from "vitest";
import { operationsOf } from "../src/bundle.js";
import { loadBundle, loadLedger, SERVICES } from "../src/bundles.js";
import { type Generated, packaged } from "../src/clients.js";
import { checkExamples } from "../src/examples.js";
import { compareLedger } from "../src/ledger.js";
import { checkTable } from "../src/table.js";
import { checkWire } from "../src/wire.js";

describe.each(SERVICES)("%s", async (name) => {
  const bundle = loadBundle(name);
  const ledger = loadLedger(name);
  const generated = (await import(`@restorekit/${name}`)) as Generated;

  test("every example validates", () => {
    const { examples, problems } = checkExamples(name, bundle);
    expect(problems).toEqual([]);
    expect(examples).toBeGreaterThan(5);
  });

  test("every documented exchange goes over the wire as documented", { timeout: 60_000 }, async () => {
    const { cases, problems } = await checkWire(name, bundle, packaged(name));
    expect(problems).toEqual([]);
    expect(cases).toBeGreaterThan(10);
  });

  test("spec and ledger agree in every fact", () => expect(compareLedger(bundle, ledger)).toEqual([]));
  test("the operations table is what the ledger documents", () => expect(checkTable(generated, ledger)).toEqual([]));
});

describe("what is wrong is found", () => {
  const service = "opentelekomcloud-dcs";

  test.each<[string, Partial<Operation>]>([
    ["method", { method: "PUT" }],
    ["path", { path: "/v2/{project_id}/instances/{instance_id}/restore" }],
    ["effect", { effect: "read" }],
    ["headers", { headers: { "X-More": "1" } }],
    ["inputs", { input: { path: ["project_id", "instance_id"], query: ["backup_id"], body: ["remark"] } }],
    ["client", { client: {} }],
    ["required", { required: ["instance_id"] }],
    ["result", { result: [] }],
    ["result", { result: ["restore_id", "job_id"] }],
    ["result headers", { resultHeaders: ["X-More"] }],
    ["empty", { empty: [200] }],
    ["rate", { rateLimit: { requests: 1, seconds: 1, per: "user" } }],
    ["success", { success: [200, 202] }],
    ["throttled", { throttled: [] }],
    ["secrets", { secrets: ["remark"] }],
  ])("the table's %s", async (fact, change) => {
    const generated = (await import(`@restorekit/${service}`)) as Generated;
    const wrong = { ...generated.operations.restoreInstance, ...change } as Operation;
    const operations = { ...generated.operations, restoreInstance: wrong };
    const problems = checkTable({ service: generated.service, operations }, loadLedger(service));
    expect(problems[0]).toContain(`restoreInstance ${fact}: table has`);
  });

  test("an operation without a documented success", async () => {
    const bundle = structuredClone(loadBundle("identity"));
    const [first] = operationsOf(bundle);
    const id = first?.operation.operationId;
    for (const { content } of Object.values(first?.operation.responses ?? {})) {
      for (const media of Object.values(content ?? {})) delete media.examples;
    }
    const { problems } = await checkWire("identity", bundle, packaged("identity"));
    expect(problems).toEqual([`identity ${id}: no documented success went over the wire`]);
  });
});
