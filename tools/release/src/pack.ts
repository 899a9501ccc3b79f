import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { digest } from "./digest.ts";
import { inOrder } from "./order.ts";
import { run } from "./run.ts";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
const hooks = fileURLToPath(new URL("../packing.cjs", import.meta.url));
const LIST = "release.json";

/** A public package of the workspace as a tarball. */
export interface Packed {
  readonly name: string;
  readonly version: string;
  /** Its folder in the repository. */
  readonly directory: string;
  /** The tarball's file name, without its folder. */
  readonly file: string;
  /** SHA-512 of the tarball, as registries give it. */
  readonly integrity: string;
  /** Sorted. */
  readonly files: readonly string[];
  /** The names of the packages of the set that installing it brings. */
  readonly needs: readonly string[];
}

/** The public packages of one commit, each as a tarball in one folder, dependencies first. */
export interface PackedSet {
  readonly folder: string;
  readonly commit: string;
  readonly packages: readonly Packed[];
}

interface FromPnpm {
  name: string;
  version: string;
  filename: string;
  integrity: string;
  files: { path: string }[];
}

interface Listed {
  name: string;
  path: string;
  private: boolean;
}

/** Builds and packs every public package of a workspace. The same commit makes the same bytes. */
export async function pack(workspace: string, folder: string): Promise<PackedSet> {
  mkdirSync(folder, { recursive: true });
  const listed: Listed[] = JSON.parse(await run(["pnpm", "ls", "-r", "--depth", "-1", "--json"], { cwd: workspace }));
  const released = listed.filter((one) => !one.private);
  const open = released.map(({ name }) => name);
  // Without a name to choose by pnpm would pack everything, what is private too.
  if (open.length === 0) throw new Error(`no package of ${workspace} is public: there is nothing to pack`);
  needPublic(listed);
  // What an older build left there would be packed; the builds begin empty too, or turbo would keep it for them.
  for (const { path } of released) rmSync(join(path, "dist"), { recursive: true, force: true });
  const filters = open.map((name) => `--filter=${name}`);
  await run(["turbo", "run", "build", ...filters, "--output-logs=errors-only"], { cwd: workspace });
  const flags = [`--config.pnpmfile=${hooks}`, "--pack-destination", folder, "--json"];
  const command = ["pnpm", "-r", ...filters, "pack", ...flags];
  // One package alone is not in a list.
  const packed: FromPnpm[] = [JSON.parse(await run(command, { cwd: workspace }))].flat();

  const packages = packed.map(({ name, version, filename, integrity, files }) => {
    const folderOf = listed.find((one) => one.name === name)?.path ?? "";
    return {
      name,
      version,
      directory: relative(workspace, folderOf),
      file: basename(filename),
      integrity,
      files: files.map(({ path }) => path).sort(),
      needs: needsOf(folderOf).filter((need) => open.includes(need)),
    };
  });
  const commit = (await run(["git", "rev-parse", "HEAD"], { cwd: workspace })).trim();
  return { folder, commit, packages: inOrder(packages) };
}

/** @throws if a public package needs one that is never published: nobody could install it */
function needPublic(listed: readonly Listed[]) {
  const closed = listed.filter((one) => one.private).map(({ name }) => name);
  const wrong = listed
    .filter((one) => !one.private)
    .flatMap(({ name, path }) =>
      needsOf(path).flatMap((need) => (closed.includes(need) ? [`${name} needs ${need}`] : [])),
    );
  if (wrong.length > 0) throw new Error(`what is private is never published: ${wrong.join(", ")}`);
}

/** The names of all that installing a package brings or asks for. */
function needsOf(folder: string): string[] {
  const { dependencies, peerDependencies, optionalDependencies } = readJson(join(folder, "package.json"));
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
}

/** Writes beside the tarballs what they are, so that another job can publish them. */
export function writeSet({ folder, ...set }: PackedSet) {
  writeFileSync(join(folder, LIST), `${JSON.stringify(set, undefined, 2)}\n`);
}

/** @throws if a tarball is not the one that was packed, or the list says what cannot be */
export function readSet(folder: string): PackedSet {
  const list = join(folder, LIST);
  if (!existsSync(list)) throw new Error(`${folder} has no ${LIST}: fill it with release:pack`);
  const set = readJson(list);
  // An empty list would be called whole: all of nothing is on every registry.
  if (!Array.isArray(set?.packages) || set.packages.length === 0) throw new Error(`${list} names no packages`);
  for (const { name, version, file, integrity } of set.packages as Packed[]) {
    // Another job wrote it, where code of others ran: none of this may be taken for an option or lead elsewhere.
    const odd =
      !/^(@[a-z\d-]+\/)?[a-z\d][a-z\d-]*$/.test(name) ||
      !/^\d[\w.+-]*$/.test(version) ||
      !/^\w[\w.-]*\.tgz$/.test(file);
    if (odd) throw new Error(`${LIST} is not as it was written: ${JSON.stringify({ name, version, file })}`);
    const tarball = join(folder, file);
    if (!existsSync(tarball)) throw new Error(`${tarball} is not there, and ${LIST} names it`);
    if (digest(tarball) !== integrity) throw new Error(`${file} is not the ${name} that was packed`);
  }
  return { ...set, folder };
}

function readJson(file: string) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}
