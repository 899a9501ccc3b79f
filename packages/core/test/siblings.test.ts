import { buildClient, InputError, type Operation, type Service } from "@restorekit/core";
import { describe, expect, test } from "vitest";

const service: Service = {
  name: "demo",
  version: "1",
  endpoints: [{ url: "https://demo.example.com/base" }],
  errors: "huawei",
};
const common = { method: "PUT", effect: "changes", success: [200], required: ["id"] } as const;
const update = {
  ...common,
  id: "update",
  path: "/{project_id}/instances/{id}",
  input: { path: ["project_id", "id"] },
  client: { project_id: "projectId" },
  siblings: ["/{project_id}/instances/status", "/v9/instances/all.{kind}"],
} as const satisfies Operation;
interface Calls {
  update(input: { project_id?: string; id: string }): Promise<unknown>;
}
interface Paths {
  [update.path]: { put: { parameters: { path: { project_id?: string; id: string } }; responses: object } };
}

function connect() {
  const sent: string[] = [];
  const client = buildClient<Calls, Paths, object>(service, { update }, undefined, {
    projectId: "p-1",
    fetch: async (url) => {
      sent.push(new URL(String(url)).pathname);
      return new Response('{"ok":true}');
    },
  });
  return { client, sent };
}

describe("a value that would make another operation of the call", () => {
  test.each([{ id: "status" }, { id: "STATUS" }, { project_id: "v9", id: "all.json" }])(
    "%j is refused, and nothing is sent",
    async (input) => {
      const { client, sent } = connect();
      await expect(client.update(input)).rejects.toThrow(InputError);
      await expect(client.update(input)).rejects.toThrow("would be that of another operation: /");
      const path = { project_id: "p-1", ...input };
      await expect(client.http.PUT(update.path, { params: { path } })).rejects.toThrow(InputError);
      expect(sent).toEqual([]);
    },
  );

  test.each([
    [{ id: "status1" }, "/base/p-1/instances/status1"],
    [{ id: "status/" }, "/base/p-1/instances/status%2F"],
    [{ id: "all.json" }, "/base/p-1/instances/all.json"],
    [{ project_id: "v9", id: "all-json" }, "/base/v9/instances/all-json"],
  ])("%j is another and is sent", async (input, path) => {
    const { client, sent } = connect();
    await client.update(input);
    await client.http.PUT(update.path, { params: { path: { project_id: "p-1", ...input } } });
    expect(sent).toEqual([path, path]);
  });
});
