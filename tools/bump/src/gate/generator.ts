// What the generator makes now of the specs as they were: what it changed itself, whatever the specs changed beside.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareReports } from "../api/compare.js";
import { reportOn } from "../api/report.js";
import { type Change, collector } from "../change.js";
import { compareBundles } from "../spec/compare.js";
import { type Package, reportOf } from "../workspace.js";
import { bundleOf } from "./types.js";

export const generator = "@restorekit/codegen";

export interface Regenerated {
  /** What users of the generator get otherwise when they generate next. */
  readonly changes: readonly Change[];
  /** Of each client what changes in its generated declarations although its specs stay; of all that both sides have. */
  readonly clients: ReadonlyMap<string, readonly Change[]>;
}

/** @param clients as they are now, with the same at the base; @param root a checkout that is built */
export function regenerate(base: string, root: string, clients: readonly (readonly [Package, Package])[]): Regenerated {
  const stage = mkdtempSync(join(tmpdir(), "restorekit-generated-"));
  const { changes, say } = collector();
  const found = new Map<string, readonly Change[]>();
  try {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, "tools/codegen/dist/generate.js"), join(base, "specs"), "--out", join(stage, "generated/{service}")],
      { encoding: "utf8" },
    );
    if (status !== 0) {
      const spot = { operation: null, place: "specs of the base" };
      say("generator-refuses", spot, null, `${stdout}${stderr}`.trim().split("\n")[0], "breaking");
      return { changes, clients: found };
    }
    for (const [each, was] of clients) {
      const made = join(stage, "generated", each.folder.split("/").at(-1) ?? "");
      const before = join(base, was.folder, "src/generated");
      const files = new Set([...readdirSync(made), ...readdirSync(before)]);
      const differing = [...files].filter((file) => textOf(join(made, file)) !== textOf(join(before, file))).sort();
      if (differing.length === 0) {
        found.set(each.name, []);
        continue;
      }
      const bundle = JSON.parse(textOf(join(made, "openapi.json"))) as ReturnType<typeof bundleOf>;
      const report = textOf(join(base, reportOf(was)));
      const declared = compareReports(report, reportWith(made, stage, root, each)).filter(isGenerated);
      found.set(each.name, declared);
      const all = [...compareBundles(bundleOf(base, was), bundle).changes, ...declared];
      for (const { id, operation, place, before: from, after: to, class: kind } of all)
        say(id, { operation, place: `generated of ${each.name}: ${place}` }, from, to, kind);
      // What no declaration shows is another program all the same.
      const spot = { operation: null, place: `generated of ${each.name}` };
      say("generated-code-changed", spot, null, differing.join(", "), "additive");
    }
    return { changes, clients: found };
  } finally {
    rmSync(stage, { recursive: true });
  }
}

export const isGenerated = ({ place }: Change): boolean =>
  /\/operations: /.test(place) ||
  /: (?:interface|const) (?:paths|components|operations(?:_2)?|Calls|service)\b/.test(place);

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");

/** The report of a client as it is now, but with other generated code. */
function reportWith(generated: string, stage: string, root: string, each: Package): string {
  const folder = join(stage, each.folder);
  for (const name of ["package.json", "tsconfig.json", "src"])
    cpSync(join(root, each.folder, name), join(folder, name), { recursive: true });
  rmSync(join(folder, "src/generated"), { recursive: true });
  cpSync(generated, join(folder, "src/generated"), { recursive: true });
  symlinkSync(join(root, each.folder, "node_modules"), join(folder, "node_modules"));
  if (!existsSync(join(stage, "tsconfig.base.json")))
    cpSync(join(root, "tsconfig.base.json"), join(stage, "tsconfig.base.json"));
  // Code written by hand may want what only the new specs have; declarations come out all the same.
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  spawnSync(process.execPath, [tsc, "-p", folder, "--emitDeclarationOnly", "--noEmitOnError", "false"]);
  return reportOn(stage, each);
}
