// api:report [--check]: writes docs/api, or says which report no longer tells what the packages are.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "@restorekit/command";
import { reportOn } from "./api/report.js";
import { build, publicPackages, reportOf } from "./workspace.js";

const usage = `usage: api:report [--check]
  --check   write nothing; name each report that is missing, stale or of no package`;

await command({ usage, options: { check: { type: "boolean" } } }, ({ check }) => {
  const root = process.cwd();
  const packages = publicPackages(root);
  build(root, packages);
  const wrong: string[] = [];
  const wanted = new Map<string, string>();
  for (const each of packages) {
    process.stderr.write(`reading ${each.name} …\n`);
    wanted.set(reportOf(each), reportOn(root, each));
  }
  for (const [file, text] of wanted) {
    const there = existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : undefined;
    if (there === text) continue;
    if (check)
      wrong.push(there === undefined ? `${file}: is missing` : `${file}:${firstDifference(there, text)}: is stale`);
    else write(join(root, file), text);
  }
  const folder = join(root, "docs/api");
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (!name.endsWith(".api.md") || wanted.has(`docs/api/${name}`)) continue;
    if (check) wrong.push(`docs/api/${name}: is of no published package`);
    else rmSync(join(folder, name));
  }
  for (const line of wrong) console.log(line);
  if (wrong.length > 0) console.log("run pnpm api:report and review what changed");
  else console.log(`${wanted.size} reports ${check ? "are up to date" : "written"}`);
  return wrong.length > 0 ? 1 : 0;
});

function write(file: string, text: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}

/** The line at which two texts part. */
function firstDifference(there: string, text: string): number {
  const [old, now] = [there.split("\n"), text.split("\n")];
  return old.findIndex((line, index) => line !== now[index]) + 1 || old.length;
}
