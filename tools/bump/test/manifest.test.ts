// What a change of a package.json means for those who install the package, one change at a time.
import { expect, test } from "vitest";
import { compareManifests } from "../src/manifest/compare.js";

const before = {
  name: "one",
  description: "One.",
  type: "module",
  sideEffects: false,
  engines: { node: ">=20" },
  files: ["dist", "!dist/types.js", "data"],
  bin: { one: "./dist/main.js" },
  exports: {
    ".": { types: "./dist/index.d.ts", node: "./dist/node.js", default: "./dist/index.js" },
    "./openapi.json": "./dist/openapi.json",
  },
  imports: { "#send": { workerd: "./dist/workerd.js", default: "./dist/fetch.js" } },
  dependencies: { shown: "1.2.0", hidden: "^2.1.0" },
  peerDependencies: { undici: "^7.0.0 || ^8.0.0", telemetry: "^1.0.0" },
  peerDependenciesMeta: { telemetry: { optional: true } },
};
const main = before.exports["."];

const removed = Symbol("removed");
test.each<[string, unknown, ...want: string[]]>([
  ["description", "Another.", "wording-only manifest-wording-changed description"],
  ["type", removed, "breaking manifest-field-changed type"],
  ["os", ["linux"], "breaking manifest-field-changed os"],
  ["engines", { node: ">=22" }, "breaking engine-narrowed engines node"],
  ["engines", { node: ">=18" }, "additive engine-widened engines node"],
  ["engines", { node: ">=20", npm: ">=10" }, "breaking engine-narrowed engines npm"],
  ["engines", { node: ">= 20.0.0" }, "wording-only engine-written-otherwise engines node"],
  ["files", ["dist", "!dist/types.js"], "breaking files-entry-removed files data"],
  ["files", [...before.files, "!dist/secret.js"], "breaking files-entry-removed files !dist/secret.js"],
  ["files", ["dist", "data"], "additive files-entry-added files !dist/types.js"],
  ["files", [...before.files, "more"], "additive files-entry-added files more"],
  ["bin", { two: "./dist/main.js" }, "breaking bin-removed bin one", "additive bin-added bin two"],
  ["bin", { one: "./dist/cli.js" }, "wording-only bin-moved bin one"],
  ["exports", { ".": main }, "breaking exports-entry-removed exports ./openapi.json"],
  ["exports", { ...before.exports, "./more": "./dist/more.js" }, "additive exports-entry-added exports ./more"],
  [
    "exports",
    { ...before.exports, ".": { types: main.types, default: main.default } },
    "breaking exports-entry-removed exports . node",
  ],
  [
    "exports",
    { ...before.exports, ".": { ...main, node: "./dist/other.js" } },
    "breaking exports-entry-changed exports . node",
  ],
  [
    "exports",
    { ...before.exports, ".": { types: main.types, default: main.default, node: main.node } },
    "breaking exports-order-changed exports .",
  ],
  ["imports", { "#send": { default: "./dist/fetch.js" } }, "breaking imports-entry-removed imports #send workerd"],
  ["dependencies", { ...before.dependencies, shown: "2.0.0" }, "breaking dependency-moved dependencies shown"],
  ["dependencies", { ...before.dependencies, shown: "1.3.0" }, "additive dependency-moved dependencies shown"],
  ["dependencies", { ...before.dependencies, hidden: "^3.0.0" }, "additive dependency-moved dependencies hidden"],
  ["dependencies", { ...before.dependencies, hidden: "^2.2.0" }, "wording-only dependency-moved dependencies hidden"],
  ["dependencies", { shown: "1.2.0" }, "wording-only dependency-removed dependencies hidden"],
  [
    "peerDependencies",
    { ...before.peerDependencies, undici: "^8.0.0" },
    "breaking peer-narrowed peerDependencies undici",
  ],
  [
    "peerDependencies",
    { ...before.peerDependencies, undici: "^7.0.0 || ^8.0.0 || ^9.0.0" },
    "additive peer-widened peerDependencies undici",
  ],
  ["peerDependencies", { ...before.peerDependencies, new: "*" }, "breaking peer-added peerDependencies new"],
  ["peerDependencies", { telemetry: "^1.0.0" }, "additive peer-removed peerDependencies undici"],
  ["peerDependenciesMeta", {}, "breaking peer-became-required peerDependencies telemetry"],
  ["sideEffects", true, "additive side-effects-changed sideEffects"],
])("%s becomes %j", (field, value, ...want) => {
  const after = { ...before, [field]: value === removed ? undefined : value };
  const found = compareManifests(before, after, (name) => name === "shown");
  expect(found.map(({ class: kind, id, place }) => `${kind} ${id} ${place.replace("package.json ", "")}`)).toEqual(
    want,
  );
});

test("dropping side effects breaks who imports for them", () => {
  const found = compareManifests({ ...before, sideEffects: true }, before, () => false);
  expect(found.map(({ class: kind, id }) => `${kind} ${id}`)).toEqual(["breaking side-effects-changed"]);
});

test("a manifest that did not change says nothing", () => {
  expect(compareManifests(before, structuredClone(before), () => true)).toEqual([]);
});

test("a new optional peer asks nothing of anybody", () => {
  const after = {
    ...before,
    peerDependencies: { ...before.peerDependencies, new: "*" },
    peerDependenciesMeta: { ...before.peerDependenciesMeta, new: { optional: true } },
  };
  const found = compareManifests(before, after, () => false);
  expect(found.map(({ class: kind, id }) => `${kind} ${id}`)).toEqual(["additive peer-added"]);
});
