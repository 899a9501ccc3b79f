// As long as nothing is published, the README's way to try the packages is the only one.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../src/run.js";
import { folderWith } from "./fixtures.js";

const root = join(import.meta.dirname, "../../..");

test("the command of the README packs every public package, and no other", { timeout: 60_000 }, async () => {
  const [command = ""] = /^npx pnpm .* pack .*$/m.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  const folder = folderWith({});
  await run(["sh", "-c", command.replace('"$PWD/../tarballs"', folder)], { cwd: root });
  const packed = readdirSync(folder).map((file) => file.replace(/-\d[^-]*\.tgz$/, ""));
  const reviewed = readdirSync(join(root, "tools/release/tarballs")).map((file) => file.replace(/\.txt$/, ""));
  expect(packed.sort()).toEqual(reviewed.sort());
});
