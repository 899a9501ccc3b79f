// Which published packages a change reaches, and by which files.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
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
    const files = changed.filter(
      (file) => isShipped(each, file) && (file !== `${each.folder}/package.json` || manifestChanged(file, base, root)),
    );
    if (files.length > 0) touched.set(each.name, files);
  }
  return touched;
}

/** Whatever is not known to stay at home counts: a forgotten changeset is worse than one too many. */
function isShipped({ folder, specs }: Package, file: string): boolean {
  if (specs !== undefined && file.startsWith(`${specs}/`)) return !file.endsWith("/docs.yaml");
  if (!file.startsWith(`${folder}/`)) return false;
  const inside = file.slice(folder.length + 1);
  return !/^(?:test|bench)\//.test(inside) && !/\.md$|^LICENSE$|^vitest\.config/.test(inside);
}

/** Scripts, development dependencies and the version itself mean nothing to those who install the package. */
function manifestChanged(file: string, base: string, root: string): boolean {
  const [before, after] = [join(base, file), join(root, file)].map((path) => {
    if (!existsSync(path)) return undefined;
    const { version: _, scripts: _s, devDependencies: _d, ...rest } = JSON.parse(readFileSync(path, "utf8"));
    return rest as unknown;
  });
  return !isDeepStrictEqual(before, after);
}
