import { describe, expect, test } from "vitest";
import { inOrder } from "../src/order.js";
import { compare, lacking } from "../src/plan.js";
import { newest } from "../src/version.js";
import { packedAs } from "./fixtures.js";

const known = (all: Record<string, Record<string, string>>) => {
  const about = (integrities: Record<string, string>) => {
    return { versions: new Map(Object.entries(integrities)), newest: newest(Object.keys(integrities)) };
  };
  return new Map(Object.entries(all).map(([name, integrities]) => [name, about(integrities)]));
};

describe("the order of a set", () => {
  test("is dependencies first, then by name", () => {
    const set = [
      packedAs("facade", { needs: ["rds", "core"] }),
      packedAs("rds", { needs: ["core"] }),
      packedAs("dcs", { needs: ["core"] }),
      packedAs("core"),
    ];
    expect(inOrder(set).map(({ name }) => name)).toEqual(["core", "dcs", "rds", "facade"]);
  });

  test("does not exist where packages need each other", () => {
    const circle = [packedAs("a", { needs: ["b"] }), packedAs("b", { needs: ["a"] }), packedAs("c")];
    expect(() => inOrder(circle)).toThrow("these packages need each other: a, b");
  });
});

describe("what is to be published", () => {
  const set = [packedAs("core"), packedAs("dcs"), packedAs("facade")];

  test.each([
    ["everything of an empty registry", {}, ["core", "dcs", "facade"]],
    ["what an interrupted run left", { core: { "0.1.0": "sha512-core" } }, ["core", "dcs", "facade"].slice(1)],
    ["a new version, whatever the old ones held", { core: { "0.0.9": "sha512-other" } }, ["core", "dcs", "facade"]],
    [
      "nothing of a whole set",
      { core: { "0.1.0": "sha512-core" }, dcs: { "0.1.0": "sha512-dcs" }, facade: { "0.1.0": "sha512-facade" } },
      [],
    ],
  ])("%s", (_, registry, names) => {
    expect(lacking(compare(set, known(registry))).map(({ name }) => name)).toEqual(names);
  });

  test("nothing at all, if the registry has a newer version of one: npm would stop there", () => {
    const registry = known({
      dcs: { "0.1.0": "sha512-dcs", "0.2.0": "sha512-new" },
      facade: { "0.10.0": "sha512-new" },
    });
    expect(() => lacking(compare(set, registry))).toThrow(
      /nothing was published.*newer versions.*\n {2}facade@0\.1\.0 {3}\(the registry has 0\.10\.0\)\n/,
    );
  });

  test("a prerelease, whatever is there: it does not become latest", () => {
    const prerelease = packedAs("core", { version: "0.1.0-rc.1" });
    expect(lacking(compare([prerelease], known({ core: { "0.2.0": "sha512-new" } })))).toEqual([prerelease]);
  });

  test("nothing at all, if the registry has other content under one version", () => {
    const registry = known({ dcs: { "0.1.0": "sha512-older" } });
    expect(() => lacking(compare(set, registry))).toThrow(/nothing was published.*\n {2}dcs@0\.1\.0 .*\n.*changeset/);
  });
});
