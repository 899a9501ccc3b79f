import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contentsDiffer, writeContents } from "../src/contents.js";
import { manifestBroken } from "../src/manifest.js";
import { mapsBroken } from "../src/maps.js";
import type { Unpacked } from "../src/unpack.js";
import { folderWith, packedAs } from "./fixtures.js";

describe("the list of a tarball's files", () => {
  const reviewed = [packedAs("@restorekit/core"), packedAs("restorekit")];

  test("is one readable file per package", () => {
    const folder = folderWith({});
    writeContents(folder, reviewed);
    expect(readFileSync(join(folder, "restorekit-core.txt"), "utf8")).toBe("LICENSE\ndist/index.js\npackage.json\n");
    expect(contentsDiffer(folder, reviewed)).toEqual([]);
  });

  test("names each file that is new or gone", () => {
    const folder = folderWith({});
    writeContents(folder, reviewed);
    const now = [packedAs("@restorekit/core", { files: ["dist/index.js", "dist/secret.js", "package.json"] })];
    expect(contentsDiffer(folder, [...now, packedAs("restorekit")])).toEqual([
      "@restorekit/core: + dist/secret.js",
      "@restorekit/core: - LICENSE",
    ]);
  });

  test("must exist for every public package, and for no other", () => {
    const folder = folderWith({});
    writeContents(folder, reviewed);
    expect(contentsDiffer(folder, [packedAs("@restorekit/core"), packedAs("@restorekit/new")])).toEqual([
      "@restorekit/new: its files were never listed",
      "restorekit.txt: there is no such public package",
    ]);
  });
});

describe("source maps", () => {
  // Line 1 of the script is line 2 of the source.
  const source = "// a comment\nexport const x: number = 1;\n";
  const script = "export const x = 1;\n//# sourceMappingURL=index.js.map\n";
  const map = { version: 3, sources: ["../src/index.ts"], names: [], mappings: "AACA,MAAM,CAAC,MAAM,CAAC" };
  const check = (files: Record<string, string>) => {
    return mapsBroken({ packed: packedAs("p"), folder: folderWith(files), manifest: { name: "p" } });
  };

  test.each([
    ["bring their sources", { sourcesContent: [source] }, {}, []],
    ["or the tarball does", {}, { "src/index.ts": source }, []],
    [
      "but one of them has to",
      {},
      {},
      ["p: dist/index.js: its sources are neither in the map nor in the tarball: ../src/index.ts"],
    ],
    [
      "and lead to the right line",
      { sourcesContent: [`// one more line\n${source}`] },
      {},
      ["p: dist/index.js: its map does not lead to x"],
    ],
  ])("%s", (_, more, files, problems) => {
    expect(
      check({ "dist/index.js": script, "dist/index.js.map": JSON.stringify({ ...map, ...more }), ...files }),
    ).toEqual(problems);
  });

  test("that a file names are in the tarball", () => {
    expect(check({ "dist/index.d.ts": "export {};\n//# sourceMappingURL=index.d.ts.map\n" })).toEqual([
      "p: dist/index.d.ts: names index.d.ts.map, which is not in the tarball",
    ]);
  });

  test("exist for every script", () => {
    expect(check({ "dist/index.js": "export {};\n", "dist/index.d.ts": "export {};\n" })).toEqual([
      "p: dist/index.js: has no source map",
    ]);
  });
});

describe("a packed manifest", () => {
  const good = {
    name: "@restorekit/core",
    license: "Apache-2.0",
    type: "module",
    sideEffects: false,
    engines: { node: ">=20" },
    keywords: ["restore"],
    repository: { type: "git", url: "git+https://github.com/restorekit/restorekit.git", directory: "packages/core" },
    publishConfig: { access: "public", provenance: true },
    exports: { ".": "./dist/index.js" },
    dependencies: { "openapi-fetch": "0.17.0" },
  };
  const unpacked = (manifest: object, files = ["dist/index.js"]): Unpacked => ({
    packed: packedAs("@restorekit/core", { directory: "packages/core", files }),
    folder: folderWith({ "README.md": "", LICENSE: "" }),
    manifest: { ...good, ...manifest },
  });

  test("that is right passes", () => expect(manifestBroken(unpacked({}))).toEqual([]));

  test.each([
    ["sideEffects is false", { sideEffects: undefined }],
    ["engines.node is a least version", { engines: undefined }],
    ["repository.directory is packages/core", { repository: { ...good.repository, directory: "core" } }],
    ["publishConfig.provenance is true", { publishConfig: { access: "public" } }],
    ["exports are exact: no pattern", { exports: { "./*": "./dist/*.js" } }],
    ["no scripts: none of ours runs at a user's", { scripts: { postinstall: "x" } }],
    ["dependencies are versions", { dependencies: { "@restorekit/core": "workspace:^" } }],
  ])("must say: %s", (rule, wrong) => {
    expect(manifestBroken(unpacked(wrong))).toEqual([`@restorekit/core: not so: ${rule}`]);
  });

  test.each([
    "src/index.ts",
    "dist/test/a.js",
    "specs/a.yaml",
    "dist/a.test.js",
    ".env",
    "tsconfig.json",
    "dist/index.ts",
  ])("may not come with %s", (file) => {
    expect(manifestBroken(unpacked({}, [file]))).toEqual([
      `@restorekit/core: not so: it brings no test, spec or source: ${file}`,
    ]);
  });
});
