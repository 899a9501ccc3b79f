// The packages of a checkout of this workspace: its root, or a copy of an older commit.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { manifestOf, SETTINGS, settingsOf } from "./manifest/packed.js";

/** What `exports` names for one entry point: a file, or one for each condition. */
export type Target = string | null | { readonly [condition: string]: Target };

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, Target>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Package {
  readonly name: string;
  /** From the root, such as "packages/core". */
  readonly folder: string;
  readonly manifest: Manifest;
  /** The bundle that the package carries, from the root; only clients have one. */
  readonly bundle: string | undefined;
  /** The folder of specs the package is generated from. */
  readonly specs: string | undefined;
}

/** What `pnpm generate` runs in the root, once the generator is built. */
export const GENERATE = ["tools/codegen/dist/generate.js", "specs", "--out", "packages/{service}/src/generated"];

/** Every package that is published. Not by pnpm's word, as tools/release: a base is not installed; a test holds both equal. */
export function publicPackages(root: string): Package[] {
  return allPackages(root).filter(({ manifest }) => manifest.private !== true);
}

export function allPackages(root: string): Package[] {
  const folders = patternsIn(root).flatMap((pattern) => {
    if (!pattern.endsWith("/*")) return [pattern];
    const parent = pattern.slice(0, -2);
    return existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`) : [];
  });
  return folders
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .sort()
    .map((folder) => {
      const manifest = manifestOf(root, folder) as unknown as Manifest;
      const bundle = `${folder}/src/generated/openapi.json`;
      const specs = `specs/${folder.split("/").at(-1)}`;
      return {
        name: manifest.name,
        folder,
        manifest,
        bundle: existsSync(join(root, bundle)) ? bundle : undefined,
        specs: existsSync(join(root, specs)) ? specs : undefined,
      };
    });
}

/** @throws where they are not names of folders, or of all in one: the rest of what pnpm takes is not read here */
function patternsIn(root: string): string[] {
  const { packages } = settingsOf(root);
  const odd = !Array.isArray(packages) || packages.some((one) => !/^[\w./-]+(?:\/\*)?$/.test(String(one)));
  if (odd) throw new Error(`${join(root, SETTINGS)}: packages is no list of folders: ${JSON.stringify(packages)}`);
  return packages;
}

/** Where the report of a package is, from the root. */
export function reportOf({ name }: Pick<Package, "name">): string {
  return `docs/api/${name.replace(/^@restorekit\//, "")}.api.md`;
}

/** Builds the published packages; what is built already is not built again. @throws with what the build said */
export function build(root: string, packages: readonly Package[]): void {
  process.stderr.write("building the packages …\n");
  const filters = packages.map(({ folder }) => `--filter=./${folder}`);
  const { status, stdout, stderr, error } = spawnSync(
    join(root, "node_modules/.bin/turbo"),
    ["run", "build", ...filters, "--output-logs=errors-only"],
    { cwd: root, encoding: "utf8", env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" } },
  );
  if (status !== 0)
    throw new Error(`the packages cannot be built\n${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`);
}
