// The second witness: its readers, its register, and, where the SDKs have been fetched, the specs against them.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { compareCalls, compareVersions } from "../src/witness/compare.js";
import { fetchSdk, type Sdk, Unavailable } from "../src/witness/fetch-sdk.js";
import type { Call, Field } from "../src/witness/model.js";
import { callsOfPython } from "../src/witness/python.js";
import { judge, readRegister } from "../src/witness/register.js";
import { type Bundle, callsOfSpec } from "../src/witness/spec.js";
import { callsOfTypeScript } from "../src/witness/typescript.js";
import { valuesInText } from "../src/witness/values.js";
import { given } from "./given.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "restorekit-witness-"));
afterAll(() => rmSync(scratch, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

function folder(name: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(scratch, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return join(scratch, name);
}

const model = (
  name: string,
  fields: Record<string, [wire: string, type: string, required: boolean, text?: string]>,
) => `
class ${name}:
    sensitive_list = []

    openapi_types = {
${Object.entries(fields)
  .map(([attribute, [, type]]) => `        '${attribute}': '${type}'`)
  .join(",\n")}
    }

    attribute_map = {
${Object.entries(fields)
  .map(([attribute, [wire]]) => `        '${attribute}': '${wire}'`)
  .join(",\n")}
    }

    def __init__(self, ${Object.keys(fields).join("=None, ")}=None):
        r"""${name}

${Object.entries(fields)
  .map(
    ([attribute, [, type, , text = "Text."]]) =>
      `        :param ${attribute}: ${text}\n        :type ${attribute}: ${type}`,
  )
  .join("\n")}
        """
${Object.entries(fields)
  .map(([attribute, [, , required]]) =>
    required
      ? `        self.${attribute} = ${attribute}`
      : `        if ${attribute} is not None:\n            self.${attribute} = ${attribute}`,
  )
  .join("\n")}

    @property
    def x(self):
        return 1
`;

const python = () =>
  folder("python", {
    "model/__init__.py": "",
    "model/turn_widget_request.py": model("TurnWidgetRequest", {
      x_language: ["X-Language", "str", false],
      widget_id: ["widget_id", "str", true],
      limit: ["limit", "int", false],
      body: ["body", "TurnWidgetBody", false],
    }),
    "model/turn_widget_body.py": model("TurnWidgetBody", {
      parts: ["parts", "list[Part]", true],
      mode: ["mode", "str", false, "Mode. - fast：quick - slow：not"],
    }),
    "model/part.py": model("Part", { size: ["size", "float", true], inner: ["inner", "list[Part]", false] }),
    "model/turn_widget_response.py": model("TurnWidgetResponse", {
      job_id: ["job_id", "str", false],
      tags: ["tags", "dict(str, str)", false],
    }),
    "widget_async_client.py": "",
    "widget_client.py": `
class WidgetClient(Client):
    def turn_widget(self, request):
        http_info = self._turn_widget_http_info(request)

    @classmethod
    def _turn_widget_http_info(cls, request):
        http_info = {
            "method": "PUT",
            "resource_path": "/v3/{project_id}/widgets/{widget_id}",
            "request_type": request.__class__.__name__,
            "response_type": "TurnWidgetResponse"
            }
        path_params = {}
        if 'widget_id' in local_var_params:
            path_params['widget_id'] = local_var_params['widget_id']
        query_params = []
        if 'limit' in local_var_params:
            query_params.append(('limit', local_var_params['limit']))
        header_params = {}
        if 'x_language' in local_var_params:
            header_params['X-Language'] = local_var_params['x_language']
        body = None
        if 'body' in local_var_params:
            body = local_var_params['body']
        response_headers = []
        return http_info
`,
  });

test("the Python sources are read as data", () => {
  const [call, ...others] = callsOfPython(python());
  expect(others).toEqual([]);
  expect(call?.line).toBe("PUT /v3/{}/widgets/{}");
  expect(Object.fromEntries(call?.fields ?? [])).toEqual({
    "request path widget_id": { type: "string", required: true, values: null },
    "request query limit": { type: "integer", required: false, values: null },
    "request header X-Language": { type: "string", required: false, values: null },
    "request body parts": { type: "array of object", required: true, values: null },
    "request body parts[].size": { type: "number", required: true, values: null },
    "request body parts[].inner": { type: "array of object", required: false, values: null },
    "request body mode": { type: "string", required: false, values: ["fast", "slow"] },
    "response job_id": { type: "string", required: null, values: null },
    "response tags": { type: "map of string", required: null, values: null },
  });
});

test("the TypeScript sources are read as data", () => {
  const [call, ...others] = callsOfTypeScript(
    folder("typescript", {
      "widget_models.d.ts": `
/**
 * Request
 */
export interface TurnWidgetRequest {
    /**
     * <p>Ids.</p>
     */
    Ids: Array<string>;
    /**
     * State. <ul><li>1：on</li><li>2：off</li></ul>
     */
    States?: Array<number | bigint>;
}
export interface TurnWidgetResponse {
    Items?: Array<Item>;
    RequestId?: string;
}
export interface Item {
    Size?: number;
}
`,
      "widget_client.d.ts": `export declare class Client {
    constructor(clientConfig: ClientConfig);
    /**
     * Turns
     */
    TurnWidget(req: TurnWidgetRequest, cb?: (error: string, rep: TurnWidgetResponse) => void): Promise<TurnWidgetResponse>;
}`,
      "widget_client.js": 'super("widget.example", "2018-04-12", clientConfig);',
    }),
    "widget",
  );
  expect(others).toEqual([]);
  expect(call?.line).toBe("TurnWidget 2018-04-12");
  expect(Object.fromEntries(call?.fields ?? [])).toEqual({
    "request body Ids": { type: "array of string", required: true, values: null },
    "request body States": { type: "array of numeric", required: false, values: ["1", "2"] },
    "response Items": { type: "array of object", required: null, values: null },
    "response Items[].Size": { type: "numeric", required: null, values: null },
    "response RequestId": { type: "string", required: null, values: null },
  });
});

test.each([
  ["备份类型。 - manual：手动 - auto：自动", ["manual", "auto"]],
  ["Kind. - MySQL - PostgreSQL - SQLServer", ["MySQL", "PostgreSQL", "SQLServer"]],
  ["<ul><li>0：manual</li><li>-1：other</li></ul>", ["0", "-1"]],
  ["* &#x60;dcs.08.0001&#x60; - one. * &#x60;dcs.08.0002&#x60; - two.", ["dcs.08.0001", "dcs.08.0002"]],
  ['- FLOW_A："001"，a关闭FLOW_B："002"，b', ["001", "002"]],
  ["Between 1 and 100, such as 2017-02-08 16:46:34.", null],
  ["One value: - auto：only", null],
])("the value list of %s", (text, values) => expect(valuesInText(text)).toEqual(values));

const field = (type = "string", required: boolean | null = false, values: string[] | null = null): Field => ({
  type,
  required,
  values,
});
const call = (fields: Record<string, Field>, line = "PUT /x/{}", name = "turnWidget"): Call => ({
  name,
  line,
  fields: new Map(Object.entries(fields)),
});
const one = (fields: Record<string, Field>) => new Map([["turnWidget", call(fields)]]);

test.each<[string, Record<string, Field>, Record<string, Field>, Record<string, string>]>([
  ["nothing", { "response a": field() }, { "response a": field() }, {}],
  ["a type", { "response a": field() }, { "response a": field("integer") }, { "response a type": "string / integer" }],
  ["the one number of JavaScript", { "response a": field("integer") }, { "response a": field("numeric") }, {}],
  ["lists of it", { "response a": field("array of number") }, { "response a": field("array of numeric") }, {}],
  [
    "required",
    { "request body a": field("string", true) },
    { "request body a": field() },
    { "request body a required": "required / optional" },
  ],
  [
    "answers, which are all optional",
    { "response a": field("string", null) },
    { "response a": field("string", null) },
    {},
  ],
  [
    "a value",
    { "response a": field("string", null, ["x", "y"]) },
    { "response a": field("string", null, ["y", "z"]) },
    { "response a values": "x / z" },
  ],
  ["a list that only one has", { "response a": field("string", null, ["x"]) }, { "response a": field() }, {}],
  ["a field of the spec's", { "response a": field() }, {}, { "response a": "string / absent" }],
  [
    "a field of the SDK's, once and not with its inside",
    {},
    { "response a": field("array of object"), "response a[].b": field() },
    { "response a": "absent / array of object" },
  ],
])("a difference in %s", (_, ours, theirs, expected) => {
  const { differences } = compareCalls(one(ours), [call(theirs)]);
  expect(
    Object.fromEntries(differences.map(({ place, between }) => [place.replace("turnWidget ", ""), between])),
  ).toEqual(expected);
});

test("an operation is found by its path, else by its name, else not", () => {
  const spec = one({});
  expect(compareCalls(spec, [call({}, "PUT /x/{}", "other")]).differences).toEqual([]);
  expect(compareCalls(spec, [call({}, "POST /x/{}", "turn_widget")]).differences).toEqual([
    { place: "turnWidget call", between: "PUT /x/{} / POST /x/{}" },
  ]);
  expect(compareCalls(spec, []).differences).toEqual([{ place: "turnWidget call", between: "PUT /x/{} / absent" }]);
});

test("a new version says what it added, removed and retyped", () => {
  const before = call({ "request body a": field(), "request body b": field(), "request body c": field() });
  const after = call({
    "request body a": field("integer"),
    "request body c": field("string", true, ["x", "y"]),
    "request body d": field(),
  });
  expect(compareVersions(one({}), [before], [after])).toEqual([
    "turnWidget request body a: retyped, string → integer",
    "turnWidget request body b: removed, string",
    "turnWidget request body c: optional → required",
    "turnWidget request body c: values, none → x y",
    "turnWidget request body d: added, string",
  ]);
  expect(compareVersions(one({}), [before], [])).toEqual(["turnWidget: removed (PUT /x/{})"]);
});

describe("the register", () => {
  const differences = [{ place: "a", between: "string / integer" }];
  const entry = (places: Record<string, string>) => ({ id: "W1", right: "spec" as const, why: "because", places });

  test("a difference needs an entry, and an entry its difference", () => {
    expect(judge(differences, [])).toEqual({ unregistered: differences, stale: [] });
    expect(judge(differences, [entry({ a: "string / integer" })])).toEqual({ unregistered: [], stale: [] });
    expect(judge(differences, [entry({ a: "string / number" })]).stale).toHaveLength(1);
    expect(judge([], [entry({ a: "string / integer" })]).stale).toHaveLength(1);
  });

  test.each([
    ["no reason", { id: "W1", right: "spec", why: " ", places: {} }],
    ["nobody right", { id: "W1", right: "us", why: "x", places: {} }],
    ["no id", { id: "", right: "spec", why: "x", places: {} }],
  ])("an entry with %s is refused", (_, bad) => {
    const file = join(folder("register", { "bad.yaml": JSON.stringify({ sdk: {}, differences: [bad] }) }), "bad.yaml");
    expect(() => readRegister(file)).toThrow(/bad\.yaml/);
  });
});

describe("an SDK that cannot be had", () => {
  const sdk: Sdk = { package: "no-such-thing", version: "0.0.0", kind: "wheel", folder: "x" };

  test.each(["npm", "wheel"] as const)("%s: says so and leaves nothing behind", (kind) => {
    vi.stubEnv("PATH", scratch);
    const cache = join(scratch, `cache-${kind}`);
    expect(() => fetchSdk({ ...sdk, kind }, cache)).toThrow(Unavailable);
    expect(readdirSync(cache)).toEqual([]);
  });
});

const cache = join(root, "node_modules/.cache/witness");
const registers = join(root, "tools/docs/witness");
const services = readdirSync(registers).map((name) => name.replace(".yaml", ""));
const registerOf = (service: string) => readRegister(join(registers, `${service}.yaml`));
const folderOf = ({ sdk }: { sdk: Sdk }) => join(cache, `${sdk.package}-${sdk.version}`, sdk.folder);
const fetched = services.every((service) => existsSync(folderOf(registerOf(service))));

given(fetched, "pnpm docs:witness has fetched no SDK here")("the SDKs, where `docs:witness` has fetched them", () => {
  test.each(services)("%s: every difference is registered, and every entry needed", (service) => {
    const register = registerOf(service);
    const { sdk, differences: entries } = register;
    const bundle = JSON.parse(
      readFileSync(join(root, "packages", service, "src/generated/openapi.json"), "utf8"),
    ) as Bundle;
    const path = folderOf(register);
    const calls = sdk.kind === "npm" ? callsOfTypeScript(path, "redis") : callsOfPython(path);
    const specs = callsOfSpec(bundle);
    const { differences, fields } = compareCalls(specs, calls);
    expect(judge(differences, entries)).toEqual({ unregistered: [], stale: [] });
    expect(fields).toBeGreaterThan(150);

    // Each fact of the spec counts: another type, required or value is another difference.
    const known = new Set(differences.map(({ place, between }) => `${place} ${between}`));
    let mutants = 0;
    for (const [operation, spec] of specs) {
      for (const [place, fact] of spec.fields) {
        const theirs = calls.find(({ line }) => line === spec.line)?.fields.get(place);
        if (!theirs || fact.type === "any") continue;
        const wrongs: Field[] = [{ ...fact, type: fact.type === "boolean" ? "string" : "boolean" }];
        if (fact.required !== null) wrongs.push({ ...fact, required: !fact.required });
        for (const wrong of wrongs) {
          const mutated = new Map([[operation, { ...spec, fields: new Map([...spec.fields, [place, wrong]]) }]]);
          const found = compareCalls(mutated, calls).differences;
          expect(
            found.some((one) => !known.has(`${one.place} ${one.between}`)),
            `${operation} ${place}`,
          ).toBe(true);
          mutants += 1;
        }
      }
    }
    expect(mutants).toBeGreaterThan(200);
  });
});
