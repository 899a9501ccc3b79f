import { failing, optionsOf, say, table } from "./cli.ts";
import { root } from "./pack.ts";
import { needNoneWaiting, needVersions } from "./ready.ts";
import { probe } from "./remote.ts";
import { publishSet } from "./send.ts";
import { needCleanTree, needCommitOf, registryOf, SET_OPTIONS, withSet } from "./set.ts";
import { tagSet } from "./tags.ts";

const USAGE = `release:publish [--registry URL] [--from FOLDER] [--json]

Publishes what the registry lacks of this commit's packages, and tags what is there. Can be repeated at any time.
Refuses while changesets wait, and packages that were never given a version.
  --registry URL   where to; npm's own setting if left out
  --from FOLDER    tarballs that release:pack made; packs them itself if left out
  --json           the result as JSON
`;

failing("release:publish", main());

async function main() {
  const { registry: asked, from, json } = optionsOf(USAGE, SET_OPTIONS);
  const registry = await registryOf(asked);
  needNoneWaiting(root);
  await probe(registry);
  if (from === undefined) await needCleanTree();
  return withSet(from, async (set) => {
    await needCommitOf(set);
    needVersions(set.packages);
    const sent = new Set(await publishSet(registry, set, say));
    // Only now: a tag says that the whole set is there.
    const tags = await tagSet(root, set);
    const result = set.packages.map((packed) => {
      const tag = `${packed.name}@${packed.version}`;
      return { package: tag, published: sent.has(packed), tagged: tags.includes(tag) };
    });
    const rows = result.map((row) => [
      row.package,
      row.published ? "published" : "was there",
      row.tagged ? "tagged" : "had its tag",
    ]);
    console.log(json ? JSON.stringify(result, undefined, 2) : table(["package", "registry", "tag"], rows));
    return 0;
  });
}
