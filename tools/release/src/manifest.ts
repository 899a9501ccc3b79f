import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Manifest, Unpacked } from "./unpack.ts";

const REPOSITORY = "git+https://github.com/restorekit/restorekit.git";

/** What every public package has to say about itself. */
const RULES: readonly [rule: string, holds: (manifest: Manifest) => boolean][] = [
  ["license is Apache-2.0", ({ license }) => license === "Apache-2.0"],
  ["type is module", ({ type }) => type === "module"],
  ["sideEffects is false", ({ sideEffects }) => sideEffects === false],
  ["engines.node is a least version", ({ engines }) => /^>=\d+/.test((engines as { node?: string })?.node ?? "")],
  ["keywords are a list of some", ({ keywords }) => Array.isArray(keywords) && keywords.length > 0],
  // The registry refuses provenance where this is not the repository that the workflow runs in.
  ["repository.url is ours", ({ repository }) => (repository as { url?: string })?.url === REPOSITORY],
  [
    "publishConfig.access is public",
    ({ publishConfig }) => (publishConfig as { access?: string })?.access === "public",
  ],
  [
    "publishConfig.provenance is true",
    ({ publishConfig }) => (publishConfig as { provenance?: boolean })?.provenance === true,
  ],
  ["exports are exact: no pattern", ({ exports }) => exports !== undefined && !JSON.stringify(exports).includes("*")],
  ["no scripts: none of ours runs at a user's", ({ scripts }) => scripts === undefined],
  ["no devDependencies", ({ devDependencies }) => devDependencies === undefined],
  [
    "dependencies are versions",
    ({ dependencies, peerDependencies }) =>
      !/"(workspace|catalog|file|link):/.test(JSON.stringify([dependencies, peerDependencies])),
  ],
];

/** Tests, specs, sources, settings, hidden files: what only the repository needs. */
const STRANGE = /(^|\/)(tests?|specs?|src|fixtures)\/|\.(test|spec)\.|(?<!\.d)\.ts$|tsconfig|tsbuildinfo|(^|\/)\./;

/** @returns one line per rule that a packed package breaks */
export function manifestBroken({ packed: { name, files, directory }, folder, manifest }: Unpacked): string[] {
  const broken = RULES.filter(([, holds]) => !holds(manifest)).map(([rule]) => rule);
  if ((manifest.repository as { directory?: string })?.directory !== directory)
    broken.push(`repository.directory is ${directory}`);
  for (const file of ["README.md", "LICENSE"]) if (!existsSync(join(folder, file))) broken.push(`it brings ${file}`);
  const strange = files.filter((file) => STRANGE.test(file));
  if (strange.length > 0) broken.push(`it brings no test, spec or source: ${strange.join(", ")}`);
  return broken.map((rule) => `${name}: not so: ${rule}`);
}
