// publint and attw for each package, on what would really be published.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let failed = 0;
for (const folder of process.argv.slice(2)) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const out = mkdtempSync(join(tmpdir(), "restorekit-pack-"));
  const packed = spawnSync("npm", ["pack", "--silent", "--pack-destination", out], { cwd: folder, encoding: "utf8" });
  const [file] = readdirSync(out);
  if (packed.status !== 0 || !file) {
    failed++;
    console.log(`${manifest.name}: does not pack\n${packed.stderr}`);
    continue;
  }
  for (const command of [
    ["publint", join(out, file), "--strict"],
    ["attw", join(out, file), "--profile", "esm-only", "--format", "ascii"],
  ]) {
    const result = spawnSync(command[0], command.slice(1), { encoding: "utf8" });
    if (result.status === 0) continue;
    failed++;
    console.log(`${manifest.name}: ${command[0]}\n${result.stdout}${result.stderr}`);
  }
  rmSync(out, { recursive: true });
}
process.exit(failed > 0 ? 1 : 0);
