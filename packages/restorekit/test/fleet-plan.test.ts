import { describe, expect, test } from "vitest";
import * as yaml from "yaml";
import { PlanError, readPlan } from "../src/fleet/index.js";
import { readJson } from "../src/fleet/json.js";
import type { Tree } from "../src/fleet/tree.js";
import { readYaml } from "../src/fleet/yaml.js";
import { PASSWORD, world } from "./world.js";

const { adapters } = world();
const read = (text: string, file = "plan.yaml") => readPlan(file, text, { adapters, yaml });

function problems(text: string, file?: string): string[] {
  try {
    read(text, file);
  } catch (error) {
    if (error instanceof PlanError) return error.message.split("\n");
    throw error;
  }
  return [];
}

const HEAD = "format: restorekit-plan/1\nname: drill\nrestores:\n";
const GOOD = `${HEAD}
  - service: tencentcloud-redis
    instance: crs-1
    from: { backup: b-1 }
    overwrite: crs-1
    waive: [instanceKind]
  - service: huaweicloud-geminidb
    instance: in12
    from: { at: "2026-01-05T10:00:00+08:00" }
    overwrite: in12
  - service: huaweicloud-rds
    instance: in01
    from: { at: 2026-01-05T10:00:00Z, instance: other }
    overwrite: in01
    databases: { a: b, c: "" }
`;

test("a plan has every restore with its line", () => {
  const plan = read(GOOD);
  expect(plan).toMatchObject({ name: "drill", file: "plan.yaml" });
  expect(plan.restores).toEqual([
    {
      line: 5,
      service: "tencentcloud-redis",
      instance: "crs-1",
      from: { backup: "b-1" },
      overwrite: "crs-1",
      waive: ["instanceKind"],
    },
    {
      line: 10,
      service: "huaweicloud-geminidb",
      instance: "in12",
      from: { at: "2026-01-05T10:00:00+08:00" },
      overwrite: "in12",
    },
    {
      line: 14,
      service: "huaweicloud-rds",
      instance: "in01",
      from: { at: "2026-01-05T10:00:00Z", instance: "other" },
      overwrite: "in01",
      databases: { a: "b", c: "" },
    },
  ]);
});

test("the same plan in JSON is the same", () => {
  const json = JSON.stringify(yaml.parse(GOOD));
  const lines = ({ line: _, ...entry }: object & { line: number }) => entry;
  const { restores } = readPlan("plan.json", json, { adapters });
  expect(restores.map(lines)).toEqual(read(GOOD).restores.map(lines));
});

