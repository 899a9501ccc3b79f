import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const scripts = join(import.meta.dirname, "..");

/** A workspace of its own with our scripts and these files; those below `.bin` are programs. */
export function createRoot(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "restorekit-workspace-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const name of readdirSync(scripts).filter((each) => each.endsWith(".mjs"))) {
    cpSync(join(scripts, name), join(root, "tools/workspace", name));
  }
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (name.includes(".bin/")) chmodSync(file, 0o755);
  }
  return root;
}
