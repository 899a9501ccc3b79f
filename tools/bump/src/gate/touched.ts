// Which published packages a change reaches, and by which files.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { HOOKS, manifestOf, packed, packingOf, SETTINGS } from "../manifest/packed.js";
import type { Package } from "../workspace.js";

/** The files of each package that end up in what it publishes; packages without any are left out. */
export function touchedPackages(
  packages: readonly Package[],
  changed: readonly string[],
  base: string,
  root: string,
): Map<string, string[]> {
  const touched = new Map<string, string[]>();
  for (const each of packages) {
    const files = changed.filter((file) => reaches(each, file, base, root));
    if (files.length > 0) touched.set(each.name, files);
  }
  return touched;
}

function reaches(each: Package, file: string, base: string, root: string): boolean {
  if (file === `${each.folder}/package.json`) return manifestChanged(each, base, root);
  if ([SETTINGS, HOOKS, "package.json"].includes(file)) return packingChanged(each, base, root);
  if (file === "tsconfig.base.json") return extendsBase(each, root);
  return isShipped(each, file);
}

/** Whatever is not known to stay at home counts: a forgotten changeset is worse than one too many. */
function isShipped({ folder, specs, manifest }: Package, file: string): boolean {
  if (specs !== undefined && file.startsWith(`${specs}/`)) return !file.endsWith("/docs.yaml");
  if (!file.startsWith(`${folder}/`)) return false;
  const inside = file.slice(folder.length + 1);
  const listed = (manifest.files ?? []).some((entry) => inside === entry || inside.startsWith(`${entry}/`));
  // Packers always take README and LICENSE, whatever `files` says.
  if (inside.endsWith(".md")) return listed || /^README/i.test(inside);
  return !/^(?:test|bench)\/|^vitest\.config/.test(inside);
}

function manifestChanged({ folder }: Package, base: string, root: string): boolean {
  const packing = packingOf(root);
  const [before, after] = [base, root].map((side) => {
    const manifest = manifestOf(side, folder);
    return manifest && packed(manifest, packing);
  });
  return !isDeepStrictEqual(before, after);
}

/** Whether other catalogs or compilers of the workspace, or another hook, make the same manifest another package. */
function packingChanged({ folder }: Package, base: string, root: string): boolean {
  const manifest = manifestOf(root, folder) ?? {};
  return !isDeepStrictEqual(packed(manifest, packingOf(base)), packed(manifest, packingOf(root)));
}

function extendsBase({ folder }: Package, root: string): boolean {
  const file = join(root, folder, "tsconfig.json");
  return existsSync(file) && readFileSync(file, "utf8").includes("tsconfig.base.json");
}
