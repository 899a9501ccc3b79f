import { describe, expect, test } from "vitest";
import type { OpenApi } from "../src/openapi.js";
import { siblingsOf } from "../src/siblings.js";
import { createBench } from "./bench.js";

/** A bundle of these routes, each written as its method and path. */
function bundleOf(routes: string[]): OpenApi {
  const paths: Record<string, Record<string, object>> = {};
  for (const [index, route] of routes.entries()) {
    const [method = "", path = ""] = route.split(" ");
    const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
    const parameters = names.map((name) => ({ name, in: "path", required: true, description: "", schema: {} }));
    paths[path] = { ...paths[path], [method]: { operationId: `op${index}`, parameters, responses: {} } };
  }
  return { openapi: "3.1.0", info: { title: "", version: "" }, paths } as unknown as OpenApi;
}

/** `op0 id=wipe op1`: the first with this value is the second. */
function told(routes: string[]) {
  return siblingsOf(bundleOf(routes)).map(({ operation, reached, values }) =>
    [operation, [...values].map((pair) => pair.join("=")), reached]
      .flatMap((part) => ("operation" in part ? part.operation.operationId : part))
      .join(" "),
  );
}

describe("which operations can be reached by a value of another", () => {
  test.each<[string, string[], string[]]>([
    ["a literal beside a parameter", ["put /i/{id}", "put /i/status"], ["op0 id=status op1"]],
    ["further along", ["get /{p}/i/{id}/x", "get /{q}/i/all/x"], ["op0 id=all op1"]],
    ["both at once", ["get /{a}/{b}", "get /x/y"], ["op0 a=x b=y op1"]],
    ["each the other", ["get /a/{x}/b", "get /a/c/{y}"], ["op0 x=c op1", "op1 y=b op0"]],
    ["a part of a segment", ["get /i/{id}.json", "get /i/all.json"], ["op0 id=all op1"]],
    ["a parameter that is written out in part", ["get /{a}/{b}", "get /x/{c}.json"], ["op0 a=x op1"]],
    ["an escaped literal", ["get /i/{id}", "get /i/a%20b"], ["op0 id=a b op1"]],
    ["a literal that is no escape", ["get /i/{id}", "get /i/50%"], ["op0 id=50% op1"]],
    ["another method", ["put /i/{id}", "get /i/status"], []],
    ["another length", ["get /i/{id}", "get /i/status/all"], []],
    ["another literal", ["get /i/{id}", "get /j/status"], []],
    ["another part of a segment", ["get /i/{id}.json", "get /i/all.xml"], []],
    ["a dot is a dot", ["get /i/{id}.json", "get /i/all-json"], []],
    ["two parameters", ["get /i/{id}/a", "get /i/{name}/b"], []],
    ["actions of one path", ["post /#Action=A", "post /#Action=B"], []],
  ])("%s", (_, routes, want) => expect(told(routes)).toEqual(want));
});

describe("specs with such operations", () => {
  const remove = "specs/cloud-rest/delete-thing.yaml";
  const wipe = "specs/cloud-rest/wipe-things.yaml";
  const wiping = (effect: string) => `openapi: 3.1.0
info: { title: WipeThings, version: v3 }
paths:
  /v3/{project_id}/things/all:
    delete:
      operationId: wipeThings
      summary: Delete all things
      description: Deletes every thing.
      externalDocs: { url: "https://example.com/wipe" }
      x-effect: ${effect}
      parameters: [{ $ref: "./shared.yaml#/components/parameters/ProjectId" }]
      responses: { "204": { description: They are gone. } }
`;

  test("are refused where a listed value is one; both operations and their files are named", async () => {
    const bench = createBench();
    bench.write(wipe, wiping("deletes"));
    bench.edit(remove, "schema: { type: string }", "schema: { type: string, enum: [t-1, all] }");
    const before = bench.files();
    const route = "DELETE /v3/{project_id}/things/all of wipeThings";
    const line = `${remove}:6: operation: deleteThing with {thing_id} all, as listed, would be ${route} in ${wipe}`;
    expect(await bench.run()).toEqual({ code: 1, lines: [line] });
    expect(bench.files()).toEqual(before);
  });

  test.each([
    ["any text", "{ type: string }"],
    // The client does not hold a value against its schema.
    ["a pattern that excludes it", '{ type: string, pattern: "^t-" }'],
    ["a list without it", "{ type: string, enum: [t-1] }"],
  ])("go into the table, with %s as the parameter", async (_, schema) => {
    const bench = createBench();
    bench.write(wipe, wiping("deletes"));
    bench.edit(remove, "schema: { type: string }", `schema: ${schema}`);
    expect(await bench.run()).toEqual({ code: 0, lines: [] });
    const table = bench.generated()["cloud-rest/src/generated/operations.ts"] ?? "";
    expect(table.match(/siblings: .*/g)).toEqual(['siblings: ["/v3/{project_id}/things/all"],']);
    expect(table.indexOf("siblings:")).toBeGreaterThan(table.indexOf("export const deleteThing ="));
    expect(table.indexOf("siblings:")).toBeLessThan(table.indexOf("export const listThings ="));
  });
});
