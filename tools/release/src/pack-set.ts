import { resolve } from "node:path";
import { failing, optionsOf, say, table } from "./cli.ts";
import { pack, root, writeSet } from "./pack.ts";
import { needNoneWaiting, needVersions } from "./ready.ts";
import { needCleanTree } from "./set.ts";

const USAGE = `release:pack --out FOLDER

Builds and packs every public package of this commit, and writes release.json beside the tarballs: what a job without
anything installed needs to publish them. Refuses what release:publish refuses: a tree that is not committed, changesets
that wait, packages that were never given a version.
`;

failing("release:pack", main());

async function main() {
  const { out } = optionsOf(USAGE, { out: { type: "string" } });
  if (out === undefined) {
    say(USAGE);
    return 2;
  }
  needNoneWaiting(root);
  await needCleanTree();
  const set = await pack(root, resolve(out));
  needVersions(set.packages);
  writeSet(set);
  console.log(
    table(
      ["package", "tarball"],
      set.packages.map(({ name, version, file }) => [`${name}@${version}`, file]),
    ),
  );
  return 0;
}
