import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import { createBench } from "./bench.js";

const coreTypes = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "packages/core/src/operation.ts");

/** What callers may and may not write; each @ts-expect-error must really be one. */
const use = `
import type { Calls as Rest, RecoverCode, RecoverInput } from "./packages/cloud-rest/src/generated/operations.js";
import type { Calls as Rpc, RestoreThingCode } from "./packages/cloud-rpc/src/generated/operations.js";
import type { paths } from "./packages/cloud-rpc/src/generated/types.js";
declare const rest: Rest;
declare const rpc: Rpc;

const restored = await rpc.restoreThing({ ThingId: "t", Mode: "fast", "X-TC-Region": "north-1" });
restored.TaskId.toFixed();
const state: number | undefined = restored.State;
rpc.restoreThing({ ThingId: "t" });
rpc.describeTasks();
rpc.describeTasks({ TaskId: 7 });
// @ts-expect-error ThingId is required
rpc.restoreThing({});
// @ts-expect-error value lists of requests are closed
rpc.restoreThing({ ThingId: "t", Mode: "slow" });
// @ts-expect-error the action is the transport's
rpc.restoreThing({ ThingId: "t", "X-TC-Action": "RestoreThing" });
// @ts-expect-error the envelope is gone
restored.Response;

const status = (await rpc.describeTasks()).Tasks?.[0]?.Status;
if (status === "busy" || status === "something new" || status === null) status;
// @ts-expect-error a list of texts does not hold numbers
if (status === 1) status;
if (restored.State === 1 || restored.State === 99) state;

rest.recover({ instance_id: "i", source: { backup_id: "b" } });
rest.recover({ instance_id: "i", project_id: "p", source: { type: "timestamp", restore_time: 1 }, "X-Language": "en-us" });
// @ts-expect-error restore_time is required with this type
rest.recover({ instance_id: "i", source: { type: "timestamp" } });
// @ts-expect-error a path parameter the client does not know
rest.recover({ source: { backup_id: "b" } });
const input: RecoverInput = { instance_id: "i", source: { type: "backup", backup_id: "b" } };

const started: { id?: string }[] = await rest.createBackup({ name: "n", disk_id: "d" });
// @ts-expect-error neither an instance nor a disk
rest.createBackup({ name: "n" });

rest.listThings();
rest.listThings({ status: ["on", "off"] });
const things = await rest.listThings({ id: "t" });
// @ts-expect-error a 204 has no things
things.things;
const label: string | undefined = things?.things?.[0]?.labels?.anything;
const extra: unknown = things?.things?.[0]?.extra;

const token: string = (await rest.createToken({ user: "u", password: "p" }))["X-Subject-Token"];
const nothing: undefined = await rest.deleteThing({ thing_id: "t" });

const codes: RestoreThingCode[] = ["ThingLocked", "AuthFailure", "SomethingNew"];
const others: RecoverCode[] = ["API.0308"];
type Body = paths["/#Action=RestoreThing"]["post"]["requestBody"]["content"]["application/json"];
const body: Body = { ThingId: "t" };
export { started, input, label, extra, token, nothing, codes, others, body };
`;

const core = `
export type { Operation, Service } from ${JSON.stringify(coreTypes.replace(/\.ts$/, ".js"))};
export interface CallOptions { signal?: AbortSignal }
export interface Call<T, Code extends string = string> extends Promise<T> { withResponse(): Promise<{ result: T; response: Response }>; readonly code?: Code }
`;

test("the generated types hold callers to the spec", { timeout: 30_000 }, async () => {
  const bench = createBench();
  await bench.run();
  const at = (file: string) => join(bench.folder, file);
  writeFileSync(at("use.ts"), use);
  writeFileSync(at("core.ts"), core);
  writeFileSync(at("package.json"), JSON.stringify({ type: "module" }));

  const program = ts.createProgram([at("use.ts")], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    erasableSyntaxOnly: true,
    noEmit: true,
    skipLibCheck: true,
    paths: { "@restorekit/core": [at("core.ts")] },
  });
  const told = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line;
    return `${diagnostic.file?.fileName}:${line}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
  });
  expect(told).toEqual([]);
});
