// What each kind of change means for a consumer, one change at a time.
import { describe, expect, test } from "vitest";
import { compareBundles } from "../src/spec/compare.js";
import type { Json, Objekt } from "../src/spec/json.js";

/** One write and one read, with everything a bundle can hold. */
const bundle = {
  openapi: "3.1.0",
  info: { title: "Cloud", version: "v1", description: "A cloud." },
  servers: [
    { url: "https://one.example", "x-regions": ["a", "b"] },
    { url: "https://two.example", "x-site": "two", variables: { region: { default: "c" } } },
  ],
  security: [{ keys: [] }, { token: [] }],
  "x-envelope": { success: "Response", error: "tencent" },
  "x-errors": { Busy: { status: 200, meaning: "Busy.", kind: "locked" }, Odd: { status: 200, meaning: "Odd." } },
  paths: {
    "/restore": {
      post: {
        operationId: "restore",
        summary: "Restore",
        description: "Restores.",
        externalDocs: { url: "https://docs.example/restore" },
        "x-effect": "overwrites",
        "x-rate-limit": { requests: 10, seconds: 1, per: "account" },
        "x-errors": { Full: { status: 400, meaning: "Full.", kind: "throttled" } },
        parameters: [
          { name: "X-Action", in: "header", required: true, description: "", schema: { type: "string", enum: ["R"] } },
          {
            name: "X-Region",
            in: "header",
            required: true,
            description: "",
            "x-client": "region",
            schema: { type: "string" },
          },
          {
            name: "kind",
            in: "query",
            description: "",
            schema: { type: "string", enum: ["full", "part"], default: "full" },
          },
        ],
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Restore" } } },
        },
        responses: {
          "200": {
            description: "Begun.",
            headers: { Request: { required: true, schema: { type: "string" } } },
            content: { "application/json": { schema: { $ref: "#/components/schemas/Begun" } } },
            links: { task: { operationId: "list", parameters: { id: "$response.body#/id" } } },
          },
          "400": { $ref: "#/components/responses/Bad" },
        },
      },
    },
    "/tasks": {
      get: {
        operationId: "list",
        summary: "List",
        description: "Lists.",
        externalDocs: { url: "https://docs.example/list" },
        "x-effect": "read",
        "x-pagination": {
          style: "offset",
          position: "offset",
          size: "limit",
          first: 0,
          items: "tasks",
          maximum: 100,
          total: "total",
        },
        "x-task": {
          record: "tasks[]",
          id: "id",
          state: "state",
          running: ["busy"],
          succeeded: ["done"],
          failed: ["lost"],
        },
        responses: {
          "200": {
            description: "Tasks.",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Tasks" } } },
          },
        },
      },
    },
  },
  components: {
    responses: {
      Bad: {
        description: "Refused.",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
    schemas: {
      Restore: {
        type: "object",
        additionalProperties: false,
        required: ["backup", "source"],
        properties: {
          backup: { type: "string", pattern: "^b", minLength: 2, maxLength: 9 },
          password: { type: "string", format: "password" },
          count: { type: "integer", format: "int32", minimum: 1, maximum: 5 },
          source: { oneOf: [{ $ref: "#/components/schemas/FromBackup" }, { $ref: "#/components/schemas/FromTime" }] },
          tags: { type: "array", maxItems: 3, items: { type: "string" } },
          labels: { type: "object", additionalProperties: { type: "string" } },
        },
      },
      FromBackup: { type: "object", additionalProperties: false, properties: { id: { type: "string" } } },
      FromTime: { type: "object", additionalProperties: false, properties: { at: { type: "integer" } } },
      Begun: {
        type: "object",
        required: ["id"],
        properties: { id: { type: "string" }, note: { type: ["string", "null"] } },
      },
      Tasks: {
        type: "object",
        required: ["tasks"],
        properties: {
          tasks: { type: "array", items: { $ref: "#/components/schemas/Task" } },
          total: { type: "integer" },
        },
      },
      Task: {
        type: "object",
        required: ["id", "state"],
        properties: {
          id: { type: "string" },
          state: { type: "string", enum: ["busy", "done", "lost"] },
          size: { type: "integer", format: "int64", minimum: 0 },
          child: { $ref: "#/components/schemas/Task" },
        },
      },
      Problem: { type: "object", properties: { code: { type: "string" } } },
    },
    securitySchemes: {
      keys: { type: "http", scheme: "hmac" },
      token: { type: "apiKey", in: "header", name: "X-Token" },
    },
  },
} satisfies Objekt;

const restore = "paths./restore.post.";
const list = "paths./tasks.get.";
const request = "components.schemas.Restore.";
const task = "components.schemas.Task.";

/** Sets (or with undefined removes) the value at a place, whose keys are divided by dots. */
function set(document: Objekt, place: string, value: Json | undefined): void {
  const keys = place.split(".");
  const last = keys.pop() as string;
  const holder = keys.reduce<Json>((here, key) => (here as Objekt)[key] as Json, document) as Objekt;
  if (value !== undefined) holder[last] = value;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
}

function changesOf(edits: Record<string, Json | undefined>, base: Objekt = bundle): string[] {
  const after = structuredClone(base) as Objekt;
  for (const [place, value] of Object.entries(edits)) set(after, place, value);
  return compareBundles(base, after)
    .changes.map(({ id, class: kind, operation, place }) => `${kind} ${id} @ ${operation ?? "-"} ${place}`)
    .sort();
}

const table: Record<string, [edits: Record<string, Json | undefined>, ...want: string[]][]> = {
  operations: [
    [{ "paths./tasks": undefined }, "breaking operation-removed @ list operation"],
    [{ [`${list}operationId`]: "listTasks" }, "breaking operation-renamed @ list operation"],
    [
      { "paths./jobs": bundle.paths["/tasks"], "paths./tasks": undefined },
      "breaking operation-path-changed @ list operation",
    ],
    [
      { "paths./tasks.post": bundle.paths["/tasks"].get, "paths./tasks.get": undefined },
      "breaking operation-method-changed @ list operation",
    ],
    [
      { "paths./more": { get: { ...bundle.paths["/tasks"].get, operationId: "more" } } },
      "additive operation-added @ more operation",
    ],
    [{ [`${list}deprecated`]: true }, "additive operation-deprecation-changed @ list operation"],
  ],
  "what a request takes": [
    [{ [`${request}properties.password`]: undefined }, "breaking request-property-removed @ restore body password"],
    [
      { [`${request}properties.name`]: { type: "string" } },
      "additive new-optional-request-property @ restore body name",
    ],
    [
      { [`${request}properties.name`]: { type: "string" }, [`${request}required`]: ["backup", "source", "name"] },
      "breaking new-required-request-property @ restore body name",
    ],
    [
      { [`${request}required`]: ["backup", "source", "count"] },
      "breaking request-property-became-required @ restore body count",
    ],
    [{ [`${request}required`]: ["backup"] }, "additive request-property-became-optional @ restore body source"],
    [
      { [`${request}properties.backup.type`]: "integer" },
      "breaking request-property-type-changed @ restore body backup",
    ],
    [
      { [`${request}properties.count.type`]: "number" },
      "additive request-property-type-generalized @ restore body count",
    ],
    [
      { [`${request}properties.backup.type`]: ["string", "null"] },
      "additive request-property-became-nullable @ restore body backup",
    ],
    [
      { [`${request}properties.count.format`]: "int64" },
      "additive request-property-format-changed @ restore body count",
    ],
    [
      { [`${request}properties.password.format`]: undefined },
      "breaking request-property-became-not-secret @ restore body password",
    ],
    [
      { [`${request}properties.backup.pattern`]: "^c" },
      "breaking request-property-pattern-changed @ restore body backup",
    ],
    [
      { [`${request}properties.backup.pattern`]: undefined },
      "additive request-property-pattern-removed @ restore body backup",
    ],
    [{ [`${request}properties.count.minimum`]: 2 }, "breaking request-property-min-increased @ restore body count"],
    [{ [`${request}properties.count.minimum`]: 0 }, "additive request-property-min-decreased @ restore body count"],
    [{ [`${request}properties.count.maximum`]: undefined }, "additive request-property-max-unset @ restore body count"],
    [
      { [`${request}properties.backup.maxLength`]: 8 },
      "breaking request-property-max-length-decreased @ restore body backup",
    ],
    [
      { [`${request}properties.tags.maxItems`]: 4 },
      "additive request-property-max-items-increased @ restore body tags",
    ],
    [
      { [`${request}properties.tags.uniqueItems`]: true },
      "breaking request-property-unique-items-set @ restore body tags",
    ],
    [
      { [`${request}properties.tags.items.type`]: "integer" },
      "breaking request-property-type-changed @ restore body tags[]",
    ],
    [
      { [`${request}properties.labels.additionalProperties.type`]: "integer" },
      "breaking request-property-type-changed @ restore body labels{}",
    ],
    [
      { [`${request}additionalProperties`]: undefined },
      "additive request-body-additional-properties-changed @ restore body",
    ],
    [
      { [`${request}properties.source.oneOf.1`]: undefined },
      "breaking request-property-one-of-removed @ restore body source",
    ],
    [
      { "components.schemas.FromTime.properties.at.type": "string" },
      "breaking request-property-type-changed @ restore body source|FromTime.at",
    ],
    [{ [`${restore}requestBody.required`]: false }, "additive request-body-became-optional @ restore body"],
    [
      { [`${restore}parameters.2.schema.enum`]: ["full"] },
      "breaking request-parameter-enum-value-removed @ restore query kind",
    ],
    [
      { [`${restore}parameters.2.schema.enum`]: ["full", "part", "none"] },
      "additive request-parameter-enum-value-added @ restore query kind",
    ],
    [
      { [`${restore}parameters.2.schema.enum`]: undefined },
      "additive request-parameter-became-not-enum @ restore query kind",
    ],
    [
      { [`${restore}parameters.2.schema.default`]: "part" },
      "breaking request-parameter-default-value-changed @ restore query kind",
    ],
    [
      { [`${restore}parameters.2.schema.default`]: undefined },
      "wording-only request-parameter-default-value-removed @ restore query kind",
    ],
    [{ [`${restore}parameters.2.required`]: true }, "breaking request-parameter-became-required @ restore query kind"],
    [{ [`${restore}parameters.2`]: undefined }, "breaking request-parameter-removed @ restore query kind"],
    [
      { [`${restore}parameters.3`]: { name: "n", in: "query", schema: {} } },
      "additive new-optional-request-parameter @ restore query n",
    ],
    [
      { [`${restore}parameters.3`]: { name: "n", in: "query", required: true, schema: {} } },
      "breaking new-required-request-parameter @ restore query n",
    ],
    [{ [`${restore}parameters.0.schema.enum`]: ["S"] }, "breaking request-constant-changed @ restore header X-Action"],
    [
      { [`${restore}parameters.0.schema.enum`]: ["R", "S"] },
      "breaking request-constant-became-input @ restore header X-Action",
      "additive request-parameter-enum-value-added @ restore header X-Action",
    ],
    [
      { [`${restore}parameters.0.schema.enum`]: undefined, [`${restore}parameters.0.required`]: false },
      "breaking request-constant-became-input @ restore header X-Action",
      "additive request-parameter-became-not-enum @ restore header X-Action",
      "additive request-parameter-became-optional @ restore header X-Action",
    ],
    [
      { [`${restore}parameters.1.x-client`]: undefined },
      "breaking request-parameter-client-value-changed @ restore header X-Region",
    ],
  ],
  "what an answer gives": [
    [
      { [`${task}properties.size`]: undefined },
      "breaking response-optional-property-removed @ list response 200 tasks[].size",
    ],
    [
      { [`${task}properties.id`]: undefined, [`${task}required`]: ["state"] },
      "breaking response-required-property-removed @ list response 200 tasks[].id",
    ],
    [
      { [`${task}properties.end`]: { type: "string" } },
      "additive response-optional-property-added @ list response 200 tasks[].end",
    ],
    [{ [`${task}required`]: ["state"] }, "breaking response-property-became-optional @ list response 200 tasks[].id"],
    [
      { [`${task}required`]: ["id", "state", "size"] },
      "additive response-property-became-required @ list response 200 tasks[].size",
    ],
    [
      { [`${task}properties.id.type`]: "integer" },
      "breaking response-property-type-changed @ list response 200 tasks[].id",
    ],
    [
      { [`${task}properties.size.type`]: "number" },
      "breaking response-property-type-generalized @ list response 200 tasks[].size",
    ],
    [
      { [`${task}properties.size.format`]: "int32" },
      "additive response-property-format-changed @ list response 200 tasks[].size",
    ],
    [
      { [`${task}properties.size.minimum`]: undefined },
      "breaking response-property-min-unset @ list response 200 tasks[].size",
    ],
    [{ [`${task}properties.size.maximum`]: 9 }, "additive response-property-max-set @ list response 200 tasks[].size"],
    [
      { [`${task}properties.state.enum`]: ["busy", "done"] },
      "additive response-property-enum-value-removed @ list response 200 tasks[].state",
    ],
    [
      { [`${task}properties.state.enum`]: ["busy", "done", "lost", "new"] },
      "additive response-property-enum-value-added @ list response 200 tasks[].state",
    ],
    [
      { [`${task}properties.id.type`]: ["string", "null"] },
      "breaking response-property-became-nullable @ list response 200 tasks[].id",
    ],
    [
      { "components.schemas.Begun.properties.note.type": "string" },
      "additive response-property-became-not-nullable @ restore response 200 note",
    ],
    [
      { [`${restore}responses.200.headers.Request.required`]: false },
      "breaking response-header-became-optional @ restore response 200 header Request",
    ],
    [
      { [`${restore}responses.200.headers.Request`]: undefined },
      "breaking response-header-removed @ restore response 200 header Request",
    ],
    [
      { [`${restore}responses.202`]: { description: "" } },
      "additive response-success-status-added @ restore response 202",
    ],
    [
      { [`${list}responses.500`]: { $ref: "#/components/responses/Bad" } },
      "additive response-non-success-status-added @ list response 500",
    ],
    [
      { [`${list}responses.200.content`]: undefined },
      "breaking response-media-type-removed @ list response 200 application/json",
    ],
    [
      { [`${restore}responses.200.links.task.operationId`]: "restore" },
      "breaking response-link-changed @ restore response 200 link task",
    ],
    [
      { "components.schemas.Problem.properties.code.type": "integer" },
      "breaking response-property-type-changed @ restore response 400 code",
    ],
  ],
  "our vocabulary": [
    [{ [`${restore}x-effect`]: "read" }, "breaking operation-became-read @ restore operation"],
    [{ [`${list}x-effect`]: "overwrites" }, "breaking operation-became-write @ list operation"],
    [{ [`${restore}x-effect`]: "creates" }, "breaking operation-effect-changed @ restore operation"],
    [{ [`${restore}x-rate-limit.requests`]: 9 }, "breaking rate-limit-lowered @ restore operation"],
    [{ [`${restore}x-rate-limit.requests`]: 11 }, "additive rate-limit-raised @ restore operation"],
    [
      { [`${restore}x-rate-limit`]: { requests: 600, seconds: 60, per: "account" } },
      "additive rate-limit-raised @ restore operation",
    ],
    [
      { [`${restore}x-rate-limit`]: { requests: 599, seconds: 60, per: "account" } },
      "breaking rate-limit-lowered @ restore operation",
    ],
    [{ [`${restore}x-rate-limit`]: undefined }, "breaking rate-limit-removed @ restore operation"],
    [
      { [`${list}x-rate-limit`]: { requests: 1, seconds: 1, per: "user" } },
      "additive rate-limit-added @ list operation",
    ],
    [{ [`${list}x-pagination.first`]: 1 }, "breaking pagination-changed @ list operation x-pagination"],
    [{ [`${list}x-pagination.maximum`]: 200 }, "additive pagination-maximum-changed @ list operation x-pagination"],
    [{ [`${list}x-pagination.maximum`]: 50 }, "breaking pagination-maximum-changed @ list operation x-pagination"],
    [{ [`${list}x-pagination`]: undefined }, "breaking pagination-removed @ list operation"],
    [{ [`${list}x-task.failed`]: ["lost", "gone"] }, 'additive task-state-added @ list operation x-task "gone"'],
    [
      { [`${list}x-task.failed`]: ["lost", "done"], [`${list}x-task.succeeded`]: [] },
      'breaking task-state-moved @ list operation x-task "done"',
    ],
    [{ [`${list}x-task.running`]: [] }, 'breaking task-state-removed @ list operation x-task "busy"'],
    [{ [`${list}x-task.progress`]: "percent" }, "additive task-changed @ list operation x-task"],
    [
      { [`${restore}x-errors.New`]: { status: 400, meaning: "New." } },
      "additive error-code-added @ restore errors New",
    ],
    [{ "x-errors.Odd": undefined }, "wording-only error-code-removed @ - service errors Odd"],
    [{ "x-errors.Busy": undefined }, "wording-only error-code-removed @ - service errors Busy"],
    [{ "x-errors.Odd.kind": "locked" }, "additive error-kind-changed @ - service errors Odd"],
    [{ [`${restore}x-errors.Full.kind`]: undefined }, "breaking error-kind-changed @ restore errors Full"],
    [{ [`${restore}x-errors.Full`]: undefined }, "breaking error-code-removed @ restore errors Full"],
    [{ "x-errors.Busy.kind": "throttled" }, "breaking error-kind-changed @ - service errors Busy"],
    [
      { "x-errors.New": { status: 429, meaning: "New.", kind: "throttled" } },
      "breaking error-code-added @ - service errors New",
    ],
    [
      { [`${restore}x-errors.New`]: { status: 400, meaning: "New.", kind: "throttled" } },
      "breaking error-code-added @ restore errors New",
    ],
    [
      { [`${list}x-errors`]: { New: { status: 429, meaning: "New.", kind: "throttled" } } },
      "additive error-code-added @ list errors New",
    ],
    [{ "x-envelope.success": "Result" }, "breaking envelope-changed @ - service"],
  ],
  "the whole service": [
    [{ "servers.0.x-regions": ["a"] }, "breaking server-region-removed @ - server https://one.example"],
    [{ "servers.0.x-regions": ["a", "b", "d"] }, "additive server-region-added @ - server https://one.example"],
    [{ "servers.0.url": "https://new.example" }, "breaking server-url-changed @ - server https://one.example"],
    [{ "servers.1": undefined }, "breaking server-removed @ - server https://two.example (two)"],
    [
      { "servers.1.variables.region.default": "d" },
      "breaking server-variable-default-changed @ - server https://two.example (two) {region}",
    ],
    [{ "security.1": undefined }, "breaking api-security-removed @ - service"],
    [
      { "components.securitySchemes.keys.scheme": "other" },
      "breaking api-security-component-changed @ - components.securitySchemes.keys",
    ],
    [{ [`${list}security`]: [] }, "breaking api-security-changed @ list operation"],
    [{ [`${list}security`]: [{}] }, "breaking api-security-changed @ list operation"],
    [{ [`${list}security`]: [{ keys: [] }] }, "breaking api-security-removed @ list operation"],
    [
      { [`${list}security`]: [{ keys: [] }, { token: [] }, { other: [] }] },
      "additive api-security-added @ list operation",
    ],
    [{ [`${list}security`]: [{ keys: [] }, { token: [] }] }, "wording-only security-written-out @ list operation"],
    [{ security: [] }, "breaking api-security-changed @ - service"],
    [{ "info.version": "v2" }, "breaking service-version-changed @ - service"],
  ],
  "only words": [
    [{ "info.description": "Another." }, "wording-only description-changed @ - service"],
    [{ [`${restore}summary`]: "Put back" }, "wording-only summary-changed @ restore operation"],
    [
      { [`${task}properties.id.description`]: "Which." },
      "wording-only description-changed @ list response 200 tasks[].id",
    ],
    [{ [`${task}properties.id.example`]: "x" }, "wording-only example-changed @ list response 200 tasks[].id"],
    [{ "x-errors.Odd.meaning": "Strange." }, "wording-only error-meaning-changed @ - service errors Odd"],
    [{ [`${task}required`]: ["state", "id"] }, "wording-only order-changed @ list response 200 tasks[] required"],
    [
      { "components.schemas.Lost": { type: "string" } },
      "wording-only unused-component-changed @ - components.schemas.Lost",
    ],
    [
      {
        "components.schemas.Failure": bundle.components.schemas.Problem,
        "components.schemas.Problem": undefined,
        "components.responses.Bad.content.application/json.schema.$ref": "#/components/schemas/Failure",
      },
      "wording-only reference-changed @ restore response 400",
    ],
  ],
  "what no rule knows": [
    [
      { [`${task}properties.size.multipleOf`]: 2 },
      "additive response-property-multiple-of-set @ list response 200 tasks[].size",
    ],
    [{ [`${task}properties.size.const`]: 2 }, "breaking unclassified @ list response 200 tasks[].size const"],
    [{ [`${list}x-new`]: 1 }, "breaking unclassified @ list operation x-new"],
    [{ openapi: "3.2.0" }, "breaking unclassified @ - service openapi"],
    [{ "paths./tasks.servers": [] }, "breaking unclassified @ - path /tasks servers"],
  ],
};

for (const [name, rows] of Object.entries(table)) {
  describe(name, () => {
    test.each(rows)("%j", (edits, ...want) => {
      expect(changesOf(edits)).toEqual([...want].sort());
    });
  });
}

test("a service of reads alone may learn a throttling code", () => {
  const reads = structuredClone(bundle) as Objekt;
  set(reads, `${restore}x-effect`, "read");
  expect(changesOf({ "x-errors.Busy.kind": "throttled" }, reads)).toEqual([
    "additive error-kind-changed @ - service errors Busy",
  ]);
});

test("an operation that is signed from now on breaks those who have no keys", () => {
  const open = structuredClone(bundle) as Objekt;
  set(open, `${list}security`, []);
  expect(changesOf({ [`${list}security`]: undefined }, open)).toEqual([
    "breaking api-security-changed @ list operation",
  ]);
  expect(changesOf({ [`${list}security`]: [{}] }, open)).toEqual([
    "wording-only security-written-out @ list operation",
  ]);
});

test("a fingerprint names a change, whatever else changed", () => {
  const one = structuredClone(bundle) as Objekt;
  set(one, `${restore}x-rate-limit.requests`, 9);
  const two = structuredClone(one);
  set(two, "info.description", "Another.");
  const [print] = compareBundles(bundle, one).changes.map(({ fingerprint }) => fingerprint);
  expect(print).toMatch(/^[0-9a-f]{12}$/);
  expect(compareBundles(bundle, two).changes.map(({ fingerprint }) => fingerprint)).toContain(print);
});

test("the worst change makes the bump", () => {
  const after = structuredClone(bundle) as Objekt;
  set(after, "info.description", "Another.");
  expect(compareBundles(bundle, after).bump).toBe("patch");
  set(after, `${request}properties.name`, { type: "string" });
  expect(compareBundles(bundle, after).bump).toBe("minor");
  set(after, `${request}properties.password`, undefined);
  expect(compareBundles(bundle, after).bump).toBe("major");
  expect(compareBundles(bundle, bundle).bump).toBe("none");
});
