// Drafts of our own pages: what is kept, what becomes a note, and that it all generates.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileService, emitService, SpecError } from "@restorekit/codegen";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Draft, draftPage } from "../src/draft/draft.js";
import { kebab, nameOperation } from "../src/draft/names.js";
import { loadPage } from "../src/load.js";
import { readPage } from "../src/page.js";

const pages = new URL("pages/", import.meta.url).pathname;

function drafted(markdown: string, file = "page.rst"): Draft {
  const draft = draftPage(readPage(file, markdown));
  if ("refused" in draft) throw new Error(draft.refused);
  return draft;
}

function compile({ file, operation, shared }: Draft) {
  try {
    return compileService("draft", [
      { file: `draft/${file}`, name: file, text: operation },
      { file: "draft/shared.yaml", name: "shared.yaml", text: shared },
    ]);
  } catch (error) {
    throw error instanceof SpecError ? new Error(error.lines.join("\n")) : error;
  }
}

describe("our own pages", () => {
  test.each(readdirSync(pages))("%s generates or is refused with a reason", async (file) => {
    const draft = draftPage(loadPage(`${pages}${file}`));
    if ("refused" in draft) expect(draft.refused).toMatch(/operation/);
    else expect((await emitService("draft", compile(draft))).size).toBe(4);
  });
});

const table = (rows: string[][]): string => {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  const rule = widths.map((width) => "=".repeat(width)).join(" ");
  const lines = rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c] ?? 0))
      .join(" ")
      .trimEnd(),
  );
  return [rule, lines[0], rule, ...lines.slice(1), rule].join("\n");
};

const page = (parts: { uri?: string; body?: string[][]; response?: string[][]; sent?: string; answer?: string }) => `
Changing a Widget
=================

URI
---

${parts.uri ?? "PUT /v2/{project_id}/widgets/{widget_id}"}

${table([
  ["Parameter", "Mandatory", "Type", "Description"],
  ["project_id", "Yes", "String", "Project."],
  ["widget_id", "Yes", "String", "Widget."],
])}

Request
-------

**Request parameters**

${table([["Parameter", "Mandatory", "Type", "Description"], ...(parts.body ?? [["name", "Yes", "String", "Name."]])])}

**Example request**

.. code-block:: text

   PUT https://{endpoint}/v2/{project_id}/widgets/w-17

.. code-block::

   ${parts.sent ?? '{ "name": "left" }'}

Response
--------

**Response parameters**

${table([["Parameter", "Type", "Description"], ...(parts.response ?? [["job_id", "String", "Job."]])])}

**Example response**

.. code-block::

   ${parts.answer ?? '{ "job_id": "j-1" }'}

Status Code
-----------

${table([
  ["Status Code", "Description"],
  ["202", "Accepted."],
])}
`;

const bodyOf = (draft: Draft) => parse(draft.operation).components.schemas.ChangeWidgetRequest;
const operationOf = (draft: Draft) => parse(draft.operation).paths["/v2/{project_id}/widgets/{widget_id}"].put;

test("a plain page becomes a document in our conventions", () => {
  const draft = drafted(page({}));
  const operation = operationOf(draft);
  expect(draft.file).toBe("change-widget.yaml");
  expect(operation["x-effect"]).toBe("overwrites");
  expect(operation.parameters[0]).toEqual({ $ref: "./shared.yaml#/components/parameters/ProjectId" });
  expect(operation.parameters[1].examples.documented).toEqual({ "x-source": "page", value: "w-17" });
  expect(operation.requestBody.content["application/json"].examples.documented).toEqual({
    "x-source": "page",
    value: { name: "left" },
  });
  expect(Object.keys(operation.responses)).toEqual(["202"]);
  expect(bodyOf(draft)).toMatchObject({ additionalProperties: false, required: ["name"] });
  expect(draft.operation).toContain("# check: guessed from PUT");
  expect(compile(draft)["x-generated"]).toContain("draft");
});

test("a vendor's sentence never gets into a description", () => {
  const draft = drafted(page({ body: [["name", "Yes", "String", "Name that the widget shall bear henceforth."]] }));
  expect(draft.operation).not.toContain("henceforth");
});

