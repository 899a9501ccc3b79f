import { resolve } from "node:path";
import { failing, optionsOf, say, table } from "./cli.js";
import { pack, root, writeSet } from "./pack.js";
import { needCleanTree } from "./set.js";

const USAGE = `release:pack --out FOLDER

Builds and packs every public package of this commit, and writes release.json beside the tarballs: what a job without
anything installed needs to publish them.
`;

failing("release:pack", main());

async function main() {
  const { out } = optionsOf(USAGE, { out: { type: "string" } });
  if (out === undefined) {
    say(USAGE);
    return 2;
  }
  await needCleanTree();
  const set = await pack(root, resolve(out));
  writeSet(set);
  console.log(
    table(
      ["package", "tarball"],
      set.packages.map(({ name, version, file }) => [`${name}@${version}`, file]),
    ),
  );
  return 0;
}
