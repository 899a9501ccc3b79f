import { describe, expect, test } from "vitest";
import type { OpenApi, Schema } from "../src/openapi.js";
import { siblingsOf } from "../src/siblings.js";
import { createBench } from "./bench.js";

/** A bundle of these routes, each written as its method and path; every parameter has the schema. */
function bundleOf(routes: string[], schema: Schema = { type: "string" }): OpenApi {
  const paths: Record<string, Record<string, object>> = {};
  for (const [index, route] of routes.entries()) {
    const [method = "", path = ""] = route.split(" ");
    const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
    const parameters = names.map((name) => ({ name, in: "path", required: true, description: "", schema }));
    paths[path] = { ...paths[path], [method]: { operationId: `op${index}`, parameters, responses: {} } };
  }
  return { openapi: "3.1.0", info: { title: "", version: "" }, paths } as unknown as OpenApi;
}

/** `op0 id=wipe op1`: the first with this value is the second. */
function told(routes: string[], schema?: Schema) {
  return siblingsOf(bundleOf(routes, schema)).map(({ operation, reached, values }) =>
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

  const routes = ["put /i/{id}", "put /i/status"];
  test.each<[string, Schema, boolean]>([
    ["any text", { type: "string" }, true],
    ["an enum with it", { type: "string", enum: ["a", "status"] }, true],
    ["an enum without it", { type: "string", enum: ["a"] }, false],
    ["a pattern that fits it", { type: "string", pattern: "^[a-z]+$" }, true],
    ["a pattern that fits a part of it", { type: "string", pattern: "stat" }, true],
    ["a pattern that does not", { type: "string", pattern: "^[0-9a-f-]{36}$" }, false],
    ["no pattern at all", { type: "string", pattern: "(" }, true],
    ["a number", { type: "integer", format: "int64" }, false],
  ])("with %s as its schema", (_, schema, reaches) => {
    expect(told(routes, schema)).toEqual(reaches ? ["op0 id=status op1"] : []);
  });

  test("a number is reached by a number", () => {
    expect(told(["get /i/{id}", "get /i/7"], { type: "integer", format: "int64" })).toEqual(["op0 id=7 op1"]);
  });
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

  test("are refused where a write would be reached; both operations and their files are named", async () => {
    const bench = createBench();
    bench.write(wipe, wiping("deletes"));
    const before = bench.files();
    const route = "DELETE /v3/{project_id}/things/all of wipeThings";
    expect(await bench.run()).toEqual({
      code: 1,
      lines: [
        `${remove}:6: operation: deleteThing with {thing_id} all would be ${route} in ${wipe}; a pattern or an enum of {thing_id} has to exclude it`,
      ],
    });
    expect(bench.files()).toEqual(before);
  });

  test.each<[string, string, string]>([
    ["a pattern excludes it", "deletes", '{ type: string, pattern: "^t-" }'],
    ["an enum excludes it", "deletes", "{ type: string, enum: [t-1] }"],
    ["a read is reached", "read", "{ type: string }"],
  ])("are taken where %s", async (_, effect, schema) => {
    const bench = createBench();
    bench.write(wipe, wiping(effect));
    bench.edit(remove, "schema: { type: string }", `schema: ${schema}`);
    expect(await bench.run()).toEqual({ code: 0, lines: [] });
  });
});