describe("what the page leaves open becomes a note", () => {
  const cases: [string, Parameters<typeof page>[0], RegExp, object?][] = [
    ["a missing type", { body: [["name", "Yes", "", "Name."]] }, /the page gives no type; string in the example/],
    ["an unknown type", { body: [["name", "Yes", "Qubit", "Name."]] }, /# check: .*line \d+/],
    ["an open required", { body: [["name", "perhaps", "String", "Name."]] }, /required/],
    ["swapped cells", { body: [["name", "String", "Yes", "Name."]] }, /swapped/],
    [
      "a secret",
      { body: [["password", "Yes", "String", "Secret."]], sent: '{ "password": "x" }' },
      /taken for a secret/,
      { password: { format: "password" } },
    ],
    ["an example beside the table", { sent: '{ "name": "left", "size": 3 }' }, /in the example size is in no table/],
    ["an example of another type", { sent: '{ "name": 4 }' }, /in the example name is no string/],
    ["an example that is not JSON", { sent: '{ "name": "left", }' }, /no readable example|not JSON/],
    [
      "a repeated row",
      {
        body: [
          ["name", "Yes", "String", "A."],
          ["name", "No", "String", "B."],
        ],
      },
      /again|repeat/,
    ],
    ["an input in two places", { body: [["widget_id", "Yes", "String", "Again."]] }, /one input can have the name/],
    [
      "spellings that meet elsewhere",
      {
        body: [
          ["my_name", "Yes", "String", "A."],
          ["myName", "No", "String", "B."],
        ],
        sent: '{ "my_name": "a" }',
      },
      /differs from my_name by its spelling only/,
    ],
    ["a null in an answer", { answer: '{ "job_id": null }' }, /null, because an example has it/],
    [
      "an object without an inside",
      { body: [["filter", "No", "Object", "Filter."]], sent: "{}" },
      /inside of "?filter/,
    ],
    [
      "a value list in prose",
      { body: [["mode", "No", "String", "The value can be fast, slow, or none."]], sent: '{ "mode": "fast" }' },
      /is the list complete/,
      { mode: { enum: ["fast", "slow", "none"] } },
    ],
  ];
  test.each(cases)("%s", (_, parts, note, properties) => {
    const draft = drafted(page(parts));
    const notes = draft.operation.split("\n").filter((line) => line.includes("# check: "));
    expect(notes.join("\n")).toMatch(note);
    expect(draft.checks).toBe(notes.length);
    if (properties) expect(bodyOf(draft).properties).toMatchObject(properties);
    compile(draft);
  });
});

test("what is no operation is refused", () => {
  expect(draftPage(readPage("x.rst", "Change History\n==============\n\nNothing.\n"))).toHaveProperty("refused");
  expect(draftPage(readPage("x.rst", page({ uri: "HEAD /v2/{project_id}/widgets/{widget_id}" })))).toEqual({
    refused: "specs know no HEAD",
  });
});

test("PATCH is drafted, compiles, and is taken for a call that overwrites", () => {
  const draft = drafted(page({ uri: "PATCH /v2/{project_id}/widgets/{widget_id}" }));
  expect(draft.operation).toMatch(/^ +patch:$/m);
  expect(draft.operation).toContain("x-effect: overwrites");
  compile(draft);
});

test("structures of another page are put where they are used", () => {
  const markdown = `## 1. API Description
API domain name: widget.example.tencentcloudapi.com.
## 2. Input Parameters
| Parameter name | Required | Type | Description |
|---|---|---|---|
| Action | Yes | String | Common parameter; the value for this API: DescribeWidgets |
| Version | Yes | String | Common parameter; the value for this API: 2018-04-12 |
## 3. Output Parameters
| Parameter name | Type | Description |
|---|---|---|
| WidgetSet | Array of [Widget](/document/api/1/2#Widget) | Widgets |
`;
  const structures = readPage(
    "types.md",
    "## Widget\n\nUsed by: DescribeWidgets.\n\n| Name | Type | Description |\n|---|---|---|\n| Size | Integer | Size |\n",
  ).structures;
  const draft = draftPage(readPage("page.md", markdown), { structures });
  if ("refused" in draft) throw new Error(draft.refused);
  const { schemas } = parse(draft.operation).components;
  expect(schemas.DescribeWidgetsResultWidgetSet.properties.Size).toMatchObject({ type: "integer", format: "int64" });
  compile(draft);
});

test.each([
  ["Querying Widgets of a Tenant", "queryWidgetsTenant"],
  ["Restoring a DCS Instance", "restoreDCSInstance"],
  ["Resetting a Password", "resetPassword"],
  ["Creating a Widget", "createWidget"],
  ["Deleting a Widget", "deleteWidget"],
  ["Modifying Widgets", "modifyWidgets"],
  ["Obtaining the URL", "obtainURL"],
  ["Changing the Size", "changeSize"],
  ["Configuring Alarms", "configureAlarms"],
  ["Widgets", "getWidgets"],
])("the title %s gives %s", (title, name) => {
  const source = readPage("x.rst", page({}));
  const named = { ...source, title, operation: { ...source.operation, method: "GET", path: "/widgets" } };
  expect(nameOperation(named)).toEqual({ operationId: name, stated: false });
});

test("what the command writes generates as it is", { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "restorekit-draft-"));
  const command = (...args: string[]) => spawnSync(process.execPath, args, { encoding: "utf8" });
  const specs = join(folder, "specs");
  const draft = [`${pages}rewind.rst`, "--out", join(specs, "rewind")];
  const tool = (name: string) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
  expect(command(tool("draft.js"), ...draft).status).toBe(0);
  const generate = tool("../../codegen/dist/generate.js");
  const { status, stderr } = command(generate, specs, "--out", join(folder, "clients"));
  expect(status, stderr).toBe(0);
  // A second time it would overwrite what a person has edited.
  expect(command(tool("draft.js"), ...draft).status).toBe(1);
  expect(command(tool("draft.js"), join(specs, "rewind/shared.yaml")).status).toBe(1);
  expect(command(tool("draft.js")).status).toBe(2);
  rmSync(folder, { recursive: true });
});

test("file names are kebab-case", () => {
  expect(kebab("restoreDCSInstance")).toBe("restore-dcs-instance");
});
