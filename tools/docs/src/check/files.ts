// The pages below the paths a caller names.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fromDisk } from "../load.js";

const pages = /\.(?:txt|md|rst|html?)$/i;

export function filesOf(paths: string[]): string[] {
  return paths.flatMap((path) => {
    if (!fromDisk(path, () => statSync(path)).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, encoding: "utf8" })
      .sort()
      .map((name) => join(path, name))
      .filter((file) => pages.test(file) && statSync(file).isFile());
  });
}