const entry = (changes: Record<string, unknown>) => {
  const all = {
    service: "tencentcloud-redis",
    instance: "crs-1",
    from: { backup: "b" },
    overwrite: "crs-1",
    ...changes,
  };
  const lines = Object.entries(all).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${JSON.stringify(value)}`],
  );
  return `  - ${lines.join("\n    ")}\n`;
};

describe("bad entries", () => {
  const RDS = { service: "huaweicloud-rds" };
  test.each([
    ["unknown service", { service: "redis" }, /^plan.yaml:4: unknown service redis; there are tencentcloud-redis, /],
    ["inherited name", { service: "toString" }, /^plan.yaml:4: unknown service toString/],
    ["missing instance", { instance: undefined }, /^plan.yaml:4: instance is missing$/],
    ["missing overwrite", { overwrite: undefined }, /^plan.yaml:4: overwrite is missing$/],
    [
      "overwrite mismatch",
      { overwrite: "crs-2" },
      /^plan.yaml:7: overwrite names crs-2, but crs-1 would be overwritten/,
    ],
    [
      "number for text",
      { instance: 123, overwrite: 123 },
      /^plan.yaml:5: instance must be text: put it into quotes\n.*:7/,
    ],
    ["empty text", { instance: "", overwrite: "" }, /^plan.yaml:5: instance must be text\n/],
    [
      "time without zone",
      { ...RDS, from: { at: "2026-01-05 10:00:00" } },
      /^plan.yaml:6: from.at is not a time with a known zone/,
    ],
    ["no such day", { ...RDS, from: { at: "2026-02-30T10:00:00Z" } }, /^plan.yaml:6: from.at is not a time/],
    ["a time for Tencent", { from: { at: "2026-01-05T10:00:00Z" } }, /^plan.yaml:6: this service restores backups/],
    [
      "a backup for GeminiDB",
      { service: "huaweicloud-geminidb" },
      /^plan.yaml:6: this service restores points in time/,
    ],
    ["both", { ...RDS, from: { at: "2026-01-05T10:00:00Z", backup: "b" } }, /^plan.yaml:6: /],
    ["neither", { from: {} }, /^plan.yaml:6: this service restores backups/],
    ["another's backup", { from: { backup: "b", instance: "crs-2" } }, /^plan.yaml:6: .*its own backups only$/],
    ["unknown key", { wave: ["instanceKind"] }, /^plan.yaml:8: unknown key wave; there are service, instance, from/],
    [
      "unknown key of from",
      { from: { backup: "b", time: "x" } },
      /^plan.yaml:6: unknown key time; there are backup, at, instance/,
    ],
    ["a secret", { password: PASSWORD }, /^plan.yaml:8: password does not belong here: .*`extra`$/],
    ["a wrong check", { waive: ["instanceExists"] }, /^plan.yaml:8: there is no such check to waive/],
    ["databases", { databases: "all" }, /^plan.yaml:8: only huaweicloud-rds takes databases$/],
    ["databases as a number", { ...RDS, databases: 1 }, /^plan.yaml:8: databases must be "all"/],
    ["databases as a list", { ...RDS, databases: ["a"] }, /^plan.yaml:8: databases must be "all"/],
  ])("%s", (_, changes, message) => {
    const text = HEAD + entry(changes);
    expect(problems(text).join("\n")).toMatch(message);
    expect(problems(text).join("\n")).not.toContain(PASSWORD);
  });

  test("a target twice, also by another name of the same adapter", () => {
    const named = { ...adapters, again: adapters["tencentcloud-redis"] };
    const text = HEAD + entry({}) + entry({ service: "again" });
    expect(() => readPlan("plan.yaml", text, { adapters: named, yaml })).toThrow(
      "plan.yaml:8: crs-1 is restored by line 4 already",
    );
  });

  test("every one is told, in the order of lines", () => {
    const text = `${HEAD}${entry({ service: "x" })}${entry({ overwrite: "y" })}  - 7\n`;
    expect(problems(text).map((line) => line.slice(0, 24))).toEqual([
      "plan.yaml:4: unknown ser",
      "plan.yaml:11: overwrite ",
      "plan.yaml:12: a restore ",
    ]);
  });
});

test.each([
  ["", /1: the plan must be a map/],
  ["- a", /1: the plan must be a map/],
  [
    "format: 1\nname: drill\nrestores: []\n",
    /1: format must be restorekit-plan\/1\nplan.yaml:3: restores must be a list/,
  ],
  [`${HEAD.replace("drill", "''")}${entry({})}`, /2: name must be text/],
  [HEAD + entry({}).replace("overwrite", "from"), /7: not YAML: Map keys must be unique/],
  [`${HEAD}  - *there\n`, /4: /],
  [`${HEAD}  - &a { service: x }\n  - *a\n`, /5: an alias is not read here/],
  [`${HEAD}  - {\n`, /5: not YAML/],
  [`a: '${PASSWORD}\n`, /not YAML/],
  [`name: [${PASSWORD}, "x": }\n`, /not YAML/],
])("bad document %#", (text, message) => {
  const found = problems(text).join("\n");
  expect(found).toMatch(message);
  expect(found).not.toContain(PASSWORD);
});

test.each([
  ["{", 1, "the document ends too early"],
  ['{\n "a": 1\n "b": 2 }', 3, "a comma or } is missing"],
  ['{\n "a" 1 }', 2, "a colon is missing"],
  ["{ a: 1 }", 1, "this is not JSON"],
  ["[1,\n\n 01]", 3, "this is not JSON"],
  ['["\n"]', 1, "this is not JSON"],
  ["{}\n{}", 2, "something follows the end of the document"],
  ["[".repeat(200), 1, "this is nested too deep"],
])("bad JSON %#", (text, line, message) => {
  expect(problems(text, "plan.json")).toEqual([`plan.json:${line}: ${message}`]);
});

test("a key that is there twice is refused in JSON too", () => {
  const text = '{"format": "restorekit-plan/1", "name": "a",\n"name": "b", "restores": [{}]}';
  expect(problems(text, "plan.json")).toContain("plan.json:2: name is there twice");
});

test("YAML without its package says so", () => {
  expect(() => readPlan("plan.yml", "", { adapters })).toThrow("plan.yml:1: YAML needs the option `yaml`");
});

test("a thousand bad entries are all found, and twenty are shown", () => {
  const text = HEAD + Array.from({ length: 1000 }, () => entry({ service: "x" })).join("");
  const shown = problems(text);
  expect([shown.length, shown.at(-1)]).toEqual([21, "and 980 more"]);
});

const plain = (tree: Tree): unknown => {
  if (tree.kind === "list") return tree.items.map(plain);
  if (tree.kind === "map") return Object.fromEntries(tree.entries.map(({ key, value }) => [key, plain(value)]));
  return tree.value;
};

test.each(["{}", "[]", ' {"a":[1,-2.5e3,true,false,null,"x\\n\\u00e9\\"",{}],"b":{"c":[[]]}} ', '"x"', "[[],{},[ ]]"])(
  "%s is read as JSON.parse does, by either reader",
  (text) => {
    expect(plain(readJson(text))).toEqual(JSON.parse(text));
    expect(plain(readYaml(text, yaml))).toEqual(JSON.parse(text));
  },
);
