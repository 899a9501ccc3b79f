import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lacksNetwork } from "../../workspace/network.mjs";
import { failing, optionsOf, say } from "./cli.ts";
import { contentsDiffer, UPDATE, writeContents } from "./contents.ts";
import { manifestBroken } from "./manifest.ts";
import { mapsBroken } from "./maps.ts";
import type { PackedSet } from "./pack.ts";
import { RunError } from "./run.ts";
import { withSet } from "./set.ts";
import { measure, overrun } from "./size.ts";
import { installTogether, lint } from "./together.ts";
import { unpackAll } from "./unpack.ts";

const USAGE = `release:check [--update]

Packs the public packages as they would be published and checks the tarballs: manifests, contents, source maps, publint,
attw; that all install together and every export can be imported; and their sizes. Ends with 3 without a network.
  --update   write down the tarballs' contents anew, for review
`;

const MISSING = 3;
const lists = fileURLToPath(new URL("../tarballs", import.meta.url));

failing("release:check", main());

async function main() {
  const { update } = optionsOf(USAGE, { update: { type: "boolean", default: false } });
  const work = mkdtempSync(join(tmpdir(), "restorekit-check-"));
  try {
    return await withSet(undefined, async (set) => {
      if (update) writeContents(lists, set.packages);
      return check(set, work);
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function check(set: PackedSet, work: string) {
  say(`checking ${set.packages.length} tarballs …`);
  const unpacked = await unpackAll(set, join(work, "unpacked"));
  const contents = contentsDiffer(lists, set.packages);
  const wrong = [
    ...unpacked.flatMap((one) => [...manifestBroken(one), ...mapsBroken(one)]),
    ...contents,
    ...(contents.length > 0 ? [`if the tarballs are right, write them down and review: ${UPDATE}`] : []),
  ];
  for (const { name, file } of set.packages) wrong.push(...(await lint(name, join(set.folder, file))));

  say("installing them together …");
  const project = join(work, "project");
  try {
    const together = await installTogether(set, unpacked, project);
    wrong.push(...together.wrong, ...overrun(await measure(project)));
    if (wrong.length === 0) console.log(together.said);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    if (!lacksNetwork(error.output)) wrong.push(`the packed packages do not install together\n${error.output}`);
    else if (wrong.length === 0) {
      console.log("the packed packages were not installed: the npm registry is not reachable");
      return MISSING;
    }
  }
  for (const line of wrong) console.log(line);
  return wrong.length > 0 ? 1 : 0;
}
