import { failing, optionsOf, table } from "./cli.ts";
import { type Standing, stands } from "./plan.ts";
import { probe } from "./remote.ts";
import { needCleanTree, registryOf, SET_OPTIONS, withSet } from "./set.ts";

const USAGE = `release:verify [--registry URL] [--from FOLDER] [--json]

Compares this commit's packages with the registry. Ends with 0 if it has all of them, byte by byte, and else with 1.
  --registry URL   which one; npm's own setting if left out
  --from FOLDER    tarballs that release:pack made; packs them itself if left out
  --json           the result as JSON
`;

const SAY: Record<Standing, string> = {
  there: "there",
  lacking: "LACKING",
  different: "OTHER CONTENT under this version",
};

failing("release:verify", main());

async function main() {
  const { registry: asked, from, json } = optionsOf(USAGE, SET_OPTIONS);
  const registry = await registryOf(asked);
  await probe(registry);
  if (from === undefined) await needCleanTree();
  return withSet(from, async (set) => {
    const all = await stands(registry, set.packages);
    const result = all.map(({ packed, standing }) => ({ package: `${packed.name}@${packed.version}`, standing }));
    const there = all.filter(({ standing }) => standing === "there").length;
    const rows = result.map((row) => [row.package, SAY[row.standing]]);
    const sum = `${there} of ${all.length} packages are on the registry${there === all.length ? "" : ": the set is not whole"}`;
    console.log(json ? JSON.stringify(result, undefined, 2) : `${table(["package", "registry"], rows)}\n\n${sum}`);
    return there === all.length ? 0 : 1;
  });
}
